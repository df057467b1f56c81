//! The profile as a document: what its figures are called, and what they mean.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::figure::{Amount, Figure};
use super::simulated::{RtpInterval, SimulationSource};

/// The version of the profile document. Version 1 had the fields up to `free_games`, and in that only
/// the first three; version 2 had those that are always there in an exact profile; version 3 told no sources of a
/// simulated RTP apart. A newer version adds fields and changes none, so an older document reads as it is.
pub const PROFILE_VERSION: u32 = 4;

/// The figures of a game.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatisticalProfile {
    /// [`PROFILE_VERSION`] when it was computed.
    pub version: u32,
    /// How the figures were got.
    pub method: Method,
    /// The [`super::ENGINE_VERSION`] that they were got with.
    pub engine_version: u32,
    /// The return to player, by source; not there when the method is [`Method::Unavailable`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rtp: Option<Rtp>,
    /// How many combinations of stops each mode has; there with `rtp`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycle: Option<Cycle>,
    /// The figures of free games, in a game that has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free_games: Option<FreeGamesProfile>,
    /// Paid spins that win something by themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hit_frequency: Option<Frequency>,
    /// What a whole paid round wins: a paid spin with all the free games that come of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<RoundProfile>,
    /// The most that one spin wins, without the free games that it awards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_win: Option<MaxWins>,
    /// What a paid spin wins, without the free games that it awards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub win_distribution: Option<WinDistribution>,
    /// What each symbol and count contributes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contributions: Option<Contributions>,
    /// Where the figures come from when the method is [`Method::Simulated`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub simulation: Option<SimulationSource>,
    /// What is left out of this profile, and why: a sentence each. A figure that is not here is not guessed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_computed: Vec<String>,
}

/// How figures were got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Over the full cycle, in whole numbers and fractions.
    Exact,
    /// By playing rounds: `round` and `simulation`, whose intervals say how far off they may be; their fractions are
    /// those of the rounds. So are `rtp` and `contributions` unless both are exact: then `simulation` has no
    /// `source_intervals`, and contributions no `interval`. The other figures are exact all the same, but for a
    /// `hit_frequency` whose combinations are rounds.
    Simulated,
    /// Not yet: an exact count costs more than the request may, and `not_computed` says so.
    Unavailable,
}

/// The return to player of a paid spin, by source. The parts add up to the total.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rtp {
    /// All of it.
    pub total: Figure,
    /// From lines, ways or clusters of paid spins; not there in a simulated profile before version 4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<Figure>,
    /// From scatters of paid spins; not there in a simulated profile before version 4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scatter: Option<Figure>,
    /// From paid spins, all wins alike; there in a simulated profile before version 4, in place of the two above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Figure>,
    /// From free games, all wins alike.
    pub free_games: Figure,
}

/// How many combinations of stops, or of cells by their weights, there are, as whole numbers in text: JSON
/// numbers stop at 2^53. In a game of cascades or respins it is the common denominator of all that its draws come
/// to, in lowest terms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cycle {
    /// Of paid spins.
    pub base: String,
    /// Of free games, in a game that has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free: Option<String>,
}

/// How often something happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frequency {
    /// The combinations of stops in which it does, a whole number.
    pub combinations: String,
    /// Their share in the cycle.
    pub probability: Figure,
    /// Once in so many spins on average, rounded half up to 12 decimals; `"0"` for never.
    pub one_in: String,
}

/// The figures of free games.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreeGamesProfile {
    /// What one awarded free game returns, with the free games that it brings about; not there when it is simulated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rtp: Option<Figure>,
    /// Free games that a paid spin awards on average, without those that they bring about; `"n/d"`.
    pub awarded_per_spin: String,
    /// Free games that a free game awards on average; `"n/d"`, below 1.
    pub awarded_per_free_game: String,
    /// Paid spins that award free games.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<Frequency>,
    /// Free games that award further ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retrigger: Option<Frequency>,
    /// Free games that win something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hit_frequency: Option<Frequency>,
    /// How many free games come of a paid spin that awards some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_trigger: Option<RetriggerSeries>,
}

/// The mean number of free games of a round that has any: `first + first·ratio + first·ratio² + …`,
/// which is `first / (1 − ratio)`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetriggerSeries {
    /// Awarded by the paid spin, on average.
    pub first: Amount,
    /// Awarded by each free game, on average; below 1.
    pub ratio: Amount,
    /// All of them, on average.
    pub mean: Amount,
    /// The variance of their number.
    pub variance: Amount,
}

/// What a whole paid round wins, in stakes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundProfile {
    /// The mean: the RTP, as the moments of the round have it.
    pub mean: Amount,
    /// The variance of a round with its free games.
    pub variance: Amount,
    /// Its square root, rounded half up to 12 decimals.
    pub standard_deviation: String,
    /// The variance of the paid spin alone, free games left out; not there when it is simulated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spin_variance: Option<Amount>,
    /// The volatility index at each confidence.
    pub volatility_index: Vec<VolatilityIndex>,
    /// How many free games a round has, most rounds having none.
    pub free_games_mean: Amount,
}

/// `z` standard deviations of a round, in stakes.
///
/// After `n` rounds the RTP lies within `index / √n` of the exact one with this confidence, as far as
/// the sum of `n` rounds is normally distributed. The formula is that of the industry's PAR sheets: K. A.
/// Harrigan and M. Dixon, "PAR Sheets, probabilities, and slot machine play", Journal of Gambling Issues
/// 23 (2009), who take 1.65 for the `z` of 90 %.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VolatilityIndex {
    /// The confidence, two-sided, in percent.
    pub confidence: u32,
    /// The quantile of the standard normal distribution, to the digits that were used.
    pub z: String,
    /// `z` times the standard deviation, rounded half up to 12 decimals.
    pub index: String,
}

/// The most that one spin wins, by mode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaxWins {
    /// Of a paid spin.
    pub base: MaxWin,
    /// Of a free game, its multiplier included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free: Option<MaxWin>,
}

/// The most that a spin wins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaxWin {
    /// In line bets, a whole number.
    pub line_bets: String,
    /// In stakes.
    pub stakes: Amount,
    /// How often, among spins of its mode.
    #[serde(flatten)]
    pub frequency: Frequency,
}

/// What spins win.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WinDistribution {
    /// By size, in stakes: every spin is in one of them.
    pub buckets: Vec<WinBucket>,
    /// How many different wins there are, nothing among them.
    pub distinct: u64,
    /// The win in line bets and the combinations that have it, by increasing win: the first
    /// [`super::MAX_LISTED_WINS`], which are all when `distinct` says so.
    pub wins: Vec<(String, String)>,
}

/// The spins whose win in stakes lies from `from`, included, to `below`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WinBucket {
    /// The least win in stakes; in the second bucket more than nothing.
    pub from: u32,
    /// No win of the bucket is so large; none for the bucket of nothing and for the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<u32>,
    /// Combinations of stops, a whole number.
    pub combinations: String,
    /// Their share in the cycle.
    pub probability: Figure,
    /// What they return of the stake of all spins; not there when it is simulated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rtp: Option<Figure>,
}

/// What each symbol and count contributes, by mode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contributions {
    /// Of paid spins; adds up to the RTP from lines and scatters.
    pub base: Vec<SymbolContribution>,
    /// Of one free game, its multiplier included, without the free games that it brings about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free: Option<Vec<SymbolContribution>>,
}

/// What one symbol contributes at one count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SymbolContribution {
    /// The symbol that pays, which other symbols may have stood for.
    pub symbol: String,
    /// How many of it: on a line, on so many reels, in a cluster, or of a scatter in the window.
    pub count: u32,
    /// Combinations of stops in which any one line, the symbol on ways, or the scatter, pays so: a whole number, or
    /// `n/d`. One with several such wins, as several clusters or windows of a spin have, counts as often. Of a
    /// simulated one, the wins in the simulated spins of the mode.
    pub combinations: String,
    /// Their share in the cycle, or in the simulated spins: how often a spin wins so on average.
    pub probability: Figure,
    /// What all lines together, or the scatter, return of the stake so.
    pub rtp: Figure,
    /// How far off `rtp` may be when it is simulated; not there when it is exact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<RtpInterval>,
}

impl StatisticalProfile {
    /// Whether the RTP is exact, and with it what each symbol contributes to it.
    #[must_use]
    pub fn has_exact_return(&self) -> bool {
        let told_apart = |all: &Contributions| self.free_games.is_some() == all.free.is_some();
        let is_simulated = self.simulation.as_ref().is_some_and(|source| source.source_intervals.is_some());
        let is_there = self.rtp.as_ref().is_some_and(|rtp| rtp.base.is_none());
        is_there && !is_simulated && self.contributions.as_ref().is_some_and(told_apart)
    }

    /// The profile as its JSON document.
    #[must_use]
    pub fn document(&self) -> Value {
        json!(self)
    }
}
