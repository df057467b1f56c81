//! Tests of the session rules, and the table that they are played at.

mod endings;
mod fair;
mod free_games;
mod play;
mod probes;
mod record;
mod rewards;
mod states;

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono_tz::Tz;
use serde_json::Value;

use super::*;
use crate::fairness::{Dealer, Draws};
use crate::game::{Definition, Engine, reference_games};
use crate::money::Money;
use crate::refusal::Refusal;
use crate::time::from_millis;
use crate::wallet::{CostRate, LedgerEntry, NewWallet, Operation};

/// Stops of pearl-5x3, with what they show: nothing that pays.
const DRY: [u32; 5] = [4, 36, 4, 16, 7];
/// Three seahorses on line 3: 20 line bets, or two stakes.
const SEAHORSES: [u32; 5] = [26, 38, 25, 32, 36];
/// Three pearls: five stakes and 15 free games.
const PEARLS: [u32; 5] = [16, 22, 33, 20, 0];
/// In free games, nothing that pays.
const FREE_DRY: [u32; 5] = [18, 31, 32, 25, 2];
/// In free games, two seahorses and the wild on line 2: 20 line bets, times 2, times 3.
const FREE_SEAHORSES: [u32; 5] = [13, 8, 2, 25, 35];
/// In free games, three pearls: five stakes times 3, and 15 further free games.
const FREE_PEARLS: [u32; 5] = [15, 28, 16, 25, 22];

/// Counts ids up, and has one server seed.
#[derive(Default)]
struct Ids(AtomicU64);

impl Randomness for Ids {
    fn server_seed(&self) -> [u8; 32] {
        [0x5e; 32]
    }

    fn id_bits(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

/// Deals written stops: the spins of one round under each nonce; a round not written is [`DRY`] for ever.
struct ScriptedDealer(Vec<Vec<[u32; 5]>>);

/// The numbers of one round, if it was written; each takes one word.
struct Script {
    numbers: Option<Vec<u32>>,
    drawn: u64,
}

impl Dealer for ScriptedDealer {
    fn deal(&self, _: &ServerSeed, _: &str, nonce: u64, words: u64) -> Box<dyn Draws> {
        let written = self.0.get(usize::try_from(nonce).unwrap());
        Box::new(Script { numbers: written.map(|spins| spins.concat()), drawn: words })
    }
}

impl Draws for Script {
    fn below(&mut self, bound: NonZeroU32) -> u32 {
        let at = usize::try_from(self.drawn).unwrap();
        let number = self.numbers.as_ref().map_or(DRY[at % 5], |numbers| numbers[at]);
        assert!(number < bound.get(), "the script has {number} where a number below {bound} is drawn");
        self.drawn += 1;
        number
    }

    fn words_drawn(&self) -> u64 {
        self.drawn
    }
}

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

/// 2026-01-01T12:00:00Z.
fn noon() -> Timestamp {
    from_millis(1_767_268_800_000).unwrap()
}

fn pearl() -> Definition {
    let game = reference_games().into_iter().find(|game| game.name == "pearl-5x3").unwrap();
    let document: Value = serde_json::from_str(game.document).unwrap();
    Definition::parse(&document["rng_signature"], &document["symbol_map"]).unwrap()
}

fn bet(amount: &str) -> Action {
    Action::Bet { amount: money(amount) }
}

fn spin(amount: &str) -> Action {
    Action::Spin { amount: Some(money(amount)) }
}

const SPIN: Action = Action::Spin { amount: None };

/// What a wallet is opened with, without a limit and without fees.
fn purse(balance: &str) -> NewWallet {
    NewWallet { balance: money(balance), daily_limit: None, cost_rate: CostRate::default(), time_zone: Tz::UTC }
}

fn fees(per_spin: &str, per_query: &str) -> CostRate {
    CostRate { per_spin: money(per_spin), per_query: money(per_query) }
}

/// A session at pearl-5x3, its wallet, and all that they left behind.
struct Play {
    engine: Engine,
    dealer: Box<dyn Dealer>,
    ids: Ids,
    now: Timestamp,
    genesis: Digest,
    opened: Observation,
    session: Session,
    wallet: Option<Wallet>,
    events: Vec<GameplayEvent>,
    entries: Vec<LedgerEntry>,
    transitions: Vec<Transition>,
}

impl Play {
    /// Opens a session at noon.
    fn open(wallet: Option<&NewWallet>, profile: PlayerProfile, dealer: impl Dealer + 'static) -> Self {
        let (ids, now) = (Ids::default(), noon());
        let wallet = wallet.map(|new| new_wallet(new, 0xabc, &ids));
        let definition = pearl();
        let new = NewSession {
            game_id: GameId::mint(now, Shard::from_bits(1), &ids),
            fingerprint: definition.fingerprint(),
            player_profile: profile,
            client_seed: None,
            reward: Default::default(),
            training_seed: None,
        };
        let session = Session::open(new, wallet.as_ref(), Shard::from_bits(2), now, &ids).unwrap();
        Self {
            engine: Engine::compile(&definition),
            dealer: Box::new(dealer),
            ids,
            now,
            genesis: session.chain_head,
            opened: session.observation.clone(),
            session,
            wallet,
            events: Vec::new(),
            entries: Vec::new(),
            transitions: Vec::new(),
        }
    }

    /// A session with 100 credits, no limit, no fees, and these rounds to come.
    fn scripted(rounds: &[&[[u32; 5]]]) -> Self {
        Self::funded(&purse("100"), rounds)
    }

    /// A session with this wallet and these rounds to come.
    fn funded(wallet: &NewWallet, rounds: &[&[[u32; 5]]]) -> Self {
        let script = ScriptedDealer(rounds.iter().map(|spins| spins.to_vec()).collect());
        Self::open(Some(wallet), PlayerProfile::default(), script)
    }

    /// Takes an action, with the session's wallet.
    fn act(&mut self, action: &Action) -> Result<(), Refusal> {
        self.act_with(self.wallet.clone(), action)
    }

    /// Takes an action, with this wallet.
    fn act_with(&mut self, wallet: Option<Wallet>, action: &Action) -> Result<(), Refusal> {
        let table = Table { engine: &self.engine, dealer: &*self.dealer, randomness: &self.ids, now: self.now };
        let step = match self.session.clone().act(wallet, action, &table) {
            Ok(step) => step,
            Err(ActError::Refused(refusal)) => return Err(refusal),
            Err(ActError::Unwritable(error)) => panic!("{error}"),
        };
        self.session = step.session;
        self.wallet = step.wallet;
        self.events.extend(step.events);
        self.entries.extend(step.entries);
        self.transitions.extend(step.transitions);
        Ok(())
    }

    /// Takes actions that are allowed, and gives the last one's result.
    fn take(&mut self, actions: &[Action]) -> Value {
        for action in actions {
            self.act(action).unwrap_or_else(|refusal| panic!("{action:?}: {refusal}"));
        }
        self.result()
    }

    /// Does an operation on the session's wallet, from outside of the session.
    fn operate(&mut self, operation: Operation, amount: &str) {
        let wallet = self.wallet.take().unwrap();
        let (wallet, _, entry) = wallet.operate(operation, money(amount), self.now, &self.ids).unwrap();
        self.wallet = Some(wallet);
        self.entries.extend(entry);
    }

    fn wallet(&self) -> &Wallet {
        self.wallet.as_ref().unwrap()
    }

    fn balance(&self) -> Money {
        self.wallet().balance
    }

    /// The last event's result.
    fn result(&self) -> Value {
        self.events.last().unwrap().body.result.clone()
    }
}

/// A wallet of this shard, opened at noon with its balance paid in.
fn new_wallet(new: &NewWallet, shard: u64, ids: &Ids) -> Wallet {
    let wallet = Wallet::open(WalletId::mint(noon(), Shard::from_bits(shard), ids), new, noon());
    wallet.operate(Operation::Deposit, new.balance, noon(), ids).unwrap().0
}
