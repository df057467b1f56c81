//! The whole house in a program of one's own: every use case of the server, without HTTP, over the memory store.
//!
//! `cargo run -p reelhouse-application --example house`
#![allow(clippy::print_stdout, reason = "what came of it is what the example is for")]
#![allow(clippy::disallowed_methods, reason = "an example brings its own clock")]

use std::error::Error;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use reelhouse_application::{House, Ports, SessionDraft, Settings};
use reelhouse_domain::fairness::{Ed25519Signer, FairDealer, SessionProof, verify};
use reelhouse_domain::game::reference_games;
use reelhouse_domain::id::Randomness;
use reelhouse_domain::session::{Action, PlayerProfile, SessionState};
use reelhouse_domain::time::{Clock, Timestamp, from_millis};
use reelhouse_domain::wallet::{CostRate, NewWallet};
use reelhouse_memory::MemoryStore;

/// The clock and the randomness of the operating system.
struct System;

impl Clock for System {
    fn now(&self) -> Timestamp {
        let millis = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        i64::try_from(millis).ok().and_then(from_millis).unwrap_or_default()
    }
}

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

/// A house over a store that is gone with the program.
fn open() -> House {
    let store = Arc::new(MemoryStore::default());
    let ports = Ports {
        units: store.clone(),
        games: store.clone(),
        jobs: store.clone(),
        wallets: store.clone(),
        sessions: store.clone(),
        observations: store.clone(),
        analytics: store.clone(),
        experience: store.clone(),
        keys: store.clone(),
        probe: store,
        clock: Arc::new(System),
        randomness: Arc::new(System),
        dealer: Arc::new(FairDealer),
        signer: Arc::new(Ed25519Signer::new(&System.server_seed())),
    };
    House::open(ports, Settings::default())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let house = open();

    // A game that comes with the domain; any other document of that form will do.
    let mut document: serde_json::Value = serde_json::from_str(reference_games()[0].document)?;
    let (rng_signature, symbol_map) = (document["rng_signature"].take(), document["symbol_map"].take());
    let (game, _) = house.game_create("fruit".to_owned(), rng_signature, symbol_map, None, None).await?;

    let new = NewWallet {
        balance: "100".parse()?,
        daily_limit: Some("50".parse()?),
        cost_rate: CostRate::default(),
        time_zone: chrono_tz::UTC,
    };
    let wallet = house.wallet_create(new, None).await?;
    let draft = SessionDraft {
        game_id: game.game_id,
        wallet_id: Some(wallet.wallet_id),
        player_profile: PlayerProfile::default(),
        client_seed: Some("lucky".to_owned()),
        reward: Default::default(),
        training_seed: None,
    };
    let session_id = house.session_create(draft, None).await?.session_id;

    // Ten rounds. The key makes it safe to ask again when an answer is lost.
    for round in 0..10 {
        let mut action = Action::Spin { amount: Some("1".parse()?) };
        for game in 0.. {
            let answer = house.session_act(session_id, action, Some(format!("{session_id}-{round}-{game}"))).await?;
            if answer.session.state != SessionState::FreeGames {
                break;
            }
            action = Action::Spin { amount: None };
        }
    }
    let ended = house.session_act(session_id, Action::CashOut, None).await?;
    println!("net: {}", ended.session.metrics.net);

    // What anyone can check without the house: every draw, the chain of events, the ledger.
    let proof = SessionProof::read(&house.session_proof(session_id).await?)?;
    match verify(&proof, Some(&house.public_key())) {
        Ok(report) => println!("the proof holds: {} events, {} entries", report.events, report.entries),
        Err(findings) => println!("the proof does not hold: {findings:?}"),
    }
    Ok(())
}
