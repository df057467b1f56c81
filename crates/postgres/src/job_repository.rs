//! Reads jobs.

use async_trait::async_trait;
use diesel::BoolExpressionMethods as _;
use diesel::prelude::{ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, SelectableHelper as _};
use diesel_async::RunQueryDsl as _;
use reelhouse_domain::job::{Job, JobKind, JobState};
use reelhouse_domain::ports::{JobFilter, JobRepository, StoreError};
use reelhouse_domain::{GameId, JobId, Timestamp};
use reelhouse_schema::postgres::jobs;
use uuid::Uuid;

use crate::PostgresStore;
use crate::error::undone;
use crate::job_rows::JobRow;

#[async_trait]
impl JobRepository for PostgresStore {
    async fn job_find(&self, job_id: JobId) -> Result<Option<Job>, StoreError> {
        let query = jobs::table.find(job_id.0).select(JobRow::as_select());
        let row = query.first(&mut *self.checkout().await?).await.optional().map_err(undone)?;
        row.map(JobRow::job).transpose()
    }

    async fn job_list(&self, filter: JobFilter, after: Option<JobId>, limit: u32) -> Result<Vec<Job>, StoreError> {
        let after = after.map_or(Uuid::nil(), |id| id.0);
        let mut query = jobs::table.filter(jobs::job_id.gt(after)).select(JobRow::as_select()).into_boxed();
        if let Some(kind) = filter.kind {
            query = query.filter(jobs::kind.eq(kind.name()));
        }
        if let Some(game_id) = filter.game_id {
            query = query.filter(jobs::game_id.eq(game_id.0));
        }
        if let Some(state) = filter.state {
            query = query.filter(jobs::state.eq(state.name()));
        }
        let query = query.order(jobs::job_id).limit(i64::from(limit));
        let rows = query.load(&mut *self.checkout().await?).await.map_err(undone)?;
        rows.into_iter().map(JobRow::job).collect()
    }

    async fn job_latest(&self, game_id: GameId, kind: JobKind) -> Result<Option<Job>, StoreError> {
        let query = jobs::table
            .filter(jobs::game_id.eq(game_id.0).and(jobs::kind.eq(kind.name())))
            .order(jobs::job_id.desc())
            .select(JobRow::as_select());
        let row = query.first(&mut *self.checkout().await?).await.optional().map_err(undone)?;
        row.map(JobRow::job).transpose()
    }

    async fn job_due_list(&self, kind: JobKind, now: Timestamp, limit: u32) -> Result<Vec<JobId>, StoreError> {
        let (queued, running) = (JobState::Queued.name(), JobState::Running.name());
        let query = jobs::table
            .filter(jobs::state.eq(queued).or(jobs::state.eq(running).and(jobs::lease_until.le(now))))
            .filter(jobs::kind.eq(kind.name()))
            .order(jobs::job_id)
            .limit(i64::from(limit))
            .select(jobs::job_id);
        let ids: Vec<Uuid> = query.load(&mut *self.checkout().await?).await.map_err(undone)?;
        Ok(ids.into_iter().map(JobId).collect())
    }
}
