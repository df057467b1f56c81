//! Rows of jobs.

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use reelhouse_domain::job::{Job, JobKind, JobState, Lease};
use reelhouse_domain::ports::StoreError;
use reelhouse_domain::{GameId, JobId};
use reelhouse_schema::sqlite::jobs;

use super::{
    instant, read_count, read_document, read_id, read_instant, read_named, read_value, write_document, write_value,
};
use crate::error::corrupt;

/// A row of `jobs`.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = jobs, check_for_backend(Sqlite), primary_key(job_id))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
pub(crate) struct JobRow {
    pub(crate) job_id: String,
    game_id: String,
    kind: String,
    request: String,
    state: String,
    progress: String,
    checkpoint: Option<String>,
    result: Option<String>,
    failure: Option<String>,
    lapses: i64,
    lease_owner: Option<String>,
    lease_until: Option<String>,
    created_at: String,
    updated_at: String,
}

impl JobRow {
    pub(crate) fn write(job: &Job) -> Result<Self, StoreError> {
        let value = |column, value: &Option<_>| value.as_ref().map(|value| write_value(column, value)).transpose();
        Ok(Self {
            job_id: job.job_id.to_string(),
            game_id: job.game_id.to_string(),
            kind: job.request.kind().name().to_owned(),
            request: write_document("jobs.request", &job.request)?,
            state: job.state.name().to_owned(),
            progress: write_document("jobs.progress", &job.progress)?,
            checkpoint: value("jobs.checkpoint", &job.checkpoint)?,
            result: value("jobs.result", &job.result)?,
            failure: job.failure.as_ref().map(|failure| write_document("jobs.failure", failure)).transpose()?,
            lapses: i64::from(job.lapses),
            lease_owner: job.lease.map(|lease| lease.token.to_string()),
            lease_until: job.lease.map(|lease| instant(lease.until)),
            created_at: instant(job.created_at),
            updated_at: instant(job.updated_at),
        })
    }

    pub(crate) fn read(self) -> Result<Job, StoreError> {
        let value = |column, text: Option<String>| text.map(|text| read_value(column, &text)).transpose();
        let request: reelhouse_domain::job::JobRequest = read_document("jobs.request", &self.request)?;
        if read_named("jobs.kind", &self.kind, JobKind::named)? != request.kind() {
            return Err(corrupt("jobs.kind", "it is not that of the request"));
        }
        let lease = match (self.lease_owner, self.lease_until) {
            (Some(token), Some(until)) => Some(Lease {
                token: read_id("jobs.lease_owner", &token)?,
                until: read_instant("jobs.lease_until", &until)?,
            }),
            _ => None,
        };
        Ok(Job {
            job_id: JobId(read_id("jobs.job_id", &self.job_id)?),
            game_id: GameId(read_id("jobs.game_id", &self.game_id)?),
            request,
            state: read_named("jobs.state", &self.state, JobState::named)?,
            progress: read_document("jobs.progress", &self.progress)?,
            checkpoint: value("jobs.checkpoint", self.checkpoint)?,
            result: value("jobs.result", self.result)?,
            failure: self.failure.map(|text| read_document("jobs.failure", &text)).transpose()?,
            lapses: read_count("jobs.lapses", self.lapses)?,
            lease,
            created_at: read_instant("jobs.created_at", &self.created_at)?,
            updated_at: read_instant("jobs.updated_at", &self.updated_at)?,
        })
    }
}
