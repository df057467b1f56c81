//! What the features of a game must not come to, and figures that are not made up.

use serde_json::{Value, json};

use super::samples::document;
use crate::game::profile::Method;
use crate::game::{Definition, Engine, Faults, profile};

/// A ways game of weighted cells on a grid of 3 by 3.
fn ways(changes: &Value, modes: Value) -> Result<Definition, Faults> {
    let mut map = json!({
        "version": 1, "grid": {"reels": 3, "rows": 3}, "evaluation": {"type": "ways"}, "pays": {"a": {"3": 1}},
        "symbols": [
            {"name": "a", "role": "regular"}, {"name": "W", "role": "wild", "multiplier": 2},
            {"name": "S", "role": "scatter"},
        ],
    });
    for (name, value) in changes.as_object().unwrap() {
        map[name] = value.clone();
    }
    Definition::parse(&json!({"version": 1, "algorithm": "hmac-sha256", "modes": modes}), &map)
}

fn weights(table: &Value) -> Value {
    json!({"weights": [table, table, table]})
}

fn refused(definition: Result<Definition, Faults>, pointer: &str, reason: &str) {
    let faults = definition.unwrap_err();
    assert!(faults.0.iter().any(|fault| fault.pointer == pointer && fault.reason.contains(reason)), "{faults}");
}

#[test]
fn rules_across_fields_are_checked() {
    let base = || json!({"base": weights(&json!({"a": 1, "S": 1}))});
    assert!(ways(&json!({}), base()).is_ok());
    let both = json!({"cascades": {}, "respins": {"symbols": ["W"]}});
    refused(ways(&both, base()), "/symbol_map/cascades", "cascades or respins, not both");
    let free = json!({"cascades": {"free_multipliers": [2]}});
    refused(ways(&free, base()), "/symbol_map/cascades/free_multipliers", "no free_games");
    let symbols = json!({"symbols": [
        {"name": "a", "role": "regular", "free": {"role": "scatter"}}, {"name": "S", "role": "scatter"},
    ]});
    refused(ways(&symbols, base()), "/symbol_map/symbols/0/free", "no free_games");
    let place = "/rng_signature/modes/base/weights/0";
    refused(ways(&json!({}), json!({"base": weights(&json!({}))})), place, "at least one symbol");
    let place = "/rng_signature/modes/base/weights/2/clam";
    refused(ways(&json!({}), json!({"base": weights(&json!({"clam": 1}))})), place, "there is no symbol");
    let place = "/rng_signature/modes/base/weights/1/a";
    refused(ways(&json!({}), json!({"base": weights(&json!({"a": 0}))})), place, "from 1 to 1000000");
    let rows = |table: Value| json!({"base": {"weights": [{"a": 1}, {"a": 1}, {"a": 1}], "rows": [table, {"1": 1}, {"1": 1}]}});
    let place = "/rng_signature/modes/base/rows/0";
    refused(ways(&json!({}), rows(json!({}))), place, "at least one number of rows");
    refused(ways(&json!({}), rows(json!({"4": 1}))), "/rng_signature/modes/base/rows/0/4", "a length from 1 to 3");
}

/// Nine cells of which each is a scatter one time in ten, with an award of one for exactly one: 9 × 9^8 / 10^9 is
/// 0.387 free games for one, more than twice of which must be refused.
#[test]
fn free_games_of_weighted_cells_end() {
    let game = |award: u32, rows: Value| {
        let mut free = weights(&json!({"a": 9, "S": 1}));
        if !rows.is_null() {
            free["rows"] = json!([rows, rows, rows]);
        }
        let rules = json!({"awards": {"S": {"1": award}}, "retrigger": true});
        ways(&json!({"free_games": rules}), json!({"base": weights(&json!({"a": 1})), "free": free}))
    };
    assert!(game(2, Value::Null).is_ok());
    refused(game(3, Value::Null), "/symbol_map/free_games/retrigger", "more than 0.9");
    // Three cells of one row each: 3 × 0.1 × 0.81 is 0.243; 3 of them are 0.729, 4 are 0.972.
    assert!(game(3, json!({"1": 1})).is_ok());
    refused(game(4, json!({"1": 1})), "/symbol_map/free_games/retrigger", "more than 0.9");
    // One row or three with equal chances: reel by reel 0.1 or 0.243 for one, 0.9 or 0.729 for none, on average
    // 0.1715 and 0.8145. So 3 × 0.1715 × 0.8145² is 0.3413: 2 of them are fine, 3 are 1.02.
    assert!(game(2, json!({"1": 1, "3": 1})).is_ok());
    refused(game(3, json!({"1": 1, "3": 1})), "/symbol_map/free_games/retrigger", "more than 0.9");
}

#[test]
fn a_wild_that_is_a_scatter_in_free_games_counts_there() {
    let symbol = |scatter: bool| {
        json!([
            {"name": "a", "role": "regular"}, {"name": "W", "role": "wild"},
            {"name": "S", "role": "scatter", "free": {"role": "wild", "scatter": scatter}},
        ])
    };
    let rules = json!({"awards": {"S": {"9": 5}}, "retrigger": true});
    let game = |scatter| {
        let changes = json!({"symbols": symbol(scatter), "free_games": rules});
        ways(&changes, json!({"base": weights(&json!({"a": 1})), "free": weights(&json!({"S": 1}))}))
    };
    refused(game(true), "/symbol_map/free_games/retrigger", "more than 0.9");
    assert!(game(false).is_ok(), "There it awards nothing.");
}

#[test]
fn a_spin_that_might_pay_beyond_reason_is_refused() {
    let base = || json!({"base": weights(&json!({"a": 1}))});
    let large = |credit: &str, most: u32| {
        json!({
            "pays": {"a": {"3": 1_000_000}}, "wild_multipliers": "product", "credit": credit,
            "evaluation": {"type": "ways", "bets": 20},
            "symbols": [{"name": "a", "role": "regular"}, {"name": "W", "role": "wild", "multiplier": 100}],
            "cascades": {"most": most},
        })
    };
    // Two kinds of ways of 27, each of a million times 100³: 5.4 × 10^13 bets in a window. 1024 spins of 16 windows
    // at 0.0010 are 8.8 × 10^14 credits, and an amount holds 9.2 × 10^14.
    let largest = ways(&large("0.0010", 15), base()).unwrap();
    assert_eq!(Engine::compile(&largest).max_stake(), largest.symbol_map().unit_bet());
    let limit = "might pay 918000000000000 bets of 0.0010; it may pay at most 900719925474080 of them";
    refused(ways(&large("0.0010", 16), base()), "/symbol_map/pays", limit);
    assert!(ways(&large("0.0001", 100), base()).is_ok());
    refused(ways(&large("0.0100", 1), base()), "/symbol_map/pays", "at most 90071992547400 of them");
    // Of one window the usual credit would do, so that a larger one is at fault.
    let single = |credit: &str| {
        let mut game = large(credit, 1);
        game.as_object_mut().unwrap().remove("cascades");
        ways(&game, base())
    };
    refused(single("0.0200"), "/symbol_map/credit", "the credit may be at most 0.0166");
    assert!(single("0.0166").is_ok());
}

/// Such a game could once be posted, and no session of it could ever bet.
#[test]
fn a_game_of_plain_lines_takes_a_stake() {
    let mut game = document("pearl-5x3");
    let map = &mut game["symbol_map"];
    let wild = map["symbols"].as_array_mut().unwrap().iter_mut().find(|symbol| symbol["role"] == "wild").unwrap();
    wild["multiplier"] = json!(1000);
    map["free_games"]["multiplier"] = json!(1000);
    map["scatter_pays"] = json!({});
    let name = map["pays"].as_object().unwrap().keys().next().unwrap().clone();
    map["pays"][name]["5"] = json!(1_000_000);
    let rows = |at: u32| (0..5).map(|reel| at / 3_u32.pow(reel) % 3 + 1).collect::<Vec<_>>();
    let mut with = |lines: u32, credit: &str| {
        game["symbol_map"]["evaluation"]["lines"] = (0..lines).map(|at| json!(rows(at))).collect();
        game["symbol_map"]["credit"] = json!(credit);
        Definition::parse(&game["rng_signature"], &game["symbol_map"])
    };
    // 10^12 bets a line: 90 lines at 0.0100 are 9.0 × 10^11 credits, which an amount holds 1024 times.
    let largest = with(90, "0.0100").unwrap();
    assert_eq!(Engine::compile(&largest).max_stake(), largest.symbol_map().unit_bet());
    let limit = "might pay 91000000000000 bets of 0.0100; it may pay at most 90071992547355 of them";
    refused(with(91, "0.0100"), "/symbol_map/pays", limit);
    refused(
        with(90, "1.0000"),
        "/symbol_map/credit",
        "90000000000000 bets of 1.0000; the credit may be at most 0.0100",
    );
    assert!(with(243, "0.0037").is_ok());
}

#[test]
fn figures_that_are_not_computed_are_not_made_up() {
    let base = json!({"base": weights(&json!({"a": 1000, "S": 1}))});
    let changes = json!({"cascades": {}, "scatter_pays": {"S": {"1": 2}}});
    let figures = profile(&ways(&changes, base).unwrap());
    assert_eq!((figures.method, &figures.rtp), (Method::Unavailable, &None));
    assert!(figures.not_computed[0].contains("spin by spin"), "{:?}", figures.not_computed);
    assert_eq!(figures.document()["method"], "unavailable");
    assert!(figures.compare(&json!({"rtp": {"total": {"percent": "95.0"}}})).is_err());
}
