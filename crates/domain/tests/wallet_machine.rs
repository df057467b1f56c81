//! A wallet against its model, over random operations, spends and jumps of the clock.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

mod support;

use chrono::{NaiveDate, TimeDelta};
use proptest::prelude::*;
use proptest::sample::select;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use reelhouse_domain::refusal::Refusal;
use reelhouse_domain::time::Timestamp;
use reelhouse_domain::wallet::{Cause, EntryKind, LedgerEntry, Operation, Posting, Wallet};
use reelhouse_domain::{EventId, Money, Shard, WalletId};

use support::books::Books;
use support::purse::Purse;
use support::{Code, Ids, code, evening, jumps, zones};

#[derive(Clone, Debug)]
enum Move {
    Operate(Operation, i64),
    Stake(i64),
    Fee(i64),
    Payout(i64),
    /// Gives back the last stake that was not given back.
    Refund,
    Clock(i64),
}

#[derive(Clone, Debug)]
struct Model {
    clock: Timestamp,
    purse: Purse,
    stakes: Vec<(i64, NaiveDate)>,
    verdict: Result<(), Code>,
}

impl ReferenceStateMachine for Model {
    type State = Self;
    type Transition = Move;

    fn init_state() -> BoxedStrategy<Self> {
        let limits = select(vec![None, Some(0), Some(10_000), Some(50_000)]);
        (zones(), limits)
            .prop_map(|(zone, limit)| {
                let clock = evening();
                let mut purse = Purse::new(zone, limit, (0, 0), clock);
                purse.operate(Operation::Deposit, 100_000, clock).unwrap();
                Self { clock, purse, stakes: Vec::new(), verdict: Ok(()) }
            })
            .boxed()
    }

    fn transitions(_: &Self) -> BoxedStrategy<Move> {
        let small = || 1_i64..20_000;
        let any = || prop_oneof![9 => small(), 1 => select(vec![0, -1, i64::MAX / 2, i64::MAX, i64::MIN])];
        prop_oneof![
            2 => any().prop_map(|amount| Move::Operate(Operation::Deposit, amount)),
            2 => any().prop_map(|amount| Move::Operate(Operation::Withdraw, amount)),
            2 => (0_i64..60_000).prop_map(|amount| Move::Operate(Operation::SetDailyLimit, amount)),
            1 => any().prop_map(|amount| Move::Operate(Operation::SetDailyLimit, amount)),
            6 => prop_oneof![9 => small(), 1 => Just(i64::MAX / 2)].prop_map(Move::Stake),
            3 => small().prop_map(Move::Fee),
            2 => prop_oneof![9 => small(), 1 => Just(i64::MAX / 2)].prop_map(Move::Payout),
            2 => Just(Move::Refund),
            4 => jumps().prop_map(Move::Clock),
        ]
        .boxed()
    }

    fn preconditions(state: &Self, step: &Move) -> bool {
        !matches!(step, Move::Refund) || !state.stakes.is_empty()
    }

    fn apply(mut state: Self, step: &Move) -> Self {
        let (purse, clock) = (&mut state.purse, state.clock);
        state.verdict = match *step {
            Move::Operate(operation, amount) => purse.operate(operation, amount, clock),
            Move::Stake(amount) => purse.spend(amount, clock).map(|day| state.stakes.push((amount, day))),
            Move::Fee(amount) => purse.spend(amount, clock).map(|_| ()),
            Move::Payout(amount) => purse.book(amount.into(), clock),
            Move::Refund => {
                let (amount, day) = *state.stakes.last().unwrap();
                purse.refund(amount, day, clock).map(|()| state.stakes.truncate(state.stakes.len() - 1))
            }
            Move::Clock(micros) => {
                state.clock += TimeDelta::microseconds(micros);
                Ok(())
            }
        };
        state
    }
}

struct Real {
    ids: Ids,
    wallet: Wallet,
    books: Books,
    stakes: Vec<(Money, NaiveDate)>,
}

impl Real {
    fn take(&mut self, step: &Move, clock: Timestamp) -> Result<Option<LedgerEntry>, Refusal> {
        let event_id = EventId::mint(clock, self.wallet.wallet_id.shard(), &self.ids);
        let posting = Posting { cause: Cause::Event(event_id), at: clock, randomness: &self.ids };
        let wallet = &mut self.wallet;
        let entry = match *step {
            Move::Operate(operation, amount) => {
                let amount = Money::from_units(amount);
                let (operated, record, entry) = wallet.clone().operate(operation, amount, clock, &self.ids)?;
                assert_eq!((record.operation, record.amount), (operation, amount));
                assert_eq!(entry.is_none(), operation == Operation::SetDailyLimit);
                assert!(entry.iter().all(|entry| entry.cause == Cause::Operation(record.operation_id)));
                *wallet = operated;
                return Ok(entry);
            }
            Move::Stake(amount) => {
                let entry = wallet.spend(Money::from_units(amount), EntryKind::Stake, &posting)?;
                self.stakes.push((Money::from_units(amount), wallet.spend_day));
                entry
            }
            Move::Fee(amount) => wallet.spend(Money::from_units(amount), EntryKind::Fee, &posting)?,
            Move::Payout(amount) => wallet.book(Money::from_units(amount), EntryKind::Payout, &posting)?,
            Move::Refund => {
                let (amount, day) = *self.stakes.last().unwrap();
                let entry = wallet.refund(amount, day, &posting)?;
                self.stakes.pop();
                entry
            }
            Move::Clock(_) => return Ok(None),
        };
        assert_eq!(entry.cause, posting.cause);
        Ok(Some(entry))
    }
}

struct WalletMachine;

impl StateMachineTest for WalletMachine {
    type SystemUnderTest = Real;
    type Reference = Model;

    fn init_test(model: &Model) -> Real {
        let ids = Ids::default();
        let wallet_id = WalletId::mint(model.clock, Shard::from_bits(0xabc), &ids);
        let wallet = model.purse.to_wallet(wallet_id, model.clock);
        let mut real = Real { ids, wallet, books: Books::default(), stakes: Vec::new() };
        let opening = real.take(&Move::Operate(Operation::Deposit, 100_000), model.clock).unwrap().unwrap();
        real.books.append(&real.wallet, &opening, None);
        real
    }

    fn apply(mut real: Real, model: &Model, step: Move) -> Real {
        let before = real.wallet.clone();
        match (real.take(&step, model.clock), model.verdict) {
            (Ok(entry), Ok(())) => {
                if let Some(entry) = entry {
                    real.books.append(&real.wallet, &entry, model.purse.limit(model.clock));
                }
            }
            (Err(refusal), Err(expected)) => {
                assert_eq!(code(&refusal), expected, "{refusal}");
                assert_eq!(real.wallet, before, "a refusal left a trace");
            }
            (outcome, verdict) => panic!("{step:?} came to {outcome:?}, the model says {verdict:?}"),
        }
        let changed = real.wallet != Wallet { updated_at: real.wallet.updated_at, ..before.clone() };
        assert_eq!(changed, real.wallet.mark() != before.mark(), "a mark tells every change: {step:?}");
        real
    }

    fn check_invariants(real: &Real, model: &Model) {
        model.purse.check(&real.wallet, model.clock);
        real.books.check(&real.wallet);
    }
}

prop_state_machine! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_wallet_does_as_its_model(sequential 50 => WalletMachine);
}
