//! The ledger: each entry moves an amount between a wallet and a counter-account.
//!
//! An entry is both sides of a double entry: `amount` to the wallet and `-amount` to the account,
//! so that all accounts together sum to zero as soon as wallets equal their entries.

use serde::{Deserialize, Serialize};

use crate::id::{EntryId, EventId, OperationId, WalletId};
use crate::money::Money;
use crate::time::{Timestamp, millis_format};

/// The counter-account of a ledger entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    /// Takes stakes, pays payouts and refunds.
    House,
    /// Takes fees.
    Fees,
    /// Where test credits come from and go to.
    Cashier,
}

impl Account {
    /// Every account.
    pub const ALL: [Self; 3] = [Self::House, Self::Fees, Self::Cashier];

    /// The name, as JSON and the databases hold it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::House => "house",
            Self::Fees => "fees",
            Self::Cashier => "cashier",
        }
    }

    /// The account of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|account| account.name() == name)
    }
}

/// What a ledger entry is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A stake, from the wallet to the house.
    Stake,
    /// A payout, from the house.
    Payout,
    /// A held stake given back, from the house.
    Refund,
    /// A fee, to the fees account.
    Fee,
    /// Credits paid in, from the cashier.
    Deposit,
    /// Credits paid out, to the cashier.
    Withdrawal,
}

impl EntryKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [Self::Stake, Self::Payout, Self::Refund, Self::Fee, Self::Deposit, Self::Withdrawal];

    /// The counter-account that entries of this kind go against.
    #[must_use]
    pub const fn account(self) -> Account {
        match self {
            Self::Stake | Self::Payout | Self::Refund => Account::House,
            Self::Fee => Account::Fees,
            Self::Deposit | Self::Withdrawal => Account::Cashier,
        }
    }

    /// The name, as JSON and the databases hold it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stake => "stake",
            Self::Payout => "payout",
            Self::Refund => "refund",
            Self::Fee => "fee",
            Self::Deposit => "deposit",
            Self::Withdrawal => "withdrawal",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What moved the money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A gameplay event, named by its id.
    #[serde(rename = "event_id")]
    Event(EventId),
    /// A wallet operation, named by its id.
    #[serde(rename = "operation_id")]
    Operation(OperationId),
}

/// One entry of a wallet's ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// The entry's id.
    pub entry_id: EntryId,
    /// The wallet whose balance changed.
    pub wallet_id: WalletId,
    /// The entry's place in its wallet's ledger: 1, 2, 3 … without a gap.
    pub seq: i64,
    /// The counter-account.
    pub account: Account,
    /// What the entry is for.
    pub kind: EntryKind,
    /// The change of the wallet's balance, signed, in credits.
    pub amount: Money,
    /// The wallet's balance before the entry.
    pub balance_before: Money,
    /// The wallet's balance after the entry.
    pub balance_after: Money,
    /// The event or operation that moved the money, as `event_id` or `operation_id`.
    #[serde(flatten)]
    pub cause: Cause,
    /// When it happened.
    #[serde(with = "millis_format")]
    pub timestamp: Timestamp,
}

/// All balances of one instant. They sum to zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrialBalance {
    /// The sum of all wallets' balances.
    pub wallets: Money,
    /// The balance of the house account, from the ledger.
    pub house: Money,
    /// The balance of the fees account, from the ledger.
    pub fees: Money,
    /// The balance of the cashier account, from the ledger.
    pub cashier: Money,
}

impl TrialBalance {
    /// The sum over every account, which is zero when the books are right; `None` on overflow.
    #[must_use]
    pub fn sum(&self) -> Option<Money> {
        self.wallets.checked_add(self.house)?.checked_add(self.fees)?.checked_add(self.cashier)
    }
}
