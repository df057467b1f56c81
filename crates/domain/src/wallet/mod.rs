//! Wallets: a balance of test credits, its daily limit and its cost rates.

mod ledger;
mod limit;
mod operation;

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

pub use ledger::{Account, Cause, EntryKind, LedgerEntry, TrialBalance};
pub use limit::{DailyLimit, RAISE_DELAY_HOURS};
pub use operation::{Operation, WalletOperation};

use crate::document::Document;
use crate::id::{EntryId, KeyId, Randomness, WalletId};
use crate::money::Money;
use crate::refusal::Refusal;
use crate::time::{Timestamp, to_millis};

/// What play costs beside its stakes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostRate {
    /// Charged with every paid spin, in credits.
    pub per_spin: Money,
    /// Charged with every spin of a probe, in credits.
    pub per_query: Money,
}

impl Document for CostRate {
    const VERSION: u64 = 1;
}

/// What a wallet is opened with.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NewWallet {
    /// The opening balance, booked as a deposit.
    pub balance: Money,
    /// The hard limit on a day's spend; none when absent.
    pub daily_limit: Option<Money>,
    /// What play costs beside its stakes.
    pub cost_rate: CostRate,
    /// The time zone whose days the limit counts.
    pub time_zone: Tz,
}

/// A wallet. Its balance is the sum of its ledger entries, always.
#[derive(Clone, Debug, PartialEq)]
pub struct Wallet {
    /// The wallet's id.
    pub wallet_id: WalletId,
    /// The key that opened it to play from it; none for a wallet of nobody in particular.
    pub owner: Option<KeyId>,
    /// What is there to be spent, in credits; never negative.
    pub balance: Money,
    /// The hard limit on a day's spend, and a raise that waits.
    pub daily_limit: DailyLimit,
    /// What play costs beside its stakes.
    pub cost_rate: CostRate,
    /// The time zone whose days the limit counts.
    pub time_zone: Tz,
    /// The latest day on which the wallet was spent from, in its time zone.
    pub spend_day: NaiveDate,
    /// The stakes and fees of [`Self::spend_day`], refunds taken off.
    pub spent: Money,
    /// The number of ledger entries so far, which is the `seq` of the last one.
    pub ledger_seq: i64,
    /// When the wallet was opened.
    pub created_at: Timestamp,
    /// When the wallet last changed.
    pub updated_at: Timestamp,
}

/// What tells two states of one wallet apart: whatever changes a wallet changes one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WalletMark {
    /// The number of ledger entries.
    pub ledger_seq: i64,
    /// The limit on a day's spend, which changes without an entry.
    pub daily_limit: DailyLimit,
}

impl Wallet {
    /// What tells this state of the wallet from its others.
    #[must_use]
    pub fn mark(&self) -> WalletMark {
        WalletMark { ledger_seq: self.ledger_seq, daily_limit: self.daily_limit }
    }

    /// Opens an empty wallet of nobody in particular; the opening balance is then deposited like any other.
    #[must_use]
    pub fn open(wallet_id: WalletId, new: &NewWallet, at: Timestamp) -> Self {
        let at = to_millis(at);
        Self {
            wallet_id,
            owner: None,
            balance: Money::ZERO,
            daily_limit: DailyLimit::new(new.daily_limit),
            cost_rate: new.cost_rate,
            time_zone: new.time_zone,
            spend_day: at.with_timezone(&new.time_zone).date_naive(),
            spent: Money::ZERO,
            ledger_seq: 0,
            created_at: at,
            updated_at: at,
        }
    }

    /// The wallet's time when the clock says `at`: whole milliseconds, never before its last change.
    ///
    /// Entries, days and limits all go by it, so that a clock that jumps back neither reopens a day
    /// nor brings the limit of one day to another, and the ledger's instants never go back.
    #[must_use]
    pub fn time(&self, at: Timestamp) -> Timestamp {
        to_millis(at).max(self.updated_at)
    }

    /// The day that `at` counts to: the day of [`Self::time`] in the wallet's zone, but never one
    /// before the last day spent on.
    #[must_use]
    pub fn day_of(&self, at: Timestamp) -> NaiveDate {
        self.time(at).with_timezone(&self.time_zone).date_naive().max(self.spend_day)
    }

    /// The stakes and fees of the day that `at` counts to.
    #[must_use]
    pub fn spent_today(&self, at: Timestamp) -> Money {
        if self.day_of(at) > self.spend_day { Money::ZERO } else { self.spent }
    }

    /// What the daily limit still leaves at `at`; `None` without a limit.
    #[must_use]
    pub fn spend_left(&self, at: Timestamp) -> Option<Money> {
        let limit = self.daily_limit.at(self.time(at))?;
        Some(limit.checked_sub(self.spent_today(at)).unwrap_or_default().max(Money::ZERO))
    }

    /// Checks that `needed` can be spent at `at`, from the balance and within the daily limit.
    ///
    /// # Errors
    /// [`Refusal::InsufficientFunds`], [`Refusal::DailyLimitExceeded`].
    pub fn check_spend(&self, needed: Money, at: Timestamp) -> Result<(), Refusal> {
        if needed.is_zero() {
            return Ok(());
        }
        if needed > self.balance {
            return Err(Refusal::InsufficientFunds { balance: self.balance, needed });
        }
        if let Some(daily_limit) = self.daily_limit.at(self.time(at)) {
            let spent_today = self.spent_today(at);
            if spent_today.checked_add(needed).is_none_or(|total| total > daily_limit) {
                return Err(Refusal::DailyLimitExceeded { daily_limit, spent_today, needed });
            }
        }
        Ok(())
    }

    /// Spends a stake or a fee: checks funds and limit, counts it to the day, books it.
    ///
    /// # Errors
    /// Those of [`Self::check_spend`].
    pub fn spend(&mut self, amount: Money, kind: EntryKind, posting: &Posting<'_>) -> Result<LedgerEntry, Refusal> {
        self.check_spend(amount, posting.at)?;
        let spent = self.spent_today(posting.at).checked_add(amount).ok_or(Refusal::AmountOutOfRange)?;
        let entry = self.book(amount.negated(), kind, posting)?;
        self.spend_day = self.day_of(posting.at);
        self.spent = spent;
        Ok(entry)
    }

    /// Gives a held stake back; the day's budget too, when it is still the day it was spent on.
    ///
    /// # Errors
    /// [`Refusal::AmountOutOfRange`].
    pub fn refund(
        &mut self,
        stake: Money,
        staked_on: NaiveDate,
        posting: &Posting<'_>,
    ) -> Result<LedgerEntry, Refusal> {
        let entry = self.book(stake, EntryKind::Refund, posting)?;
        if staked_on == self.spend_day {
            self.spent = self.spent.checked_sub(stake).unwrap_or_default().max(Money::ZERO);
        }
        Ok(entry)
    }

    /// Books a signed amount against the account of its kind.
    ///
    /// # Errors
    /// [`Refusal::AmountOutOfRange`]; [`Refusal::InsufficientFunds`] when the balance would be
    /// negative.
    pub fn book(&mut self, amount: Money, kind: EntryKind, posting: &Posting<'_>) -> Result<LedgerEntry, Refusal> {
        let balance_after = self.balance.checked_add(amount).ok_or(Refusal::AmountOutOfRange)?;
        if balance_after.is_negative() {
            return Err(Refusal::InsufficientFunds { balance: self.balance, needed: amount.negated() });
        }
        let at = self.time(posting.at);
        let entry = LedgerEntry {
            entry_id: EntryId::mint(at, self.wallet_id.shard(), posting.randomness),
            wallet_id: self.wallet_id,
            seq: self.ledger_seq + 1,
            account: kind.account(),
            kind,
            amount,
            balance_before: self.balance,
            balance_after,
            cause: posting.cause,
            timestamp: at,
        };
        self.balance = balance_after;
        self.ledger_seq = entry.seq;
        self.updated_at = at;
        Ok(entry)
    }
}

/// What every ledger entry of one step has in common.
pub struct Posting<'a> {
    /// The event or operation that moves the money.
    pub cause: Cause,
    /// The clock's instant; the entry takes the wallet's [`Wallet::time`].
    pub at: Timestamp,
    /// Where the entry's id comes from.
    pub randomness: &'a dyn Randomness,
}

#[cfg(test)]
mod tests;
