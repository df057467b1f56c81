//! A house in memory that plays sessions and keeps all that they leave behind.

use std::num::NonZeroU32;

use chrono::TimeDelta;
use chrono_tz::Tz;
use reelhouse_domain::fairness::proof::{ProvenWallet, wallets_of};
use reelhouse_domain::fairness::{
    Draws, Ed25519Signer, FairDealer, FairStream, HeadSigner, ProofBody, PublicKey, ServerSeed, SessionProof,
};
use reelhouse_domain::game::{Definition, Engine, Game};
use reelhouse_domain::id::Randomness;
use reelhouse_domain::session::{
    ActError, Action, GameplayEvent, NewSession, PlayerProfile, Session, SessionState, Table,
};
use reelhouse_domain::time::{Timestamp, from_millis};
use reelhouse_domain::wallet::{CostRate, LedgerEntry, NewWallet, Operation, Wallet};
use reelhouse_domain::{Digest, GameId, Money, Refusal, Shard, WalletId};
use serde_json::Value;
use std::sync::Mutex;

/// Numbers that follow from a seed.
pub(crate) struct Dice(Mutex<FairStream>);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Mutex::new(FairStream::new(&ServerSeed([1; 32]), "dice", seed)))
    }

    /// A number below `bound`.
    pub(crate) fn below(&self, bound: usize) -> usize {
        let bound = NonZeroU32::new(u32::try_from(bound).unwrap()).unwrap();
        self.0.lock().unwrap().below(bound) as usize
    }

    pub(crate) fn pick<T: Clone>(&self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }
}

impl Randomness for Dice {
    fn server_seed(&self) -> [u8; 32] {
        std::array::from_fn(|_| u8::try_from(self.below(256)).unwrap())
    }

    fn id_bits(&self) -> u64 {
        (0..8).fold(0, |bits, _| bits << 8 | self.below(256) as u64)
    }
}

/// The house's key in these tests.
pub(crate) fn signer() -> Ed25519Signer {
    Ed25519Signer::new(&[0x42; 32])
}

pub(crate) fn house_key() -> PublicKey {
    signer().public_key()
}

pub(crate) fn money(text: &str) -> Money {
    text.parse().unwrap()
}

/// 2026-01-01T12:00:00Z.
pub(crate) fn noon() -> Timestamp {
    from_millis(1_767_268_800_000).unwrap()
}

/// A reference game or an example.
pub(crate) fn reference(name: &str) -> Game {
    let path = format!("{}/games/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let document: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let definition = Definition::parse(&document["rng_signature"], &document["symbol_map"]).unwrap();
    Game {
        game_id: GameId::mint(noon(), Shard::from_bits(9), &Dice::new(9)),
        name: name.to_owned(),
        rng_signature: definition.rng_signature_document(),
        symbol_map: definition.symbol_map_document(),
        statistical_profile: Value::Null,
        fingerprint: definition.fingerprint(),
        created_at: noon(),
    }
}

/// A session, its two wallets, and what they leave behind.
pub(crate) struct House {
    pub(crate) dice: Dice,
    pub(crate) game: Game,
    engine: Engine,
    now: Timestamp,
    pub(crate) session: Session,
    wallets: Vec<Wallet>,
    pub(crate) events: Vec<GameplayEvent>,
    entries: Vec<LedgerEntry>,
}

impl House {
    /// Opens a session from the first of two wallets, or from none.
    pub(crate) fn open(game: &str, seed: u64, attached: bool, client_seed: Option<&str>) -> Self {
        let (dice, game) = (Dice::new(seed), reference(game));
        let definition = game.definition().unwrap();
        let rates = [("0.0100", "0.0010"), ("0", "0")]
            .map(|(per_spin, per_query)| CostRate { per_spin: money(per_spin), per_query: money(per_query) });
        let mut entries = Vec::new();
        let wallets = rates.into_iter().zip([0xabc, 0x123]).map(|(cost_rate, shard)| {
            let new = NewWallet { balance: money("500"), daily_limit: None, cost_rate, time_zone: Tz::UTC };
            let wallet = Wallet::open(WalletId::mint(noon(), Shard::from_bits(shard), &dice), &new, noon());
            let (wallet, _, entry) = wallet.operate(Operation::Deposit, new.balance, noon(), &dice).unwrap();
            entries.extend(entry);
            wallet
        });
        let wallets: Vec<Wallet> = wallets.collect();
        let new = NewSession {
            game_id: game.game_id,
            fingerprint: game.fingerprint,
            player_profile: PlayerProfile::default(),
            client_seed: client_seed.map(str::to_owned),
            reward: Default::default(),
            training_seed: None,
        };
        let first = attached.then(|| &wallets[0]);
        let session = Session::open(new, first, Shard::from_bits(5), noon(), &dice).unwrap();
        let engine = Engine::compile(&definition);
        Self { dice, game, engine, now: noon(), session, wallets, events: Vec::new(), entries }
    }

    /// So many unit bets of the game.
    pub(crate) fn bets(&self, times: i64) -> Money {
        self.engine.unit_bet().checked_mul(times).unwrap()
    }

    pub(crate) fn wallet_id(&self, at: usize) -> WalletId {
        self.wallets[at].wallet_id
    }

    /// Moves the clock, back too.
    pub(crate) fn tick(&mut self, millis: i64) {
        self.now += TimeDelta::milliseconds(millis);
    }

    /// Takes an action.
    pub(crate) fn act(&mut self, action: &Action) -> Result<(), Refusal> {
        let wallet_id = match action {
            Action::AttachWallet { wallet_id } => Some(*wallet_id),
            _ => self.session.current_wallet_id,
        };
        let at = self.wallets.iter().position(|wallet| Some(wallet.wallet_id) == wallet_id);
        let table = Table { engine: &self.engine, dealer: &FairDealer, randomness: &self.dice, now: self.now };
        let step = match self.session.clone().act(at.map(|at| self.wallets[at].clone()), action, &table) {
            Ok(step) => step,
            Err(ActError::Refused(refusal)) => return Err(refusal),
            Err(ActError::Unwritable(error)) => panic!("{error}"),
        };
        self.session = step.session;
        if let (Some(at), Some(wallet)) = (at, step.wallet) {
            self.wallets[at] = wallet;
        }
        self.events.extend(step.events);
        self.entries.extend(step.entries);
        Ok(())
    }

    /// Takes actions that are allowed.
    pub(crate) fn take(&mut self, actions: &[Action]) {
        for action in actions {
            self.act(action).unwrap_or_else(|refusal| panic!("{action:?}: {refusal}"));
        }
    }

    /// Pays into a wallet from outside of the session.
    pub(crate) fn deposit(&mut self, at: usize, amount: &str) {
        let wallet = self.wallets[at].clone();
        let (wallet, _, entry) = wallet.operate(Operation::Deposit, money(amount), self.now, &self.dice).unwrap();
        self.wallets[at] = wallet;
        self.entries.extend(entry);
    }

    /// Does something at random; refusals change nothing.
    pub(crate) fn anything(&mut self) {
        let amount = Some(money(["0.1", "1", "2.5"][self.dice.below(3)]));
        let wallet_id = self.wallet_id(self.dice.below(2));
        let client_seed = self.dice.pick(&[None, Some(String::new()), Some("żółw: \"7\"".to_owned())]);
        let action = match self.dice.below(24) {
            0..=9 => Action::Spin { amount },
            10..=13 => Action::Spin { amount: None },
            14..=15 => Action::Bet { amount: money("0.5") },
            16 => Action::Void,
            17 => Action::Probe { spins: u32::try_from(self.dice.below(12)).unwrap() },
            18 => Action::RotateSeed { client_seed },
            19 => Action::AttachWallet { wallet_id },
            20 => Action::Suspend,
            21..=22 => Action::Resume,
            _ => {
                let at = self.dice.below(2);
                return self.deposit(at, "0.7500");
            }
        };
        let step = self.dice.pick(&[0, 1, 250, 60_000, -500]);
        self.tick(step);
        let _refused = self.act(&action);
    }

    /// Plays to the end.
    pub(crate) fn finish(&mut self) {
        while !self.session.state.is_final() {
            let action = match self.session.state {
                SessionState::Idle => Action::Close,
                SessionState::Suspended => Action::Resume,
                SessionState::BetPlaced | SessionState::FreeGames if self.dice.below(3) > 0 => {
                    Action::Spin { amount: None }
                }
                SessionState::BetPlaced | SessionState::FreeGames => Action::Expire,
                _ => self.dice.pick(&[Action::CashOut, Action::CashOut, Action::Expire]),
            };
            self.take(&[action]);
        }
    }

    /// The record of the ended session.
    pub(crate) fn body(&self) -> ProofBody {
        let wallets = wallets_of(&self.session, &self.events).into_iter().map(|wallet_id| {
            let wallet = self.wallets.iter().find(|wallet| wallet.wallet_id == wallet_id).unwrap();
            ProvenWallet { wallet_id, cost_rate: wallet.cost_rate }
        });
        let (events, entries) = (self.events.clone(), self.entries.clone());
        ProofBody::gather(&self.session, &self.game, events, entries, wallets.collect(), &signer()).unwrap()
    }

    /// The proof of the ended session.
    pub(crate) fn proof(&self) -> SessionProof {
        SessionProof::seal(self.body(), &signer()).unwrap()
    }
}

/// A session at random, from its opening to its end.
pub(crate) fn played(game: &str, seed: u64, moves: usize) -> House {
    let mut house = House::open(game, seed, !seed.is_multiple_of(5), seed.is_multiple_of(2).then_some("lucky"));
    for _ in 0..moves {
        house.anything();
    }
    house.finish();
    house
}

/// Chains the events anew, and signs head and document with the house's own key: a house that lies.
pub(crate) fn resign(mut body: ProofBody) -> SessionProof {
    let first = body.seeds[0].commitment;
    body.genesis = Session::genesis(body.session_id, body.game.fingerprint, first, body.opened.training).unwrap();
    let mut previous: Digest = body.genesis;
    for event in &mut body.events {
        event.hash = event.body.hash_after(previous).unwrap();
        previous = event.hash;
    }
    let statement = &mut body.head.statement;
    statement.chain_head = previous;
    statement.last_seq = i64::try_from(body.events.len()).unwrap();
    if let Some(last) = body.events.last() {
        statement.timestamp = last.body.timestamp;
    }
    let message = reelhouse_domain::canonical::canonical_json(&body.head.statement).unwrap();
    body.head.signature = signer().sign(message.as_bytes());
    SessionProof::seal(body, &signer()).unwrap()
}
