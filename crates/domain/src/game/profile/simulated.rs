//! The profile of a game whose exact count costs too much: from simulated rounds, with their interval.

use num_bigint::BigInt;
use num_rational::BigRational;
use serde::{Deserialize, Serialize};

use super::super::definition::Mode;
use super::document::{
    Contributions, Frequency, Method, PROFILE_VERSION, RoundProfile, Rtp, StatisticalProfile, SymbolContribution,
    VolatilityIndex, WinBucket,
};
use super::figure::{amount, figure, one_in, ratio, root};
use super::report::{CONTRIBUTES, whole_or_fraction};
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
    /// What they won told apart, where that was asked for.
    pub sources: Option<SimulatedSources>,
}

/// What simulated rounds won, told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimulatedSources {
    /// On lines, on ways or in clusters of paid spins, by round.
    pub line: SimulatedSum,
    /// From scatters of paid spins, by round.
    pub scatter: SimulatedSum,
    /// In free games, by round.
    pub free: SimulatedSum,
    /// By symbol and count, in the order in which a profile lists them.
    pub wins: Vec<SimulatedWin>,
}

/// A sum over rounds or spins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SimulatedSum {
    /// What was won.
    pub won: u128,
    /// The sum of the squares of what each round, or spin, won.
    pub won_squared: u128,
}

/// The wins of one symbol at one count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimulatedWin {
    /// In which spins.
    pub mode: Mode,
    /// Whether it is one of a scatter.
    pub scatter: bool,
    /// The symbol.
    pub symbol: String,
    /// How many of it.
    pub count: u32,
    /// How many such wins there were.
    pub times: u64,
    /// Of how many lines their frequency is the average; 1 where there are no lines.
    pub readers: u32,
    /// What they won, by spin.
    pub sum: SimulatedSum,
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
    /// The same by source; not there when the RTP is exact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_intervals: Option<SourceIntervals>,
    /// Rounds that won anything, free games included.
    pub round_hit_frequency: Frequency,
    /// The most that one of the rounds won, in stakes; the most that there is may be more.
    pub best_round: super::Amount,
    /// What the rounds won, free games included, by size in stakes.
    pub rounds_by_win: Vec<WinBucket>,
}

/// The interval in which an RTP, or a part of it, lies with a confidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RtpInterval {
    /// The confidence, two-sided, in percent.
    pub confidence: u32,
    /// How far it reaches to either side of the figure that it is of, in percent of the stake, rounded half up to 12 decimals.
    pub half_width_percent: String,
}

/// How far each part of a simulated RTP may be from the true one: by source, at each confidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceIntervals {
    /// From lines, ways or clusters of paid spins.
    pub line: Vec<RtpInterval>,
    /// From scatters of paid spins.
    pub scatter: Vec<RtpInterval>,
    /// From free games.
    pub free_games: Vec<RtpInterval>,
}

/// Makes the profile of a game from simulated rounds.
///
/// `known` are the figures that could be counted all the same, from [`super::compute`]: they take the place of
/// simulated ones, and `not_computed` names what remains unknown.
#[must_use]
pub fn simulated_profile(known: &StatisticalProfile, rounds: &SimulatedRounds) -> StatisticalProfile {
    let share = |count: u64| ratio(count.into(), rounds.rounds.max(1).into());
    let frequency = |count: u64| Frequency {
        combinations: count.to_string(),
        probability: figure(&share(count)),
        one_in: one_in(&share(count)),
    };
    let (mean, variance) = moments(rounds.rounds, rounds.stake, rounds.won, rounds.won_squared);
    let is_exact = known.has_exact_return();
    let sources = rounds.sources.as_ref().filter(|_| !is_exact);
    let not_computed = known.not_computed.iter().filter(|gap| sources.is_none() || !gap.starts_with(CONTRIBUTES));
    StatisticalProfile {
        version: PROFILE_VERSION,
        method: Method::Simulated,
        engine_version: ENGINE_VERSION,
        rtp: if is_exact { known.rtp.clone() } else { Some(returned(rounds)) },
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
        contributions: match sources {
            Some(sources) => Some(contributions(rounds, sources, known.free_games.is_some())),
            None => known.contributions.clone(),
        },
        simulation: Some(SimulationSource {
            generator: rounds.generator.clone(),
            seed: rounds.seed,
            rounds: rounds.rounds,
            rtp_intervals: intervals(&variance, rounds.rounds),
            source_intervals: sources.map(|sources| SourceIntervals::of(rounds, sources)),
            round_hit_frequency: frequency(rounds.hits),
            best_round: amount(&ratio(rounds.best.into(), rounds.stake.max(1).into())),
            rounds_by_win: by_win(rounds),
        }),
        not_computed: not_computed.cloned().collect(),
    }
}

/// The RTP of the rounds, by whatever sources they tell apart.
fn returned(rounds: &SimulatedRounds) -> Rtp {
    let staked = BigInt::from(rounds.rounds.max(1)) * rounds.stake.max(1);
    let of_stake = |won: u128| BigRational::new(BigInt::from(won), staked.clone());
    let (total, free) = (of_stake(rounds.won), of_stake(rounds.won_free));
    let sources = rounds.sources.as_ref();
    Rtp {
        total: figure(&total),
        line: sources.map(|sources| figure(&of_stake(sources.line.won))),
        scatter: sources.map(|sources| figure(&of_stake(sources.scatter.won))),
        base: sources.is_none().then(|| figure(&(&total - &free))),
        free_games: figure(&free),
    }
}

/// What each symbol and count contributed to the spins of each mode.
fn contributions(rounds: &SimulatedRounds, sources: &SimulatedSources, has_free_games: bool) -> Contributions {
    let of_mode = |mode: Mode, spins: u64| {
        let wins = sources.wins.iter().filter(|win| win.mode == mode);
        wins.map(|win| contribution(win, spins, rounds.stake)).collect()
    };
    Contributions {
        base: of_mode(Mode::Base, rounds.rounds),
        free: has_free_games.then(|| of_mode(Mode::Free, rounds.free_games)),
    }
}

fn contribution(win: &SimulatedWin, spins: u64, stake: u64) -> SymbolContribution {
    let (mean, variance) = moments(spins, stake, win.sum.won, win.sum.won_squared);
    let times = ratio(win.times.into(), win.readers.max(1).into());
    SymbolContribution {
        symbol: win.symbol.clone(),
        count: win.count,
        combinations: whole_or_fraction(&times),
        probability: figure(&(times / BigInt::from(spins.max(1)))),
        rtp: figure(&mean),
        interval: intervals(&variance, spins).pop(),
    }
}

impl SourceIntervals {
    fn of(rounds: &SimulatedRounds, sources: &SimulatedSources) -> Self {
        let of = |sum: &SimulatedSum| {
            let (_, variance) = moments(rounds.rounds, rounds.stake, sum.won, sum.won_squared);
            intervals(&variance, rounds.rounds)
        };
        Self { line: of(&sources.line), scatter: of(&sources.scatter), free_games: of(&sources.free) }
    }
}

/// The mean and the sample's variance of what each of some rounds or spins won, in stakes.
fn moments(count: u64, stake: u64, won: u128, won_squared: u128) -> (BigRational, BigRational) {
    let (count, stake) = (BigInt::from(count.max(1)), BigInt::from(stake.max(1)));
    let mean = BigRational::new(BigInt::from(won), &count * &stake);
    let square = BigRational::new(BigInt::from(won_squared), &count * &stake * &stake);
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
