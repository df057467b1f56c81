//! Counting events, and what the counts say of honest and of rigged games.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::canonical::Digest;
use crate::document;
use crate::fairness::{Draws, FairStream, ServerSeed};
use crate::game::{Definition, Engine, Game, Mode, profile, reference_games};
use crate::id::{EventId, GameId, SessionId};
use crate::observation::{Observed, Tally};
use crate::session::{EventBody, GameplayEvent};
use crate::time::from_millis;

/// The game, with the strips of its base mode changed for play alone when asked to.
struct Table {
    observed: Observed,
    engine: Engine,
}

fn table(name: &str, rig: impl Fn(&mut Value)) -> Table {
    let reference = reference_games().into_iter().find(|game| game.name == name).unwrap();
    let document: Value = serde_json::from_str(reference.document).unwrap();
    let definition = Definition::parse(&document["rng_signature"], &document["symbol_map"]).unwrap();
    let game = Game {
        game_id: GameId(Uuid::from_u128(1)),
        name: name.to_owned(),
        rng_signature: definition.rng_signature_document(),
        symbol_map: definition.symbol_map_document(),
        statistical_profile: profile(&definition).document(),
        fingerprint: definition.fingerprint(),
        created_at: from_millis(0).unwrap(),
    };
    let mut rigged = document;
    rig(&mut rigged);
    let played = Definition::parse(&rigged["rng_signature"], &rigged["symbol_map"]).unwrap();
    Table { observed: Observed::of(&game).unwrap(), engine: Engine::compile(&played) }
}

fn event(action: Value, result: Value) -> GameplayEvent {
    let body = EventBody {
        event_id: EventId(Uuid::from_u128(1)),
        session_id: SessionId(Uuid::from_u128(1)),
        seq: 1,
        action,
        result,
        reward: 0.0,
        timestamp: from_millis(7).unwrap(),
    };
    GameplayEvent { body, hash: Digest([0; 32]) }
}

/// A round of the unit bet, as the events of its spins.
fn round(table: &Table, draws: &mut dyn Draws) -> Vec<GameplayEvent> {
    let engine = &table.engine;
    let stake = engine.unit_bet();
    let (mut won, mut left, mut mode) = (crate::money::Money::ZERO, 1, Mode::Base);
    let mut events = Vec::new();
    while left > 0 {
        let outcome = engine.spin(mode, draws);
        let payout = engine.payout(stake, &outcome).unwrap();
        won = won.checked_add(payout).unwrap();
        left = left - 1 + outcome.free_games_awarded;
        let result = json!({
            "version": 1, "mode": mode, "symbols": engine.shown(&outcome), "stake": stake, "payout": payout,
            "round": { "won": won, "closed": left == 0 },
        });
        events.push(event(json!({ "type": "spin" }), result));
        mode = Mode::Free;
    }
    events
}

fn played(table: &Table, rounds: u64) -> Tally {
    let mut tally = Tally::default();
    for nonce in 0..rounds {
        let mut draws = FairStream::new(&ServerSeed([5; 32]), "tally", nonce);
        for event in round(table, &mut draws) {
            table.observed.see(&mut tally, &event);
        }
    }
    tally
}

#[test]
fn honest_play_is_what_the_profile_says() {
    for name in ["fruit-5x3", "pearl-5x3"] {
        let table = table(name, |_| ());
        let tally = played(&table, 3_000);
        let report = table.observed.report(&tally);
        assert_eq!((tally.spins, tally.rounds, report.rtp.rounds), (3_000, 3_000, 3_000));
        for mode in &report.symbols {
            for reel in &mode.reels {
                assert!(reel.p_value > 0.001, "{name} {:?} reel {}: {}", mode.mode, reel.reel, reel.p_value);
                let sum: f64 = reel.symbols.iter().map(|symbol| symbol.expected).sum();
                assert!((sum - 3.0 * mode.windows as f64).abs() < 1e-6, "three rows to a window");
            }
        }
        for p_value in [report.rtp.p_value, report.hit_rate.p_value, report.runs.p_value] {
            assert!(p_value.unwrap() > 0.001, "{name}: {report:#?}");
        }
        assert_eq!(report.rtp.bands.len(), 3);
        assert!(!report.drift.alarmed && report.drift.rounds == 3_000);
    }
}

/// A reel with one stop put in the place of another shows in the chi-square of that reel and of no other.
#[test]
fn a_rigged_reel_is_found() {
    let table = table("fruit-5x3", |document| {
        let strip = &mut document["rng_signature"]["modes"]["base"]["strips"][2];
        let other = strip.as_array().unwrap().iter().find(|stop| **stop != strip[0]).unwrap().clone();
        strip[0] = other;
    });
    let report = table.observed.report(&played(&table, 3_000));
    for reel in &report.symbols[0].reels {
        assert_eq!(reel.p_value < 0.001, reel.reel == 3, "reel {}: {}", reel.reel, reel.p_value);
    }
}

/// A house that pays half shows in the RTP and gives a drift alarm.
#[test]
fn a_house_that_withholds_is_found() {
    let table = table("fruit-5x3", |_| ());
    let mut tally = Tally::default();
    for nonce in 0..12_000 {
        let mut draws = FairStream::new(&ServerSeed([5; 32]), "tally", nonce);
        for mut event in round(&table, &mut draws) {
            if nonce % 2 == 0 {
                event.body.result["round"]["won"] = json!("0.0000");
            }
            table.observed.see(&mut tally, &event);
        }
    }
    let report = table.observed.report(&tally);
    assert!(report.rtp.z.unwrap() < -3.0, "{:?}", report.rtp);
    assert!(report.drift.alarmed, "{:?}", report.drift);
    assert!(report.symbols[0].reels.iter().all(|reel| reel.p_value > 0.001), "the reels are honest");
}

#[test]
fn probes_count_symbols_returns_and_hits() {
    let table = table("fruit-5x3", |_| ());
    let mut tally = Tally::default();
    let symbols: Vec<Value> = (0..5).map(|_| json!({ "cherry": 3, "plum": 27 })).collect();
    let unit_bet = table.engine.unit_bet();
    let won = unit_bet.checked_mul(7).unwrap();
    let probe = json!({ "version": 1, "spins": 10, "unit_bet": unit_bet, "won": won, "hits": 4, "symbols": symbols });
    table.observed.see(&mut tally, &event(json!({ "type": "probe", "spins": 10 }), probe));
    assert_eq!((tally.events, tally.probe_spins, tally.rounds, tally.spins), (1, 10, 10, 0));
    assert_eq!((tally.hit_spins, tally.hits, tally.runs.runs), (10, 4, 0));
    assert_eq!((tally.base.windows, tally.base.reels[4]["plum"]), (10, 27));
    let report = table.observed.report(&tally);
    assert!((report.rtp.observed.unwrap() - 0.7).abs() < 1e-12);
    assert_eq!(report.drift.rounds, 0);
}

#[test]
fn events_that_say_nothing_of_draws_are_only_counted() {
    let table = table("fruit-5x3", |_| ());
    let mut tally = Tally::default();
    for (action, result) in [
        (json!({ "type": "bet" }), json!({ "version": 1, "stake": "1.0000" })),
        (json!({ "type": "cash_out" }), json!({ "version": 1 })),
        (json!({ "type": "spin" }), json!({ "version": 9, "nothing": "of the kind" })),
        (json!({}), Value::Null),
    ] {
        table.observed.see(&mut tally, &event(action, result));
    }
    assert_eq!(tally, Tally { events: 4, ..Tally::default() });
    let report = table.observed.report(&tally);
    assert_eq!((report.rtp.observed, report.rtp.z, report.hit_rate.z, report.runs.z), (None, None, None, None));
    assert!(report.symbols[0].reels.iter().all(|reel| reel.p_value > 0.999));
}

#[test]
fn a_tally_is_read_as_it_was_written() {
    let table = table("pearl-5x3", |_| ());
    let mut tally = played(&table, 200);
    tally.returned = u128::from(u64::MAX) + 5;
    assert_eq!(document::read::<Tally>(&document::write(&tally).unwrap()).unwrap(), tally);
}
