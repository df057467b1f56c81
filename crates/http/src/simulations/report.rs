//! The report of a simulation, as a body.

use reelhouse_domain::Money;
use reelhouse_domain::simulation::statistics::{Interval, Share};
use reelhouse_domain::simulation::{BankrollReport, Bucket, FreeGameReport, Method, Report};
use serde::Serialize;
use utoipa::ToSchema;

use crate::common::Amount;

/// What a simulation found. Shares are parts of 1.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SimulationReport)]
pub(crate) struct ReportBody {
    /// How rounds were played: from look-up tables, or by the game engine.
    method: MethodName,
    /// The generator that they were drawn from.
    generator: String,
    /// The seed of the generator.
    seed: u64,
    /// How many rounds were played.
    rounds: u64,
    /// What was won over what was staked, each round staked alike.
    rtp: f64,
    /// The same as a fraction of whole units of 0.0001 credits at the game's unit bet.
    #[schema(example = "957200/1000000")]
    rtp_exact: String,
    /// The intervals of the RTP for 90, 95 and 99 %, by the normal approximation.
    rtp_intervals: Vec<IntervalBody>,
    /// The part of the RTP that free games paid.
    rtp_free_games: f64,
    /// The standard deviation of what a round wins, in stakes; null after a single round.
    standard_deviation: Option<f64>,
    /// The rounds that won anything.
    hit_rate: ShareBody,
    /// The most that a round won, in stakes.
    best_win: f64,
    /// The rounds by what they won.
    distribution: Vec<BucketBody>,
    /// The free games, if there were any.
    free_games: Option<FreeGamesBody>,
    /// The player's bankroll, if there was a player.
    bankroll: Option<BankrollBody>,
}

/// How rounds were played.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SimulationMethod)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MethodName {
    Tables,
    Engine,
}

/// An interval that holds the true value with about the stated confidence.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConfidenceInterval)]
pub(crate) struct IntervalBody {
    /// The confidence, in percent.
    confidence: u32,
    /// The lower end; null where it is not finite.
    low: Option<f64>,
    /// The upper end; null where it is not finite.
    high: Option<f64>,
}

/// A share with Wilson's score intervals of 90, 95 and 99 %.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EstimatedShare)]
pub(crate) struct ShareBody {
    /// How many counted.
    count: u64,
    /// Of how many.
    of: u64,
    /// The one divided by the other.
    value: f64,
    /// Its intervals.
    intervals: Vec<IntervalBody>,
}

/// The rounds that won an amount within bounds.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SimulatedWins)]
pub(crate) struct BucketBody {
    /// The least amount, in stakes; the first bucket is that of losing rounds, the second begins above 0.
    from: u64,
    /// The amount below which it ends, in stakes; null for the last.
    below: Option<u64>,
    /// How many rounds.
    rounds: u64,
    /// The part of all rounds.
    share: f64,
}

/// What free games came to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SimulatedFreeGames)]
pub(crate) struct FreeGamesBody {
    /// The rounds that had free games.
    triggers: ShareBody,
    /// How many free games were played.
    played: u64,
    /// How many a round with free games had on average.
    per_trigger: f64,
    /// The most free games of one round.
    most: u64,
    /// What a round's free games won on average, in stakes.
    win_per_trigger: f64,
}

/// What became of a player's sessions.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SimulatedBankroll)]
pub(crate) struct BankrollBody {
    /// How many sessions were played.
    sessions: u64,
    /// The sessions that ended with less than the lowest stake.
    ruin: ShareBody,
    /// What was staked in all sessions, in test credits. It may be more than one amount can be.
    #[schema(example = "125000.0000")]
    wagered: String,
    /// What was paid in all sessions, in test credits.
    #[schema(example = "119650.0000")]
    paid: String,
    /// Percentiles of the balance at the end, rounded up by at most 1/128.
    final_balance: Vec<PercentileBody>,
    /// Percentiles of the largest fall from the highest balance before, rounded up by at most 1/128.
    max_drawdown: Vec<PercentileBody>,
}

/// An amount that so many of a hundred sessions do not exceed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AmountPercentile)]
pub(crate) struct PercentileBody {
    /// How many of a hundred.
    percent: u64,
    /// The amount.
    amount: Amount,
}

fn finite(number: f64) -> Option<f64> {
    Some(number).filter(|number| number.is_finite())
}

impl From<Interval> for IntervalBody {
    fn from(interval: Interval) -> Self {
        Self { confidence: interval.confidence, low: finite(interval.low), high: finite(interval.high) }
    }
}

impl From<Share> for ShareBody {
    fn from(share: Share) -> Self {
        let Share { count, of, value, intervals } = share;
        Self { count, of, value, intervals: intervals.map(IntervalBody::from).into() }
    }
}

impl From<Bucket> for BucketBody {
    fn from(bucket: Bucket) -> Self {
        let Bucket { from, below, rounds, share } = bucket;
        Self { from, below, rounds, share }
    }
}

impl From<FreeGameReport> for FreeGamesBody {
    fn from(report: FreeGameReport) -> Self {
        let FreeGameReport { triggers, played, per_trigger, most, win_per_trigger } = report;
        Self { triggers: triggers.into(), played, per_trigger, most, win_per_trigger }
    }
}

impl From<BankrollReport> for BankrollBody {
    fn from(report: BankrollReport) -> Self {
        let percentiles = |found: Vec<(u64, Money)>| {
            found.into_iter().map(|(percent, money)| PercentileBody { percent, amount: Amount(money) }).collect()
        };
        Self {
            sessions: report.sessions,
            ruin: report.ruin.into(),
            wagered: report.wagered,
            paid: report.paid,
            final_balance: percentiles(report.final_balance),
            max_drawdown: percentiles(report.max_drawdown),
        }
    }
}

impl From<Report> for ReportBody {
    fn from(report: Report) -> Self {
        Self {
            method: match report.method {
                Method::Tables => MethodName::Tables,
                Method::Engine | Method::Itemized => MethodName::Engine,
            },
            generator: report.generator,
            seed: report.seed,
            rounds: report.rounds,
            rtp: report.rtp,
            rtp_exact: report.rtp_exact,
            rtp_intervals: report.rtp_intervals.map(IntervalBody::from).into(),
            rtp_free_games: report.rtp_free_games,
            standard_deviation: finite(report.standard_deviation),
            hit_rate: report.hit_rate.into(),
            best_win: report.best_win,
            distribution: report.distribution.into_iter().map(BucketBody::from).collect(),
            free_games: report.free_games.map(FreeGamesBody::from),
            bankroll: report.bankroll.map(BankrollBody::from),
        }
    }
}
