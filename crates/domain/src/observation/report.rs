//! What a tally says of a game: each estimate beside the exact figure, with how likely such a distance is.
//!
//! A p-value is the probability that an honest game is at least so far off. Of many honest tests one in a hundred
//! has a p-value below 0.01: read them together. They are floats, as all statistics are; the counts are whole.

use num_rational::BigRational;
use num_traits::ToPrimitive as _;
use serde::Serialize;

use super::Observed;
use super::drift::{AVERAGE_RUN_LENGTH, DriftAlarm, Moments, SHIFTS};
use super::expected::ReelMoments;
use super::tally::{ModeTally, RunsTally, Tally};
use crate::game::Mode;
use crate::game::definition::Reels;
use crate::simulation::statistics::{Interval, NORMAL, Share, chi_square_below};

/// What a tally says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Symbols per reel, by mode.
    pub symbols: Vec<ModeReport>,
    /// The return to player.
    pub rtp: RtpReport,
    /// How often a paid spin wins something by itself.
    pub hit_rate: HitReport,
    /// Whether hits come in the order of chance.
    pub runs: RunsReport,
    /// Whether the return drifts.
    pub drift: DriftReport,
}

/// The symbols of a mode.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ModeReport {
    /// The mode.
    pub mode: Mode,
    /// How many windows were seen.
    pub windows: u64,
    /// By reel.
    pub reels: Vec<ReelReport>,
}

/// The symbols of a reel.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReelReport {
    /// The reel, from 1.
    pub reel: usize,
    /// The chi-square statistic; none when the reel showed what it cannot.
    pub chi_square: Option<f64>,
    /// Its degrees of freedom.
    pub degrees_of_freedom: u32,
    /// How likely an honest reel is at least so far off.
    pub p_value: f64,
    /// How often each symbol showed.
    pub symbols: Vec<SymbolReport>,
}

/// How often a symbol showed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SymbolReport {
    /// The symbol.
    pub symbol: String,
    /// Cells that showed it.
    pub observed: u64,
    /// Cells that show it on average in so many windows.
    pub expected: f64,
}

/// The return to player.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RtpReport {
    /// Settled rounds, of play and of probes.
    pub rounds: u64,
    /// What they returned of a stake on average; none before the first.
    pub observed: Option<f64>,
    /// That of the profile; none while it has none.
    pub expected: Option<f64>,
    /// The standard deviation of a round over the root of the rounds; with that of a simulated profile in it.
    pub standard_error: Option<f64>,
    /// How many standard errors the observed one lies off.
    pub z: Option<f64>,
    /// How likely an honest game is at least so far off.
    pub p_value: Option<f64>,
    /// Between what bounds the observed one lies, around the expected one.
    pub bands: Vec<Interval>,
}

/// How often a paid spin wins something by itself.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HitReport {
    /// The spins and the hits among them, with Wilson's intervals.
    pub observed: Share,
    /// That of the profile; none while it has none.
    pub expected: Option<f64>,
    /// How many standard errors the observed one lies off.
    pub z: Option<f64>,
    /// How likely an honest game is at least so far off.
    pub p_value: Option<f64>,
}

/// Runs of hits and of misses: the test of Wald and Wolfowitz.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunsReport {
    /// Paid spins of play that won something.
    pub hits: u64,
    /// Those that did not.
    pub misses: u64,
    /// Unbroken rows of either.
    pub runs: u64,
    /// How many there are on average of so many hits and misses in random order; none without both.
    pub expected: Option<f64>,
    /// How many standard deviations lie between the two.
    pub z: Option<f64>,
    /// How likely a random order is at least so far off.
    pub p_value: Option<f64>,
}

/// The drift test.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DriftReport {
    /// Rounds of play that were tested, in the order of their reading.
    pub rounds: u64,
    /// Where the test stands; it alarms at `threshold`.
    pub statistic: f64,
    /// The logarithm of `average_run_length`.
    pub threshold: f64,
    /// The average number of rounds between false alarms, at least.
    pub average_run_length: f64,
    /// The shifts of the RTP that the test is tuned for, up and down.
    pub shifts: [f64; SHIFTS.len()],
    /// Whether there was an alarm.
    pub alarmed: bool,
    /// How many alarms there were.
    pub alarms: u64,
    /// The first one.
    pub first_alarm: Option<DriftAlarm>,
    /// The last one.
    pub last_alarm: Option<DriftAlarm>,
}

impl Report {
    pub(super) fn new(game: &Observed, tally: &Tally) -> Self {
        let modes = &game.definition.rng_signature().modes;
        let by_mode = [(Mode::Base, Some(&modes.base), &tally.base), (Mode::Free, modes.free.as_ref(), &tally.free)];
        let symbols = by_mode.into_iter().filter_map(|(mode, reels, counts)| Some(of_mode(game, mode, reels?, counts)));
        Self {
            symbols: symbols.collect(),
            rtp: rtp(game, tally.rounds, tally.returned),
            hit_rate: hit_rate(game, tally.hits, tally.hit_spins),
            runs: runs(&tally.runs),
            drift: drift(tally),
        }
    }
}

#[allow(clippy::cast_precision_loss)]
fn of_mode(game: &Observed, mode: Mode, reels: &Reels, counts: &ModeTally) -> ModeReport {
    let windows = counts.windows;
    let expected = ReelMoments::of_mode(reels, &game.definition.symbol_map().grid);
    let nothing = std::collections::BTreeMap::new();
    let report = |(at, moments): (usize, ReelMoments)| {
        let counts = counts.reels.get(at).unwrap_or(&nothing);
        let statistic = moments.statistic(windows, counts);
        let possible = statistic.value.is_finite();
        let mut symbols: Vec<SymbolReport> = moments
            .symbols
            .iter()
            .zip(&moments.mean)
            .map(|(symbol, mean)| SymbolReport {
                symbol: symbol.clone(),
                observed: counts.get(symbol).copied().unwrap_or(0),
                expected: mean * windows as f64,
            })
            .collect();
        let foreign = counts.iter().filter(|(symbol, _)| !moments.symbols.contains(symbol));
        symbols.extend(foreign.map(|(symbol, count)| SymbolReport {
            symbol: symbol.clone(),
            observed: *count,
            expected: 0.0,
        }));
        ReelReport {
            reel: at + 1,
            chi_square: possible.then_some(statistic.value),
            degrees_of_freedom: statistic.degrees_of_freedom,
            p_value: if possible { above(statistic.degrees_of_freedom, statistic.value) } else { 0.0 },
            symbols,
        }
    };
    ModeReport { mode, windows, reels: expected.into_iter().enumerate().map(report).collect() }
}

/// The probability of a chi-square value above `x`; 1 where nothing can vary.
fn above(degrees: u32, x: f64) -> f64 {
    if degrees == 0 { 1.0 } else { (1.0 - chi_square_below(degrees, x)).clamp(0.0, 1.0) }
}

/// The probability of a standard normal value at least so far from 0: its square has a chi-square distribution.
fn two_sided(z: f64) -> f64 {
    above(1, z * z)
}

#[allow(clippy::cast_precision_loss)]
pub(super) fn rtp(game: &Observed, rounds: u64, returned: u128) -> RtpReport {
    let n = rounds as f64;
    let observed = (rounds > 0).then(|| returned as f64 / f64::from(game.bets()) / n);
    let error = game.moments.filter(|_| rounds > 0).map(|Moments { variance, simulated, .. }| {
        let of_expected = simulated.map_or(0.0, |rounds| 1.0 / rounds as f64);
        (variance * (1.0 / n + of_expected)).sqrt()
    });
    let expected = game.moments.map(|moments| moments.mean);
    let z = observed.zip(expected).zip(error).filter(|(_, error)| *error > 0.0);
    let z = z.map(|((observed, expected), error)| (observed - expected) / error);
    let band = |(mean, error): (f64, f64)| {
        NORMAL.map(|(confidence, quantile)| Interval {
            confidence,
            low: (mean - quantile * error).max(0.0),
            high: mean + quantile * error,
        })
    };
    RtpReport {
        rounds,
        observed,
        expected,
        standard_error: error,
        z,
        p_value: z.map(two_sided),
        bands: expected.zip(error).map(band).into_iter().flatten().collect(),
    }
}

#[allow(clippy::cast_precision_loss)]
pub(super) fn hit_rate(game: &Observed, hits: u64, spins: u64) -> HitReport {
    let frequency = game.profile.as_ref().and_then(|profile| profile.hit_frequency.as_ref());
    let exact = frequency.and_then(|hits| hits.probability.exact.parse::<BigRational>().ok());
    let expected = exact.and_then(|exact| exact.to_f64());
    let observed = Share::new(hits, spins);
    let z = expected.filter(|share| spins > 0 && *share > 0.0 && *share < 1.0).map(|share| {
        let error = (share * (1.0 - share) / spins as f64).sqrt();
        (observed.value - share) / error
    });
    HitReport { observed, expected, z, p_value: z.map(two_sided) }
}

/// With `a` hits and `b` misses of `n`, the runs have the mean `2ab/n + 1` and the variance
/// `2ab (2ab − n) / (n² (n − 1))` (A. Wald and J. Wolfowitz, Annals of Mathematical Statistics 11, 1940;
/// NIST/SEMATECH e-Handbook, section 1.3.5.13).
#[allow(clippy::cast_precision_loss)]
fn runs(tally: &RunsTally) -> RunsReport {
    let (hits, misses) = (tally.hits as f64, tally.misses as f64);
    let (all, twice) = (hits + misses, 2.0 * hits * misses);
    let expected = (twice > 0.0).then(|| twice / all + 1.0);
    let variance = twice * (twice - all) / (all * all * (all - 1.0));
    let z = expected.filter(|_| variance > 0.0).map(|expected| (tally.runs as f64 - expected) / variance.sqrt());
    RunsReport { hits: tally.hits, misses: tally.misses, runs: tally.runs, expected, z, p_value: z.map(two_sided) }
}

fn drift(tally: &Tally) -> DriftReport {
    let state = &tally.drift;
    DriftReport {
        rounds: state.rounds,
        statistic: state.statistic(),
        threshold: AVERAGE_RUN_LENGTH.ln(),
        average_run_length: AVERAGE_RUN_LENGTH,
        shifts: SHIFTS,
        alarmed: state.alarms > 0,
        alarms: state.alarms,
        first_alarm: state.first_alarm,
        last_alarm: state.last_alarm,
    }
}
