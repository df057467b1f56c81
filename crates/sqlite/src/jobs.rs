//! Reads of jobs.

use async_trait::async_trait;
use diesel::prelude::*;
use reelhouse_domain::job::{Job, JobKind, JobState};
use reelhouse_domain::ports::{JobFilter, JobRepository, StoreError};
use reelhouse_domain::{GameId, JobId, Timestamp};
use reelhouse_schema::sqlite::jobs;

use crate::error::from_diesel;
use crate::rows::{JobRow, instant, read_id};
use crate::store::SqliteStore;

#[async_trait]
impl JobRepository for SqliteStore {
    async fn job_find(&self, job_id: JobId) -> Result<Option<Job>, StoreError> {
        self.read(move |connection| {
            let row = jobs::table.find(job_id.to_string()).select(JobRow::as_select());
            row.get_result(connection).optional().map_err(from_diesel)?.map(JobRow::read).transpose()
        })
        .await
    }

    async fn job_list(&self, filter: JobFilter, after: Option<JobId>, limit: u32) -> Result<Vec<Job>, StoreError> {
        self.read(move |connection| {
            // The empty text comes before every id.
            let after = after.map(|id| id.to_string()).unwrap_or_default();
            let mut page = jobs::table.filter(jobs::job_id.gt(after)).select(JobRow::as_select()).into_boxed();
            if let Some(kind) = filter.kind {
                page = page.filter(jobs::kind.eq(kind.name()));
            }
            if let Some(game_id) = filter.game_id {
                page = page.filter(jobs::game_id.eq(game_id.to_string()));
            }
            if let Some(state) = filter.state {
                page = page.filter(jobs::state.eq(state.name()));
            }
            let page = page.order(jobs::job_id).limit(i64::from(limit));
            page.load(connection).map_err(from_diesel)?.into_iter().map(JobRow::read).collect()
        })
        .await
    }

    async fn job_latest(&self, game_id: GameId, kind: JobKind) -> Result<Option<Job>, StoreError> {
        self.read(move |connection| {
            let latest = jobs::table
                .filter(jobs::game_id.eq(game_id.to_string()).and(jobs::kind.eq(kind.name())))
                .order(jobs::job_id.desc())
                .select(JobRow::as_select());
            latest.first(connection).optional().map_err(from_diesel)?.map(JobRow::read).transpose()
        })
        .await
    }

    async fn job_due_list(&self, kind: JobKind, now: Timestamp, limit: u32) -> Result<Vec<JobId>, StoreError> {
        self.read(move |connection| {
            let (queued, running) = (JobState::Queued.name(), JobState::Running.name());
            // The first condition is that of the index.
            let due = jobs::table
                .filter(jobs::state.eq(queued).or(jobs::state.eq(running).and(jobs::lease_until.le(instant(now)))))
                .filter(jobs::kind.eq(kind.name()))
                .order(jobs::job_id)
                .limit(i64::from(limit))
                .select(jobs::job_id);
            let ids: Vec<String> = due.load(connection).map_err(from_diesel)?;
            ids.iter().map(|id| read_id("jobs.job_id", id).map(JobId)).collect()
        })
        .await
    }
}
