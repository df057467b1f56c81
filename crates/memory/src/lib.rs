//! The in-memory adapter of the ports, for tests and for programs that embed the domain.
//!
//! It keeps the same promises as the databases, save that what it holds is gone with the process.
//!
//! # Embedding the domain
//!
//! A program brings a clock and randomness; the domain decides, the store keeps.
//!
//! ```
//! use std::time::{SystemTime, UNIX_EPOCH};
//!
//! use reelhouse_domain::fairness::FairDealer;
//! use reelhouse_domain::game::{Definition, Engine, Game, profile, reference_games};
//! use reelhouse_domain::id::Randomness;
//! use reelhouse_domain::ports::{Changes, Needs, UnitOfWorkFactory, WalletFilter, WalletRepository};
//! use reelhouse_domain::session::{Action, NewSession, PlayerProfile, Session, Table};
//! use reelhouse_domain::time::from_millis;
//! use reelhouse_domain::wallet::{CostRate, NewWallet, Operation, Wallet};
//! use reelhouse_domain::{GameId, Money, Shard, WalletId};
//! use reelhouse_memory::MemoryStore;
//!
//! struct System;
//!
//! impl Randomness for System {
//!     fn server_seed(&self) -> [u8; 32] {
//!         let mut seed = [0; 32];
//!         getrandom::fill(&mut seed).expect("the operating system has randomness");
//!         seed
//!     }
//!
//!     fn id_bits(&self) -> u64 {
//!         getrandom::u64().expect("the operating system has randomness")
//!     }
//! }
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let store = MemoryStore::default();
//!     let millis = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
//!     let now = from_millis(millis.try_into()?).ok_or("a clock in range")?;
//!     let shard = Shard::from_bits(0);
//!
//!     // A game that comes with the domain.
//!     let document: serde_json::Value = serde_json::from_str(reference_games()[0].document)?;
//!     let definition = Definition::parse(&document["rng_signature"], &document["symbol_map"])?;
//!     let game = Game {
//!         game_id: GameId::mint(now, shard, &System),
//!         name: "fruit".to_owned(),
//!         rng_signature: definition.rng_signature_document(),
//!         symbol_map: definition.symbol_map_document(),
//!         statistical_profile: serde_json::to_value(profile(&definition))?,
//!         fingerprint: definition.fingerprint(),
//!         created_at: now,
//!     };
//!
//!     // A wallet with an opening balance, and a session that plays from it.
//!     let new = NewWallet {
//!         balance: "100".parse()?,
//!         daily_limit: Some("50".parse()?),
//!         cost_rate: CostRate::default(),
//!         time_zone: Default::default(),
//!     };
//!     let wallet = Wallet::open(WalletId::mint(now, shard, &System), &new, now);
//!     let (wallet, deposit, entry) = wallet.operate(Operation::Deposit, new.balance, now, &System)?;
//!     let new = NewSession {
//!         game_id: game.game_id,
//!         fingerprint: game.fingerprint,
//!         player_profile: PlayerProfile::default(),
//!         client_seed: Some("lucky".to_owned()),
//!         reward: Default::default(),
//!         training_seed: None,
//!     };
//!     let session = Session::open(new, Some(&wallet), shard, now, &System)?;
//!     let session_id = session.session_id;
//!     let (_, unit) = store.begin(&Needs::default()).await?;
//!     let opening = Changes {
//!         games: vec![game],
//!         wallets_created: vec![wallet],
//!         sessions_created: vec![session],
//!         operations: vec![deposit],
//!         entries: entry.into_iter().collect(),
//!         ..Changes::default()
//!     };
//!     unit.finish(&opening).await?;
//!
//!     // One spin: lock and load, decide, write everything.
//!     let engine = Engine::compile(&definition);
//!     let needs = Needs { sessions: [session_id].into(), ..Needs::default() };
//!     let (mut snapshot, unit) = store.begin(&needs).await?;
//!     let session = snapshot.sessions.remove(&session_id).ok_or("the session is stored")?;
//!     let wallet = session.current_wallet_id.and_then(|id| snapshot.wallets.remove(&id));
//!     let table = Table { engine: &engine, dealer: &FairDealer, randomness: &System, now };
//!     let step = session.act(wallet, &Action::Spin { amount: Some("1".parse()?) }, &table)?;
//!     let spin = Changes {
//!         sessions_updated: vec![step.session],
//!         wallets_updated: step.wallet.into_iter().collect(),
//!         entries: step.entries,
//!         events: step.events,
//!         transitions: step.transitions,
//!         ..Changes::default()
//!     };
//!     unit.finish(&spin).await?;
//!
//!     let wallet = store.wallet_list(WalletFilter::default(), None, 1).await?.remove(0);
//!     println!("balance: {}", wallet.balance);
//!     # assert_eq!(wallet.spent, "1".parse()?);
//!     assert_eq!(store.trial_balance().await?.sum(), Some(Money::ZERO));
//!     Ok(())
//! }
//! ```

mod analytics;
mod experience;
mod keys;
mod observations;
mod reads;
mod tables;
mod unit;

use std::sync::{Arc, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use reelhouse_domain::ports::StoreError;
use tokio::sync::Mutex;

use tables::Tables;

/// How long [`MemoryStore::default`] lets a unit of work wait for the one before it.
const LOCK_WAIT: Duration = Duration::from_secs(5);

/// A store in memory. Clones share what is stored.
///
/// One unit of work is open at a time: `begin` waits for the one before it to end. Reads never wait
/// for an open unit of work, only for the moment in which one is written. It needs a tokio runtime
/// with its timer on.
#[derive(Clone, Debug)]
pub struct MemoryStore {
    /// Held by the open unit of work.
    writer: Arc<Mutex<()>>,
    /// What is committed.
    tables: Arc<RwLock<Tables>>,
    lock_wait: Duration,
}

impl Default for MemoryStore {
    /// An empty store whose units of work wait up to 5 seconds for one another.
    fn default() -> Self {
        Self::with_lock_wait(LOCK_WAIT)
    }
}

impl MemoryStore {
    /// An empty store whose units of work wait up to `lock_wait` for one another.
    #[must_use]
    pub fn with_lock_wait(lock_wait: Duration) -> Self {
        Self { writer: Arc::default(), tables: Arc::default(), lock_wait }
    }

    /// What is committed, to be read. The guard must not be held across an await.
    fn read(&self) -> Result<RwLockReadGuard<'_, Tables>, StoreError> {
        self.tables.read().map_err(|_| poisoned())
    }

    /// What is committed, to be written. The guard must not be held across an await.
    fn write(&self) -> Result<RwLockWriteGuard<'_, Tables>, StoreError> {
        self.tables.write().map_err(|_| poisoned())
    }
}

/// A thread panicked in the midst of a write: half of a batch may be there, so nothing is served.
fn poisoned() -> StoreError {
    StoreError::Unavailable("a write was broken off, what is in memory cannot be trusted".to_owned())
}
