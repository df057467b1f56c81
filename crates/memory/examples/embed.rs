//! The domain in a program of one's own: its rules, games and draws, with the memory store beneath and no server.
//!
//! `cargo run -p reelhouse-memory --example embed`
#![allow(clippy::print_stdout, reason = "what came of it is what the example is for")]
#![allow(clippy::disallowed_methods, reason = "an example brings its own clock")]

use std::time::{SystemTime, UNIX_EPOCH};

use reelhouse_domain::fairness::FairDealer;
use reelhouse_domain::game::{Definition, Engine, Game, profile, reference_games};
use reelhouse_domain::id::Randomness;
use reelhouse_domain::ports::{Changes, Needs, UnitOfWorkFactory, WalletFilter, WalletRepository};
use reelhouse_domain::session::{Action, NewSession, PlayerProfile, Session, Table};
use reelhouse_domain::time::from_millis;
use reelhouse_domain::wallet::{CostRate, NewWallet, Operation, Wallet};
use reelhouse_domain::{GameId, Money, Shard, WalletId};
use reelhouse_memory::MemoryStore;

/// Randomness of the operating system, which the domain does not reach for by itself.
struct System;

impl Randomness for System {
    fn server_seed(&self) -> [u8; 32] {
        let mut seed = [0; 32];
        // Without randomness no draw can be fair: better to stop than to go on.
        if getrandom::fill(&mut seed).is_err() {
            std::process::abort();
        }
        seed
    }

    fn id_bits(&self) -> u64 {
        getrandom::u64().unwrap_or_else(|_| std::process::abort())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let store = MemoryStore::default();
    let millis = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis();
    let now = from_millis(millis.try_into()?).ok_or("a clock in range")?;
    let shard = Shard::from_bits(0);

    // A game that comes with the domain.
    let document: serde_json::Value = serde_json::from_str(reference_games()[0].document)?;
    let definition = Definition::parse(&document["rng_signature"], &document["symbol_map"])?;
    let game = Game {
        game_id: GameId::mint(now, shard, &System),
        name: "fruit".to_owned(),
        rng_signature: definition.rng_signature_document(),
        symbol_map: definition.symbol_map_document(),
        statistical_profile: serde_json::to_value(profile(&definition))?,
        fingerprint: definition.fingerprint(),
        created_at: now,
    };

    // A wallet with an opening balance, and a session that plays from it.
    let new = NewWallet {
        balance: "100".parse()?,
        daily_limit: Some("50".parse()?),
        cost_rate: CostRate::default(),
        time_zone: Default::default(),
    };
    let wallet = Wallet::open(WalletId::mint(now, shard, &System), &new, now);
    let (wallet, deposit, entry) = wallet.operate(Operation::Deposit, new.balance, now, &System)?;
    let new = NewSession {
        game_id: game.game_id,
        fingerprint: game.fingerprint,
        player_profile: PlayerProfile::default(),
        client_seed: Some("lucky".to_owned()),
        reward: Default::default(),
        training_seed: None,
    };
    let session = Session::open(new, Some(&wallet), shard, now, &System)?;
    let session_id = session.session_id;
    let (_, unit) = store.begin(&Needs::default()).await?;
    let opening = Changes {
        games: vec![game],
        wallets_created: vec![wallet],
        sessions_created: vec![session],
        operations: vec![deposit],
        entries: entry.into_iter().collect(),
        ..Changes::default()
    };
    unit.finish(&opening).await?;

    // One spin: lock and load, decide, write everything.
    let engine = Engine::compile(&definition);
    let needs = Needs { sessions: [session_id].into(), ..Needs::default() };
    let (mut snapshot, unit) = store.begin(&needs).await?;
    let session = snapshot.sessions.remove(&session_id).ok_or("the session is stored")?;
    let wallet = session.current_wallet_id.and_then(|id| snapshot.wallets.remove(&id));
    let table = Table { engine: &engine, dealer: &FairDealer, randomness: &System, now };
    let step = session.act(wallet, &Action::Spin { amount: Some("1".parse()?) }, &table)?;
    let spin = Changes {
        sessions_updated: vec![step.session],
        wallets_updated: step.wallet.into_iter().collect(),
        entries: step.entries,
        events: step.events,
        transitions: step.transitions,
        ..Changes::default()
    };
    unit.finish(&spin).await?;

    let wallet = store.wallet_list(WalletFilter::default(), None, 1).await?.remove(0);
    println!("balance: {}", wallet.balance);
    assert_eq!(store.trial_balance().await?.sum(), Some(Money::ZERO));
    Ok(())
}
