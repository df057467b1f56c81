//! Rows of jobs, and the profiles that they compute.

use reelhouse_domain::GameId;
use reelhouse_domain::job::Job;
use reelhouse_domain::ports::StoreError;
use serde_json::Value;

use super::state::{column, documents};
use crate::columns::Json;
use crate::statement::{Bind, Sql};

/// Puts profiles in the place of pending or rejected ones.
pub(super) struct UpdateProfiles;

impl Sql for UpdateProfiles {
    const TEXT: &'static str = "
        UPDATE games AS g
        SET statistical_profile = n.statistical_profile
        FROM unnest($1, $2) AS n (game_id, statistical_profile)
        WHERE g.game_id = n.game_id AND g.statistical_profile ->> 'method' IN ('pending', 'rejected')";
}

/// The parameters of [`UpdateProfiles`].
pub(super) fn profiles(profiles: &[(GameId, Value)]) -> Result<Vec<Bind<'_>>, StoreError> {
    Ok(vec![
        Bind::Uuids(column(profiles, |(game_id, _)| Some(game_id.0))),
        Bind::Jsons(documents(profiles, |(_, profile)| Json::value(profile).map(Some))?),
    ])
}

/// Inserts jobs.
pub(super) struct InsertJobs;

impl Sql for InsertJobs {
    const TEXT: &'static str = "
        INSERT INTO jobs (job_id, game_id, kind, request, state, progress, checkpoint, result, failure, lapses,
                          lease_owner, lease_until, created_at, updated_at)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
}

/// Replaces everything of jobs that can change.
pub(super) struct UpdateJobs;

impl Sql for UpdateJobs {
    const TEXT: &'static str = "
        UPDATE jobs AS j
        SET state = n.state, progress = n.progress, checkpoint = n.checkpoint, result = n.result,
            failure = n.failure, lapses = n.lapses, lease_owner = n.lease_owner, lease_until = n.lease_until,
            updated_at = n.updated_at
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
          AS n (job_id, game_id, kind, request, state, progress, checkpoint, result, failure, lapses,
                lease_owner, lease_until, created_at, updated_at)
        WHERE j.job_id = n.job_id";
}

/// The parameters of [`InsertJobs`] and [`UpdateJobs`].
pub(super) fn jobs(jobs: &[Job]) -> Result<Vec<Bind<'_>>, StoreError> {
    let value = |value: &Option<Value>| value.as_ref().map(Json::value).transpose();
    Ok(vec![
        Bind::Uuids(column(jobs, |job| Some(job.job_id.0))),
        Bind::Uuids(column(jobs, |job| Some(job.game_id.0))),
        Bind::Texts(column(jobs, |job| Some(job.request.kind().name()))),
        Bind::Jsons(documents(jobs, |job| Json::open_document(&job.request).map(Some))?),
        Bind::Texts(column(jobs, |job| Some(job.state.name()))),
        Bind::Jsons(documents(jobs, |job| Json::document(&job.progress).map(Some))?),
        Bind::Jsons(documents(jobs, |job| value(&job.checkpoint))?),
        Bind::Jsons(documents(jobs, |job| value(&job.result))?),
        Bind::Jsons(documents(jobs, |job| job.failure.as_ref().map(Json::document).transpose())?),
        Bind::Longs(column(jobs, |job| i64::from(job.lapses))),
        Bind::Uuids(column(jobs, |job| job.lease.map(|lease| lease.token))),
        Bind::Times(column(jobs, |job| job.lease.map(|lease| lease.until))),
        Bind::Times(column(jobs, |job| Some(job.created_at))),
        Bind::Times(column(jobs, |job| Some(job.updated_at))),
    ])
}
