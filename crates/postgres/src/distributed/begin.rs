//! Beginning a unit of work over distributed tables: two round trips, one more than on one machine.

use std::collections::BTreeSet;
use std::time::Duration;

use diesel::QueryResult;
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection as _};
use reelhouse_domain::ports::Needs;

use super::Layout;
use crate::begin::{Found, load_into, load_rest, session_columns, wallet_columns};
use crate::pipeline::{Request, in_order};
use crate::rows::{SessionRow, WalletRow};
use crate::statement::{Bind, Sql};

/// Opens the transaction, locks and loads.
pub(crate) async fn load(
    connection: &AsyncPgConnection,
    needs: &Needs,
    layout: &Layout,
    lock_timeout: Duration,
) -> QueryResult<Found> {
    let mut found = Found::default();
    let sessions = layout.split(needs.sessions.iter().map(|id| id.0));
    let mut rows: Vec<Vec<SessionRow>> = sessions.iter().map(|_| vec![]).collect();
    let mut requests: Vec<Request<'_>> = vec![Box::pin(open(connection, lock_timeout))];
    for ((shards, ids), rows) in sessions.into_iter().zip(&mut rows) {
        let binds = vec![Bind::Shorts(shards.clone()), Bind::Shorts(shards), Bind::Uuids(ids)];
        requests.push(Box::pin(load_into::<LockSessions, _>(connection, binds, rows)));
    }
    finish(requests).await?;
    found.sessions = rows.into_iter().flatten().collect();

    let mut wallets: BTreeSet<_> = needs.wallets.iter().map(|id| id.0).collect();
    wallets.extend(found.sessions.iter().filter_map(|session| session.current_wallet_id));
    let wallets = layout.split(wallets);
    let mut rows: Vec<Vec<WalletRow>> = wallets.iter().map(|_| vec![]).collect();
    let mut requests: Vec<Request<'_>> = vec![];
    for ((shards, ids), rows) in wallets.into_iter().zip(&mut rows) {
        let binds = vec![Bind::Shorts(shards.clone()), Bind::Shorts(shards), Bind::Uuids(ids)];
        requests.push(Box::pin(load_into::<LockWallets, _>(connection, binds, rows)));
    }
    requests.extend(load_rest(connection, needs, &mut found.rest, true));
    finish(requests).await?;
    found.wallets = rows.into_iter().flatten().collect();
    Ok(found)
}

/// Sends the requests; the first error is the cause, those after it only say that the transaction is over.
async fn finish(requests: Vec<Request<'_>>) -> QueryResult<()> {
    for answer in in_order(requests).await {
        answer?;
    }
    Ok(())
}

/// Opens the transaction. A setting of this connection does not reach the other machines unless it is said to be for
/// the transaction, and a game that is inserted with its first session needs one machine to be written after another.
async fn open(mut connection: &AsyncPgConnection, lock_timeout: Duration) -> QueryResult<usize> {
    let open = format!(
        "BEGIN ISOLATION LEVEL READ COMMITTED;
         SET LOCAL citus.multi_shard_modify_mode = 'sequential';
         SET LOCAL citus.propagate_set_commands = 'local';
         SET LOCAL lock_timeout = {}",
        lock_timeout.as_millis()
    );
    connection.batch_execute(&open).await.map(|()| 0)
}

/// Locks the sessions of one part. The rows are sorted before they are locked.
struct LockSessions;

impl Sql for LockSessions {
    const TEXT: &'static str = concat!(
        "SELECT ",
        session_columns!(),
        "
        FROM sessions
        WHERE shard = ANY($1) AND (shard, session_id) IN (SELECT * FROM unnest($2, $3))
        ORDER BY session_id
        FOR UPDATE"
    );
}

/// Locks the wallets of one part.
struct LockWallets;

impl Sql for LockWallets {
    const TEXT: &'static str = concat!(
        "SELECT ",
        wallet_columns!(),
        "
        FROM wallets
        WHERE shard = ANY($1) AND (shard, wallet_id) IN (SELECT * FROM unnest($2, $3))
        ORDER BY wallet_id
        FOR UPDATE"
    );
}
