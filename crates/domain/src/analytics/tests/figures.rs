//! What counts say: figures worked out by hand.

use super::{fruit, spin};
use crate::analytics::{Figures, PlayTally};

/// Rounds of one credit that won these amounts.
fn played(wins: &[&str]) -> Figures {
    let game = fruit();
    let tallies: Vec<_> = wins.iter().zip(1..).map(|(won, seq)| PlayTally::of(&game, &spin(seq, seq, won))).collect();
    Figures::of(&game, &PlayTally::sum(&tallies))
}

fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-9 * b.abs().max(1.0), "{a} is not {b}");
}

#[test]
fn nothing_is_told_of_nothing() {
    let figures = played(&[]);
    assert_eq!((figures.rtp.test.observed, figures.rtp.test.z, figures.payback), (None, None, None));
    assert_eq!((figures.hit_rate.observed.of, figures.hit_rate.z), (0, None));
    assert!(figures.rtp.intervals.is_empty() && figures.volatility.observed.is_none());
    assert!(figures.rtp.test.expected.is_some() && figures.volatility.expected.is_some());
    // One round has a return, and no spread.
    let figures = played(&["2.00"]);
    assert_eq!((figures.rtp.test.observed, figures.payback), (Some(2.0), Some(2.0)));
    assert!(figures.rtp.intervals.is_empty() && figures.volatility.index.is_none());
}

#[test]
fn four_rounds_are_judged_as_by_hand() {
    // Returns 0, 0, 1, 3 of a stake: mean 1, squares of differences 1 + 1 + 0 + 4, over 3 is 2.
    let figures = played(&["0.00", "0.00", "1.00", "3.00"]);
    let deviation = 2.0_f64.sqrt();
    close(figures.rtp.test.observed.unwrap(), 1.0);
    close(figures.payback.unwrap(), 1.0);
    close(figures.volatility.observed.unwrap(), deviation);
    close(figures.volatility.index.unwrap(), 1.644_853_626_951_472_2 * deviation);
    let [_, interval, _] = figures.rtp.intervals.as_slice() else { panic!("three intervals") };
    assert_eq!(interval.confidence, 95);
    close(interval.low, 1.0 - 1.959_963_984_540_054 * deviation / 2.0);
    close(interval.high, 1.0 + 1.959_963_984_540_054 * deviation / 2.0);

    let (expected, exact_deviation) = (figures.rtp.test.expected.unwrap(), figures.volatility.expected.unwrap());
    close(figures.rtp.test.standard_error.unwrap(), exact_deviation / 2.0);
    close(figures.rtp.test.z.unwrap(), (1.0 - expected) / (exact_deviation / 2.0));
    let hits = &figures.hit_rate;
    assert_eq!((hits.observed.count, hits.observed.of), (2, 4));
    let share = hits.expected.unwrap();
    close(hits.z.unwrap(), (0.5 - share) / (share * (1.0 - share) / 4.0).sqrt());
}
