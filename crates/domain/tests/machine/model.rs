//! The model of a session: the contract's rules, in as few words as they go.

use chrono::{NaiveDate, TimeDelta};
use proptest::prelude::*;
use proptest::sample::select;
use proptest_state_machine::ReferenceStateMachine;
use reelhouse_domain::Money;
use reelhouse_domain::game::Mode;
use reelhouse_domain::session::{Action, SessionState};
use reelhouse_domain::time::Timestamp;
use reelhouse_domain::wallet::Operation;

use super::Move;
use super::game::{self, UNIT_BET};
use crate::support::purse::Purse;
use crate::support::{Code, evening, jumps, zones};

use SessionState::{BetPlaced, Completed, Expired, FreeGames, Idle, Initialized, Playing, Suspended};

/// A round that is not settled.
#[derive(Clone, Debug)]
pub(crate) struct Open {
    pub(crate) stake: i64,
    day: NaiveDate,
    pub(crate) words: u64,
    pub(crate) left: u32,
    pub(crate) won: i64,
}

#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) salt: u64,
    pub(crate) clock: Timestamp,
    pub(crate) purses: [Purse; 2],
    pub(crate) current: Option<usize>,
    pub(crate) max_bet: Option<i64>,
    pub(crate) state: SessionState,
    pub(crate) suspended_from: Option<SessionState>,
    /// The session's time, which never goes back.
    pub(crate) time: Timestamp,
    pub(crate) round: Option<Open>,
    pub(crate) nonce: u64,
    pub(crate) events: i64,
    pub(crate) spins: u64,
    pub(crate) free_games: u64,
    pub(crate) probed: u64,
    /// What each closed round paid, in order.
    pub(crate) rounds: Vec<i64>,
    pub(crate) wagered: i64,
    pub(crate) won: i64,
    pub(crate) fees: i64,
    /// What the last move came to.
    pub(crate) verdict: Result<(), Code>,
}

impl Model {
    fn new(salt: u64, purses: [Purse; 2], attached: bool, max_bet: Option<i64>) -> Self {
        let time = Timestamp::from_timestamp_millis(evening().timestamp_millis()).unwrap();
        Self {
            salt,
            clock: evening(),
            purses,
            current: attached.then_some(0),
            max_bet,
            state: if attached { Initialized } else { Idle },
            suspended_from: None,
            time,
            round: None,
            nonce: 0,
            events: 0,
            spins: 0,
            free_games: 0,
            probed: 0,
            rounds: Vec::new(),
            wagered: 0,
            won: 0,
            fees: 0,
            verdict: Ok(()),
        }
    }

    fn purse(&mut self) -> &mut Purse {
        &mut self.purses[self.current.unwrap()]
    }

    /// The contract's table.
    fn allows(&self, action: &Action) -> bool {
        match (self.state, action) {
            (Idle, Action::AttachWallet { .. } | Action::Close)
            | (Initialized | Playing, Action::Bet { .. } | Action::Spin { amount: Some(_) } | Action::Probe { .. })
            | (Initialized | Playing, Action::CashOut | Action::RotateSeed { .. })
            | (BetPlaced, Action::Void)
            | (BetPlaced | FreeGames, Action::Spin { amount: None })
            | (Playing, Action::AttachWallet { .. })
            | (Initialized | BetPlaced | Playing | FreeGames, Action::Suspend)
            | (Idle | Initialized | BetPlaced | Playing | FreeGames, Action::Expire)
            | (Suspended, Action::Resume) => true,
            (Suspended, Action::CashOut) => self.round.is_none(),
            _ => false,
        }
    }

    fn act(&mut self, action: &Action, attached: Option<usize>) -> Result<(), Code> {
        if !self.allows(action) {
            return Err("invalid_transition");
        }
        match action {
            Action::AttachWallet { .. } => {
                self.current = attached;
                self.state = if self.state == Idle { Initialized } else { self.state };
            }
            Action::Bet { amount } => self.bet(amount.units())?,
            Action::Spin { amount } => self.spin(amount.map(Money::units))?,
            Action::Probe { spins } => self.probe(*spins)?,
            Action::Void => {
                self.give_back();
                self.state = if self.spins == 0 { Initialized } else { Playing };
            }
            Action::RotateSeed { client_seed } => {
                if client_seed.as_ref().is_some_and(|seed| seed.len() > 256) {
                    return Err("invalid_request");
                }
                self.nonce = 0;
            }
            Action::Suspend => self.suspended_from = Some(std::mem::replace(&mut self.state, Suspended)),
            Action::Resume => self.state = self.suspended_from.take().unwrap(),
            Action::Close | Action::CashOut => (self.state, self.suspended_from) = (Completed, None),
            Action::Expire => {
                while self.state == FreeGames {
                    self.spin(None)?;
                    self.events += 1;
                }
                self.give_back();
                self.state = Expired;
            }
        }
        self.events += 1;
        self.time = self.time.max(Timestamp::from_timestamp_millis(self.clock.timestamp_millis()).unwrap());
        Ok(())
    }

    fn bet(&mut self, stake: i64) -> Result<(), Code> {
        if stake <= 0 || stake % UNIT_BET != 0 {
            return Err("invalid_stake");
        }
        if self.max_bet.is_some_and(|max_bet| stake > max_bet) {
            return Err("max_bet_exceeded");
        }
        let clock = self.clock;
        let purse = self.purse();
        purse.affords(stake + purse.per_spin, clock)?;
        let day = purse.spend(stake, clock)?;
        self.round = Some(Open { stake, day, words: 0, left: 0, won: 0 });
        self.state = BetPlaced;
        Ok(())
    }

    fn spin(&mut self, stake: Option<i64>) -> Result<(), Code> {
        if let Some(stake) = stake {
            self.bet(stake)?;
        }
        let paid = self.state == BetPlaced;
        if paid {
            let fee = self.purse().per_spin;
            self.charge(fee)?;
            self.nonce += 1;
            self.spins += 1;
        } else {
            self.free_games += 1;
        }
        let mut round = self.round.take().unwrap();
        let mode = if paid { Mode::Base } else { Mode::Free };
        let (pay, awarded) = game::spin(self.salt, self.nonce - 1, round.words, mode);
        round.words += 3;
        round.left = round.left - u32::from(!paid) + awarded;
        round.won += pay * round.stake;
        self.won += pay * round.stake;
        self.wagered += if paid { round.stake } else { 0 };
        let clock = self.clock;
        if pay > 0 {
            self.purse().book(i128::from(pay * round.stake), clock)?;
        }
        if round.left == 0 {
            self.rounds.push(round.won);
            self.state = Playing;
        } else {
            self.round = Some(round);
            self.state = FreeGames;
        }
        Ok(())
    }

    fn probe(&mut self, spins: u32) -> Result<(), Code> {
        if spins == 0 || spins > 10_000 {
            return Err("invalid_request");
        }
        let fee = self.purse().per_query * i64::from(spins);
        self.charge(fee)?;
        self.nonce += 1;
        self.probed += u64::from(spins);
        Ok(())
    }

    fn charge(&mut self, fee: i64) -> Result<(), Code> {
        let clock = self.clock;
        if fee > 0 {
            self.purse().spend(fee, clock)?;
            self.fees += fee;
        }
        Ok(())
    }

    fn give_back(&mut self) {
        let clock = self.clock;
        if let Some(round) = self.round.take() {
            self.purse().refund(round.stake, round.day, clock).unwrap();
        }
    }
}

fn purses() -> impl Strategy<Value = Purse> {
    let limits = select(vec![None, Some(10_000), Some(40_000), Some(200_000)]);
    let fees = select(vec![(0, 0), (100, 10), (1, 1)]);
    (zones(), limits, fees, select(vec![1_000, 30_000, 500_000])).prop_map(|(zone, limit, fees, balance)| {
        let mut purse = Purse::new(zone, limit, fees, evening());
        purse.operate(Operation::Deposit, balance, evening()).unwrap();
        purse
    })
}

fn stakes() -> impl Strategy<Value = Money> {
    let good = select(vec![500, 1_000, 2_500, 5_000, 10_000]);
    let odd = select(vec![0, -500, 1, 750, 1_000_000, i64::MIN]);
    prop_oneof![12 => good, 1 => odd].prop_map(Money::from_units)
}

/// Any action, an end only rarely.
fn any_action() -> BoxedStrategy<Move> {
    prop_oneof![
        3 => (0..2_usize).prop_map(Move::Attach),
        6 => stakes().prop_map(|amount| Move::Act(Action::Bet { amount })),
        9 => stakes().prop_map(|amount| Move::Act(Action::Spin { amount: Some(amount) })),
        9 => Just(Move::Act(Action::Spin { amount: None })),
        3 => select(vec![0, 1, 2, 40, 10_001]).prop_map(|spins| Move::Act(Action::Probe { spins })),
        4 => Just(Move::Act(Action::Void)),
        2 => select(vec![None, Some("new".to_owned()), Some("x".repeat(257))])
            .prop_map(|client_seed| Move::Act(Action::RotateSeed { client_seed })),
        3 => Just(Move::Act(Action::Suspend)),
        3 => Just(Move::Act(Action::Resume)),
        2 => select(vec![Action::CashOut, Action::Close, Action::Expire]).prop_map(Move::Act),
    ]
    .boxed()
}

/// An action that the state allows, an end not among them; any action once the session has ended.
fn likely_action(state: SessionState) -> BoxedStrategy<Move> {
    let act = |action: Action| Just(Move::Act(action)).boxed();
    let spin = || act(Action::Spin { amount: None });
    match state {
        Idle => (0..2_usize).prop_map(Move::Attach).boxed(),
        Initialized | Playing => prop_oneof![
            2 => stakes().prop_map(|amount| Move::Act(Action::Bet { amount })),
            4 => stakes().prop_map(|amount| Move::Act(Action::Spin { amount: Some(amount) })),
        ]
        .boxed(),
        BetPlaced => prop_oneof![3 => spin(), 1 => act(Action::Void)].boxed(),
        FreeGames => spin(),
        Suspended => act(Action::Resume),
        Completed | Expired => any_action(),
    }
}

impl ReferenceStateMachine for Model {
    type State = Self;
    type Transition = Move;

    fn init_state() -> BoxedStrategy<Self> {
        let max_bets = select(vec![None, Some(5_000), Some(2_500)]);
        (any::<u64>(), purses(), purses(), prop::bool::weighted(0.9), max_bets)
            .prop_map(|(salt, one, two, attached, max_bet)| Self::new(salt, [one, two], attached, max_bet))
            .boxed()
    }

    fn transitions(state: &Self) -> BoxedStrategy<Move> {
        let operate = |operation, amounts| {
            (0..2_usize, amounts).prop_map(move |(wallet, amount)| Move::Operate(wallet, operation, amount))
        };
        prop_oneof![
            10 => likely_action(state.state),
            6 => any_action(),
            1 => operate(Operation::Deposit, 0..50_000_i64),
            1 => operate(Operation::Withdraw, 0..50_000_i64),
            1 => operate(Operation::SetDailyLimit, 0..60_000_i64),
            3 => jumps().prop_map(Move::Clock),
        ]
        .boxed()
    }

    fn apply(state: Self, step: &Move) -> Self {
        let mut next = state.clone();
        let clock = next.clock;
        let verdict = match step {
            Move::Act(action) => next.act(action, None),
            Move::Attach(wallet) => {
                // Any id will do: the model goes by the number.
                let wallet_id = reelhouse_domain::WalletId(Default::default());
                next.act(&Action::AttachWallet { wallet_id }, Some(*wallet))
            }
            Move::Operate(wallet, operation, amount) => next.purses[*wallet].operate(*operation, *amount, clock),
            Move::Clock(micros) => {
                next.clock += TimeDelta::microseconds(*micros);
                Ok(())
            }
        };
        match verdict {
            Ok(()) => Self { verdict, ..next },
            // A refusal changes nothing.
            Err(_) => Self { verdict, ..state },
        }
    }
}
