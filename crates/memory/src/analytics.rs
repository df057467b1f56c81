//! Analytics: the tallies and the recorded counters that observing leaves.

use std::cmp::Reverse;

use async_trait::async_trait;
use reelhouse_domain::analytics::{GameTally, Span};
use reelhouse_domain::ports::{AnalyticsRepository, Progress, RecordedMetric, StoreError, TallyQuery};
use reelhouse_domain::{GameId, SessionId, Timestamp};

use crate::MemoryStore;

#[async_trait]
impl AnalyticsRepository for MemoryStore {
    async fn tally_find(&self, game_id: GameId, spans: &[(Span, Timestamp)]) -> Result<Vec<GameTally>, StoreError> {
        let tables = self.read()?;
        let found = spans.iter().filter_map(|(span, at)| tables.tallies.get(&(game_id, *span, *at)));
        Ok(found.copied().collect())
    }

    async fn tally_list(&self, query: &TallyQuery) -> Result<Vec<GameTally>, StoreError> {
        let tables = self.read()?;
        let asked = |tally: &&GameTally| {
            tally.span == query.span
                && query.from.is_none_or(|from| tally.starts_at >= from)
                && query.to.is_none_or(|to| tally.starts_at < to)
        };
        let of_game = tables.tallies.iter().rev().filter(|((game_id, ..), _)| *game_id == query.game_id);
        let found = of_game.map(|(_, tally)| tally).filter(asked);
        Ok(found.take(query.limit as usize).copied().collect())
    }

    async fn progress_find(&self, session_id: SessionId) -> Result<Option<Progress>, StoreError> {
        Ok(self.read()?.progress.get(&session_id).cloned())
    }

    async fn metric_list(&self, session_id: SessionId, limit: u32) -> Result<Vec<RecordedMetric>, StoreError> {
        let tables = self.read()?;
        let of_session = tables.metrics.iter().filter(|((id, ..), _)| *id == session_id);
        let mut found: Vec<_> = of_session
            .map(|((_, key, recorded_at), value)| RecordedMetric {
                key: (*key).to_owned(),
                value: value.to_string(),
                recorded_at: *recorded_at,
            })
            .collect();
        found.sort_by(|a, b| (Reverse(a.recorded_at), &a.key).cmp(&(Reverse(b.recorded_at), &b.key)));
        found.truncate(limit as usize);
        Ok(found)
    }
}
