//! Observations: what was counted of each game's events.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::{
    BoolExpressionMethods as _, ExpressionMethods as _, Insertable, JoinOnDsl as _, NullableExpressionMethods as _,
    OptionalExtension as _, QueryDsl as _, Queryable, Selectable, SelectableHelper as _,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _};
use reelhouse_domain::observation::Observation;
use reelhouse_domain::ports::{Counted, ObservationRepository, Progress, StoreError, Unobserved};
use reelhouse_domain::{GameId, SessionId};
use reelhouse_schema::postgres::{game_observations, session_observations, sessions};
use uuid::Uuid;

use crate::PostgresStore;
use crate::analytics_repository::{self, CountedRows};
use crate::columns::Json;
use crate::error::{undone, unsettled};
use crate::unit_of_work::OpenUnit;

/// A row of `game_observations`.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = game_observations, check_for_backend(Pg))]
struct ObservationRow {
    game_id: Uuid,
    revision: i64,
    tally: Json,
    after_session: Option<Uuid>,
    as_of: DateTime<Utc>,
    drift_alarm_at: Option<DateTime<Utc>>,
}

impl ObservationRow {
    /// The row that an observation is stored as: that of its next revision.
    fn next(observation: &Observation) -> Result<Self, StoreError> {
        Ok(Self {
            game_id: observation.game_id.0,
            revision: observation.revision + 1,
            tally: Json::document(&observation.tally)?,
            after_session: observation.after.map(|id| id.0),
            as_of: observation.as_of,
            drift_alarm_at: observation.tally.drift.last_alarm.map(|alarm| alarm.at),
        })
    }

    fn observation(self) -> Result<Observation, StoreError> {
        Ok(Observation {
            game_id: GameId(self.game_id),
            revision: self.revision,
            tally: self.tally.read("game_observations.tally")?,
            after: self.after_session.map(SessionId),
            as_of: self.as_of,
        })
    }
}

#[async_trait]
impl ObservationRepository for PostgresStore {
    async fn observation_find(&self, game_id: GameId) -> Result<Option<Observation>, StoreError> {
        let query = game_observations::table.find(game_id.0).select(ObservationRow::as_select());
        let row = query.first(&mut *self.checkout().await?).await.optional().map_err(undone)?;
        row.map(ObservationRow::observation).transpose()
    }

    async fn unobserved_list(
        &self,
        game_id: GameId,
        after: Option<SessionId>,
        limit: u32,
    ) -> Result<Vec<Unobserved>, StoreError> {
        let same = sessions::shard
            .eq(session_observations::shard)
            .and(sessions::session_id.eq(session_observations::session_id));
        let observed = session_observations::seq.nullable();
        let query = sessions::table
            .left_join(session_observations::table.on(same))
            .filter(sessions::game_id.eq(game_id.0))
            .filter(sessions::session_id.gt(after.map_or(Uuid::nil(), |id| id.0)))
            .filter(sessions::last_seq.gt(0))
            .filter(observed.is_null().or(sessions::last_seq.nullable().gt(observed)).assume_not_null())
            .order(sessions::session_id)
            .limit(i64::from(limit))
            .select((sessions::session_id, observed, session_observations::tally.nullable(), sessions::last_seq));
        let rows: Vec<UnobservedRow> = query.load(&mut *self.checkout().await?).await.map_err(undone)?;
        rows.into_iter().map(unobserved).collect()
    }

    async fn observation_store(&self, observation: &Observation, counted: &Counted) -> Result<(), StoreError> {
        let row = ObservationRow::next(observation)?;
        let counted = CountedRows::of(observation.game_id, counted)?;
        self.put(&row, Beside::Counted(&counted)).await
    }

    async fn observation_forget(&self, observation: &Observation) -> Result<(), StoreError> {
        self.put(&ObservationRow::next(observation)?, Beside::Forgotten).await
    }
}

/// What is written in the transaction of an observation.
enum Beside<'a> {
    /// What was counted.
    Counted(&'a CountedRows),
    /// That nothing is counted any more.
    Forgotten,
}

impl PostgresStore {
    /// Puts an observation in the place of the one with the revision before, and what goes with it.
    async fn put(&self, row: &ObservationRow, beside: Beside<'_>) -> Result<(), StoreError> {
        let unit = OpenUnit::new(self.checkout().await?, self.layout().is_some());
        match store(unit.connection()?, row, beside).await {
            Ok(true) => unit.end("COMMIT").await.map_err(unsettled),
            Ok(false) => {
                unit.undo().await;
                Err(StoreError::Clash("another revision of the observation is there already".to_owned()))
            }
            Err(error) => {
                unit.undo().await;
                Err(undone(error))
            }
        }
    }
}

/// A session's id, how far it was counted, what it came to, and its last `seq`.
type UnobservedRow = (Uuid, Option<i64>, Option<Json>, i64);

fn unobserved((session_id, observed, tally, last_seq): UnobservedRow) -> Result<Unobserved, StoreError> {
    let session_id = SessionId(session_id);
    let progress = match observed.zip(tally) {
        Some((seq, tally)) => analytics_repository::progress(session_id, seq, &tally)?,
        None => Progress::new(session_id),
    };
    Ok(Unobserved { progress, last_seq })
}

/// Writes all in an open transaction; tells whether the revision before was the one that is there.
async fn store(
    mut connection: &AsyncPgConnection,
    row: &ObservationRow,
    beside: Beside<'_>,
) -> Result<bool, diesel::result::Error> {
    connection.batch_execute("BEGIN").await?;
    let stored = if row.revision == 1 {
        diesel::insert_into(game_observations::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(&mut connection)
            .await?
    } else {
        let before = game_observations::table
            .filter(game_observations::game_id.eq(row.game_id))
            .filter(game_observations::revision.eq(row.revision - 1));
        diesel::update(before)
            .set((
                game_observations::revision.eq(row.revision),
                game_observations::tally.eq(&row.tally),
                game_observations::after_session.eq(row.after_session),
                game_observations::as_of.eq(row.as_of),
                game_observations::drift_alarm_at.eq(row.drift_alarm_at),
            ))
            .execute(&mut connection)
            .await?
    };
    if stored == 0 {
        return Ok(false);
    }
    match beside {
        Beside::Counted(counted) => counted.write(connection).await?,
        Beside::Forgotten => analytics_repository::forget(connection, row.game_id).await?,
    }
    Ok(true)
}
