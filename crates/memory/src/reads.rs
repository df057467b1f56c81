//! The repositories: reads of what is committed.

use std::collections::BTreeMap;
use std::ops::Bound;

use async_trait::async_trait;
use reelhouse_domain::game::Game;
use reelhouse_domain::job::{Job, JobKind};
use reelhouse_domain::ports::{
    GameRepository, JobFilter, JobRepository, SessionFilter, SessionRepository, StoreError, StoreProbe, WalletFilter,
    WalletRepository,
};
use reelhouse_domain::session::{GameplayEvent, Session, Transition};
use reelhouse_domain::wallet::{Account, LedgerEntry, TrialBalance, Wallet};
use reelhouse_domain::{GameId, JobId, Money, SessionId, Timestamp, WalletId};

use crate::MemoryStore;
use crate::tables::Tables;

#[async_trait]
impl GameRepository for MemoryStore {
    async fn game_find(&self, game_id: GameId) -> Result<Option<Game>, StoreError> {
        Ok(self.read()?.games.get(&game_id).cloned())
    }

    async fn game_list(&self, after: Option<GameId>, limit: u32) -> Result<Vec<Game>, StoreError> {
        Ok(page(&self.read()?.games, after, limit, |_| true))
    }
}

#[async_trait]
impl JobRepository for MemoryStore {
    async fn job_find(&self, job_id: JobId) -> Result<Option<Job>, StoreError> {
        Ok(self.read()?.jobs.get(&job_id).cloned())
    }

    async fn job_list(&self, filter: JobFilter, after: Option<JobId>, limit: u32) -> Result<Vec<Job>, StoreError> {
        Ok(page(&self.read()?.jobs, after, limit, |job| {
            filter.kind.is_none_or(|kind| job.request.kind() == kind)
                && filter.game_id.is_none_or(|id| job.game_id == id)
                && filter.state.is_none_or(|state| job.state == state)
        }))
    }

    async fn job_latest(&self, game_id: GameId, kind: JobKind) -> Result<Option<Job>, StoreError> {
        let tables = self.read()?;
        let found = tables.jobs.values().rev().find(|job| job.game_id == game_id && job.request.kind() == kind);
        Ok(found.cloned())
    }

    async fn job_due_list(&self, kind: JobKind, now: Timestamp, limit: u32) -> Result<Vec<JobId>, StoreError> {
        let due = page(&self.read()?.jobs, None, limit, |job| job.request.kind() == kind && job.is_due(now));
        Ok(due.into_iter().map(|job| job.job_id).collect())
    }
}

#[async_trait]
impl WalletRepository for MemoryStore {
    async fn wallet_find(&self, wallet_id: WalletId) -> Result<Option<Wallet>, StoreError> {
        Ok(self.read()?.wallets.get(&wallet_id).cloned())
    }

    async fn wallet_list(
        &self,
        filter: WalletFilter,
        after: Option<WalletId>,
        limit: u32,
    ) -> Result<Vec<Wallet>, StoreError> {
        let passes = |wallet: &Wallet| filter.owner.is_none_or(|id| wallet.owner == Some(id));
        Ok(page_from(&self.read()?.wallets, filter.newest_first, after, limit, passes))
    }

    async fn ledger_list(&self, wallet_id: WalletId, after: i64, limit: u32) -> Result<Vec<LedgerEntry>, StoreError> {
        Ok(rows(&self.read()?.entries, wallet_id, after, limit))
    }

    async fn trial_balance(&self) -> Result<TrialBalance, StoreError> {
        balance_books(&*self.read()?)
    }
}

#[async_trait]
impl SessionRepository for MemoryStore {
    async fn session_find(&self, session_id: SessionId) -> Result<Option<Session>, StoreError> {
        Ok(self.read()?.sessions.get(&session_id).cloned())
    }

    async fn session_list(
        &self,
        filter: SessionFilter,
        after: Option<SessionId>,
        limit: u32,
    ) -> Result<Vec<Session>, StoreError> {
        let passes = |session: &Session| {
            filter.game_id.is_none_or(|id| session.game_id == id)
                && filter.wallet_id.is_none_or(|id| session.current_wallet_id == Some(id))
                && filter.state.is_none_or(|state| session.state == state)
                && filter.owner.is_none_or(|id| session.owner == Some(id))
        };
        Ok(page_from(&self.read()?.sessions, filter.newest_first, after, limit, passes))
    }

    async fn session_idle_list(&self, due: Timestamp, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        let tables = self.read()?;
        let mut idle: Vec<_> = tables
            .sessions
            .values()
            .filter(|session| !session.state.is_final())
            .filter_map(|session| Some((session.idle_check_at.filter(|at| *at <= due)?, session.session_id)))
            .collect();
        idle.sort_unstable();
        Ok(idle.into_iter().map(|(_, id)| id).take(size(limit)).collect())
    }

    async fn event_list(
        &self,
        session_id: SessionId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<GameplayEvent>, StoreError> {
        Ok(rows(&self.read()?.events, session_id, after, limit))
    }

    async fn transition_list(
        &self,
        session_id: SessionId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<Transition>, StoreError> {
        Ok(rows(&self.read()?.transitions, session_id, after, limit))
    }
}

#[async_trait]
impl StoreProbe for MemoryStore {
    async fn ping(&self) -> Result<(), StoreError> {
        self.read().map(drop)
    }
}

/// A keyset page of entities from either end.
fn page_from<K: Ord + Copy, T: Clone>(
    table: &BTreeMap<K, T>,
    newest_first: bool,
    after: Option<K>,
    limit: u32,
    passes: impl Fn(&T) -> bool,
) -> Vec<T> {
    if !newest_first {
        return page(table, after, limit, passes);
    }
    let end = after.map_or(Bound::Unbounded, Bound::Excluded);
    let newest = table.range((Bound::Unbounded, end)).rev().map(|(_, row)| row);
    newest.filter(|row| passes(row)).take(size(limit)).cloned().collect()
}

/// A keyset page of entities: those after `after` that pass, at most `limit`.
pub(crate) fn page<K: Ord + Copy, T: Clone>(
    table: &BTreeMap<K, T>,
    after: Option<K>,
    limit: u32,
    passes: impl Fn(&T) -> bool,
) -> Vec<T> {
    let start = after.map_or(Bound::Unbounded, Bound::Excluded);
    let after = table.range((start, Bound::Unbounded));
    after.map(|(_, row)| row).filter(|row| passes(row)).take(size(limit)).cloned().collect()
}

/// A keyset page of an owner's numbered rows: those with `seq` above `after`, at most `limit`.
fn rows<K: Ord + Copy, T: Clone>(table: &BTreeMap<(K, i64), T>, owner: K, after: i64, limit: u32) -> Vec<T> {
    let range = (Bound::Excluded((owner, after)), Bound::Included((owner, i64::MAX)));
    table.range(range).map(|(_, row)| row).take(size(limit)).cloned().collect()
}

fn size(limit: u32) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

/// Sums the wallets and, from the ledger, the accounts that stand against them.
fn balance_books(tables: &Tables) -> Result<TrialBalance, StoreError> {
    let wallets = tables.wallets.values().map(|wallet| wallet.balance);
    let account = |account: Account| {
        total(tables.entries.values().filter(|entry| entry.account == account).map(|entry| entry.amount), -1)
    };
    Ok(TrialBalance {
        wallets: total(wallets, 1)?,
        house: account(Account::House)?,
        fees: account(Account::Fees)?,
        cashier: account(Account::Cashier)?,
    })
}

/// The sum of the amounts with a sign, taken in 128 bits so that only the sum has to fit.
fn total(amounts: impl Iterator<Item = Money>, sign: i128) -> Result<Money, StoreError> {
    let units: i128 = amounts.map(|amount| i128::from(amount.units())).sum();
    let units = i64::try_from(units * sign);
    units.map(Money::from_units).map_err(|_| StoreError::Corrupt("a sum leaves the range of money".to_owned()))
}
