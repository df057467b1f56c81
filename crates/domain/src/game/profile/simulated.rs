//! The profile of a game whose exact count costs too much: from simulated rounds, with their interval.

use num_bigint::BigInt;
use num_rational::BigRational;
use serde::{Deserialize, Serialize};

use super::document::{
    Frequency, Method, PROFILE_VERSION, RoundProfile, Rtp, StatisticalProfile, VolatilityIndex, WinBucket,
};
use super::figure::{amount, figure, one_in, ratio, root};
use super::{BUCKETS, ENGINE_VERSION, QUANTILES};

/// What simulated rounds came to: whole numbers, amounts in units of 0.0001 credits at the unit bet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimulatedRounds {
    /// The generator that they were drawn from.
    pub generator: String,
    /// Its seed.
    pub seed: u64,
    /// How many rounds; at least one.
    pub rounds: u64,
    /// The stake of each.
    pub stake: u64,
    /// What they won.
    pub won: u128,
    /// The sum of the squares of what each won.
    pub won_squared: u128,
    /// What of it was won in free games.
    pub won_free: u128,
    /// The rounds that won anything.
    pub hits: u64,
    /// The rounds whose paid spin won anything by itself.
    pub spin_hits: u64,
    /// The rounds with free games.
    pub triggers: u64,
    /// The free games played.
    pub free_games: u64,
    /// The most that one round won.
    pub best: u64,
    /// The rounds that won something, by bucket: the bounds are those of [`super::WinDistribution`].
    pub buckets: Vec<u64>,
}

/// Where the figures of a simulated profile come from, and how far off they may be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SimulationSource {
    /// The generator that the rounds were drawn from.
    pub generator: String,
    /// Its seed: the same game, seed and number of rounds give the same figures.
    pub seed: u64,
    /// How many rounds, each a paid spin with all its free games.
    pub rounds: u64,
    /// The intervals of the RTP at each confidence, in percent of the stake.
    pub rtp_intervals: Vec<RtpInterval>,
    /// Rounds that won anything, free games included.
    pub round_hit_frequency: Frequency,
    /// The most that one of the rounds won, in stakes; the most that there is may be more.
    pub best_round: super::Amount,
    /// What the rounds won, free games included, by size in stakes.
    pub rounds_by_win: Vec<WinBucket>,
}

/// The interval in which the RTP lies with a confidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RtpInterval {
    /// The confidence, two-sided, in percent.
    pub confidence: u32,
    /// How far it reaches to either side of `rtp.total`, in percent of the stake, rounded half up to 12 decimals.
    pub half_width_percent: String,
}

/// Makes the profile of a game from simulated rounds.
///
/// `known` are the figures that could be counted all the same, from [`super::compute`]: they take the place of
/// simulated ones where they do not contradict them, and `not_computed` names what remains unknown.
#[must_use]
pub fn simulated_profile(known: &StatisticalProfile, rounds: &SimulatedRounds) -> StatisticalProfile {
    let share = |count: u64| ratio(count.into(), rounds.rounds.max(1).into());
    let staked = BigInt::from(rounds.rounds.max(1)) * rounds.stake.max(1);
    let of_stake = |won: u128| BigRational::new(BigInt::from(won), staked.clone());
    let frequency = |count: u64| Frequency {
        combinations: count.to_string(),
        probability: figure(&share(count)),
        one_in: one_in(&share(count)),
    };
    let (mean, variance) = moments(rounds);
    let (total, free) = (of_stake(rounds.won), of_stake(rounds.won_free));
    StatisticalProfile {
        version: PROFILE_VERSION,
        method: Method::Simulated,
        engine_version: ENGINE_VERSION,
        rtp: Some(Rtp {
            total: figure(&total),
            line: None,
            scatter: None,
            base: Some(figure(&(&total - &free))),
            free_games: figure(&free),
        }),
        cycle: known.cycle.clone(),
        free_games: known.free_games.clone(),
        hit_frequency: Some(known.hit_frequency.clone().unwrap_or_else(|| frequency(rounds.spin_hits))),
        round: Some(RoundProfile {
            mean: amount(&mean),
            standard_deviation: root(&variance),
            spin_variance: None,
            volatility_index: volatility(&variance),
            free_games_mean: amount(&share(rounds.free_games)),
            variance: amount(&variance),
        }),
        max_win: known.max_win.clone(),
        win_distribution: known.win_distribution.clone(),
        contributions: known.contributions.clone(),
        simulation: Some(SimulationSource {
            generator: rounds.generator.clone(),
            seed: rounds.seed,
            rounds: rounds.rounds,
            rtp_intervals: intervals(&variance, rounds.rounds),
            round_hit_frequency: frequency(rounds.hits),
            best_round: amount(&ratio(rounds.best.into(), rounds.stake.max(1).into())),
            rounds_by_win: by_win(rounds),
        }),
        not_computed: known.not_computed.clone(),
    }
}

/// The mean and the sample's variance of what a round wins, in stakes.
fn moments(rounds: &SimulatedRounds) -> (BigRational, BigRational) {
    let (count, stake) = (BigInt::from(rounds.rounds.max(1)), BigInt::from(rounds.stake.max(1)));
    let mean = BigRational::new(BigInt::from(rounds.won), &count * &stake);
    let square = BigRational::new(BigInt::from(rounds.won_squared), &count * &stake * &stake);
    let variance = square - &mean * &mean;
    (mean, variance)
}

/// The volatility index at each confidence.
pub(super) fn volatility(variance: &BigRational) -> Vec<VolatilityIndex> {
    let index = |(confidence, millionths): (u32, u32)| {
        let z = ratio(millionths.into(), 1_000_000);
        let text = format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
        VolatilityIndex { confidence, z: text, index: root(&(variance * &z * &z)) }
    };
    QUANTILES.map(index).into()
}

fn intervals(variance: &BigRational, rounds: u64) -> Vec<RtpInterval> {
    let of = |(confidence, millionths): (u32, u32)| {
        let z = ratio(millionths.into(), 10_000);
        let square = variance * &z * &z / BigInt::from(rounds.max(1));
        RtpInterval { confidence, half_width_percent: root(&square) }
    };
    QUANTILES.map(of).into()
}

fn by_win(rounds: &SimulatedRounds) -> Vec<WinBucket> {
    let bucket = |from: u32, below: Option<u32>, count: u64| WinBucket {
        from,
        below,
        combinations: count.to_string(),
        probability: figure(&ratio(count.into(), rounds.rounds.max(1).into())),
        rtp: None,
    };
    let mut buckets = vec![bucket(0, None, rounds.rounds.saturating_sub(rounds.hits))];
    for (at, (from, count)) in BUCKETS.iter().zip(&rounds.buckets).enumerate() {
        buckets.push(bucket(*from, BUCKETS.get(at + 1).copied(), *count));
    }
    buckets
}
