//! Profiles from simulated rounds: held against the exact ones of games that have both.

use std::num::NonZeroUsize;

use serde_json::json;

use super::samples::{document, parsed};
use crate::game::profile::{Budget, Monitor, compute};
use crate::game::profile::{Computed, Method, simulated_profile};
use crate::game::{Definition, Engine, StatisticalProfile, profile};
use crate::simulation::{SimulationPlan, simulate};

fn simulated(definition: &Definition, rounds: u64) -> StatisticalProfile {
    let engine = Engine::compile(definition);
    let plan = SimulationPlan { rounds, seed: 1, stake: engine.unit_bet(), half_width: None, player: None };
    let ended = simulate(definition, &plan, None, NonZeroUsize::MIN, &()).unwrap();
    simulated_profile(&profile(definition), &ended.state.for_profile(&engine).unwrap())
}

fn number(text: &str) -> f64 {
    text.parse().unwrap()
}

#[test]
fn the_intervals_hold_the_exact_return() {
    for name in ["pearl-5x3", "meadow-243", "owl-night", "ember-1024"] {
        let definition = parsed(&document(name));
        let (exact, found) = (profile(&definition), simulated(&definition, 100_000));
        assert_eq!((exact.method, found.method), (Method::Exact, Method::Simulated));
        let (rtp, source) = (found.rtp.unwrap(), found.simulation.unwrap());
        let off = number(&rtp.total.percent) - number(&exact.rtp.unwrap().total.percent);
        let [.., widest] = &source.rtp_intervals[..] else { panic!() };
        assert_eq!((widest.confidence, source.rounds), (99, 100_000));
        assert!(off.abs() <= number(&widest.half_width_percent), "{name}: {off} {widest:?}");
        let deviation = number(&found.round.unwrap().standard_deviation);
        let expected = number(&exact.round.unwrap().standard_deviation);
        assert!((deviation / expected - 1.0).abs() < 0.2, "{name}: {deviation} {expected}");
    }
}

#[test]
fn a_game_too_large_to_count_has_a_simulated_profile() {
    let definition = parsed(&document("stair-falls"));
    let found = simulated(&definition, 2000);
    assert_eq!(found.not_computed.len(), profile(&definition).not_computed.len());
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
