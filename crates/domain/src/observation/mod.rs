//! The observed fingerprint of a game: what its probes and its play came to, against what its definition says.
//!
//! A [`Tally`] counts events, once each; it is kept beside the game, so that nothing is counted twice and nothing
//! is read again. [`Report`] holds the tally against the exact figures: symbols per reel, RTP, hit rate, runs of
//! hits, and an alarm for a return that drifts away.

mod drift;
mod expected;
mod report;
mod tally;
#[cfg(test)]
mod tests;

use crate::game::{Definition, Faults, Game, StatisticalProfile};
use crate::id::{GameId, SessionId};
use crate::money::Money;
use crate::session::GameplayEvent;
use crate::time::Timestamp;

pub use drift::{AVERAGE_RUN_LENGTH, Direction, DriftAlarm, DriftState, SHIFTS};
pub use expected::{ReelMoments, WaldStatistic};
pub use report::{DriftReport, HitReport, ModeReport, ReelReport, Report, RtpReport, RunsReport, SymbolReport};
pub(crate) use tally::as_text;
pub use tally::{ModeTally, RunsTally, Tally};

/// What was observed of a game, as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// The game.
    pub game_id: GameId,
    /// How often it was stored; 0 before the first time. A writer that knows an older one is too late.
    pub revision: i64,
    /// What was counted.
    pub tally: Tally,
    /// The session to go on after, for sessions are read in turn; none to begin with the first.
    pub after: Option<SessionId>,
    /// When the tally was last brought up to date.
    pub as_of: Timestamp,
}

impl Observation {
    /// An observation of nothing yet.
    #[must_use]
    pub fn new(game_id: GameId, at: Timestamp) -> Self {
        Self { game_id, revision: 0, tally: Tally::default(), after: None, as_of: at }
    }
}

/// A game under observation: what it takes to count its events and to judge the counts.
#[derive(Clone, Debug)]
pub struct Observed {
    definition: Definition,
    profile: Option<StatisticalProfile>,
    moments: Option<drift::Moments>,
    /// Whether every spin that wins free games pays as well.
    awards_pay: bool,
}

impl Observed {
    /// For a game of the catalogue.
    ///
    /// # Errors
    /// The faults of documents that this program cannot play.
    pub fn of(game: &Game) -> Result<Self, Faults> {
        let definition = game.definition()?;
        let profile: Option<StatisticalProfile> = serde_json::from_value(game.statistical_profile.clone()).ok();
        let moments = profile.as_ref().and_then(drift::Moments::of);
        let awards_pay = tally::awards_pay(definition.symbol_map());
        Ok(Self { definition, profile, moments, awards_pay })
    }

    /// Counts an event that was not counted before. Events of a session come in the order of their `seq`.
    pub fn see(&self, tally: &mut Tally, event: &GameplayEvent) {
        tally.see(self, event);
    }

    /// What a tally says of the game.
    #[must_use]
    pub fn report(&self, tally: &Tally) -> Report {
        Report::new(self, tally)
    }

    /// What so many rounds say that returned so many bets at a unit bet.
    pub(crate) fn rtp(&self, rounds: u64, returned: u128) -> RtpReport {
        report::rtp(self, rounds, returned)
    }

    /// What so many paid spins say of which so many won something by themselves.
    pub(crate) fn hit_rate(&self, hits: u64, spins: u64) -> HitReport {
        report::hit_rate(self, hits, spins)
    }

    /// The standard deviation of a round by the profile, in stakes.
    pub(crate) fn deviation(&self) -> Option<f64> {
        self.moments.map(|moments| moments.variance.sqrt())
    }

    /// How many bets a unit bet is.
    pub(crate) fn bets(&self) -> u32 {
        self.definition.symbol_map().evaluation.bets()
    }

    /// What was won, in bets at a unit bet: whole, for a stake is a whole number of unit bets and pays are whole
    /// multiples.
    pub(crate) fn in_bets(&self, won: Money, stake: Money) -> Option<u128> {
        let (won, stake) = (u128::try_from(won.units()).ok()?, u128::try_from(stake.units()).ok()?);
        (won * u128::from(self.bets())).checked_div(stake)
    }
}
