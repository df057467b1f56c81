//! The drift alarm: a sequential test that the return of rounds is still the exact one, whatever its distribution.
//!
//! For each of a few shifts of the RTP, up and down, a round of return `x` (in stakes) multiplies a bet against
//! the house by a factor whose mean is at most 1 while the exact mean `µ` and second moment `m₂` hold:
//!
//! ```text
//! up:    1 + λ·(x − µ)                        its mean is 1, by the mean alone; λ < 1/µ keeps it positive
//! down:  exp(−λ·x) / (1 − λ·µ + λ²·m₂/2)      since exp(−y) ≤ 1 − y + y²/2 for y ≥ 0
//! ```
//!
//! with `λ` the shift over the variance, which is the best stake on a small shift. Each bet is kept as a CUSUM:
//! `M ← max(M, 1)·factor`, which starts over as long as nothing was won. Such an `M` is an e-detector, and so is
//! the mean of several: an alarm when it passes `A` has an average run length of at least `A` rounds between false
//! alarms, and a false alarm within `n` rounds has a probability of at most `n/A`. No normal distribution is
//! assumed, which the wins of slots are far from. (J. Shin, A. Ramdas and A. Rinaldo, "E-detectors: a
//! nonparametric framework for sequential change detection", New England Journal of Statistics in Data Science 2,
//! 2024, section 2; the inequality is J. Ville's of 1939.)

use num_rational::BigRational;
use num_traits::ToPrimitive as _;
use serde::{Deserialize, Serialize};

use crate::game::StatisticalProfile;
use crate::time::{Timestamp, millis_format};

/// The average number of rounds between false alarms, at least.
pub const AVERAGE_RUN_LENGTH: f64 = 1e7;

/// The shifts of the RTP, in stakes, that bets are tuned for.
pub const SHIFTS: [f64; 3] = [0.02, 0.1, 0.5];

/// The largest part of the stake that a bet on a higher return may lose in a round.
const MOST_AT_RISK: f64 = 0.9;

/// Where a return drifted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Rounds return more than they should.
    Up,
    /// Rounds return less than they should.
    Down,
}

/// An alarm.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DriftAlarm {
    /// When the round was played that gave it.
    #[serde(with = "millis_format")]
    pub at: Timestamp,
    /// The number of that round among those that were tested, from 1.
    pub round: u64,
    /// Where the return drifted to.
    pub direction: Direction,
}

/// The moments of a round, in stakes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Moments {
    pub(super) mean: f64,
    pub(super) variance: f64,
    /// How many rounds they were estimated from; none when they are exact.
    pub(super) simulated: Option<u64>,
}

impl Moments {
    /// Those of a profile that has them.
    pub(super) fn of(profile: &StatisticalProfile) -> Option<Self> {
        let round = profile.round.as_ref()?;
        let number = |exact: &str| exact.parse::<BigRational>().ok()?.to_f64();
        let simulated = profile.simulation.as_ref().map(|source| source.rounds);
        Some(Self { mean: number(&round.mean.exact)?, variance: number(&round.variance.exact)?, simulated })
    }
}

/// How the test stands: the logarithms of the bets, first those on a higher return, then those on a lower one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DriftState {
    /// Rounds that were tested.
    pub rounds: u64,
    bets: [f64; 2 * SHIFTS.len()],
    /// How many alarms there were; the test starts over after each.
    pub alarms: u64,
    /// The first one.
    pub first_alarm: Option<DriftAlarm>,
    /// The last one.
    pub last_alarm: Option<DriftAlarm>,
}

impl DriftState {
    /// Tests a round that returned so many stakes, against an average run length of `threshold` rounds.
    pub(super) fn see(&mut self, moments: Moments, returned: f64, at: Timestamp, threshold: f64) {
        self.rounds += 1;
        for (place, shift) in SHIFTS.into_iter().enumerate() {
            let Some([up, down]) = factors(moments, shift, returned) else { return };
            for (bet, factor) in [(place, up), (place + SHIFTS.len(), down)] {
                self.bets[bet] = self.bets[bet].max(0.0) + factor;
            }
        }
        if self.statistic() >= threshold.ln() {
            let (up, down) = self.bets.split_at(SHIFTS.len());
            let best = |bets: &[f64]| bets.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let direction = if best(up) > best(down) { Direction::Up } else { Direction::Down };
            let alarm = DriftAlarm { at, round: self.rounds, direction };
            self.alarms += 1;
            self.first_alarm.get_or_insert(alarm);
            self.last_alarm = Some(alarm);
            self.bets = [0.0; 2 * SHIFTS.len()];
        }
    }

    /// The logarithm of the mean of the bets, which alarms at that of the average run length.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn statistic(&self) -> f64 {
        let most = self.bets.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = self.bets.iter().map(|bet| (bet - most).exp()).sum();
        most + (sum / self.bets.len() as f64).ln()
    }
}

/// The logarithms of both factors of a round; none for a game whose rounds all return the same.
pub(super) fn factors(moments: Moments, shift: f64, returned: f64) -> Option<[f64; 2]> {
    let Moments { mean, variance, .. } = moments;
    if variance <= 0.0 || mean <= 0.0 {
        return None;
    }
    let stake = shift / variance;
    let up = (stake.min(MOST_AT_RISK / mean) * (returned - mean)).ln_1p();
    let bound = -stake * mean + stake * stake * (variance + mean * mean) / 2.0;
    Some([up, -stake * returned - bound.ln_1p()])
}
