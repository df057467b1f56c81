//! The example games: each is read, plays, shows its feature, and plays again from its recorded draws.

use super::samples::{document, parsed};
use super::slow::agree;
use crate::fairness::{FairStream, ServerSeed};
use crate::game::{Definition, Engine, Mode, Outcome, WinKind, example_games};

/// Plays 10,000 spins with their free games, and hands each to `see`.
fn play(definition: &Definition, name: &str, mut see: impl FnMut(&Outcome)) {
    let engine = Engine::compile(definition);
    let draws = &mut FairStream::new(&ServerSeed([6; 32]), name, 0);
    for spin in 0..10_000 {
        let outcome = engine.spin(Mode::Base, draws);
        assert_eq!(engine.evaluate(Mode::Base, outcome.draws()), outcome);
        assert!(engine.payout(engine.unit_bet(), &outcome).is_some());
        // The slow player is slow.
        if spin % 20 == 0 {
            agree(definition, &engine, &outcome);
        }
        let mut left = outcome.free_games_awarded;
        see(&outcome);
        while left > 0 {
            let outcome = engine.spin(Mode::Free, draws);
            assert_eq!(engine.evaluate(Mode::Free, outcome.draws()), outcome);
            left = left - 1 + outcome.free_games_awarded;
            see(&outcome);
        }
    }
}

#[test]
fn every_example_plays_and_replays() {
    for game in example_games() {
        let definition = parsed(&document(game.name));
        assert_eq!(document(game.name)["name"], game.name);
        let (mut spins, mut wins, mut free) = (0, 0, 0);
        play(&definition, game.name, |outcome| {
            spins += 1;
            wins += usize::from(!outcome.wins.is_empty());
            free += usize::from(outcome.mode == Mode::Free);
        });
        assert!(wins * 50 > spins && wins < spins, "{}: {wins} of {spins} pay", game.name);
        assert_eq!(free > 0, definition.symbol_map().free_games.is_some(), "{}", game.name);
    }
}

/// Whether 10,000 spins of a game bring an outcome of some kind.
fn shows(name: &str, is_so: impl Fn(&Outcome) -> bool) -> bool {
    let mut found = false;
    play(&parsed(&document(name)), name, |outcome| found |= is_so(outcome));
    found
}

fn steps(outcome: &Outcome) -> &[crate::game::engine::Step] {
    outcome.course.as_ref().map_or(&[], |course| &course.steps)
}

#[test]
fn every_example_shows_its_feature() {
    let ways = |least| {
        move |outcome: &Outcome| {
            outcome.wins.iter().any(|win| matches!(win.kind, WinKind::Ways { ways, .. } if ways >= least))
        }
    };
    assert!(shows("meadow-243", ways(8)));
    let product = |outcome: &Outcome| {
        outcome.wins.iter().any(|win| matches!(win.kind, WinKind::Ways { ways, weight, .. } if weight >= ways + 5))
    };
    assert!(shows("ember-1024", product));
    assert!(shows("tide-rows", |outcome| {
        let Some(step) = steps(outcome).first() else { return false };
        outcome.mode == Mode::Base && (0..6).any(|reel| step.window.reel(reel).len() == 7) && outcome.wins.len() > 3
    }));
    assert!(shows("tide-rows", |outcome| steps(outcome).iter().any(|step| step.multiplier >= 4)));
    assert!(shows("geode-cluster", |outcome| outcome.wins.iter().any(|win| win.count >= 12)));
    assert!(shows("comet-respin", |outcome| steps(outcome).len() >= 3));
    assert!(shows("comet-respin", |outcome| {
        outcome.wins.iter().any(|win| matches!(win.kind, WinKind::LineFromRight { .. }))
    }));
    assert!(
        shows("owl-night", |outcome| outcome.mode == Mode::Free && outcome.wins.iter().any(|win| win.multiplier == 2))
    );
    assert!(shows("orchard-full", |outcome| steps(outcome)[0].full_grid > 1));
    assert!(shows("stair-falls", |outcome| steps(outcome).iter().any(|step| step.multiplier == 5)));
}
