//! Counting: what some events of a game come to, gathered to be stored at once.

use reelhouse_domain::Timestamp;
use reelhouse_domain::analytics::GameTallies;
use reelhouse_domain::observation::{Observation, Observed};
use reelhouse_domain::ports::{AnalyticsRepository, Counted, MetricRow, Progress, StoreError};
use reelhouse_domain::session::GameplayEvent;

/// The work of counting some events of a game, as it grows.
pub(crate) struct Counting<'a> {
    game: &'a Observed,
    /// What was observed before, and the events on top.
    pub(crate) observation: Observation,
    /// What the events add, by span of time.
    tallies: GameTallies,
    progress: Vec<Progress>,
    metrics: Vec<MetricRow>,
    /// What was read, in events; a session without any counts as one, so that the work is bounded.
    pub(crate) read: u32,
}

impl<'a> Counting<'a> {
    pub(crate) fn new(game: &'a Observed, observation: Observation) -> Self {
        Self { game, observation, tallies: GameTallies::default(), progress: Vec::new(), metrics: Vec::new(), read: 0 }
    }

    /// Counts the next events of a session whose last one is `last_seq`; `events` are none when there are no more.
    pub(crate) fn count(&mut self, progress: &mut Progress, events: &[GameplayEvent], last_seq: i64) {
        self.read += u32::try_from(events.len()).unwrap_or(u32::MAX).max(1);
        // Events that were archived before they were counted are gone: the session is not asked for them again.
        let first = events.first().map_or(last_seq + 1, |event| event.body.seq);
        let missed = u64::try_from(first - progress.seq - 1).unwrap_or_default();
        self.tallies.miss(missed);
        progress.tally.miss(missed);
        for event in events {
            let at = event.body.timestamp;
            self.game.see(&mut self.observation.tally, event);
            let play = progress.tally.see(self.game, event);
            self.tallies.add(&play, at);
            if progress.tally.is_recorded(&play) {
                self.record(progress, at);
            }
        }
        progress.seq = events.last().map_or(last_seq, |event| event.body.seq);
    }

    /// Records the counters of a session; of one instant the last ones.
    fn record(&mut self, progress: &Progress, recorded_at: Timestamp) {
        let session_id = progress.session_id;
        let same = |row: &MetricRow| (row.session_id, row.recorded_at) == (session_id, recorded_at);
        while self.metrics.last().is_some_and(same) {
            self.metrics.pop();
        }
        let rows = progress.tally.entries().into_iter();
        self.metrics.extend(rows.map(|(key, value)| MetricRow { session_id, key, value, recorded_at }));
    }

    /// Notes how far a session was read.
    pub(crate) fn leave(&mut self, progress: Progress) {
        self.progress.push(progress);
    }

    /// What is to be stored: the tallies on top of those that are there.
    pub(crate) async fn finish(
        self,
        analytics: &dyn AnalyticsRepository,
    ) -> Result<(Observation, Counted), StoreError> {
        let spans: Vec<_> = self.tallies.spans().collect();
        let stored = analytics.tally_find(self.observation.game_id, &spans).await?;
        let tallies = self.tallies.on_top_of(&stored);
        Ok((self.observation, Counted { progress: self.progress, tallies, metrics: self.metrics }))
    }
}
