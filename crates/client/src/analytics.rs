//! What games and sessions came to.

use reelhouse_domain::analytics::Total;
use reelhouse_domain::time::millis_format;
use reelhouse_domain::{GameId, Money, SessionId, Timestamp};
use serde::Deserialize;

use crate::answer::Answer;
use crate::client::Client;
use crate::error::Error;

/// Which buckets of a game to ask for. What is absent is left to the server.
#[derive(Clone, Debug, Default)]
pub struct GameBuckets {
    /// `hour` or `day`.
    pub bucket: Option<String>,
    /// From the bucket on that holds this instant.
    pub from: Option<Timestamp>,
    /// Buckets that begin before this instant only.
    pub to: Option<Timestamp>,
    /// The most buckets.
    pub limit: Option<u32>,
}

impl GameBuckets {
    fn query(&self) -> Vec<(&'static str, String)> {
        let fields = [
            ("bucket", self.bucket.clone()),
            ("from", self.from.map(|at| at.to_rfc3339())),
            ("to", self.to.map(|at| at.to_rfc3339())),
            ("limit", self.limit.map(|limit| limit.to_string())),
        ];
        fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

/// What play came to.
#[derive(Clone, Debug, Deserialize)]
pub struct PlayTotals {
    /// Events of every kind.
    pub events: u64,
    /// Events that were archived before they were counted.
    pub missed: u64,
    /// Sessions that began.
    pub sessions: u64,
    /// Paid spins.
    pub spins: u64,
    /// Free games.
    pub free_games: u64,
    /// Settled rounds.
    pub rounds: u64,
    /// Stakes played.
    pub wagered: Total,
    /// Payouts.
    pub won: Total,
    /// Fees.
    pub fees: Total,
    /// Stakes and fees.
    pub spend: Total,
    /// Payouts less stakes and fees.
    pub net: Total,
}

/// What counts say, beside what the profile says.
#[derive(Clone, Debug, Deserialize)]
pub struct Figures {
    /// The return to player.
    pub rtp: Rtp,
    /// Paid spins that won something by themselves.
    pub hit_rate: HitRate,
    /// How far the results of rounds spread, in stakes.
    pub volatility: Volatility,
}

/// The return to player, a part of 1.
#[derive(Clone, Debug, Deserialize)]
pub struct Rtp {
    /// The observed one.
    pub observed: Option<f64>,
    /// That of the profile.
    pub expected: Option<f64>,
    /// How many standard errors lie between the two.
    pub z: Option<f64>,
    /// The intervals around the observed one.
    pub intervals: Vec<Interval>,
}

/// A hit rate, a part of 1.
#[derive(Clone, Debug, Deserialize)]
pub struct HitRate {
    /// The observed one.
    pub observed: Share,
    /// That of the profile.
    pub expected: Option<f64>,
    /// How many standard errors lie between the two.
    pub z: Option<f64>,
}

/// A share with its intervals.
#[derive(Clone, Debug, Deserialize)]
pub struct Share {
    /// Of how many.
    pub of: u64,
    /// The share.
    pub value: f64,
    /// The intervals around it.
    pub intervals: Vec<Interval>,
}

/// A standard deviation of a round, in stakes.
#[derive(Clone, Debug, Deserialize)]
pub struct Volatility {
    /// The observed one.
    pub observed: Option<f64>,
    /// That of the profile.
    pub expected: Option<f64>,
}

/// An interval.
#[derive(Clone, Debug, Deserialize)]
pub struct Interval {
    /// The confidence, in percent.
    pub confidence: u32,
    /// The lower end, where it is finite.
    pub low: Option<f64>,
    /// The upper end, where it is finite.
    pub high: Option<f64>,
}

/// What a game came to.
#[derive(Clone, Debug, Deserialize)]
pub struct GameAnalytics {
    /// The game.
    pub game_id: GameId,
    /// Its name.
    pub name: String,
    /// When the counts were last brought up to date.
    #[serde(with = "millis_format")]
    pub as_of: Timestamp,
    /// Whether more events wait to be counted.
    pub waiting: bool,
    /// What all of it came to.
    pub play: PlayTotals,
    /// What that says.
    pub figures: Figures,
    /// Whether the return drifts.
    pub drift: Drift,
    /// The buckets.
    pub series: TimeSeries,
}

/// The drift alarm.
#[derive(Clone, Debug, Deserialize)]
pub struct Drift {
    /// Whether there was an alarm.
    pub alarmed: bool,
    /// How many alarms there were.
    pub alarms: u64,
}

/// Buckets by time.
#[derive(Clone, Debug, Deserialize)]
pub struct TimeSeries {
    /// How long a bucket is.
    pub bucket: String,
    /// Whether there are earlier ones.
    pub earlier: bool,
    /// The buckets.
    pub buckets: Vec<TimeBucket>,
}

/// A bucket by time.
#[derive(Clone, Debug, Deserialize)]
pub struct TimeBucket {
    /// When it begins.
    #[serde(with = "millis_format")]
    pub starts_at: Timestamp,
    /// What it came to.
    pub play: PlayTotals,
    /// What that says.
    pub figures: Figures,
}

/// What a session came to.
#[derive(Clone, Debug, Deserialize)]
pub struct SessionAnalytics {
    /// The session.
    pub session_id: SessionId,
    /// The game.
    pub game_id: GameId,
    /// Where the session stands.
    pub state: String,
    /// The `seq` of the last event that was counted.
    pub counted_seq: i64,
    /// The `seq` of the session's last event.
    pub last_seq: i64,
    /// Whether more events wait to be counted.
    pub waiting: bool,
    /// What all of it came to.
    pub play: PlayTotals,
    /// What that says.
    pub figures: Figures,
    /// The largest payout of one round.
    pub biggest_win: Money,
    /// The longest run of rounds that paid nothing.
    pub longest_dry_run: u64,
    /// Its rounds in stretches.
    pub series: RoundSeries,
}

/// Stretches of rounds.
#[derive(Clone, Debug, Deserialize)]
pub struct RoundSeries {
    /// The stretches.
    pub buckets: Vec<RoundBucket>,
}

/// A stretch of rounds.
#[derive(Clone, Debug, Deserialize)]
pub struct RoundBucket {
    /// The number of its first round, from 1.
    pub first_round: u64,
    /// What it came to.
    pub play: PlayTotals,
    /// The balance after it.
    pub balance: Option<Money>,
    /// What its rounds returned of a stake on average.
    pub rtp: Option<f64>,
    /// The same of the session up to its end.
    pub rtp_so_far: Option<f64>,
    /// The lower end of where that lies at 95 %.
    pub band_low: Option<f64>,
    /// The upper end of where that lies at 95 %.
    pub band_high: Option<f64>,
}

impl Client {
    /// What a game came to.
    ///
    /// # Errors
    /// As every call: see [`Error`].
    pub fn game_analytics(&self, game_id: GameId, buckets: &GameBuckets) -> Result<Answer<GameAnalytics>, Error> {
        self.get(&["analytics", "games", &game_id.to_string()], &buckets.query())
    }

    /// The same as CSV, a record for each bucket.
    ///
    /// # Errors
    /// As every call: see [`Error`].
    pub fn game_analytics_csv(&self, game_id: GameId, buckets: &GameBuckets) -> Result<String, Error> {
        self.csv(&["analytics", "games", &game_id.to_string()], buckets.query())
    }

    /// What a session came to.
    ///
    /// # Errors
    /// As every call: see [`Error`].
    pub fn session_analytics(&self, session_id: SessionId) -> Result<Answer<SessionAnalytics>, Error> {
        self.get(&["analytics", "sessions", &session_id.to_string()], &[])
    }

    /// The same as CSV, a record for each stretch of rounds.
    ///
    /// # Errors
    /// As every call: see [`Error`].
    pub fn session_analytics_csv(&self, session_id: SessionId) -> Result<String, Error> {
        self.csv(&["analytics", "sessions", &session_id.to_string()], Vec::new())
    }

    fn csv(&self, path: &[&str], mut query: Vec<(&'static str, String)>) -> Result<String, Error> {
        query.push(("format", "csv".to_owned()));
        self.text(path, &query)
    }
}
