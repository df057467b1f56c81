//! Profiles from simulated rounds: held against the exact ones of games that have both.

use std::num::NonZeroUsize;

use num_rational::BigRational;
use serde_json::json;

use super::samples::{document, parsed};
use crate::game::profile::{
    Budget, Computed, Figure, Method, Monitor, RtpInterval, SymbolContribution, compute, profile_within,
    simulated_profile,
};
use crate::game::{Definition, Engine, StatisticalProfile, profile};
use crate::simulation::{Rounds, SimulationPlan, simulate_rounds};

fn simulated(definition: &Definition, known: &StatisticalProfile, rounds: u64) -> StatisticalProfile {
    let engine = Engine::compile(definition);
    let plan = SimulationPlan { rounds, seed: 1, stake: engine.unit_bet(), half_width: None, player: None };
    let way = Rounds::for_profile(definition, known);
    let ended = simulate_rounds(definition, &way, &plan, None, NonZeroUsize::MIN, &()).unwrap();
    simulated_profile(known, &ended.state.for_profile(&engine).unwrap())
}

/// An exact profile as if it had no return.
fn without_return(exact: &StatisticalProfile) -> StatisticalProfile {
    StatisticalProfile { rtp: None, contributions: None, ..exact.clone() }
}

fn number(text: &str) -> f64 {
    text.parse().unwrap()
}

fn share(figure: &Figure) -> BigRational {
    figure.exact.parse().unwrap()
}

/// How far off the widest interval lets a figure be.
fn reach(intervals: &[RtpInterval]) -> f64 {
    let widest = intervals.last().unwrap();
    assert_eq!(widest.confidence, 99);
    number(&widest.half_width_percent)
}

#[test]
fn the_intervals_hold_the_exact_return() {
    for name in ["pearl-5x3", "meadow-243", "owl-night", "ember-1024"] {
        let definition = parsed(&document(name));
        let exact = profile(&definition);
        let found = simulated(&definition, &without_return(&exact), 100_000);
        assert_eq!((exact.method, found.method), (Method::Exact, Method::Simulated));
        let (rtp, source, of) = (found.rtp.unwrap(), found.simulation.unwrap(), exact.rtp.unwrap());
        let intervals = source.source_intervals.unwrap();
        for (found, exact, intervals) in [
            (&rtp.total, &of.total, &source.rtp_intervals),
            (rtp.line.as_ref().unwrap(), of.line.as_ref().unwrap(), &intervals.line),
            (rtp.scatter.as_ref().unwrap(), of.scatter.as_ref().unwrap(), &intervals.scatter),
            (&rtp.free_games, &of.free_games, &intervals.free_games),
        ] {
            let off = number(&found.percent) - number(&exact.percent);
            assert!(off.abs() <= reach(intervals), "{name}: {off} {intervals:?}");
        }
        assert_eq!(source.rounds, 100_000);
        let deviation = number(&found.round.unwrap().standard_deviation);
        let expected = number(&exact.round.unwrap().standard_deviation);
        assert!((deviation / expected - 1.0).abs() < 0.2, "{name}: {deviation} {expected}");
    }
}

/// Of 26 rows or more of a mode each is off by more than its interval of 99 % once in a hundred times.
#[test]
fn contributions_are_those_of_the_rounds_and_add_up_to_their_return() {
    for name in ["pearl-5x3", "meadow-243", "owl-night"] {
        let definition = parsed(&document(name));
        let exact = profile(&definition);
        let found = simulated(&definition, &without_return(&exact), 200_000);
        assert!(found.not_computed.is_empty(), "{:?}", found.not_computed);
        let (rtp, all, expected) = (found.rtp.unwrap(), found.contributions.unwrap(), exact.contributions.unwrap());
        let sum = |list: &[SymbolContribution]| list.iter().map(|one| share(&one.rtp)).sum::<BigRational>();
        let (line, scatter) = (share(&rtp.line.unwrap()), share(&rtp.scatter.unwrap()));
        assert_eq!(sum(&all.base), &line + &scatter, "{name}");
        assert_eq!(&line + &scatter + share(&rtp.free_games), share(&rtp.total), "{name}");
        let played: BigRational = found.round.unwrap().free_games_mean.exact.parse().unwrap();
        let free = all.free.unwrap_or_default();
        assert_eq!(sum(&free) * played, share(&rtp.free_games), "{name}");
        for (found, expected) in [(all.base, expected.base), (free, expected.free.unwrap_or_default())] {
            let order = |list: &[SymbolContribution]| {
                list.iter().map(|one| (one.symbol.clone(), one.count)).collect::<Vec<_>>()
            };
            let known = order(&expected);
            assert!(order(&found).iter().is_sorted_by_key(|one| known.iter().position(|other| other == one).unwrap()));
            let of_same = |one: &SymbolContribution| {
                expected.iter().find(|other| (&other.symbol, other.count) == (&one.symbol, one.count)).unwrap()
            };
            let is_off = |one: &&SymbolContribution| {
                let off = number(&one.rtp.percent) - number(&of_same(one).rtp.percent);
                off.abs() > reach(std::slice::from_ref(one.interval.as_ref().unwrap()))
            };
            // The rarest rows came a few times, and their intervals say little.
            let often: Vec<&SymbolContribution> =
                found.iter().filter(|one| share(&one.probability) > BigRational::new(1.into(), 2000.into())).collect();
            let off = often.iter().copied().filter(is_off).count();
            assert!(often.len() > 8 && off <= 2, "{name}: {off} of {}", often.len());
        }
    }
}

#[test]
fn an_exact_return_is_kept() {
    let definition = parsed(&document("pearl-5x3"));
    let budget = Budget { steps: 100_000, entries: u64::MAX };
    let known = profile_within(&definition, NonZeroUsize::MIN, budget);
    assert!(known.round.is_none() && known.has_exact_return());
    let found = simulated(&definition, &known, 2000);
    assert_eq!((&found.rtp, &found.contributions), (&known.rtp, &known.contributions));
    assert!(found.has_exact_return() && found.simulation.unwrap().source_intervals.is_none());
    assert_ne!(share(&known.rtp.unwrap().total).to_string(), found.round.unwrap().mean.exact);
}

#[test]
fn a_game_too_large_to_count_has_a_simulated_profile() {
    let definition = parsed(&document("stair-falls"));
    let known = profile(&definition);
    let found = simulated(&definition, &known, 2000);
    // The distributions of both modes are left out; what symbols contribute comes of the rounds.
    assert_eq!((known.not_computed.len(), found.not_computed.len()), (4, 2));
    assert!(!found.has_exact_return());
    // How often three scatters show is known all the same.
    let free = found.free_games.as_ref().unwrap();
    assert!(free.trigger.is_some() && free.retrigger.is_some() && free.per_trigger.is_some());
    let read: StatisticalProfile = serde_json::from_value(found.document()).unwrap();
    assert_eq!(read, found);
    assert_eq!(found.document()["simulation"]["seed"], json!(1));
    let buckets = &found.simulation.unwrap().rounds_by_win;
    let rounds: u64 = buckets.iter().map(|bucket| bucket.combinations.parse::<u64>().unwrap()).sum();
    assert_eq!(rounds, 2000, "Every round is in one bucket.");
}

#[test]
fn a_count_that_is_not_wanted_ends() {
    struct Never;
    impl Monitor for Never {
        fn cancelled(&self) -> bool {
            true
        }
    }
    let definition = parsed(&document("pearl-5x3"));
    assert_eq!(compute(&definition, NonZeroUsize::MIN, Budget::NONE, &Never), Computed::Cancelled);
}
