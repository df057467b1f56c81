//! Analytics: the tallies and the recorded counters that observing leaves.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use reelhouse_domain::analytics::{GameTally, Span};
use reelhouse_domain::ports::{AnalyticsRepository, Counted, Progress, RecordedMetric, StoreError, TallyQuery};
use reelhouse_domain::{GameId, SessionId, Timestamp};
use reelhouse_schema::sqlite::{game_tallies, metrics, session_observations, sessions};

use crate::error::from_diesel;
use crate::rows::{MetricValueRow, instant, read_document, read_instant, read_named, write_document};
use crate::store::SqliteStore;

/// A row of `game_tallies`.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = game_tallies, check_for_backend(Sqlite))]
struct TallyRow {
    game_id: String,
    span: String,
    starts_at: String,
    tally: String,
}

impl TallyRow {
    fn write(game_id: GameId, tally: &GameTally) -> Result<Self, StoreError> {
        Ok(Self {
            game_id: game_id.to_string(),
            span: tally.span.name().to_owned(),
            starts_at: instant(tally.starts_at),
            tally: write_document("game_tallies.tally", &tally.play)?,
        })
    }

    fn read(self) -> Result<GameTally, StoreError> {
        Ok(GameTally {
            span: read_named("game_tallies.span", &self.span, Span::named)?,
            starts_at: read_instant("game_tallies.starts_at", &self.starts_at)?,
            play: read_document("game_tallies.tally", &self.tally)?,
        })
    }
}

/// A row of `session_observations`.
#[derive(Insertable)]
#[diesel(table_name = session_observations)]
struct ProgressRow {
    session_id: String,
    shard: i16,
    seq: i64,
    tally: String,
}

/// What was counted, as rows.
pub(crate) struct CountedRows {
    progress: Vec<ProgressRow>,
    tallies: Vec<TallyRow>,
    metrics: Vec<MetricValueRow>,
}

impl CountedRows {
    pub(crate) fn of(game_id: GameId, counted: &Counted) -> Result<Self, StoreError> {
        let progress = counted.progress.iter().map(|progress| {
            Ok(ProgressRow {
                session_id: progress.session_id.to_string(),
                shard: progress.session_id.shard().column(),
                seq: progress.seq,
                tally: write_document("session_observations.tally", &progress.tally)?,
            })
        });
        let tallies = counted.tallies.iter().map(|tally| TallyRow::write(game_id, tally));
        Ok(Self {
            progress: progress.collect::<Result<_, StoreError>>()?,
            tallies: tallies.collect::<Result<_, StoreError>>()?,
            metrics: counted.metrics.iter().map(MetricValueRow::write).collect(),
        })
    }

    /// Writes the rows in an open transaction.
    pub(crate) fn write(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        for row in &self.progress {
            diesel::replace_into(session_observations::table).values(row).execute(connection).map_err(from_diesel)?;
        }
        for row in &self.tallies {
            diesel::replace_into(game_tallies::table).values(row).execute(connection).map_err(from_diesel)?;
        }
        for row in &self.metrics {
            diesel::insert_or_ignore_into(metrics::table).values(row).execute(connection).map_err(from_diesel)?;
        }
        Ok(())
    }
}

/// Deletes what was counted of a game, in an open transaction.
pub(crate) fn forget(connection: &mut SqliteConnection, game_id: &str) -> Result<(), StoreError> {
    diesel::delete(game_tallies::table.filter(game_tallies::game_id.eq(game_id)))
        .execute(connection)
        .map_err(from_diesel)?;
    let of_game = sessions::table.filter(sessions::game_id.eq(game_id)).select(sessions::session_id);
    diesel::delete(session_observations::table.filter(session_observations::session_id.eq_any(of_game)))
        .execute(connection)
        .map_err(from_diesel)?;
    Ok(())
}

/// Reads how far a session was counted.
pub(crate) fn read_progress(session_id: SessionId, seq: i64, tally: &str) -> Result<Progress, StoreError> {
    Ok(Progress { session_id, seq, tally: read_document("session_observations.tally", tally)? })
}

#[async_trait]
impl AnalyticsRepository for SqliteStore {
    async fn tally_find(&self, game_id: GameId, spans: &[(Span, Timestamp)]) -> Result<Vec<GameTally>, StoreError> {
        let spans = spans.to_vec();
        self.read(move |connection| {
            let mut found = Vec::new();
            for (span, starts_at) in spans {
                let row = game_tallies::table
                    .find((game_id.to_string(), span.name(), instant(starts_at)))
                    .select(TallyRow::as_select())
                    .get_result(connection)
                    .optional()
                    .map_err(from_diesel)?;
                found.extend(row.map(TallyRow::read).transpose()?);
            }
            Ok(found)
        })
        .await
    }

    async fn tally_list(&self, query: &TallyQuery) -> Result<Vec<GameTally>, StoreError> {
        let query = *query;
        self.read(move |connection| {
            let mut page = game_tallies::table
                .filter(game_tallies::game_id.eq(query.game_id.to_string()))
                .filter(game_tallies::span.eq(query.span.name()))
                .order(game_tallies::starts_at.desc())
                .limit(i64::from(query.limit))
                .select(TallyRow::as_select())
                .into_boxed();
            if let Some(from) = query.from {
                page = page.filter(game_tallies::starts_at.ge(instant(from)));
            }
            if let Some(to) = query.to {
                page = page.filter(game_tallies::starts_at.lt(instant(to)));
            }
            let rows = page.load(connection).map_err(from_diesel)?;
            rows.into_iter().map(TallyRow::read).collect()
        })
        .await
    }

    async fn progress_find(&self, session_id: SessionId) -> Result<Option<Progress>, StoreError> {
        self.read(move |connection| {
            let row: Option<(i64, String)> = session_observations::table
                .find((session_id.shard().column(), session_id.to_string()))
                .select((session_observations::seq, session_observations::tally))
                .get_result(connection)
                .optional()
                .map_err(from_diesel)?;
            row.map(|(seq, tally)| read_progress(session_id, seq, &tally)).transpose()
        })
        .await
    }

    async fn metric_list(&self, session_id: SessionId, limit: u32) -> Result<Vec<RecordedMetric>, StoreError> {
        self.read(move |connection| {
            let rows: Vec<(String, String, String)> = metrics::table
                .filter(metrics::shard.eq(session_id.shard().column()))
                .filter(metrics::session_id.eq(session_id.to_string()))
                .order((metrics::recorded_at.desc(), metrics::key))
                .limit(i64::from(limit))
                .select((metrics::key, metrics::value, metrics::recorded_at))
                .load(connection)
                .map_err(from_diesel)?;
            let read = |(key, value, recorded_at): (String, String, String)| {
                let recorded_at = read_instant("metrics.recorded_at", &recorded_at)?;
                Ok(RecordedMetric { key, value, recorded_at })
            };
            rows.into_iter().map(read).collect()
        })
        .await
    }
}
