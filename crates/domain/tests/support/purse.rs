//! A model of a wallet: every day's spend by itself, and the limits as a list of when each began.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use reelhouse_domain::time::Timestamp;
use reelhouse_domain::wallet::{CostRate, NewWallet, Operation, Wallet};
use reelhouse_domain::{Money, WalletId};

use super::Code;

/// A wallet in units of 0.0001 credits.
#[derive(Clone, Debug)]
pub(crate) struct Purse {
    zone: Tz,
    pub(crate) balance: i128,
    pub(crate) per_spin: i64,
    pub(crate) per_query: i64,
    /// When it last changed.
    time: Timestamp,
    /// Every limit there was, with the instant that it holds from.
    limits: Vec<(Timestamp, i64)>,
    spent: BTreeMap<NaiveDate, i128>,
    entries: i64,
}

impl Purse {
    /// An empty one.
    pub(crate) fn new(zone: Tz, limit: Option<i64>, fees: (i64, i64), clock: Timestamp) -> Self {
        let time = whole(clock);
        Self {
            zone,
            balance: 0,
            per_spin: fees.0,
            per_query: fees.1,
            time,
            limits: limit.map(|limit| (Timestamp::MIN_UTC, limit)).into_iter().collect(),
            spent: BTreeMap::new(),
            entries: 0,
        }
    }

    /// The wallet that this is the model of, while nothing has happened yet.
    pub(crate) fn to_wallet(&self, wallet_id: WalletId, clock: Timestamp) -> Wallet {
        let new = NewWallet {
            balance: Money::ZERO,
            daily_limit: self.limits.first().map(|(_, limit)| Money::from_units(*limit)),
            cost_rate: CostRate {
                per_spin: Money::from_units(self.per_spin),
                per_query: Money::from_units(self.per_query),
            },
            time_zone: self.zone,
        };
        Wallet::open(wallet_id, &new, clock)
    }

    fn at(&self, clock: Timestamp) -> Timestamp {
        whole(clock).max(self.time)
    }

    pub(crate) fn day(&self, clock: Timestamp) -> NaiveDate {
        self.at(clock).with_timezone(&self.zone).date_naive()
    }

    pub(crate) fn limit(&self, clock: Timestamp) -> Option<i64> {
        let at = self.at(clock);
        self.limits.iter().rev().find(|(from, _)| *from <= at).map(|(_, limit)| *limit)
    }

    pub(crate) fn spent_today(&self, clock: Timestamp) -> i128 {
        self.spent.get(&self.day(clock)).copied().unwrap_or(0)
    }

    pub(crate) fn spend_left(&self, clock: Timestamp) -> Option<i128> {
        self.limit(clock).map(|limit| (i128::from(limit) - self.spent_today(clock)).max(0))
    }

    pub(crate) fn affords(&self, needed: i64, clock: Timestamp) -> Result<(), Code> {
        let needed = i128::from(needed);
        if needed == 0 {
            return Ok(());
        }
        if needed > self.balance {
            return Err("insufficient_funds");
        }
        match self.spend_left(clock) {
            Some(left) if needed > left => Err("daily_limit_exceeded"),
            _ => Ok(()),
        }
    }

    pub(crate) fn spend(&mut self, amount: i64, clock: Timestamp) -> Result<NaiveDate, Code> {
        self.affords(amount, clock)?;
        let day = self.day(clock);
        let spent = self.spent_today(clock) + i128::from(amount);
        if spent > i128::from(i64::MAX) {
            return Err("amount_out_of_range");
        }
        self.book(-i128::from(amount), clock)?;
        self.spent.insert(day, spent);
        Ok(day)
    }

    pub(crate) fn refund(&mut self, amount: i64, day: NaiveDate, clock: Timestamp) -> Result<(), Code> {
        self.book(amount.into(), clock)?;
        *self.spent.entry(day).or_default() -= i128::from(amount);
        Ok(())
    }

    pub(crate) fn book(&mut self, amount: i128, clock: Timestamp) -> Result<(), Code> {
        let balance = self.balance + amount;
        if balance > i128::from(i64::MAX) {
            return Err("amount_out_of_range");
        }
        if balance < 0 {
            return Err("insufficient_funds");
        }
        self.balance = balance;
        self.entries += 1;
        self.time = self.at(clock);
        Ok(())
    }

    pub(crate) fn operate(&mut self, operation: Operation, amount: i64, clock: Timestamp) -> Result<(), Code> {
        match operation {
            Operation::Deposit | Operation::Withdraw if amount <= 0 => Err("invalid_amount"),
            Operation::SetDailyLimit if amount < 0 => Err("invalid_amount"),
            Operation::Deposit => self.book(amount.into(), clock),
            Operation::Withdraw => self.book(-i128::from(amount), clock),
            Operation::SetDailyLimit => {
                let (at, in_force) = (self.at(clock), self.limit(clock));
                self.limits.retain(|(from, _)| *from <= at);
                let raised = in_force.is_some_and(|limit| amount > limit);
                self.limits.push((if raised { at + TimeDelta::hours(24) } else { at }, amount));
                self.time = at;
                Ok(())
            }
        }
    }

    /// Checks that the wallet is what the model says.
    pub(crate) fn check(&self, wallet: &Wallet, clock: Timestamp) {
        assert_eq!(i128::from(wallet.balance.units()), self.balance, "balance");
        assert!(self.balance >= 0);
        assert_eq!(wallet.ledger_seq, self.entries, "entries");
        assert_eq!(wallet.updated_at, self.time, "time");
        assert_eq!(i128::from(wallet.spent_today(clock).units()), self.spent_today(clock), "spent today");
        let left = wallet.spend_left(clock).map(|left| i128::from(left.units()));
        assert_eq!(left, self.spend_left(clock), "spend left");
    }
}

fn whole(clock: Timestamp) -> Timestamp {
    Timestamp::from_timestamp_millis(clock.timestamp_millis()).unwrap()
}
