//! Small random games of every feature, against the slow player.

use proptest::prelude::*;

use super::random::{Size, random};
use super::slow_spin::{Slow, SlowWin};
use crate::fairness::{FairStream, ServerSeed};
use crate::game::{Definition, Engine, Mode, Outcome, Win, WinKind};

fn told(engine: &Engine, win: &Win) -> SlowWin {
    let kind = match win.kind {
        WinKind::Line { line } => format!("line {line}"),
        WinKind::LineFromRight { line } => format!("right {line}"),
        WinKind::Ways { ways, from_right: false, .. } => format!("ways {ways}"),
        WinKind::Ways { ways, from_right: true, .. } => format!("right {ways}"),
        WinKind::Cluster { .. } => "cluster".to_owned(),
        WinKind::Scatter => "scatter".to_owned(),
    };
    (kind, engine.symbol_name(win.symbol).to_owned(), win.count as usize, win.pay)
}

/// The outcome is that of the slow player, and its draws play it again.
pub(super) fn agree(definition: &Definition, engine: &Engine, outcome: &Outcome) {
    assert_eq!(&engine.evaluate(outcome.mode, outcome.draws()), outcome);
    let slow = Slow::new(definition, outcome.mode, outcome.draws()).spin();
    let wins: Vec<SlowWin> = outcome.wins.iter().map(|win| told(engine, win)).collect();
    assert_eq!(wins, slow.wins, "{:?}", slow.windows);
    assert_eq!((outcome.free_games_awarded, slow.left), (slow.awarded, 0));
    let Some(course) = &outcome.course else { return };
    let windows: Vec<_> = course.steps.iter().map(|step| engine.window_names(&step.window)).collect();
    assert_eq!(windows, slow.windows);
    assert_eq!(engine.window(outcome.mode, outcome.draws()), slow.windows[0]);
    // What the parser took for the most that a spin might pay is not exceeded.
    let stake = engine.unit_bet();
    let paid = engine.payout(stake, outcome).unwrap().units();
    let most = engine.max_stake().units() / stake.units();
    assert!(i128::from(paid) * i128::from(most) * 1024 <= i128::from(i64::MAX));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]
    #[test]
    fn random_games_of_all_features_play_by_the_rules(seed in any::<u64>()) {
        let (rng, map) = random(seed, &Size::USUAL);
        let definition = match Definition::parse(&rng, &map) {
            Ok(definition) => definition,
            Err(faults) => {
                // A game may draw what it must not, but nothing else may be wrong with it.
                let ends = |pointer: &str| pointer.ends_with("/retrigger") || pointer.contains("/free_games/awards");
                prop_assert!(faults.0.iter().all(|fault| ends(&fault.pointer)), "{faults}");
                return Ok(());
            }
        };
        let again = Definition::parse(&definition.rng_signature_document(), &definition.symbol_map_document());
        prop_assert_eq!(again.as_ref(), Ok(&definition));
        let engine = Engine::compile(&definition);
        let draws = &mut FairStream::new(&ServerSeed([5; 32]), "", seed);
        for _ in 0..30 {
            agree(&definition, &engine, &engine.spin(Mode::Base, draws));
            if definition.symbol_map().free_games.is_some() {
                agree(&definition, &engine, &engine.spin(Mode::Free, draws));
            }
        }
    }
}
