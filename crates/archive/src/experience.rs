//! The experience, of which a part may be archived.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::DateTime;
use reelhouse_domain::SessionId;
use reelhouse_domain::archive::Table;
use reelhouse_domain::id::minted_at;
use reelhouse_domain::ports::{Episode, EpisodeFilter, ExperienceRepository, RecordedStep, StepQuery, StoreError};

use crate::library::Library;
use crate::record;
use crate::select::Selection;

/// Reads the experience of a live store and of its archives as one.
pub struct ArchivedExperience {
    live: Arc<dyn ExperienceRepository>,
    library: Library,
}

impl ArchivedExperience {
    /// The experience of the live store, with what is in the archives.
    #[must_use]
    pub fn new(live: Arc<dyn ExperienceRepository>, library: Library) -> Self {
        Self { live, library }
    }
}

#[async_trait]
impl ExperienceRepository for ArchivedExperience {
    async fn episode_list(
        &self,
        filter: EpisodeFilter,
        first: Option<SessionId>,
        limit: u32,
    ) -> Result<Vec<Episode>, StoreError> {
        self.live.episode_list(filter, first, limit).await
    }

    /// The live store is read first: a month that is archived in between is then in both, and never in none.
    ///
    /// Without the files at hand it is not known whether a session that was opened before the end of an archived
    /// month has rows there, so that the answer is [`StoreError::Archived`]: part of an episode is worse than none.
    async fn step_list(&self, query: &StepQuery) -> Result<Vec<RecordedStep>, StoreError> {
        let mut steps = self.live.step_list(query).await?;
        let opened = |session: &SessionId| minted_at(session.0).unwrap_or(DateTime::UNIX_EPOCH);
        let Some(first) = query.sessions.iter().map(opened).min() else { return Ok(steps) };
        let since = query.from.map_or(first, |from| from.max(first));
        let archives = self.library.archives(since, query.to).await?;
        let Some(archive) = archives.last() else { return Ok(steps) };
        let end = archive.month.end();
        let concerned = query.sessions.iter().filter(|session| opened(session) < end);
        let sessions: BTreeSet<_> = concerned.map(|session| session.0).collect();
        if sessions.is_empty() {
            return Ok(steps);
        }
        if !self.library.is_at_hand() {
            return Err(Library::absent(archive));
        }
        let selection = Selection {
            sessions,
            above: query.above,
            upto: query.upto,
            from: query.from.map_or(i64::MIN, |from| from.timestamp_micros()),
            to: query.to.timestamp_micros(),
        };
        steps.extend(self.library.select(archives, Table::RlStore, selection, record::step).await?);
        steps.sort_by_key(|step| (step.session_id, step.seq));
        steps.dedup_by_key(|step| (step.session_id, step.seq));
        Ok(steps)
    }
}
