//! Reads of wallets, their ledgers, and the books as a whole.

use async_trait::async_trait;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use reelhouse_domain::ports::{StoreError, WalletFilter, WalletRepository};
use reelhouse_domain::wallet::{Account, LedgerEntry, TrialBalance, Wallet};
use reelhouse_domain::{Money, WalletId};
use reelhouse_schema::sqlite::{ledger_entries, wallets};

use crate::error::{corrupt, from_diesel};
use crate::rows::{EntryRow, WalletRow};
use crate::snapshot;
use crate::store::SqliteStore;

/// The sum of the wallets, and that of the ledger by account.
///
/// SQLite refuses a sum that leaves 64 bits even when it would come back, so the halves of the
/// amounts are summed apart: `amount = high * 2^32 + low`.
const BOOKS: &str = "
    SELECT 'wallets' AS side, coalesce(sum(balance >> 32), 0) AS high, coalesce(sum(balance & 4294967295), 0) AS low
    FROM wallets
    UNION ALL
    SELECT account, sum(amount >> 32), sum(amount & 4294967295) FROM ledger_entries GROUP BY account";

#[derive(QueryableByName)]
struct Side {
    #[diesel(sql_type = Text)]
    side: String,
    #[diesel(sql_type = BigInt)]
    high: i64,
    #[diesel(sql_type = BigInt)]
    low: i64,
}

impl Side {
    fn sum(&self) -> i128 {
        (i128::from(self.high) << 32) + i128::from(self.low)
    }
}

/// The balance of a side of the books; a ledger entry of an account stands there with its sign turned.
fn balance(sides: &[Side], name: &str, sign: i128) -> Result<Money, StoreError> {
    let sum = sides.iter().find(|side| side.side == name).map_or(0, Side::sum);
    i64::try_from(sum * sign).map(Money::from_units).map_err(|error| corrupt(name, error))
}

#[async_trait]
impl WalletRepository for SqliteStore {
    async fn wallet_find(&self, wallet_id: WalletId) -> Result<Option<Wallet>, StoreError> {
        self.read(move |connection| snapshot::find_wallet(connection, wallet_id)?.map(WalletRow::read).transpose())
            .await
    }

    async fn wallet_list(
        &self,
        filter: WalletFilter,
        after: Option<WalletId>,
        limit: u32,
    ) -> Result<Vec<Wallet>, StoreError> {
        self.read(move |connection| {
            let mut page = wallets::table.limit(i64::from(limit)).select(WalletRow::as_select()).into_boxed();
            page = match (after.map(|id| id.to_string()), filter.newest_first) {
                (Some(id), true) => page.filter(wallets::wallet_id.lt(id)),
                (Some(id), false) => page.filter(wallets::wallet_id.gt(id)),
                (None, _) => page,
            };
            page = if filter.newest_first {
                page.order(wallets::wallet_id.desc())
            } else {
                page.order(wallets::wallet_id)
            };
            if let Some(id) = filter.owner {
                page = page.filter(wallets::owner.eq(id.to_string()));
            }
            page.load(connection).map_err(from_diesel)?.into_iter().map(WalletRow::read).collect()
        })
        .await
    }

    async fn ledger_list(&self, wallet_id: WalletId, after: i64, limit: u32) -> Result<Vec<LedgerEntry>, StoreError> {
        self.read(move |connection| {
            let page = ledger_entries::table
                .filter(ledger_entries::shard.eq(wallet_id.shard().column()))
                .filter(ledger_entries::wallet_id.eq(wallet_id.to_string()))
                .filter(ledger_entries::seq.gt(after))
                .order(ledger_entries::seq)
                .limit(i64::from(limit))
                .select(EntryRow::as_select());
            page.load(connection).map_err(from_diesel)?.into_iter().map(EntryRow::read).collect()
        })
        .await
    }

    async fn trial_balance(&self) -> Result<TrialBalance, StoreError> {
        let sides: Vec<Side> =
            self.read(|connection| diesel::sql_query(BOOKS).load(connection).map_err(from_diesel)).await?;
        Ok(TrialBalance {
            wallets: balance(&sides, "wallets", 1)?,
            house: balance(&sides, Account::House.name(), -1)?,
            fees: balance(&sides, Account::Fees.name(), -1)?,
            cashier: balance(&sides, Account::Cashier.name(), -1)?,
        })
    }
}
