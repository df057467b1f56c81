//! The published test vectors in `docs/vectors`: made here, compared with what is committed.
//!
//! `UPDATE_VECTORS=1 cargo test -p reelhouse-domain --test session_proof` writes them anew.

use std::num::NonZeroU32;
use std::path::PathBuf;

use reelhouse_domain::canonical::canonical_json;
use reelhouse_domain::fairness::{Draws, FairStream, HeadSigner, ServerSeed, SessionProof, verify};
use reelhouse_domain::game::{Definition, Engine, Mode};
use reelhouse_domain::session::{Action, Session, SessionState};
use reelhouse_domain::{Digest, EventId, Money};
use serde_json::{Value, json};

use super::house::{House, house_key, money, reference, signer};

fn path(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/vectors")).join(name)
}

/// Compares with the committed file, or writes it.
#[track_caller]
fn published(name: &str, text: &str) {
    if std::env::var_os("UPDATE_VECTORS").is_some() {
        std::fs::write(path(name), text).unwrap();
    }
    let committed = std::fs::read_to_string(path(name)).unwrap_or_default();
    assert!(committed == text, "docs/vectors/{name} is stale: run with UPDATE_VECTORS=1 and read the difference");
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap() + "\n"
}

fn counting() -> ServerSeed {
    ServerSeed(std::array::from_fn(|at| u8::try_from(at).unwrap()))
}

#[test]
fn canonical_json_vectors() {
    let texts = [
        r#"{ "b": 1, "a": [true, null, "x"] }"#,
        r#"{"reward":-1.0,"big":123456789.5,"small":0.0001,"zero":-0.0}"#,
        r#"{"é":"\u00fc\u0007\n\"","\ud83d\ude00":"/","Z":1,"a":2}"#,
        r#"[]"#,
    ];
    let cases = texts.map(|text| {
        let canonical = canonical_json(&serde_json::from_str::<Value>(text).unwrap()).unwrap();
        json!({ "json": text, "canonical": canonical, "sha256": Digest::of(&[canonical.as_bytes()]) })
    });
    published("canonical-json.json", &pretty(&json!({ "version": 1, "cases": cases })));
}

#[test]
fn commitment_vectors() {
    let seeds = [counting(), ServerSeed([0; 32]), ServerSeed([0xff; 32])];
    let cases = seeds.map(|seed| json!({ "server_seed": seed, "commitment": seed.commitment() }));
    published("commitments.json", &pretty(&json!({ "version": 1, "cases": cases })));
}

#[test]
fn stream_vectors() {
    let case = |seed: ServerSeed, client_seed: &str, nonce: u64, skip: u64, bounds: &[u32]| {
        let mut stream = FairStream::new(&seed, client_seed, nonce).resume_at(skip);
        let numbers: Vec<u32> = bounds.iter().map(|bound| stream.below(NonZeroU32::new(*bound).unwrap())).collect();
        json!({
            "server_seed": seed, "client_seed": client_seed, "nonce": nonce, "first_word": skip,
            "bounds": bounds, "numbers": numbers, "words_drawn": stream.words_drawn(),
        })
    };
    let cases = [
        case(counting(), "lucky", 0, 0, &[1 << 31; 10]),
        case(counting(), "lucky", 0, 0, &[3_000_000_000; 12]),
        case(counting(), "lucky", 1, 0, &[30, 43, 43, 43, 43, 25, 7, 1, 64]),
        case(counting(), "lucky", 1, 5, &[25, 7, 1, 64]),
        case(ServerSeed([0xff; 32]), "żółw", 4_294_967_296, 0, &[10, 100, 1000]),
        case(counting(), "", 7, 0, &[2, 3, 5, 7, 11, 13, 17, 19, 23, 29]),
    ];
    published("streams.json", &pretty(&json!({ "version": 1, "cases": cases })));
}

/// Rounds at a stake of one unit bet, free games included.
#[test]
fn round_vectors() {
    let mut games = Vec::new();
    for name in ["fruit-5x3", "pearl-5x3"] {
        let game = reference(name);
        let engine = Engine::compile(&game.definition().unwrap());
        let mut rounds: Vec<Value> = (0..6).map(|nonce| round(&engine, nonce)).collect();
        let free =
            (6..5000).map(|nonce| round(&engine, nonce)).find(|round| round["spins"].as_array().unwrap().len() > 1);
        rounds.extend(free);
        games.push(json!({
            "game": name,
            "rng_signature": game.rng_signature,
            "symbol_map": game.symbol_map,
            "fingerprint": game.fingerprint,
            "server_seed": counting(),
            "client_seed": "lucky",
            "stake": engine.unit_bet(),
            "rounds": rounds,
        }));
    }
    published("rounds.json", &pretty(&json!({ "version": 1, "games": games })));
}

fn round(engine: &Engine, nonce: u64) -> Value {
    let mut stream = FairStream::new(&counting(), "lucky", nonce);
    let (mut spins, mut won, mut left, mut mode) = (Vec::new(), Money::ZERO, 1, Mode::Base);
    while left > 0 {
        let from = stream.words_drawn();
        let outcome = engine.spin(mode, &mut stream);
        let payout = engine.payout(engine.unit_bet(), &outcome).unwrap();
        won = won.checked_add(payout).unwrap();
        left = left - 1 + outcome.free_games_awarded;
        spins.push(json!({
            "mode": mode, "words": [from, stream.words_drawn()], "stops": outcome.stops,
            "symbols": engine.window(mode, &outcome.stops), "payout": payout,
            "free_games_awarded": outcome.free_games_awarded,
        }));
        mode = Mode::Free;
    }
    json!({ "nonce": nonce, "won": won, "spins": spins })
}

/// A short session of pearl-5x3 with everything in it: two wallets, a rotation, a probe, free games.
fn session() -> House {
    for seed in 0..400 {
        let mut house = House::open("pearl-5x3", seed, true, Some("lucky"));
        house.take(&[Action::Probe { spins: 5 }, Action::Bet { amount: money("0.5") }, Action::Void]);
        house.tick(1500);
        house.take(&[Action::Spin { amount: Some(money("1")) }]);
        if house.session.state != SessionState::FreeGames {
            continue;
        }
        while house.session.round_open() {
            house.tick(700);
            house.take(&[Action::Spin { amount: None }]);
        }
        house.take(&[
            Action::RotateSeed { client_seed: Some("luckier".to_owned()) },
            Action::AttachWallet { wallet_id: house.wallet_id(1) },
            Action::Spin { amount: Some(money("0.2")) },
        ]);
        if house.session.round_open() {
            continue;
        }
        house.take(&[Action::CashOut]);
        return house;
    }
    panic!("no seed leads to free games at once");
}

#[test]
fn chain_vectors() {
    let body = session().body();
    let genesis = json!({
        "version": 1, "session_id": body.session_id, "game_fingerprint": body.game.fingerprint,
        "commitment": body.seeds[0].commitment,
    });
    let genesis = canonical_json(&genesis).unwrap();
    assert_eq!(Digest::of(&[genesis.as_bytes()]), body.genesis);
    let first = Session::genesis(body.session_id, body.game.fingerprint, body.seeds[0].commitment, false).unwrap();
    assert_eq!(first, body.genesis);
    let links: Vec<Value> = body.events[..4]
        .iter()
        .map(|event| json!({ "canonical": canonical_json(&event.body).unwrap(), "hash": event.hash }))
        .collect();
    let vectors = json!({ "version": 1, "genesis": { "canonical": genesis, "hash": body.genesis }, "events": links });
    published("chain.json", &pretty(&vectors));
}

#[test]
fn signature_vectors() {
    let body = session().body();
    let head = canonical_json(&body.head.statement).unwrap();
    let seal = canonical_json(&body.seal_statement().unwrap()).unwrap();
    let cases = [head, seal].map(|message| {
        let signature = signer().sign(message.as_bytes());
        json!({ "message": message, "signature": signature })
    });
    let vectors = json!({
        "version": 1, "secret_key": hex::encode([0x42; 32]), "public_key": house_key(), "cases": cases,
    });
    published("signatures.json", &pretty(&vectors));
}

#[test]
fn a_whole_proof_is_published() {
    let text = session().proof().write().unwrap() + "\n";
    published("session-proof.json", &text);
    let proof = SessionProof::read(&text).unwrap();
    let report = verify(&proof, Some(&house_key())).unwrap();
    assert!(report.metrics.free_games >= 15 && report.seeds == 2 && report.metrics.probe_spins == 5);
    let ids: Vec<EventId> = proof.body.events.iter().map(|event| event.body.event_id).collect();
    assert!(ids.len() > 20);
}

/// The games of the repository: between them they have every feature.
const GAMES: [&str; 10] = [
    "fruit-5x3",
    "pearl-5x3",
    "meadow-243",
    "ember-1024",
    "orchard-full",
    "owl-night",
    "comet-respin",
    "stair-falls",
    "tide-rows",
    "geode-cluster",
];

/// A session of a game that shows its features, if a seed soon leads there.
fn example(name: &str) -> House {
    let mut last = None;
    for seed in 0..200 {
        let mut house = House::open(name, seed, true, None);
        play_example(&mut house);
        let done = shows_features(&house);
        last = Some(house);
        if done {
            break;
        }
    }
    last.unwrap()
}

/// Whether a game's free games, cascades, respins and full grids can be seen in its session.
fn shows_features(house: &House) -> bool {
    let has = |feature: &str| house.game.symbol_map.get(feature).is_some();
    let shown = |what: &dyn Fn(&Value) -> bool| house.events.iter().any(|event| what(&event.body.result));
    let steps = |result: &Value| result["steps"].as_array().cloned().unwrap_or_default();
    let more = shown(&|result| steps(result).len() > 2);
    (!has("free_games") || shown(&|result| result["mode"] == "free"))
        && (!has("cascades") && !has("respins") || more)
        && (!has("full_grid") || shown(&|result| steps(result).iter().any(|step| step["full_grid"].is_u64())))
}

/// Plays every way in which stakes are put up.
fn play_example(house: &mut House) {
    let (one, three) = (house.bets(1), house.bets(3));
    house.take(&[
        Action::Probe { spins: 40 },
        Action::Bet { amount: three },
        Action::Suspend,
        Action::Resume,
        Action::Void,
    ]);
    for stake in [one, three, one, one] {
        house.tick(900);
        house.take(&[Action::Bet { amount: stake }, Action::Spin { amount: None }]);
        play_free_games(house);
    }
    house.take(&[
        Action::AttachWallet { wallet_id: house.wallet_id(1) },
        Action::RotateSeed { client_seed: Some("żółw: \"7\"".to_owned()) },
        Action::Spin { amount: Some(three) },
    ]);
    play_free_games(house);
    house.take(&[Action::Bet { amount: one }, Action::Expire]);
}

fn play_free_games(house: &mut House) {
    while house.session.state == SessionState::FreeGames {
        house.take(&[Action::Spin { amount: None }]);
    }
}

/// A second engine can be held against these without a server.
#[test]
fn a_proof_of_each_game_is_published() {
    for name in GAMES {
        let house = example(name);
        assert!(shows_features(&house), "{name}");
        let text = house.proof().write().unwrap() + "\n";
        published(&format!("proofs/{name}.json"), &text);
        let report = verify(&SessionProof::read(&text).unwrap(), Some(&house_key())).unwrap();
        assert_eq!((report.state, report.metrics.spins, report.seeds), (SessionState::Expired, 5, 2), "{name}");
    }
}

/// The vectors hold for a reader that has only the files.
#[test]
fn the_published_definitions_have_the_published_fingerprints() {
    let text = std::fs::read_to_string(path("rounds.json")).unwrap();
    let vectors: Value = serde_json::from_str(&text).unwrap();
    for game in vectors["games"].as_array().unwrap() {
        let definition = Definition::parse(&game["rng_signature"], &game["symbol_map"]).unwrap();
        assert_eq!(json!(definition.fingerprint()), game["fingerprint"]);
    }
}
