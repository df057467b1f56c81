//! What the tests of the use cases share: a house over memory, and the seed of it.
#![allow(dead_code, reason = "each test binary uses its own part")]
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::sync::Arc;

use chrono::TimeDelta;
use reelhouse_application::{House, Ports, SessionDraft, SessionView, Settings, WalletView};
use reelhouse_domain::Money;
use reelhouse_domain::fairness::{Ed25519Signer, FairDealer};
use reelhouse_domain::game::{Game, reference_games};
use reelhouse_domain::session::PlayerProfile;
use reelhouse_domain::time::from_millis;
use reelhouse_domain::wallet::{CostRate, NewWallet};
use reelhouse_memory::MemoryStore;
use reelhouse_mocks::{CountingRandomness, FixedClock};
use serde_json::Value;

/// A house over a memory store, with a clock that the test sets.
pub(crate) struct Fixture {
    pub(crate) house: Arc<House>,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) store: MemoryStore,
}

pub(crate) fn credits(text: &str) -> Money {
    text.parse().unwrap()
}

/// The ports over a memory store.
pub(crate) fn ports(store: &MemoryStore, clock: &Arc<FixedClock>) -> Ports {
    Ports {
        units: Arc::new(store.clone()),
        games: Arc::new(store.clone()),
        jobs: Arc::new(store.clone()),
        keys: Arc::new(store.clone()),
        wallets: Arc::new(store.clone()),
        sessions: Arc::new(store.clone()),
        observations: Arc::new(store.clone()),
        analytics: Arc::new(store.clone()),
        experience: Arc::new(store.clone()),
        probe: Arc::new(store.clone()),
        clock: Arc::<FixedClock>::clone(clock),
        randomness: Arc::new(CountingRandomness::default()),
        dealer: Arc::new(FairDealer),
        signer: Arc::new(signer()),
    }
}

/// The house's key.
pub(crate) fn signer() -> Ed25519Signer {
    Ed25519Signer::new(&[0x42; 32])
}

pub(crate) fn clock() -> Arc<FixedClock> {
    Arc::new(FixedClock::new(from_millis(1_767_268_800_000).unwrap()))
}

pub(crate) fn settings() -> Settings {
    Settings { idle_timeout: TimeDelta::hours(1), ..Settings::default() }
}

pub(crate) fn fixture() -> Fixture {
    let (store, clock) = (MemoryStore::default(), clock());
    let house = Arc::new(House::open(ports(&store, &clock), settings()));
    Fixture { house, clock, store }
}

/// The parts of a reference game's document.
pub(crate) fn document(index: usize) -> (String, Value, Value) {
    let document: Value = serde_json::from_str(reference_games()[index].document).unwrap();
    (document["name"].as_str().unwrap().to_owned(), document["rng_signature"].clone(), document["symbol_map"].clone())
}

impl Fixture {
    /// What the clock says.
    pub(crate) fn clock_now(&self) -> reelhouse_domain::Timestamp {
        reelhouse_domain::time::Clock::now(&*self.clock)
    }

    pub(crate) async fn game(&self, index: usize) -> Game {
        let (name, rng_signature, symbol_map) = document(index);
        self.house.game_create(name, rng_signature, symbol_map, None, None).await.unwrap().0
    }

    pub(crate) async fn wallet(&self, balance: &str) -> WalletView {
        self.house.wallet_create(new_wallet(balance), None).await.unwrap()
    }

    pub(crate) async fn session(&self, game: &Game, wallet: Option<&WalletView>) -> SessionView {
        self.house.session_create(draft(game, wallet), None).await.unwrap()
    }
}

pub(crate) fn new_wallet(balance: &str) -> NewWallet {
    NewWallet {
        balance: credits(balance),
        daily_limit: None,
        cost_rate: CostRate::default(),
        time_zone: chrono_tz::UTC,
    }
}

pub(crate) fn draft(game: &Game, wallet: Option<&WalletView>) -> SessionDraft {
    SessionDraft {
        game_id: game.game_id,
        wallet_id: wallet.map(|wallet| wallet.wallet_id),
        player_profile: PlayerProfile::default(),
        client_seed: Some("lucky".to_owned()),
        reward: Default::default(),
        training_seed: None,
    }
}
