//! The profile against published figures, and against every combination of stops of small games.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Zero};
use proptest::prelude::*;
use serde_json::json;

use super::samples::{document, parsed, random_game};
use crate::game::{Definition, Engine, Mode, StatisticalProfile, WinKind, profile};

/// A percentage rounded to as many decimals as the published one has, half up.
fn rounded(percent: &str, decimals: usize) -> String {
    let (whole, digits) = percent.split_once('.').unwrap();
    let kept: u64 = format!("{whole}{}", &digits[..decimals]).parse().unwrap();
    let up = u64::from(digits.as_bytes()[decimals] >= b'5');
    let scale = 10_u64.pow(u32::try_from(decimals).unwrap());
    format!("{}.{:0>decimals$}", (kept + up) / scale, (kept + up) % scale)
}

#[test]
fn fruit_has_its_published_figures() {
    let StatisticalProfile { rtp, cycle, free_games, .. } = profile(&parsed(&document("fruit-5x3")));
    let (rtp, cycle) = rtp.zip(cycle).unwrap();
    assert_eq!(rounded(&rtp.total.percent, 6), "95.655629");
    assert_eq!(rounded(&rtp.line.as_ref().unwrap().percent, 3), "89.653");
    assert_eq!(rounded(&rtp.scatter.as_ref().unwrap().percent, 4), "6.0024");
    assert_eq!(rtp.free_games.exact, "0/1");
    assert_eq!((cycle.base.as_str(), cycle.free), ("9765625", None));
    assert_eq!(free_games, None);
}

#[test]
fn pearl_has_its_published_figures() {
    let StatisticalProfile { rtp, cycle, free_games, .. } = profile(&parsed(&document("pearl-5x3")));
    let (rtp, cycle) = rtp.zip(cycle).unwrap();
    assert_eq!(rounded(&rtp.total.percent, 6), "95.133189");
    assert_eq!(rounded(&free_games.unwrap().rtp.unwrap().percent, 6), "618.143873");
    assert_eq!(cycle.free.unwrap(), "55427328");
}

fn share(text: &str) -> BigRational {
    text.parse().unwrap()
}

/// What one mode came to over every combination of stops.
struct Counted {
    line: BigRational,
    scatter: BigRational,
    awarded: BigRational,
}

fn count_all(engine: &Engine, mode: Mode) -> Counted {
    let lengths = engine.strip_lengths(mode);
    let cycle: u32 = lengths.iter().product();
    let (mut line, mut scatter, mut awarded) = (0, 0, 0);
    for combination in 0..cycle {
        let mut left = combination;
        let mut stops = Vec::new();
        for length in &lengths {
            stops.push(left % length);
            left /= length;
        }
        let outcome = engine.evaluate(mode, &stops);
        awarded += u64::from(outcome.free_games_awarded);
        for win in &outcome.wins {
            match win.kind {
                WinKind::Line { .. } => line += win.pay,
                _ => scatter += win.pay,
            }
        }
    }
    let per = |sum: u64, parts: u32| BigRational::new(BigInt::from(sum), BigInt::from(parts));
    Counted {
        line: per(line, cycle) / BigInt::from(engine.lines()),
        scatter: per(scatter, cycle),
        awarded: per(awarded, cycle),
    }
}

fn agree(definition: &Definition) {
    let engine = Engine::compile(definition);
    let figures = profile(definition);
    let base = count_all(&engine, Mode::Base);
    let rtp = figures.rtp.as_ref().unwrap();
    assert_eq!(share(&rtp.line.as_ref().unwrap().exact), base.line);
    assert_eq!(share(&rtp.scatter.as_ref().unwrap().exact), base.scatter);
    let mut from_free_games = BigRational::zero();
    if let Some(of_free_games) = &figures.free_games {
        let free = count_all(&engine, Mode::Free);
        let with_further_games = (free.line + free.scatter) / (BigRational::one() - &free.awarded);
        assert_eq!(share(&of_free_games.rtp.as_ref().unwrap().exact), with_further_games);
        assert_eq!(share(&of_free_games.awarded_per_spin), base.awarded);
        assert_eq!(share(&of_free_games.awarded_per_free_game), free.awarded);
        from_free_games = base.awarded * with_further_games;
    }
    assert_eq!(share(&rtp.free_games.exact), from_free_games);
    assert_eq!(share(&rtp.total.exact), base.line + base.scatter + from_free_games);
}

proptest! {
    #[test]
    fn small_games_agree_with_every_combination_of_stops(seed in any::<u64>()) {
        agree(&random_game(seed));
    }
}

#[test]
fn small_games_come_in_all_kinds() {
    let games: Vec<Definition> = (0..200).map(random_game).collect();
    let with = |holds: &dyn Fn(&Definition) -> bool| games.iter().filter(|game| holds(game)).count();
    assert!(with(&|game| game.symbol_map().free_games.as_ref().is_some_and(|free| free.retrigger)) > 20);
    assert!(with(&|game| game.symbol_map().free_games.is_none()) > 20);
    assert!(with(&|game| game.symbol_map().pays.contains_key("W")) > 50);
    games.iter().for_each(agree);
}

#[test]
fn a_declared_profile_may_be_any_part_that_agrees() {
    let figures = profile(&parsed(&document("fruit-5x3")));
    let whole = figures.document();
    let percent = whole["rtp"]["total"]["percent"].clone();
    for declared in [
        json!({}),
        whole.clone(),
        json!({"rtp": {"total": {"percent": percent}}}),
        json!({"cycle": {"base": "9765625"}}),
        json!({"cycle": {"base": 9_765_625}}),
    ] {
        assert_eq!(figures.compare(&declared), Ok(()), "{declared}");
    }
    assert_eq!(serde_json::from_value::<StatisticalProfile>(whole).unwrap(), figures);
}

#[test]
fn a_declared_figure_that_differs_is_refused_with_both() {
    let figures = profile(&parsed(&document("fruit-5x3")));
    let declared = json!({"rtp": {"line": {"percent": "97.1"}, "luck": 1}, "cycle": {"base": 5}, "method": []});
    let faults = figures.compare(&declared).unwrap_err().0;
    let found: Vec<(&str, &str)> = faults.iter().map(|fault| (fault.pointer.as_str(), fault.reason.as_str())).collect();
    let line =
        format!("declared \"97.1\", computed {:?}", figures.rtp.as_ref().unwrap().line.as_ref().unwrap().percent);
    for expected in [
        ("/statistical_profile/cycle/base", "declared 5, computed \"9765625\""),
        ("/statistical_profile/method", "declared a list, computed \"exact\""),
        ("/statistical_profile/rtp/line/percent", line.as_str()),
        ("/statistical_profile/rtp/luck", "unknown field; the fields here are: free_games, line, scatter, total"),
    ] {
        assert!(found.contains(&expected), "{expected:?} is not in {found:?}");
    }
    assert_eq!(found.len(), 4);
    assert_eq!(figures.compare(&json!("95%")).unwrap_err().0[0].pointer, "/statistical_profile");
}
