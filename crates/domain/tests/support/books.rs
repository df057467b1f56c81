//! An audit of a wallet's ledger by nothing but its entries.

use std::collections::BTreeMap;

use chrono::{NaiveDate, Timelike};
use reelhouse_domain::time::Timestamp;
use reelhouse_domain::wallet::{Account, EntryKind, LedgerEntry, Wallet};

/// What the entries so far come to, in units of 0.0001 credits.
#[derive(Debug, Default)]
pub(crate) struct Books {
    seq: i64,
    balance: i64,
    last: Option<Timestamp>,
    accounts: BTreeMap<Account, i128>,
    spent: BTreeMap<NaiveDate, i128>,
    /// The days of the stakes that were not given back.
    stakes: Vec<NaiveDate>,
}

impl Books {
    /// Takes the next entry in; `limit` is the daily limit in force.
    pub(crate) fn append(&mut self, wallet: &Wallet, entry: &LedgerEntry, limit: Option<i64>) {
        self.seq += 1;
        assert_eq!((entry.wallet_id, entry.seq), (wallet.wallet_id, self.seq), "a gap in the ledger");
        assert_eq!(entry.entry_id.shard(), entry.wallet_id.shard());
        assert_eq!(entry.balance_before.units(), self.balance, "entry {} does not follow", self.seq);
        let amount = entry.amount.units();
        self.balance += amount;
        assert_eq!(entry.balance_after.units(), self.balance);
        assert!(self.balance >= 0, "a negative balance");
        let (account, income) = match entry.kind {
            EntryKind::Stake => (Account::House, false),
            EntryKind::Payout | EntryKind::Refund => (Account::House, true),
            EntryKind::Fee => (Account::Fees, false),
            EntryKind::Deposit => (Account::Cashier, true),
            EntryKind::Withdrawal => (Account::Cashier, false),
        };
        assert_eq!(entry.account, account);
        assert!(if income { amount > 0 } else { amount < 0 }, "{:?} of {amount}", entry.kind);
        *self.accounts.entry(account).or_default() -= i128::from(amount);
        assert!(self.last <= Some(entry.timestamp), "the ledger went back in time");
        assert_eq!(entry.timestamp.nanosecond() % 1_000_000, 0);
        self.last = Some(entry.timestamp);
        self.count_spend(wallet, entry, limit);
    }

    /// Counts an entry to the day of its own instant, and holds that against the limit.
    fn count_spend(&mut self, wallet: &Wallet, entry: &LedgerEntry, limit: Option<i64>) {
        let mut day = entry.timestamp.with_timezone(&wallet.time_zone).date_naive();
        match entry.kind {
            EntryKind::Stake => self.stakes.push(day),
            EntryKind::Fee => {}
            EntryKind::Refund => day = self.stakes.pop().unwrap(),
            EntryKind::Payout | EntryKind::Deposit | EntryKind::Withdrawal => return,
        }
        let spent = self.spent.entry(day).or_default();
        *spent -= i128::from(entry.amount.units());
        if let (Some(limit), true) = (limit, entry.amount.is_negative()) {
            assert!(*spent <= i128::from(limit), "{spent} spent on {day}, over the limit of {limit}");
        }
    }

    /// Checks that the wallet is the sum of its entries, and that all accounts sum to zero.
    pub(crate) fn check(&self, wallet: &Wallet) {
        assert_eq!((wallet.balance.units(), wallet.ledger_seq), (self.balance, self.seq));
        let others: i128 = self.accounts.values().sum();
        assert_eq!(others + i128::from(wallet.balance.units()), 0, "the accounts do not sum to zero");
    }
}
