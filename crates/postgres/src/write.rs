//! Writing a batch: one statement for each kind of row, whatever the number of rows, and one statement of all these
//! where the tables are on one machine.

mod jobs;
mod observations;
mod records;
mod state;

use diesel::QueryResult;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Array, BigInt};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _};
use reelhouse_domain::Shard;
use reelhouse_domain::ports::{Changes, StoreError};

use self::observations::Observations;
use crate::error::{undone, unsettled};
use crate::pipeline::{Request, in_order};
use crate::statement::{Apart, Bind, OfShards, Part, Sql, Together};

/// Writes all changes in an open transaction, without committing them.
///
/// Sessions are updated before wallets, each in the order of their ids, as they are locked. Rows that two batches may
/// both want to insert come in the order of their unique key. So batches do not wait for each other in a circle.
pub(crate) async fn all(
    connection: &AsyncPgConnection,
    changes: &Changes,
    distributed: bool,
) -> Result<(), StoreError> {
    let Batch { parts, documents, .. } = Batch::of(changes, distributed)?;
    let expected: Vec<i64> = parts.iter().filter_map(|part| part.updates).collect();
    let written = if distributed {
        execute_apart(connection, parts, &documents).await
    } else {
        execute(connection, Together::new(parts, documents, None)).await
    };
    match written.map_err(undone) {
        Ok(written) if written == expected => Ok(()),
        Ok(written) => {
            let text = format!("{written:?} rows were there to be updated where {expected:?} were expected");
            Err(if changes.remembered.is_empty() { StoreError::Corrupt(text) } else { StoreError::Retry(text) })
        }
        Err(error) => Err(cause(error, changes)),
    }
}

/// Writes all changes and commits them: a statement by itself is a transaction.
///
/// What a server says that goes on to answer was said before the commit. Of one that does not, nobody knows.
pub(crate) async fn at_once(mut connection: &AsyncPgConnection, changes: &Changes) -> Result<(), StoreError> {
    let Batch { parts, documents, .. } = Batch::of(changes, false)?;
    let expected: Vec<i64> = parts.iter().filter_map(|part| part.updates).collect();
    let checked = (!expected.is_empty()).then_some(Bind::Longs(expected));
    let Err(error) = execute(connection, Together::new(parts, documents, checked)).await else { return Ok(()) };
    match connection.batch_execute("").await {
        Ok(()) => Err(cause(undone(error), changes)),
        Err(_) => Err(unsettled(error)),
    }
}

/// What was wrong in the first place: rows that are not as they are remembered have others beside them, or are not
/// there to be referred to.
fn cause(error: StoreError, changes: &Changes) -> StoreError {
    match error {
        StoreError::Clash(text) | StoreError::Corrupt(text) if !changes.remembered.is_empty() => {
            StoreError::Retry(text)
        }
        error => error,
    }
}

/// The statements of a batch.
struct Batch<'a> {
    distributed: bool,
    parts: Vec<Part<'a>>,
    /// Observations, which several rows have in common.
    documents: Bind<'a>,
}

impl<'a> Batch<'a> {
    fn of(changes: &'a Changes, distributed: bool) -> Result<Self, StoreError> {
        let mut batch = Self { distributed, parts: vec![], documents: Bind::Jsons(vec![]) };
        // In the order of time, so before the sessions, though they are inserted later.
        let mut observations = Observations::default();
        let transitions = records::transitions(&changes.transitions, &mut observations)?;
        batch.insert::<state::InsertGames, _>(&changes.games, state::insert_games)?;
        batch.update::<jobs::UpdateProfiles, _>(&changes.profiles, jobs::profiles)?;
        batch.insert::<jobs::InsertJobs, _>(&changes.jobs_created, jobs::jobs)?;
        batch.update::<jobs::UpdateJobs, _>(&changes.jobs_updated, jobs::jobs)?;
        batch.insert::<state::InsertWallets, _>(&changes.wallets_created, state::insert_wallets)?;
        batch.insert::<state::InsertSessions, _>(&changes.sessions_created, state::insert_sessions)?;
        batch.replace::<state::UpdateSessions, _>(
            &changes.sessions_updated,
            |session| session.session_id.shard(),
            |sessions| state::update_sessions(sessions, &changes.remembered.sessions, &mut observations),
        )?;
        batch.documents = observations.into_documents();
        batch.replace::<state::UpdateWallets, _>(
            &changes.wallets_updated,
            |wallet| wallet.wallet_id.shard(),
            |wallets| state::update_wallets(wallets, &changes.remembered.wallets),
        )?;
        batch.insert::<records::InsertEvents, _>(&changes.events, records::events)?;
        batch.insert::<records::InsertTransitions, _>(&changes.transitions, |_| Ok(transitions))?;
        batch.insert::<records::InsertOperations, _>(&changes.operations, records::operations)?;
        batch.insert::<records::InsertEntries, _>(&changes.entries, records::entries)?;
        batch.insert::<records::InsertMetrics, _>(&changes.metrics, records::metrics)?;
        batch.insert::<records::InsertAnswers, _>(&changes.answers, records::answers)?;
        Ok(batch)
    }

    /// Adds a statement that inserts rows, unless there are none.
    fn insert<S: Sql, T>(
        &mut self,
        rows: &'a [T],
        binds: impl FnOnce(&'a [T]) -> Result<Vec<Bind<'a>>, StoreError>,
    ) -> Result<(), StoreError> {
        if !rows.is_empty() {
            self.parts.push(Part::new::<S>(rows.len(), binds(rows)?, false));
        }
        Ok(())
    }

    /// Adds a statement that updates rows, unless there are none.
    fn update<S: Sql, T>(
        &mut self,
        rows: &'a [T],
        binds: impl FnOnce(&'a [T]) -> Result<Vec<Bind<'a>>, StoreError>,
    ) -> Result<(), StoreError> {
        if !rows.is_empty() {
            self.parts.push(Part::new::<S>(rows.len(), binds(rows)?, true));
        }
        Ok(())
    }

    /// Adds a statement that updates rows of a distributed table, unless there are none.
    fn replace<S: Sql, T>(
        &mut self,
        rows: &'a [T],
        shard: impl Fn(&T) -> Shard,
        binds: impl FnOnce(&'a [T]) -> Result<Vec<Bind<'a>>, StoreError>,
    ) -> Result<(), StoreError> {
        if !self.distributed {
            return self.update::<S, T>(rows, binds);
        }
        self.update::<OfShards<S>, T>(rows, |rows| {
            let mut binds = binds(rows)?;
            binds.push(Bind::Shorts(rows.iter().map(|row| shard(row).column()).collect()));
            Ok(binds)
        })
    }
}

/// How many rows each statement that updates has found.
#[derive(QueryableByName)]
struct WrittenRow {
    #[diesel(sql_type = Array<BigInt>)]
    written: Vec<i64>,
}

/// Carries statements out as one.
async fn execute(mut connection: &AsyncPgConnection, statements: Together<'_>) -> QueryResult<Vec<i64>> {
    statements.get_result(&mut connection).await.map(|WrittenRow { written }| written)
}

/// Carries statements out one after the other, in one round trip. The first error is the cause, those after it only
/// say that the transaction is over.
async fn execute_apart(
    connection: &AsyncPgConnection,
    parts: Vec<Part<'_>>,
    documents: &Bind<'_>,
) -> QueryResult<Vec<i64>> {
    let updates: Vec<bool> = parts.iter().map(|part| part.updates.is_some()).collect();
    let requests = parts.into_iter().map(|part| -> Request<'_> {
        let (mut connection, part) = (connection, Apart { part, documents });
        Box::pin(async move { part.execute(&mut connection).await })
    });
    let rows = in_order(requests.collect()).await.into_iter().collect::<QueryResult<Vec<usize>>>()?;
    let updated = rows.into_iter().zip(updates).filter(|(_, updates)| *updates);
    Ok(updated.map(|(rows, _)| i64::try_from(rows).unwrap_or(i64::MAX)).collect())
}
