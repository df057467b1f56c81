//! Analytics: the tallies and the recorded counters that observing leaves.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::{
    BoolExpressionMethods as _, ExpressionMethods as _, Insertable, OptionalExtension as _, QueryDsl as _, Queryable,
    Selectable, SelectableHelper as _,
};
use diesel::upsert::excluded;
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use reelhouse_domain::analytics::{GameTally, Span};
use reelhouse_domain::ports::{
    AnalyticsRepository, Counted, MetricRow, Progress, RecordedMetric, StoreError, TallyQuery,
};
use reelhouse_domain::{GameId, SessionId, Timestamp};
use reelhouse_schema::postgres::{game_tallies, metrics, session_observations, sessions};
use uuid::Uuid;

use crate::PostgresStore;
use crate::columns::Json;
use crate::error::{corrupt, undone};
use crate::numeric::Amount;

/// A row of `game_tallies`.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = game_tallies, check_for_backend(Pg))]
struct TallyRow {
    game_id: Uuid,
    span: String,
    starts_at: DateTime<Utc>,
    tally: Json,
}

impl TallyRow {
    fn of(game_id: GameId, tally: &GameTally) -> Result<Self, StoreError> {
        Ok(Self {
            game_id: game_id.0,
            span: tally.span.name().to_owned(),
            starts_at: tally.starts_at,
            tally: Json::document(&tally.play)?,
        })
    }

    fn tally(self) -> Result<GameTally, StoreError> {
        let span = Span::named(&self.span).ok_or_else(|| corrupt("game_tallies.span", &self.span))?;
        Ok(GameTally { span, starts_at: self.starts_at, play: self.tally.read("game_tallies.tally")? })
    }
}

/// A row of `session_observations`.
#[derive(Insertable)]
#[diesel(table_name = session_observations, check_for_backend(Pg))]
struct ProgressRow {
    session_id: Uuid,
    shard: i16,
    seq: i64,
    tally: Json,
}

/// A row of `metrics`.
#[derive(Insertable)]
#[diesel(table_name = metrics, check_for_backend(Pg))]
struct RecordedRow {
    session_id: Uuid,
    shard: i16,
    key: &'static str,
    value: Amount,
    recorded_at: DateTime<Utc>,
}

impl RecordedRow {
    fn of(row: &MetricRow) -> Self {
        Self {
            session_id: row.session_id.0,
            shard: row.session_id.shard().column(),
            key: row.key,
            value: Amount::of_metric(row.value),
            recorded_at: row.recorded_at,
        }
    }
}

/// What was counted, as rows.
pub(crate) struct CountedRows {
    progress: Vec<ProgressRow>,
    tallies: Vec<TallyRow>,
    metrics: Vec<RecordedRow>,
}

impl CountedRows {
    pub(crate) fn of(game_id: GameId, counted: &Counted) -> Result<Self, StoreError> {
        let progress = counted.progress.iter().map(|progress| {
            Ok(ProgressRow {
                session_id: progress.session_id.0,
                shard: progress.session_id.shard().column(),
                seq: progress.seq,
                tally: Json::document(&progress.tally)?,
            })
        });
        let tallies = counted.tallies.iter().map(|tally| TallyRow::of(game_id, tally));
        Ok(Self {
            progress: progress.collect::<Result<_, StoreError>>()?,
            tallies: tallies.collect::<Result<_, StoreError>>()?,
            metrics: counted.metrics.iter().map(RecordedRow::of).collect(),
        })
    }

    /// Writes the rows in an open transaction.
    pub(crate) async fn write(&self, mut connection: &AsyncPgConnection) -> Result<(), diesel::result::Error> {
        if !self.progress.is_empty() {
            diesel::insert_into(session_observations::table)
                .values(&self.progress)
                .on_conflict((session_observations::shard, session_observations::session_id))
                .do_update()
                .set((
                    session_observations::seq.eq(excluded(session_observations::seq)),
                    session_observations::tally.eq(excluded(session_observations::tally)),
                ))
                .execute(&mut connection)
                .await?;
        }
        if !self.tallies.is_empty() {
            diesel::insert_into(game_tallies::table)
                .values(&self.tallies)
                .on_conflict((game_tallies::game_id, game_tallies::span, game_tallies::starts_at))
                .do_update()
                .set(game_tallies::tally.eq(excluded(game_tallies::tally)))
                .execute(&mut connection)
                .await?;
        }
        if !self.metrics.is_empty() {
            diesel::insert_into(metrics::table)
                .values(&self.metrics)
                .on_conflict_do_nothing()
                .execute(&mut connection)
                .await?;
        }
        Ok(())
    }
}

/// Deletes what was counted of a game, in an open transaction.
pub(crate) async fn forget(mut connection: &AsyncPgConnection, game_id: Uuid) -> Result<(), diesel::result::Error> {
    diesel::delete(game_tallies::table.filter(game_tallies::game_id.eq(game_id))).execute(&mut connection).await?;
    let of_game = sessions::table
        .filter(sessions::game_id.eq(game_id))
        .filter(sessions::shard.eq(session_observations::shard))
        .filter(sessions::session_id.eq(session_observations::session_id));
    diesel::delete(session_observations::table.filter(diesel::dsl::exists(of_game))).execute(&mut connection).await?;
    Ok(())
}

/// Reads how far a session was counted.
pub(crate) fn progress(session_id: SessionId, seq: i64, tally: &Json) -> Result<Progress, StoreError> {
    Ok(Progress { session_id, seq, tally: tally.read("session_observations.tally")? })
}

#[async_trait]
impl AnalyticsRepository for PostgresStore {
    async fn tally_find(&self, game_id: GameId, spans: &[(Span, Timestamp)]) -> Result<Vec<GameTally>, StoreError> {
        let mut found = Vec::new();
        for span in Span::ALL {
            let starts: Vec<_> = spans.iter().filter(|(other, _)| *other == span).map(|(_, at)| *at).collect();
            if starts.is_empty() {
                continue;
            }
            let query = game_tallies::table
                .filter(game_tallies::game_id.eq(game_id.0))
                .filter(game_tallies::span.eq(span.name()).and(game_tallies::starts_at.eq_any(starts)))
                .select(TallyRow::as_select());
            let rows = query.load(&mut *self.checkout().await?).await.map_err(undone)?;
            found.extend(rows);
        }
        found.into_iter().map(TallyRow::tally).collect()
    }

    async fn tally_list(&self, query: &TallyQuery) -> Result<Vec<GameTally>, StoreError> {
        let mut page = game_tallies::table
            .filter(game_tallies::game_id.eq(query.game_id.0))
            .filter(game_tallies::span.eq(query.span.name()))
            .order(game_tallies::starts_at.desc())
            .limit(i64::from(query.limit))
            .select(TallyRow::as_select())
            .into_boxed();
        if let Some(from) = query.from {
            page = page.filter(game_tallies::starts_at.ge(from));
        }
        if let Some(to) = query.to {
            page = page.filter(game_tallies::starts_at.lt(to));
        }
        let rows = page.load(&mut *self.checkout().await?).await.map_err(undone)?;
        rows.into_iter().map(TallyRow::tally).collect()
    }

    async fn progress_find(&self, session_id: SessionId) -> Result<Option<Progress>, StoreError> {
        let query = session_observations::table
            .find((session_id.shard().column(), session_id.0))
            .select((session_observations::seq, session_observations::tally));
        let row: Option<(i64, Json)> = query.first(&mut *self.checkout().await?).await.optional().map_err(undone)?;
        row.map(|(seq, tally)| progress(session_id, seq, &tally)).transpose()
    }

    async fn metric_list(&self, session_id: SessionId, limit: u32) -> Result<Vec<RecordedMetric>, StoreError> {
        let query = metrics::table
            .filter(metrics::shard.eq(session_id.shard().column()))
            .filter(metrics::session_id.eq(session_id.0))
            .order((metrics::recorded_at.desc(), metrics::key))
            .limit(i64::from(limit))
            .select((metrics::key, metrics::value, metrics::recorded_at));
        let rows: Vec<(String, Amount, DateTime<Utc>)> =
            query.load(&mut *self.checkout().await?).await.map_err(undone)?;
        let read = |(key, value, recorded_at): (String, Amount, DateTime<Utc>)| RecordedMetric {
            key,
            value: value.to_string(),
            recorded_at,
        };
        Ok(rows.into_iter().map(read).collect())
    }
}
