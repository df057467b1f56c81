//! Observations: what was counted of each game's events.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use reelhouse_domain::observation::Observation;
use reelhouse_domain::ports::{Counted, ObservationRepository, Progress, StoreError, Unobserved};
use reelhouse_domain::{GameId, SessionId};
use reelhouse_schema::sqlite::{game_observations, session_observations, sessions};

use crate::analytics::{self, CountedRows};
use crate::error::from_diesel;
use crate::rows::{instant, read_document, read_id, read_instant, write_document};
use crate::store::SqliteStore;
use crate::unit_of_work::SqliteUnitOfWork;

/// A row of `game_observations`.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(
    table_name = game_observations,
    check_for_backend(Sqlite),
    treat_none_as_default_value = false,
    treat_none_as_null = true
)]
struct ObservationRow {
    game_id: String,
    revision: i64,
    tally: String,
    after_session: Option<String>,
    as_of: String,
    drift_alarm_at: Option<String>,
}

impl ObservationRow {
    /// The row that an observation is stored as: that of its next revision.
    fn next(observation: &Observation) -> Result<Self, StoreError> {
        Ok(Self {
            game_id: observation.game_id.to_string(),
            revision: observation.revision + 1,
            tally: write_document("game_observations.tally", &observation.tally)?,
            after_session: observation.after.map(|id| id.to_string()),
            as_of: instant(observation.as_of),
            drift_alarm_at: observation.tally.drift.last_alarm.map(|alarm| instant(alarm.at)),
        })
    }

    fn read(self) -> Result<Observation, StoreError> {
        let after = self.after_session.map(|id| read_id("game_observations.after_session", &id).map(SessionId));
        Ok(Observation {
            game_id: GameId(read_id("game_observations.game_id", &self.game_id)?),
            revision: self.revision,
            tally: read_document("game_observations.tally", &self.tally)?,
            after: after.transpose()?,
            as_of: read_instant("game_observations.as_of", &self.as_of)?,
        })
    }
}

#[async_trait]
impl ObservationRepository for SqliteStore {
    async fn observation_find(&self, game_id: GameId) -> Result<Option<Observation>, StoreError> {
        self.read(move |connection| {
            let row = game_observations::table.find(game_id.to_string()).select(ObservationRow::as_select());
            row.get_result(connection).optional().map_err(from_diesel)?.map(ObservationRow::read).transpose()
        })
        .await
    }

    async fn unobserved_list(
        &self,
        game_id: GameId,
        after: Option<SessionId>,
        limit: u32,
    ) -> Result<Vec<Unobserved>, StoreError> {
        self.read(move |connection| {
            let same = sessions::shard
                .eq(session_observations::shard)
                .and(sessions::session_id.eq(session_observations::session_id));
            let observed = session_observations::seq.nullable();
            // The empty text comes before every id.
            let page = sessions::table
                .left_join(session_observations::table.on(same))
                .filter(sessions::game_id.eq(game_id.to_string()))
                .filter(sessions::session_id.gt(after.map(|id| id.to_string()).unwrap_or_default()))
                .filter(sessions::last_seq.gt(0))
                .filter(observed.is_null().or(sessions::last_seq.nullable().gt(observed)).assume_not_null())
                .order(sessions::session_id)
                .limit(i64::from(limit))
                .select((sessions::session_id, observed, session_observations::tally.nullable(), sessions::last_seq));
            let rows: Vec<UnobservedRow> = page.load(connection).map_err(from_diesel)?;
            rows.into_iter().map(read_unobserved).collect()
        })
        .await
    }

    async fn observation_store(&self, observation: &Observation, counted: &Counted) -> Result<(), StoreError> {
        let row = ObservationRow::next(observation)?;
        let counted = CountedRows::of(observation.game_id, counted)?;
        SqliteUnitOfWork::run(self, move |connection| {
            put(connection, &row)?;
            counted.write(connection)
        })
        .await
    }

    async fn observation_forget(&self, observation: &Observation) -> Result<(), StoreError> {
        let row = ObservationRow::next(observation)?;
        SqliteUnitOfWork::run(self, move |connection| {
            put(connection, &row)?;
            analytics::forget(connection, &row.game_id)
        })
        .await
    }
}

/// A session's id, how far it was counted, what it came to, and its last `seq`.
type UnobservedRow = (String, Option<i64>, Option<String>, i64);

fn read_unobserved((session_id, observed, tally, last_seq): UnobservedRow) -> Result<Unobserved, StoreError> {
    let session_id = SessionId(read_id("sessions.session_id", &session_id)?);
    let progress = match observed.zip(tally) {
        Some((seq, tally)) => analytics::read_progress(session_id, seq, &tally)?,
        None => Progress::new(session_id),
    };
    Ok(Unobserved { progress, last_seq })
}

/// Puts an observation in the place of the one with the revision before.
fn put(connection: &mut SqliteConnection, row: &ObservationRow) -> Result<(), StoreError> {
    let stored = if row.revision == 1 {
        diesel::insert_or_ignore_into(game_observations::table).values(row).execute(connection)
    } else {
        let before = game_observations::table
            .filter(game_observations::game_id.eq(&row.game_id))
            .filter(game_observations::revision.eq(row.revision - 1));
        diesel::update(before).set(row).execute(connection)
    };
    match stored.map_err(from_diesel)? {
        0 => Err(StoreError::Clash("another revision of the observation is there already".to_owned())),
        _ => Ok(()),
    }
}
