//! Writing a batch: one statement for each kind of row, whatever the number of rows, and one statement of all these
//! where the tables are on one machine.

mod jobs;
mod records;
mod state;

use diesel::QueryResult;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{Array, BigInt};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _};
use reelhouse_domain::Shard;
use reelhouse_domain::ports::{Changes, StoreError};

use crate::error::undone;
use crate::pipeline::{Request, in_order};
use crate::statement::{Bind, OfShards, Part, Sql, Together};

/// Opens the transaction if it is not open, and writes all changes without committing them.
///
/// Sessions are updated before wallets, each in the order of their ids, as they are locked. Rows that two batches may
/// both want to insert come in the order of their unique key. So batches do not wait for each other in a circle.
pub(crate) async fn all(
    connection: &AsyncPgConnection,
    opening: Option<String>,
    changes: &Changes,
    distributed: bool,
) -> Result<(), StoreError> {
    let batch = Batch::of(changes, distributed)?;
    let expected: Vec<usize> = batch.parts.iter().filter_map(|part| part.updates).collect();
    let mut written = vec![];
    let mut requests: Vec<Request<'_>> = opening.map(|text| Box::pin(open(connection, text)) as _).into_iter().collect();
    if distributed {
        written.resize(expected.len(), 0);
        let mut counts = written.iter_mut();
        for part in batch.parts {
            let count = part.updates.and_then(|_| counts.next());
            requests.push(Box::pin(execute(connection, part, count)));
        }
    } else {
        requests.push(Box::pin(execute_together(connection, batch.parts, &mut written)));
    }
    // The first error is the cause, those after it only say that the transaction is over.
    let outcome: QueryResult<Vec<()>> = in_order(requests).await.into_iter().map(|answer| answer.map(drop)).collect();
    let remembered = !changes.remembered.is_empty();
    match outcome.map_err(undone) {
        // Rows that are not as they are remembered have others beside them, or are not there to be referred to.
        Err(StoreError::Clash(text) | StoreError::Corrupt(text)) if remembered => Err(StoreError::Retry(text)),
        Err(error) => Err(error),
        Ok(_) if written == expected => Ok(()),
        Ok(_) => {
            let text = format!("{written:?} rows were there to be written where {expected:?} were expected");
            Err(if remembered { StoreError::Retry(text) } else { StoreError::Corrupt(text) })
        }
    }
}

/// The statements of a batch.
struct Batch<'a> {
    distributed: bool,
    parts: Vec<Part<'a>>,
}

impl<'a> Batch<'a> {
    fn of(changes: &'a Changes, distributed: bool) -> Result<Self, StoreError> {
        let mut batch = Self { distributed, parts: vec![] };
        batch.insert::<state::InsertGames, _>(&changes.games, state::insert_games)?;
        batch.update::<jobs::UpdateProfiles, _>(&changes.profiles, jobs::profiles)?;
        batch.insert::<jobs::InsertJobs, _>(&changes.jobs_created, jobs::jobs)?;
        batch.update::<jobs::UpdateJobs, _>(&changes.jobs_updated, jobs::jobs)?;
        batch.insert::<state::InsertWallets, _>(&changes.wallets_created, state::insert_wallets)?;
        batch.insert::<state::InsertSessions, _>(&changes.sessions_created, state::insert_sessions)?;
        batch.replace::<state::UpdateSessions, _>(
            &changes.sessions_updated,
            |session| session.session_id.shard(),
            |sessions| state::update_sessions(sessions, &changes.remembered.sessions),
        )?;
        batch.replace::<state::UpdateWallets, _>(
            &changes.wallets_updated,
            |wallet| wallet.wallet_id.shard(),
            |wallets| state::update_wallets(wallets, &changes.remembered.wallets),
        )?;
        batch.insert::<records::InsertEvents, _>(&changes.events, records::events)?;
        batch.insert::<records::InsertTransitions, _>(&changes.transitions, records::transitions)?;
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
            self.parts.push(Part::new::<S>(binds(rows)?, None));
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
            self.parts.push(Part::new::<S>(binds(rows)?, Some(rows.len())));
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

async fn open(mut connection: &AsyncPgConnection, text: String) -> QueryResult<usize> {
    connection.batch_execute(&text).await.map(|()| 0)
}

/// Carries a statement out by itself, and notes how many rows it has found.
async fn execute(
    mut connection: &AsyncPgConnection,
    part: Part<'_>,
    count: Option<&mut usize>,
) -> QueryResult<usize> {
    let rows = part.execute(&mut connection).await?;
    if let Some(count) = count {
        *count = rows;
    }
    Ok(rows)
}

/// What was written by a statement of several.
#[derive(QueryableByName)]
struct WrittenRow {
    #[diesel(sql_type = Array<BigInt>)]
    written: Vec<i64>,
}

/// Carries all statements out as one, and notes how many rows those that update have found.
async fn execute_together(
    mut connection: &AsyncPgConnection,
    parts: Vec<Part<'_>>,
    counts: &mut Vec<usize>,
) -> QueryResult<usize> {
    let row: WrittenRow = Together(parts).get_result(&mut connection).await?;
    counts.extend(row.written.into_iter().map(|rows| usize::try_from(rows).unwrap_or_default()));
    Ok(counts.len())
}
