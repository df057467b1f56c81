//! Reads wallets and their ledgers.

use async_trait::async_trait;
use diesel::prelude::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, QueryableByName, SelectableHelper as _,
};
use diesel::sql_types::Numeric;
use diesel_async::RunQueryDsl as _;
use reelhouse_domain::WalletId;
use reelhouse_domain::ports::{StoreError, WalletFilter, WalletRepository};
use reelhouse_domain::wallet::{LedgerEntry, TrialBalance, Wallet};
use reelhouse_schema::postgres::{ledger_entries, wallets};
use uuid::Uuid;

use crate::PostgresStore;
use crate::error::undone;
use crate::numeric::Amount;
use crate::rows::{EntryRow, WalletRow, money};
use crate::statement::{Sql, Statement};

#[async_trait]
impl WalletRepository for PostgresStore {
    async fn wallet_find(&self, wallet_id: WalletId) -> Result<Option<Wallet>, StoreError> {
        let query = wallets::table.find((wallet_id.shard().column(), wallet_id.0)).select(WalletRow::as_select());
        let row = query.first(&mut *self.checkout().await?).await.optional().map_err(undone)?;
        row.map(WalletRow::wallet).transpose()
    }

    async fn wallet_list(
        &self,
        filter: WalletFilter,
        after: Option<WalletId>,
        limit: u32,
    ) -> Result<Vec<Wallet>, StoreError> {
        let mut query = wallets::table.limit(i64::from(limit)).select(WalletRow::as_select()).into_boxed();
        query = if filter.newest_first {
            query.filter(wallets::wallet_id.lt(after.map_or(Uuid::max(), |id| id.0))).order(wallets::wallet_id.desc())
        } else {
            query.filter(wallets::wallet_id.gt(after.map_or(Uuid::nil(), |id| id.0))).order(wallets::wallet_id)
        };
        if let Some(owner) = filter.owner {
            query = query.filter(wallets::owner.eq(owner.0));
        }
        let rows = query.load(&mut *self.checkout().await?).await.map_err(undone)?;
        rows.into_iter().map(WalletRow::wallet).collect()
    }

    async fn ledger_list(&self, wallet_id: WalletId, after: i64, limit: u32) -> Result<Vec<LedgerEntry>, StoreError> {
        let query = ledger_entries::table
            .filter(ledger_entries::shard.eq(wallet_id.shard().column()))
            .filter(ledger_entries::wallet_id.eq(wallet_id.0))
            .filter(ledger_entries::seq.gt(after))
            .order(ledger_entries::seq)
            .limit(i64::from(limit))
            .select(EntryRow::as_select());
        let rows = query.load(&mut *self.checkout().await?).await.map_err(undone)?;
        rows.into_iter().map(EntryRow::entry).collect()
    }

    async fn trial_balance(&self) -> Result<TrialBalance, StoreError> {
        let statement = Statement::<Balances>::new(vec![]);
        let row: BalancesRow = statement.get_result(&mut *self.checkout().await?).await.map_err(undone)?;
        Ok(TrialBalance {
            wallets: money("the sum of all wallets", row.wallets)?,
            house: money("the house account", row.house)?,
            fees: money("the fees account", row.fees)?,
            cashier: money("the cashier account", row.cashier)?,
        })
    }
}

/// One statement sees one snapshot, so that a commit in between is in both sides or in neither. Where tables are
/// distributed each part of them has a snapshot of its own; so both sides are read in one pass over the parts, in
/// which a wallet and its entries stand together.
struct Balances;

impl Sql for Balances {
    const TEXT: &'static str = "
        SELECT coalesce(sum(amount) FILTER (WHERE account IS NULL), 0) AS wallets,
               coalesce(-sum(amount) FILTER (WHERE account = 'house'), 0) AS house,
               coalesce(-sum(amount) FILTER (WHERE account = 'fees'), 0) AS fees,
               coalesce(-sum(amount) FILTER (WHERE account = 'cashier'), 0) AS cashier
        FROM (SELECT shard, NULL::text AS account, balance AS amount FROM wallets
              UNION ALL
              SELECT shard, account, amount FROM ledger_entries) AS books";
}

#[derive(QueryableByName)]
struct BalancesRow {
    #[diesel(sql_type = Numeric)]
    wallets: Amount,
    #[diesel(sql_type = Numeric)]
    house: Amount,
    #[diesel(sql_type = Numeric)]
    fees: Amount,
    #[diesel(sql_type = Numeric)]
    cashier: Amount,
}
