//! Writing a batch: one statement for each kind of row, whatever the number of rows.

mod jobs;
mod records;
mod state;

use diesel::QueryResult;
use diesel_async::{AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _};
use reelhouse_domain::Shard;
use reelhouse_domain::ports::{Changes, StoreError};

use crate::error::undone;
use crate::pipeline::{Request, in_order};
use crate::statement::{Bind, OfShards, Sql, Statement};

/// Writes all changes, without committing them.
///
/// The order is that of the foreign keys, and sessions before wallets, each in the order of their ids, as they are
/// locked. Rows that two batches may both want to insert come in the order of their unique key. So batches do not
/// wait for each other in a circle.
pub(crate) async fn all(
    connection: &AsyncPgConnection,
    opening: Option<String>,
    changes: &Changes,
    distributed: bool,
) -> Result<(), StoreError> {
    let mut batch = Batch { connection, distributed, requests: vec![], expected: vec![] };
    batch.open(opening);
    batch.add::<state::InsertGames>(changes.games.len(), || state::insert_games(&changes.games))?;
    batch.add::<jobs::UpdateProfiles>(changes.profiles.len(), || jobs::profiles(&changes.profiles))?;
    batch.add::<jobs::InsertJobs>(changes.jobs_created.len(), || jobs::jobs(&changes.jobs_created))?;
    batch.add::<jobs::UpdateJobs>(changes.jobs_updated.len(), || jobs::jobs(&changes.jobs_updated))?;
    batch.add::<state::InsertWallets>(changes.wallets_created.len(), || {
        state::insert_wallets(&changes.wallets_created)
    })?;
    batch.add::<state::InsertSessions>(changes.sessions_created.len(), || {
        state::insert_sessions(&changes.sessions_created)
    })?;
    let shards = || self::shards(&changes.sessions_updated, |session| session.session_id.shard());
    batch.add_update::<state::UpdateSessions>(shards, || {
        state::update_sessions(&changes.sessions_updated, &changes.remembered.sessions)
    })?;
    let shards = || self::shards(&changes.wallets_updated, |wallet| wallet.wallet_id.shard());
    batch.add_update::<state::UpdateWallets>(shards, || {
        state::update_wallets(&changes.wallets_updated, &changes.remembered.wallets)
    })?;
    batch.add::<records::InsertEvents>(changes.events.len(), || records::events(&changes.events))?;
    batch
        .add::<records::InsertTransitions>(changes.transitions.len(), || records::transitions(&changes.transitions))?;
    batch.add::<records::InsertOperations>(changes.operations.len(), || records::operations(&changes.operations))?;
    batch.add::<records::InsertEntries>(changes.entries.len(), || records::entries(&changes.entries))?;
    batch.add::<records::InsertMetrics>(changes.metrics.len(), || records::metrics(&changes.metrics))?;
    batch.add::<records::InsertAnswers>(changes.answers.len(), || records::answers(&changes.answers))?;
    batch.run(!changes.remembered.is_empty()).await
}

/// The shards of rows, one for each.
fn shards<T>(rows: &[T], shard: impl Fn(&T) -> Shard) -> Vec<i16> {
    rows.iter().map(|row| shard(row).column()).collect()
}

/// Statements that go out together, each with how many rows it must change.
struct Batch<'a> {
    connection: &'a AsyncPgConnection,
    distributed: bool,
    requests: Vec<Request<'a>>,
    expected: Vec<usize>,
}

impl<'a> Batch<'a> {
    /// Opens the transaction, unless that was done.
    fn open(&mut self, opening: Option<String>) {
        if let Some(text) = opening {
            self.requests.push(Box::pin(open(self.connection, text)));
            self.expected.push(0);
        }
    }

    /// Adds a statement, unless there is nothing for it to write.
    fn add<S: Sql>(
        &mut self,
        rows: usize,
        binds: impl FnOnce() -> Result<Vec<Bind<'a>>, StoreError>,
    ) -> Result<(), StoreError> {
        if rows > 0 {
            self.requests.push(Box::pin(execute::<S>(self.connection, binds()?)));
            self.expected.push(rows);
        }
        Ok(())
    }

    /// Adds an update of rows of these shards.
    fn add_update<S: Sql>(
        &mut self,
        shards: impl FnOnce() -> Vec<i16>,
        binds: impl FnOnce() -> Result<Vec<Bind<'a>>, StoreError>,
    ) -> Result<(), StoreError> {
        let shards = shards();
        if !self.distributed {
            return self.add::<S>(shards.len(), binds);
        }
        let rows = shards.len();
        self.add::<OfShards<S>>(rows, || {
            let mut binds = binds()?;
            binds.push(Bind::Shorts(shards));
            Ok(binds)
        })
    }

    /// Sends the statements. The first that goes wrong is the cause: those after it fail because the transaction is
    /// over, or because of what is not as it is remembered.
    async fn run(self, remembered: bool) -> Result<(), StoreError> {
        for (answer, expected) in in_order(self.requests).await.into_iter().zip(self.expected) {
            let written = answer.map_err(undone)?;
            if written != expected {
                let text = format!("{written} rows were there to be written where {expected} were expected");
                return Err(if remembered { StoreError::Retry(text) } else { StoreError::Corrupt(text) });
            }
        }
        Ok(())
    }
}

async fn open(mut connection: &AsyncPgConnection, text: String) -> QueryResult<usize> {
    connection.batch_execute(&text).await.map(|()| 0)
}

async fn execute<S: Sql>(mut connection: &AsyncPgConnection, binds: Vec<Bind<'_>>) -> QueryResult<usize> {
    Statement::<S>::new(binds).execute(&mut connection).await
}
