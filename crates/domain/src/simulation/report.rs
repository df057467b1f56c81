//! The report: what a tally says of the game and of the player.

use serde::{Deserialize, Serialize};

use super::bankroll::Bankrolls;
use super::histogram::Histogram;
use super::plan::SimulationPlan;
use super::round::Method;
use super::statistics::{Interval, Mean, NORMAL, Share, or_infinite};
use super::stream::GENERATOR;
use super::tally::{BUCKETS, Tally};
use crate::document::Document;
use crate::money::Money;

/// The percentiles of balances and drawdowns that are reported.
const PERCENTILES: [u64; 9] = [1, 5, 10, 25, 50, 75, 90, 95, 99];

/// What a simulation found. Shares are parts of 1, amounts are credits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// How the rounds were played.
    pub method: Method,
    /// The generator that they were drawn from.
    pub generator: String,
    /// The seed of the generator.
    pub seed: u64,
    /// How many rounds were played.
    pub rounds: u64,
    /// What was won over what was staked, each round staked alike.
    pub rtp: f64,
    /// The same as a fraction of whole units of 0.0001 credits at the game's unit bet.
    pub rtp_exact: String,
    /// The intervals of the RTP for 90, 95 and 99 %.
    pub rtp_intervals: [Interval; 3],
    /// The part of the RTP that free games paid.
    pub rtp_free_games: f64,
    /// The standard deviation of what a round wins, in stakes; infinite when there was one round only.
    #[serde(with = "or_infinite")]
    pub standard_deviation: f64,
    /// The rounds that won anything.
    pub hit_rate: Share,
    /// The most that a round won, in stakes.
    pub best_win: f64,
    /// The rounds by what they won.
    pub distribution: Vec<Bucket>,
    /// The free games, if there were any.
    pub free_games: Option<FreeGameReport>,
    /// The player's bankroll, if there was a player.
    pub bankroll: Option<BankrollReport>,
}

impl Document for Report {
    const VERSION: u64 = 1;
}

/// The rounds that won an amount within bounds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bucket {
    /// The least amount, in stakes; the first bucket is that of losing rounds, the second one begins above 0.
    pub from: u64,
    /// The amount below which it ends, in stakes; none for the last.
    pub below: Option<u64>,
    /// How many rounds.
    pub rounds: u64,
    /// The part of all rounds.
    pub share: f64,
}

/// What free games came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FreeGameReport {
    /// The rounds that had free games.
    pub triggers: Share,
    /// How many free games were played.
    pub played: u64,
    /// How many a round with free games had on average.
    pub per_trigger: f64,
    /// The most free games of one round.
    pub most: u64,
    /// What a round's free games won on average, in stakes.
    pub win_per_trigger: f64,
}

/// What became of a player's sessions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BankrollReport {
    /// How many sessions were played.
    pub sessions: u64,
    /// The sessions that ended with less than the lowest stake.
    pub ruin: Share,
    /// What was staked, in credits. It may be more than an amount of money can be, so it is text.
    pub wagered: String,
    /// What was paid, in credits.
    pub paid: String,
    /// Percentiles of the balance at the end: the percent, and the amount, rounded up by at most 1/128.
    pub final_balance: Vec<(u64, Money)>,
    /// Percentiles of the largest fall from the highest balance before, in the same form.
    pub max_drawdown: Vec<(u64, Money)>,
}

impl Report {
    /// What a tally of a game with this unit bet says; `None` for a tally of no rounds.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn new(plan: &SimulationPlan, method: Method, unit_bet: Money, tally: &Tally) -> Option<Self> {
        let unit = unit_bet.units().unsigned_abs();
        let mean = Mean::new(tally.rounds, tally.won, tally.won_squared, unit)?;
        let staked = u128::from(tally.rounds) * u128::from(unit);
        let free_games = (tally.triggers > 0).then(|| FreeGameReport {
            triggers: Share::new(tally.triggers, tally.rounds),
            played: tally.free_games,
            per_trigger: tally.free_games as f64 / tally.triggers as f64,
            most: tally.most_free_games,
            win_per_trigger: tally.won_free as f64 / tally.triggers as f64 / unit as f64,
        });
        Some(Self {
            method,
            generator: GENERATOR.to_owned(),
            seed: plan.seed,
            rounds: tally.rounds,
            rtp: mean.value,
            rtp_exact: format!("{}/{staked}", tally.won),
            rtp_intervals: mean.intervals(),
            rtp_free_games: tally.won_free as f64 / staked as f64,
            standard_deviation: mean.deviation,
            hit_rate: Share::new(tally.hits, tally.rounds),
            best_win: tally.best as f64 / unit as f64,
            distribution: distribution(tally),
            free_games,
            bankroll: tally.bankrolls.as_ref().map(BankrollReport::new),
        })
    }
}

/// Whether the 95 % interval of the RTP is as narrow as the plan asks.
pub(super) fn is_narrow(plan: &SimulationPlan, unit_bet: Money, tally: &Tally) -> bool {
    let [_, (_, quantile), _] = NORMAL;
    let mean = Mean::new(tally.rounds, tally.won, tally.won_squared, unit_bet.units().unsigned_abs());
    // A game that has not won yet has no spread to judge by.
    tally.hits > 0 && plan.half_width.zip(mean).is_some_and(|(width, mean)| mean.half_width(quantile) <= width)
}

#[allow(clippy::cast_precision_loss)]
fn distribution(tally: &Tally) -> Vec<Bucket> {
    let bucket = |from, below, rounds| Bucket { from, below, rounds, share: rounds as f64 / tally.rounds as f64 };
    let mut buckets = vec![bucket(0, Some(0), tally.rounds - tally.hits)];
    for (at, (from, rounds)) in BUCKETS.iter().zip(tally.buckets).enumerate() {
        buckets.push(bucket(*from, BUCKETS.get(at + 1).copied(), rounds));
    }
    buckets
}

/// Units of 0.0001 as credits with four decimals.
fn credits(units: u128) -> String {
    format!("{}.{:04}", units / 10_000, units % 10_000)
}

impl BankrollReport {
    fn new(bankrolls: &Bankrolls) -> Self {
        let percentiles = |histogram: &Histogram| {
            let amount = |units: u64| Money::from_units(i64::try_from(units).unwrap_or(i64::MAX));
            let found = PERCENTILES.iter().map(|percent| Some((*percent, amount(histogram.percentile(*percent)?))));
            found.flatten().collect()
        };
        Self {
            sessions: bankrolls.sessions,
            ruin: Share::new(bankrolls.ruined, bankrolls.sessions),
            wagered: credits(bankrolls.wagered),
            paid: credits(bankrolls.paid),
            final_balance: percentiles(&bankrolls.balances),
            max_drawdown: percentiles(&bankrolls.drawdowns),
        }
    }
}
