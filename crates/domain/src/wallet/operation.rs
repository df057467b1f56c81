//! Operations on a wallet from outside of play: deposits, withdrawals, limits.

use serde::{Deserialize, Serialize};

use super::{Cause, EntryKind, LedgerEntry, Posting, Wallet};
use crate::id::{OperationId, Randomness, WalletId};
use crate::money::Money;
use crate::refusal::Refusal;
use crate::time::{Timestamp, millis_format};

/// What is done to the wallet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Pay credits in.
    Deposit,
    /// Pay credits out.
    Withdraw,
    /// Set the daily limit: lower at once, higher after the delay.
    SetDailyLimit,
}

impl Operation {
    /// The name, as JSON and the databases hold it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Deposit => "deposit",
            Self::Withdraw => "withdraw",
            Self::SetDailyLimit => "set_daily_limit",
        }
    }
}

/// An operation that was done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WalletOperation {
    /// The operation's id.
    pub operation_id: OperationId,
    /// The wallet it was done to.
    pub wallet_id: WalletId,
    /// What was done.
    #[serde(rename = "type")]
    pub operation: Operation,
    /// How much, or the limit that was set, in credits.
    pub amount: Money,
    /// When it was done.
    #[serde(with = "millis_format")]
    pub timestamp: Timestamp,
}

impl Wallet {
    /// Does an operation and gives back the wallet, the operation's record and its ledger entry.
    ///
    /// # Errors
    /// [`Refusal::InvalidAmount`] for a deposit or withdrawal of nothing and a limit below zero,
    /// [`Refusal::InsufficientFunds`], [`Refusal::AmountOutOfRange`].
    pub fn operate(
        mut self,
        operation: Operation,
        amount: Money,
        now: Timestamp,
        randomness: &dyn Randomness,
    ) -> Result<(Self, WalletOperation, Option<LedgerEntry>), Refusal> {
        let at = self.time(now);
        let operation_id = OperationId::mint(at, self.wallet_id.shard(), randomness);
        let posting = Posting { cause: Cause::Operation(operation_id), at, randomness };
        let positive = |amount: Money| {
            if amount > Money::ZERO {
                Ok(amount)
            } else {
                Err(Refusal::invalid_amount("/amount", "an amount above zero was expected"))
            }
        };
        let entry = match operation {
            Operation::Deposit => Some(self.book(positive(amount)?, EntryKind::Deposit, &posting)?),
            Operation::Withdraw => Some(self.book(positive(amount)?.negated(), EntryKind::Withdrawal, &posting)?),
            Operation::SetDailyLimit if amount.is_negative() => {
                return Err(Refusal::invalid_amount("/amount", "an amount of zero or more was expected"));
            }
            Operation::SetDailyLimit => {
                self.daily_limit = self.daily_limit.set(amount, at);
                self.updated_at = at;
                None
            }
        };
        let record = WalletOperation { operation_id, wallet_id: self.wallet_id, operation, amount, timestamp: at };
        Ok((self, record, entry))
    }
}
