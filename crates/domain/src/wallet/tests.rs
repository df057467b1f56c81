//! Tests of the wallet's rules: limits, days, refunds and the ledger's arithmetic.

use chrono::TimeDelta;

use super::*;
use crate::id::{EventId, Shard};
use crate::time::from_millis;

struct Zeros;

impl Randomness for Zeros {
    fn server_seed(&self) -> [u8; 32] {
        [0; 32]
    }

    fn id_bits(&self) -> u64 {
        0
    }
}

fn credits(text: &str) -> Money {
    text.parse().unwrap()
}

fn noon() -> Timestamp {
    from_millis(1_767_268_800_000).unwrap() // 2026-01-01T12:00:00Z.
}

fn wallet(balance: &str, limit: Option<&str>, zone: Tz) -> Wallet {
    let new = NewWallet {
        balance: credits(balance),
        daily_limit: limit.map(credits),
        cost_rate: CostRate::default(),
        time_zone: zone,
    };
    let id = WalletId::mint(noon(), Shard::from_bits(7), &Zeros);
    let (wallet, _, entry) =
        Wallet::open(id, &new, noon()).operate(Operation::Deposit, new.balance, noon(), &Zeros).unwrap();
    assert_eq!(entry.unwrap().balance_after, new.balance);
    wallet
}

fn posting(at: Timestamp) -> Posting<'static> {
    Posting { cause: Cause::Event(EventId::mint(at, Shard::from_bits(7), &Zeros)), at, randomness: &Zeros }
}

#[test]
fn the_limit_counts_stakes_and_fees_of_one_day_of_the_zone() {
    // 12:00 UTC is 21:00 in Tokyo: its next day starts three hours later.
    let mut wallet = wallet("100", Some("10"), chrono_tz::Asia::Tokyo);
    wallet.spend(credits("9.99"), EntryKind::Stake, &posting(noon())).unwrap();
    wallet.spend(credits("0.01"), EntryKind::Fee, &posting(noon())).unwrap();
    let refused = wallet.spend(credits("0.0001"), EntryKind::Fee, &posting(noon() + TimeDelta::minutes(179)));
    assert!(matches!(refused, Err(Refusal::DailyLimitExceeded { .. })), "{refused:?}");
    assert_eq!(wallet.spend_left(noon()), Some(Money::ZERO));
    wallet.spend(credits("10"), EntryKind::Stake, &posting(noon() + TimeDelta::hours(3))).unwrap();
}

#[test]
fn a_clock_that_jumps_back_reopens_nothing() {
    let mut wallet = wallet("100", Some("10"), Tz::UTC);
    let tomorrow = noon() + TimeDelta::days(1);
    wallet.spend(credits("10"), EntryKind::Stake, &posting(tomorrow)).unwrap();
    for at in [noon(), noon() - TimeDelta::days(30), tomorrow] {
        assert!(wallet.check_spend(credits("0.0001"), at).is_err(), "{at}");
    }
}

#[test]
fn a_lower_limit_holds_at_once_and_a_higher_one_a_day_later() {
    let wallet = wallet("100", Some("10"), Tz::UTC);
    let (wallet, _, entry) = wallet.operate(Operation::SetDailyLimit, credits("20"), noon(), &Zeros).unwrap();
    assert_eq!(entry, None);
    assert_eq!(wallet.daily_limit.at(noon() + TimeDelta::hours(24) - TimeDelta::milliseconds(1)), Some(credits("10")));
    assert_eq!(wallet.daily_limit.at(noon() + TimeDelta::hours(24)), Some(credits("20")));
    let (wallet, ..) = wallet.operate(Operation::SetDailyLimit, credits("5"), noon(), &Zeros).unwrap();
    assert_eq!(wallet.daily_limit, DailyLimit::new(Some(credits("5"))));
    // A wallet that has been updated later than the clock says keeps the later instant.
    let (wallet, ..) =
        wallet.operate(Operation::SetDailyLimit, credits("6"), noon() - TimeDelta::days(9), &Zeros).unwrap();
    assert_eq!(wallet.daily_limit.raise, Some((credits("6"), noon() + TimeDelta::hours(24))));
}

#[test]
fn a_refund_reopens_only_the_day_it_was_spent_on() {
    let mut wallet = wallet("100", Some("10"), Tz::UTC);
    wallet.spend(credits("10"), EntryKind::Stake, &posting(noon())).unwrap();
    let staked_on = wallet.spend_day;
    let mut same_day = wallet.clone();
    same_day.refund(credits("10"), staked_on, &posting(noon())).unwrap();
    assert_eq!((same_day.balance, same_day.spent), (credits("100"), Money::ZERO));
    let tomorrow = noon() + TimeDelta::days(1);
    wallet.spend(credits("4"), EntryKind::Stake, &posting(tomorrow)).unwrap();
    wallet.refund(credits("10"), staked_on, &posting(tomorrow)).unwrap();
    assert_eq!((wallet.balance, wallet.spent), (credits("96"), credits("4")));
}

#[test]
fn nothing_is_spent_that_is_not_there() {
    let mut wallet = wallet("1", None, Tz::UTC);
    let refused = wallet.spend(credits("1.0001"), EntryKind::Stake, &posting(noon()));
    assert_eq!(refused, Err(Refusal::InsufficientFunds { balance: credits("1"), needed: credits("1.0001") }));
    let refused = wallet.clone().operate(Operation::Withdraw, credits("2"), noon(), &Zeros);
    assert!(matches!(refused, Err(Refusal::InsufficientFunds { .. })));
    for operation in [Operation::Deposit, Operation::Withdraw] {
        let refused = wallet.clone().operate(operation, Money::ZERO, noon(), &Zeros);
        assert!(matches!(refused, Err(Refusal::InvalidAmount { .. })));
    }
    wallet.balance = Money::from_units(i64::MAX);
    let refused = wallet.operate(Operation::Deposit, credits("0.0001"), noon(), &Zeros);
    assert_eq!(refused.unwrap_err(), Refusal::AmountOutOfRange);
}

#[test]
fn a_wallets_time_never_goes_back() {
    let wallet = wallet("100", None, Tz::UTC);
    let later = noon() + TimeDelta::hours(5);
    let (mut wallet, ..) = wallet.operate(Operation::Deposit, credits("1"), later, &Zeros).unwrap();
    let entry = wallet.spend(credits("1"), EntryKind::Stake, &posting(noon())).unwrap();
    assert_eq!((entry.timestamp, wallet.updated_at), (later, later));
    assert_eq!(crate::id::minted_at(entry.entry_id.0), Some(later));
}

#[test]
fn a_raise_that_the_clock_ran_ahead_to_reopens_no_day_before_it() {
    let mut wallet = wallet("100", Some("10"), Tz::UTC);
    wallet.spend(credits("10"), EntryKind::Stake, &posting(noon())).unwrap();
    let (wallet, ..) = wallet.operate(Operation::SetDailyLimit, credits("20"), noon(), &Zeros).unwrap();
    let ahead = noon() + TimeDelta::days(2);
    let (mut wallet, ..) = wallet.operate(Operation::Deposit, credits("1"), ahead, &Zeros).unwrap();
    // The wallet has seen the day on which 20 holds: what is spent now is that day's, not today's.
    wallet.spend(credits("15"), EntryKind::Stake, &posting(noon())).unwrap();
    assert_eq!(wallet.spend_day, ahead.date_naive());
    assert_eq!((wallet.spent_today(noon()), wallet.spent_today(ahead)), (credits("15"), credits("15")));
    assert_eq!(wallet.spend_left(ahead), Some(credits("5")));
}

#[test]
fn a_limit_is_not_negative() {
    let refused = wallet("1", None, Tz::UTC).operate(Operation::SetDailyLimit, Money::from_units(-1), noon(), &Zeros);
    assert!(matches!(refused, Err(Refusal::InvalidAmount { .. })), "{refused:?}");
}
