//! Rows of `jobs`, and the jobs that they spell.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::{Queryable, QueryableByName, Selectable};
use reelhouse_domain::job::{Job, JobKind, JobRequest, JobState, Lease};
use reelhouse_domain::ports::StoreError;
use reelhouse_domain::{GameId, JobId};
use reelhouse_schema::postgres::jobs;
use uuid::Uuid;

use crate::columns::Json;
use crate::error::corrupt;

/// A row of `jobs`.
#[derive(Queryable, QueryableByName, Selectable)]
#[diesel(table_name = jobs, check_for_backend(Pg))]
pub(crate) struct JobRow {
    job_id: Uuid,
    game_id: Uuid,
    kind: String,
    request: Json,
    state: String,
    progress: Json,
    checkpoint: Option<Json>,
    result: Option<Json>,
    failure: Option<Json>,
    lapses: i64,
    lease_owner: Option<Uuid>,
    lease_until: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl JobRow {
    pub(crate) fn job(self) -> Result<Job, StoreError> {
        let request: JobRequest = self.request.read("jobs.request")?;
        if JobKind::named(&self.kind) != Some(request.kind()) {
            return Err(corrupt("jobs.kind", "it is not that of the request"));
        }
        let value = |what, json: Option<Json>| json.map(|json| json.read_value(what)).transpose();
        Ok(Job {
            job_id: JobId(self.job_id),
            game_id: GameId(self.game_id),
            request,
            state: JobState::named(&self.state).ok_or_else(|| corrupt("jobs.state", "it is not known"))?,
            progress: self.progress.read("jobs.progress")?,
            checkpoint: value("jobs.checkpoint", self.checkpoint)?,
            result: value("jobs.result", self.result)?,
            failure: self.failure.map(|json| json.read("jobs.failure")).transpose()?,
            lapses: u32::try_from(self.lapses).map_err(|error| corrupt("jobs.lapses", error))?,
            lease: self.lease_owner.zip(self.lease_until).map(|(token, until)| Lease { token, until }),
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}
