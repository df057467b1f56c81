//! Valid entities to write: opened by the domain's own rules, with ids and seeds that count.

use chrono::TimeDelta;
use reelhouse_domain::fairness::{Dealer, FairDealer};
use reelhouse_domain::game::{Definition, Engine, Game, reference_games};
use reelhouse_domain::ports::{AnsweredKey, Changes, IdempotencyKey};
use reelhouse_domain::session::{ActError, Action, NewSession, PlayerProfile, Session, Step, Table};
use reelhouse_domain::time::from_millis;
use reelhouse_domain::wallet::{CostRate, LedgerEntry, NewWallet, Operation, Wallet, WalletOperation};
use reelhouse_domain::{Digest, GameId, Money, Shard, Timestamp, WalletId};
use reelhouse_mocks::CountingRandomness;
use serde_json::{Value, json};

/// The shard of what is opened without naming one.
pub const SHARD: Shard = Shard::from_bits(0xabc);

/// Noon of New Year's Day 2026 in UTC: the instant at which the fixtures live.
#[must_use]
pub fn noon() -> Timestamp {
    from_millis(1_767_268_800_000).unwrap()
}

/// The amount that the text says: `credits("12.50")`.
#[must_use]
pub fn credits(text: &str) -> Money {
    text.parse().unwrap()
}

/// A house to play in: one game, its engine, and randomness that never repeats.
pub struct House {
    /// The source of ids and seeds.
    pub randomness: CountingRandomness,
    /// The game that sessions play; not yet stored.
    pub game: Game,
    /// The game, ready to play.
    pub engine: Engine,
    /// The instant at which everything is opened.
    pub now: Timestamp,
}

impl Default for House {
    fn default() -> Self {
        Self::new()
    }
}

impl House {
    /// A house of the game with free games, `pearl-5x3`, at [`noon`].
    #[must_use]
    pub fn new() -> Self {
        let randomness = CountingRandomness::default();
        let game = game("pearl-5x3", "0.0100", noon(), &randomness);
        let engine = Engine::compile(&game.definition().unwrap());
        Self { randomness, game, engine, now: noon() }
    }

    /// A game of its own: each `number` from 1 up has another credit and so another fingerprint.
    #[must_use]
    pub fn game_numbered(&self, number: i64) -> Game {
        let at = self.now + TimeDelta::milliseconds(number);
        game("fruit-5x3", &Money::from_units(number).to_string(), at, &self.randomness)
    }

    /// A wallet in [`SHARD`] with an opening balance and no limit.
    #[must_use]
    pub fn wallet(&self, balance: &str) -> OpenedWallet {
        self.wallet_in(SHARD, balance)
    }

    /// A wallet in a shard with an opening balance and no limit.
    #[must_use]
    pub fn wallet_in(&self, shard: Shard, balance: &str) -> OpenedWallet {
        self.wallet_of(shard, &new_wallet(balance), self.now)
    }

    /// A wallet opened as `new` says; a balance of zero is not deposited.
    #[must_use]
    pub fn wallet_of(&self, shard: Shard, new: &NewWallet, at: Timestamp) -> OpenedWallet {
        let wallet = Wallet::open(WalletId::mint(at, shard, &self.randomness), new, at);
        if new.balance.is_zero() {
            return OpenedWallet { wallet, operation: None, entry: None };
        }
        self.operate(wallet, Operation::Deposit, new.balance)
    }

    /// Does an operation on a wallet at [`Self::now`].
    #[must_use]
    pub fn operate(&self, wallet: Wallet, operation: Operation, amount: Money) -> OpenedWallet {
        let (wallet, operation, entry) = wallet.operate(operation, amount, self.now, &self.randomness).unwrap();
        OpenedWallet { wallet, operation: Some(operation), entry }
    }

    /// A session of the house's game, with a wallet or idle in [`SHARD`].
    #[must_use]
    pub fn session(&self, wallet: Option<&Wallet>) -> Session {
        self.session_of(PlayerProfile::default(), None, wallet)
    }

    /// A session of this player.
    #[must_use]
    pub fn session_of(&self, player: PlayerProfile, client_seed: Option<&str>, wallet: Option<&Wallet>) -> Session {
        let new = NewSession {
            game_id: self.game.game_id,
            fingerprint: self.game.fingerprint,
            player_profile: player,
            client_seed: client_seed.map(str::to_owned),
            reward: Default::default(),
            training_seed: None,
        };
        Session::open(new, wallet, SHARD, self.now, &self.randomness).unwrap()
    }

    /// Takes an action with fair draws, `seconds` after [`Self::now`].
    ///
    /// # Errors
    /// Those of [`Session::act`].
    pub fn try_act(
        &self,
        session: Session,
        wallet: Option<Wallet>,
        action: &Action,
        seconds: i64,
    ) -> Result<Step, ActError> {
        self.act_with(session, wallet, action, seconds, &FairDealer)
    }

    /// Takes an action with the draws of `dealer`, `seconds` after [`Self::now`].
    ///
    /// # Errors
    /// Those of [`Session::act`].
    pub fn act_with(
        &self,
        session: Session,
        wallet: Option<Wallet>,
        action: &Action,
        seconds: i64,
        dealer: &dyn Dealer,
    ) -> Result<Step, ActError> {
        let now = self.now + TimeDelta::seconds(seconds);
        let table = Table { engine: &self.engine, dealer, randomness: &self.randomness, now };
        session.act(wallet, action, &table)
    }

    /// Takes an action that the rules allow, with fair draws at [`Self::now`].
    #[must_use]
    pub fn act(&self, session: Session, wallet: Option<Wallet>, action: &Action) -> Step {
        self.try_act(session, wallet, action, 0).unwrap()
    }

    /// An answer under a key of a shard.
    #[must_use]
    pub fn answer(&self, shard: Shard, key: &str) -> AnsweredKey {
        AnsweredKey {
            key: IdempotencyKey { shard, key: key.to_owned() },
            request: Digest::of(&[b"request", key.as_bytes()]),
            answer: json!({"version": 1, "status": "done", "body": {"balance": "1.0000", "seq": 7, "none": null}}),
            created_at: self.now,
        }
    }

    /// What stores the house's game.
    #[must_use]
    pub fn opening(&self) -> Changes {
        Changes { games: vec![self.game.clone()], ..Changes::default() }
    }
}

/// A bet and spin in one step, or a spin of what is held.
#[must_use]
pub fn spin(amount: Option<&str>) -> Action {
    Action::Spin { amount: amount.map(credits) }
}

/// What opens a wallet of this balance without a limit, at a fee per spin and per query.
#[must_use]
pub fn new_wallet(balance: &str) -> NewWallet {
    let cost_rate = CostRate { per_spin: credits("0.0100"), per_query: credits("0.0010") };
    NewWallet { balance: credits(balance), daily_limit: None, cost_rate, time_zone: chrono_tz::UTC }
}

/// A reference game at another credit, with a profile that nobody computed.
fn game(reference: &str, credit: &str, at: Timestamp, randomness: &CountingRandomness) -> Game {
    let reference = reference_games().into_iter().find(|game| game.name == reference).unwrap();
    let mut document: Value = serde_json::from_str(reference.document).unwrap();
    document["symbol_map"]["credit"] = json!(credit);
    let definition = Definition::parse(&document["rng_signature"], &document["symbol_map"]).unwrap();
    Game {
        game_id: GameId::mint(at, SHARD, randomness),
        name: format!("{} at {credit}", reference.name),
        rng_signature: definition.rng_signature_document(),
        symbol_map: definition.symbol_map_document(),
        statistical_profile: json!({"version": 1, "rtp": {"value": 0.957_2, "method": "exact"}}),
        fingerprint: definition.fingerprint(),
        created_at: at,
    }
}

/// A wallet with what its last operation recorded.
#[derive(Clone, Debug)]
pub struct OpenedWallet {
    /// The wallet after the operation.
    pub wallet: Wallet,
    /// The operation, if there was one.
    pub operation: Option<WalletOperation>,
    /// Its ledger entry, if it moved money.
    pub entry: Option<LedgerEntry>,
}

impl OpenedWallet {
    /// What stores the wallet as a new one.
    #[must_use]
    pub fn created(&self) -> Changes {
        Changes { wallets_created: vec![self.wallet.clone()], ..self.recorded() }
    }

    /// What stores the wallet in place of the one that is there.
    #[must_use]
    pub fn updated(&self) -> Changes {
        Changes { wallets_updated: vec![self.wallet.clone()], ..self.recorded() }
    }

    fn recorded(&self) -> Changes {
        Changes {
            operations: self.operation.iter().cloned().collect(),
            entries: self.entry.iter().cloned().collect(),
            ..Changes::default()
        }
    }
}

/// What stores a session as a new one.
#[must_use]
pub fn session_created(session: &Session) -> Changes {
    Changes { sessions_created: vec![session.clone()], ..Changes::default() }
}

/// What stores a step.
#[must_use]
pub fn step_taken(step: &Step) -> Changes {
    Changes {
        sessions_updated: vec![step.session.clone()],
        wallets_updated: step.wallet.iter().cloned().collect(),
        entries: step.entries.clone(),
        events: step.events.clone(),
        transitions: step.transitions.clone(),
        ..Changes::default()
    }
}

/// What stores an answered key.
#[must_use]
pub fn answered(answer: &AnsweredKey) -> Changes {
    Changes { answers: vec![answer.clone()], ..Changes::default() }
}

/// One batch of several changes, in their order. No row may be updated by two of them.
#[must_use]
pub fn batch(parts: impl IntoIterator<Item = Changes>) -> Changes {
    let mut whole = Changes::default();
    for part in parts {
        whole.games.extend(part.games);
        whole.profiles.extend(part.profiles);
        whole.jobs_created.extend(part.jobs_created);
        whole.jobs_updated.extend(part.jobs_updated);
        whole.wallets_created.extend(part.wallets_created);
        whole.wallets_updated.extend(part.wallets_updated);
        whole.sessions_created.extend(part.sessions_created);
        whole.sessions_updated.extend(part.sessions_updated);
        whole.operations.extend(part.operations);
        whole.entries.extend(part.entries);
        whole.events.extend(part.events);
        whole.transitions.extend(part.transitions);
        whole.metrics.extend(part.metrics);
        whole.answers.extend(part.answers);
    }
    whole
}
