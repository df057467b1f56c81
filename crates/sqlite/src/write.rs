//! Writing a batch: its rows, made before the connection is asked, and their statements.
//!
//! One statement a row, each prepared once in the life of the connection: inside of one transaction
//! that costs SQLite less than one statement of many rows, which is prepared anew for each size.

use diesel::prelude::*;
use reelhouse_domain::ports::{Changes, StoreError};
use reelhouse_schema::sqlite::{
    gameplay_events, games, idempotency_keys, jobs, ledger_entries, metrics, rl_store, sessions, wallet_operations,
    wallets,
};

use crate::error::from_diesel;
use crate::rows::{
    EntryRow, EventRow, GameRow, JobRow, KeyRow, MetricValueRow, OperationRow, SessionChange, SessionRow,
    TransitionRow, WalletMarkRow, WalletRow, write_value,
};
use crate::update::{MoveSession, UpdateProfile, UpdateSession, UpdateWallet};

/// The rows of a batch.
pub(crate) struct Batch {
    games: Vec<GameRow>,
    profiles: Vec<(String, String)>,
    jobs_created: Vec<JobRow>,
    jobs_updated: Vec<JobRow>,
    wallets_created: Vec<WalletRow>,
    wallets_updated: Vec<(WalletRow, Option<WalletMarkRow>)>,
    sessions_created: Vec<SessionRow>,
    sessions_updated: Vec<(SessionChange, Option<i64>)>,
    operations: Vec<OperationRow>,
    entries: Vec<EntryRow>,
    events: Vec<EventRow>,
    transitions: Vec<TransitionRow>,
    metrics: Vec<MetricValueRow>,
    answers: Vec<KeyRow>,
}

/// Makes a row of each, and stops at the first that cannot be one.
fn rows<T, R>(records: &[T], write: impl Fn(&T) -> Result<R, StoreError>) -> Result<Vec<R>, StoreError> {
    records.iter().map(write).collect()
}

impl Batch {
    /// Makes the rows of the changes.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] for what has no form in the database.
    pub(crate) fn of(changes: &Changes) -> Result<Self, StoreError> {
        Ok(Self {
            games: rows(&changes.games, GameRow::write)?,
            profiles: rows(&changes.profiles, |(game_id, profile)| {
                Ok((game_id.to_string(), write_value("games.statistical_profile", profile)?))
            })?,
            jobs_created: rows(&changes.jobs_created, JobRow::write)?,
            jobs_updated: rows(&changes.jobs_updated, JobRow::write)?,
            wallets_created: rows(&changes.wallets_created, WalletRow::write)?,
            wallets_updated: rows(&changes.wallets_updated, |wallet| {
                let was = changes.remembered.wallets.get(&wallet.wallet_id);
                Ok((WalletRow::write(wallet)?, was.map(WalletMarkRow::write)))
            })?,
            sessions_created: rows(&changes.sessions_created, SessionRow::write)?,
            sessions_updated: rows(&changes.sessions_updated, |session| {
                let was = changes.remembered.sessions.get(&session.session_id);
                Ok((SessionChange::write(session)?, was.copied()))
            })?,
            operations: changes.operations.iter().map(OperationRow::write).collect(),
            entries: changes.entries.iter().map(EntryRow::write).collect(),
            events: rows(&changes.events, EventRow::write)?,
            transitions: rows(&changes.transitions, TransitionRow::write)?,
            metrics: changes.metrics.iter().map(MetricValueRow::write).collect(),
            answers: rows(&changes.answers, KeyRow::write)?,
        })
    }

    /// Writes the rows, those that are referred to first.
    ///
    /// # Errors
    /// Those of a commit; the transaction must then be undone.
    pub(crate) fn write(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        for row in &self.games {
            done(diesel::insert_into(games::table).values(row).execute(connection))?;
        }
        for (game_id, profile) in &self.profiles {
            updated(game_id, UpdateProfile { game_id, profile }.execute(connection))?;
        }
        for row in &self.jobs_created {
            done(diesel::insert_into(jobs::table).values(row).execute(connection))?;
        }
        for row in &self.jobs_updated {
            updated(&row.job_id, diesel::update(jobs::table.find(&row.job_id)).set(row).execute(connection))?;
        }
        for row in &self.wallets_created {
            done(diesel::insert_into(wallets::table).values(row).execute(connection))?;
        }
        for row in &self.sessions_created {
            done(diesel::insert_into(sessions::table).values(row).execute(connection))?;
        }
        for (row, was) in &self.wallets_updated {
            replaced(&row.wallet_id, was.is_some(), UpdateWallet(row, was.as_ref()).execute(connection))?;
        }
        for (row, was) in &self.sessions_updated {
            replaced(&row.session_id, was.is_some(), UpdateSession(row, *was).execute(connection))?;
            done(MoveSession(row).execute(connection))?;
        }
        self.append(connection)
    }

    /// Appends the records.
    fn append(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        for row in &self.operations {
            done(diesel::insert_into(wallet_operations::table).values(row).execute(connection))?;
        }
        for row in &self.entries {
            done(diesel::insert_into(ledger_entries::table).values(row).execute(connection))?;
        }
        for row in &self.events {
            done(diesel::insert_into(gameplay_events::table).values(row).execute(connection))?;
        }
        for row in &self.transitions {
            done(diesel::insert_into(rl_store::table).values(row).execute(connection))?;
        }
        for row in &self.metrics {
            // What a session ends with goes before what was counted of it in the same millisecond.
            done(diesel::replace_into(metrics::table).values(row).execute(connection))?;
        }
        for row in &self.answers {
            done(diesel::insert_into(idempotency_keys::table).values(row).execute(connection))?;
        }
        Ok(())
    }
}

fn done(outcome: QueryResult<usize>) -> Result<(), StoreError> {
    outcome.map(drop).map_err(from_diesel)
}

/// Checks that the row to update was there, and was what is remembered of it.
fn replaced(id: &str, remembered: bool, outcome: QueryResult<usize>) -> Result<(), StoreError> {
    match updated(id, outcome) {
        Err(StoreError::Corrupt(_)) if remembered => Err(StoreError::Retry(format!("{id} is not as it is remembered"))),
        outcome => outcome,
    }
}

/// Checks that the row to update was there.
fn updated(id: &str, outcome: QueryResult<usize>) -> Result<(), StoreError> {
    match outcome.map_err(from_diesel)? {
        0 => Err(StoreError::Corrupt(format!("there is no {id} to update"))),
        _ => Ok(()),
    }
}
