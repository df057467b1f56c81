//! Snapshots: what a unit of work finds of its needs, one look-up by key for each.

use diesel::dsl::count_star;
use diesel::prelude::*;
use reelhouse_domain::job::{JobKind, JobState};
use reelhouse_domain::ports::{Needs, Snapshot, StoreError};
use reelhouse_domain::{SessionId, WalletId};
use reelhouse_schema::sqlite::{games, idempotency_keys, jobs, sessions, wallets};

use crate::error::{corrupt, from_diesel};
use crate::rows::{GameRow, JobRow, KeyRow, SessionRow, WalletRow};

/// Loads what is there of the needs.
pub(crate) fn load(connection: &mut SqliteConnection, needs: &Needs) -> Result<Snapshot, StoreError> {
    let mut snapshot = Snapshot::default();
    let mut wallet_ids = needs.wallets.clone();
    for id in &needs.sessions {
        if let Some(row) = find_session(connection, *id)? {
            let session = row.read()?;
            wallet_ids.extend(session.current_wallet_id);
            snapshot.sessions.insert(*id, session);
        }
    }
    for id in wallet_ids {
        if let Some(row) = find_wallet(connection, id)? {
            snapshot.wallets.insert(id, row.read()?);
        }
    }
    for key in &needs.keys {
        let row = idempotency_keys::table.find((key.shard.column(), &key.key)).select(KeyRow::as_select());
        if let Some(row) = row.get_result(connection).optional().map_err(from_diesel)? {
            snapshot.answers.insert(key.clone(), row.read(key.clone())?);
        }
    }
    for fingerprint in &needs.fingerprints {
        let row = games::table.filter(games::fingerprint.eq(&fingerprint.0[..])).select(GameRow::as_select());
        if let Some(row) = row.get_result(connection).optional().map_err(from_diesel)? {
            snapshot.games.insert(*fingerprint, row.read()?);
        }
    }
    load_jobs(connection, needs, &mut snapshot)?;
    Ok(snapshot)
}

/// Loads jobs, and counts those that wait.
fn load_jobs(connection: &mut SqliteConnection, needs: &Needs, snapshot: &mut Snapshot) -> Result<(), StoreError> {
    for id in &needs.jobs {
        let row = jobs::table.find(id.to_string()).select(JobRow::as_select());
        if let Some(row) = row.get_result(connection).optional().map_err(from_diesel)? {
            snapshot.jobs.insert(*id, row.read()?);
        }
    }
    for kind in JobKind::ALL.into_iter().filter(|_| needs.queue) {
        let waiting = jobs::table.filter(jobs::kind.eq(kind.name()).and(jobs::state.eq(JobState::Queued.name())));
        let count: i64 = waiting.select(count_star()).get_result(connection).map_err(from_diesel)?;
        let count = u64::try_from(count).map_err(|error| corrupt("the count of jobs", error))?;
        snapshot.queue.insert(kind, count);
    }
    Ok(())
}

/// The row of that session.
pub(crate) fn find_session(connection: &mut SqliteConnection, id: SessionId) -> Result<Option<SessionRow>, StoreError> {
    let row = sessions::table.find((id.shard().column(), id.to_string())).select(SessionRow::as_select());
    row.get_result(connection).optional().map_err(from_diesel)
}

/// The row of that wallet.
pub(crate) fn find_wallet(connection: &mut SqliteConnection, id: WalletId) -> Result<Option<WalletRow>, StoreError> {
    let row = wallets::table.find((id.shard().column(), id.to_string())).select(WalletRow::as_select());
    row.get_result(connection).optional().map_err(from_diesel)
}
