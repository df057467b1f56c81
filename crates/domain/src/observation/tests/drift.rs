//! The drift test: honest play, and returns that shifted.

use std::num::NonZeroU32;

use crate::fairness::{Draws as _, FairStream, ServerSeed};
use crate::observation::drift::Moments;
use crate::observation::{AVERAGE_RUN_LENGTH, Direction, DriftState};
use crate::time::from_millis;

/// What a round returns, by its weight out of 1000: an RTP of 0.95 with a standard deviation of 4.1.
const ROUNDS: [(u32, f64); 4] = [(704, 0.0), (200, 1.0), (90, 5.0), (6, 50.0)];

fn moments() -> Moments {
    let mean_of = |power: i32| -> f64 {
        ROUNDS.iter().map(|(weight, returned)| f64::from(*weight) / 1000.0 * returned.powi(power)).sum()
    };
    Moments { mean: mean_of(1), variance: mean_of(2) - mean_of(1) * mean_of(1), simulated: None }
}

/// Plays until an alarm or to the end; `shift` moves so many of a thousand rounds from nothing to a return of 5.
fn play(seed: u64, rounds: u64, threshold: f64, shift: i64) -> DriftState {
    let mut stream = FairStream::new(&ServerSeed([7; 32]), "drift", seed);
    let mut state = DriftState::default();
    for round in 0..rounds {
        let mut drawn = i64::from(stream.below(NonZeroU32::new(1000).unwrap()));
        let returned = ROUNDS.iter().map(|(weight, returned)| {
            let more = if *returned == 0.0 {
                -shift
            } else if (*returned - 5.0).abs() < 0.1 {
                shift
            } else {
                0
            };
            (i64::from(*weight) + more, *returned)
        });
        let mut paid = 0.0;
        for (weight, returned) in returned {
            if (0..weight).contains(&drawn) {
                paid = returned;
            }
            drawn -= weight;
        }
        state.see(moments(), paid, from_millis(round as i64).unwrap(), threshold);
        if state.alarms > 0 {
            break;
        }
    }
    state
}

/// The guarantee rests on this: no bet gains on an honest round on average.
#[test]
fn factors_have_a_mean_of_at_most_one() {
    for shift in crate::observation::SHIFTS {
        let mean = |side: usize| -> f64 {
            let factor = |returned| super::super::drift::factors(moments(), shift, returned).unwrap()[side].exp();
            ROUNDS.iter().map(|(weight, returned)| f64::from(*weight) / 1000.0 * factor(*returned)).sum()
        };
        assert!((mean(0) - 1.0).abs() < 1e-12, "up {}", mean(0));
        assert!(mean(1) <= 1.0 && mean(1) > 0.9, "down {}", mean(1));
    }
}

#[test]
fn honest_play_gives_no_alarm() {
    for seed in 0..3 {
        let state = play(seed, 100_000, AVERAGE_RUN_LENGTH, 0);
        assert_eq!((state.alarms, state.rounds), (0, 100_000));
    }
}

/// With a low threshold false alarms come, and not more often than was stated.
#[test]
fn false_alarms_are_as_rare_as_stated() {
    const THRESHOLD: f64 = 5.0;
    let runs: Vec<u64> = (0..30).map(|seed| play(seed, 5_000, THRESHOLD, 0).rounds).collect();
    let mean = runs.iter().sum::<u64>() as f64 / runs.len() as f64;
    assert!(mean > THRESHOLD, "{mean}");
    assert!(runs.iter().any(|rounds| *rounds < 5_000), "the threshold is never reached");
}

/// 60 more of a thousand rounds return 5: an RTP of 1.25 and not 0.95; 60 fewer: 0.65.
#[test]
fn a_shift_of_the_return_is_found_with_its_direction() {
    for (shift, direction) in [(60, Direction::Up), (-60, Direction::Down)] {
        for seed in 0..5 {
            let state = play(seed, 30_000, AVERAGE_RUN_LENGTH, shift);
            let alarm = state.first_alarm.unwrap_or_else(|| panic!("no alarm of {direction:?}"));
            assert_eq!((alarm.direction, alarm.round), (direction, state.rounds));
            assert_eq!(state.last_alarm, Some(alarm));
        }
    }
}

#[test]
fn a_game_that_always_returns_the_same_is_not_tested() {
    let mut state = DriftState::default();
    state.see(Moments { mean: 1.0, variance: 0.0, simulated: None }, 1.0, from_millis(0).unwrap(), 2.0);
    assert_eq!((state.rounds, state.statistic(), state.alarms), (1, 0.0, 0));
}

#[test]
fn a_state_is_read_as_it_was_written() {
    let state = play(1, 1_000, AVERAGE_RUN_LENGTH, 10);
    let text = serde_json::to_string(&state).unwrap();
    assert_eq!(serde_json::from_str::<DriftState>(&text).unwrap(), state);
}
