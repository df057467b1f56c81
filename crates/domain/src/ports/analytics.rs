//! Analytics: the tallies and the recorded counters that observing leaves.

use async_trait::async_trait;

use super::{Progress, StoreError};
use crate::analytics::{GameTally, Span};
use crate::id::{GameId, SessionId};
use crate::time::Timestamp;

/// A row of the metrics table, as it is read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedMetric {
    /// The metric's name.
    pub key: String,
    /// Its value in decimal digits: a count, or an amount in credits with four decimals.
    pub value: String,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

/// Which tallies of a game to list: those of one span that begin from `from` on and before `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TallyQuery {
    /// The game.
    pub game_id: GameId,
    /// How long the spans are.
    pub span: Span,
    /// Spans that begin at this instant or later.
    pub from: Option<Timestamp>,
    /// Spans that begin before this instant.
    pub to: Option<Timestamp>,
    /// The most tallies.
    pub limit: u32,
}

/// Reads what observing leaves. It is written by
/// [`ObservationRepository::observation_store`](super::ObservationRepository::observation_store).
#[async_trait]
pub trait AnalyticsRepository: Send + Sync {
    /// The tallies of these spans of a game, as far as there are any, in any order.
    async fn tally_find(&self, game_id: GameId, spans: &[(Span, Timestamp)]) -> Result<Vec<GameTally>, StoreError>;

    /// The last tallies that the query asks for, the latest first. Spans without events have none.
    async fn tally_list(&self, query: &TallyQuery) -> Result<Vec<GameTally>, StoreError>;

    /// How far a session was counted, and what it came to; none before its first event was counted.
    async fn progress_find(&self, session_id: SessionId) -> Result<Option<Progress>, StoreError>;

    /// The last recorded counters of a session, the latest first and by their keys, at most `limit` rows.
    async fn metric_list(&self, session_id: SessionId, limit: u32) -> Result<Vec<RecordedMetric>, StoreError>;
}
