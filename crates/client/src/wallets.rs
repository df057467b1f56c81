//! Wallets, their operations and their ledgers.

use reelhouse_domain::{Money, WalletId};
use serde::Serialize;

use crate::answer::Answer;
use crate::bodies::{LedgerEntry, NewWallet, OperationAnswer, OperationType, Wallet};
use crate::client::{Client, Key};
use crate::error::Error;
use crate::list::Items;

#[derive(Serialize)]
struct NewOperation {
    #[serde(rename = "type")]
    kind: OperationType,
    amount: Money,
}

impl Client {
    /// Opens a wallet.
    ///
    /// # Errors
    /// As every call: see [`Error`].
    pub fn wallet_create(&self, new: &NewWallet, key: &Key) -> Result<Answer<Wallet>, Error> {
        self.post(&["wallets"], key, new)
    }

    /// The wallets, in the order of their making.
    #[must_use]
    pub fn wallet_list(&self, most: Option<usize>) -> Items<'_, Wallet> {
        Items::new(self, &["wallets"], Vec::new(), most)
    }

    /// The wallet of that id.
    ///
    /// # Errors
    /// As every call: see [`Error`].
    pub fn wallet_find(&self, wallet_id: WalletId) -> Result<Answer<Wallet>, Error> {
        self.get(&["wallets", &wallet_id.to_string()], &[])
    }

    /// Deposits, withdraws, or sets the daily limit.
    ///
    /// # Errors
    /// As every call: see [`Error`].
    pub fn wallet_operate(
        &self,
        wallet_id: WalletId,
        kind: OperationType,
        amount: Money,
        key: &Key,
    ) -> Result<Answer<OperationAnswer>, Error> {
        self.post(&["wallets", &wallet_id.to_string(), "operations"], key, &NewOperation { kind, amount })
    }

    /// A wallet's ledger, in the order of `seq`.
    #[must_use]
    pub fn ledger_list(&self, wallet_id: WalletId, most: Option<usize>) -> Items<'_, LedgerEntry> {
        Items::new(self, &["wallets", &wallet_id.to_string(), "ledger"], Vec::new(), most)
    }
}
