//! Snapshots: what a unit of work finds of its needs, one look-up by key for each.

use diesel::prelude::*;
use reelhouse_domain::ports::{Needs, Snapshot, StoreError};
use reelhouse_domain::{SessionId, WalletId};
use reelhouse_schema::sqlite::{games, idempotency_keys, sessions, wallets};

use crate::error::from_diesel;
use crate::rows::{GameRow, KeyRow, SessionRow, WalletRow};

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
    Ok(snapshot)
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
