//! The published schemas against the parser, and against every game that comes with Reelhouse.

use jsonschema::Validator;
use serde_json::{Value, json};

use super::samples::{document, parsed};
use crate::game::{Definition, example_games, reference_games, schemas};

fn validators() -> [(&'static str, Validator); 2] {
    schemas().map(|schema| {
        let document: Value = serde_json::from_str(schema.document).unwrap();
        assert!(jsonschema::meta::is_valid(&document), "{}", schema.name);
        (schema.name, jsonschema::draft202012::new(&document).unwrap())
    })
}

fn is_valid(game: &Value) -> bool {
    validators().iter().all(|(name, validator)| validator.is_valid(&game[name]))
}

#[test]
fn every_game_that_comes_along_is_valid() {
    for (name, validator) in validators() {
        for game in reference_games().into_iter().chain(example_games()) {
            let document: Value = serde_json::from_str(game.document).unwrap();
            let faults: Vec<String> = validator.iter_errors(&document[name]).map(|fault| fault.to_string()).collect();
            assert_eq!(faults, Vec::<String>::new(), "{}", game.name);
            let definition = parsed(&document);
            let canonical = json!({
                "rng_signature": definition.rng_signature_document(), "symbol_map": definition.symbol_map_document(),
            });
            assert!(validator.is_valid(&canonical[name]), "{} with its defaults", game.name);
        }
    }
}

/// What the schema can say of a document, it says as the parser does.
#[test]
fn schema_and_parser_refuse_alike() {
    let cases = [
        ("pearl-5x3", "/symbol_map/version", json!(2)),
        ("pearl-5x3", "/symbol_map/bonus", json!({})),
        ("pearl-5x3", "/symbol_map/grid/reels", json!(9)),
        ("pearl-5x3", "/symbol_map/grid/rows", json!([3, 3, 3, 3, 9])),
        ("pearl-5x3", "/symbol_map/grid/rows", json!([])),
        ("pearl-5x3", "/symbol_map/grid/columns", json!(3)),
        ("pearl-5x3", "/symbol_map/credit", json!(1)),
        ("pearl-5x3", "/symbol_map/credit", json!("1e3")),
        ("pearl-5x3", "/symbol_map/credit", json!("0.00001")),
        ("pearl-5x3", "/symbol_map/symbols", json!([])),
        ("pearl-5x3", "/symbol_map/symbols/3/name", json!("sea horse")),
        ("pearl-5x3", "/symbol_map/symbols/3/role", json!("bonus")),
        ("pearl-5x3", "/symbol_map/symbols/3/multiplier", json!(2)),
        ("pearl-5x3", "/symbol_map/symbols/3/free", json!({"role": "joker"})),
        ("pearl-5x3", "/symbol_map/symbols/3/free", json!({"role": "regular", "name": "ray"})),
        ("pearl-5x3", "/symbol_map/symbols/0/multiplier", json!(0)),
        ("pearl-5x3", "/symbol_map/symbols/0/substitutes", json!("all")),
        ("pearl-5x3", "/symbol_map/symbols/0/substitutes", json!(["ray", "ray"])),
        ("pearl-5x3", "/symbol_map/symbols/0/expands", json!(1)),
        ("pearl-5x3", "/symbol_map/evaluation", json!({})),
        ("pearl-5x3", "/symbol_map/evaluation/type", json!("spiral")),
        ("pearl-5x3", "/symbol_map/evaluation/type", json!("ways")),
        ("pearl-5x3", "/symbol_map/evaluation/lines", json!([])),
        ("pearl-5x3", "/symbol_map/evaluation/lines/0/0", json!(0)),
        ("pearl-5x3", "/symbol_map/evaluation/bets", json!(1)),
        ("pearl-5x3", "/symbol_map/pays/ray", json!([])),
        ("pearl-5x3", "/symbol_map/pays/ray/03", json!(1)),
        ("pearl-5x3", "/symbol_map/pays/ray/3-", json!(1)),
        ("pearl-5x3", "/symbol_map/pays/ray/3", json!(1_000_001)),
        ("pearl-5x3", "/symbol_map/pays/ray/3", json!(-1)),
        ("pearl-5x3", "/symbol_map/free_games/awards/pearl/3", json!(0)),
        ("pearl-5x3", "/symbol_map/free_games/multiplier", json!(1001)),
        ("pearl-5x3", "/symbol_map/free_games/retrigger", json!("no")),
        ("pearl-5x3", "/symbol_map/wild_multipliers", json!("most")),
        ("pearl-5x3", "/symbol_map/full_grid", json!([{"symbols": ["ray"], "multiplier": 1}])),
        ("pearl-5x3", "/symbol_map/full_grid", json!([{"symbols": ["ray"]}])),
        ("pearl-5x3", "/symbol_map/cascades", json!({"most": 101})),
        ("pearl-5x3", "/symbol_map/cascades", json!({"multipliers": []})),
        ("pearl-5x3", "/symbol_map/respins", json!({"symbols": []})),
        ("comet-respin", "/symbol_map/cascades", json!({})),
        ("comet-respin", "/symbol_map/respins/most", json!(11)),
        ("pearl-5x3", "/rng_signature/algorithm", json!("dice")),
        ("pearl-5x3", "/rng_signature/modes/bonus", json!({})),
        ("pearl-5x3", "/rng_signature/modes/base", json!({})),
        ("pearl-5x3", "/rng_signature/modes/base/strips/0", json!([])),
        ("pearl-5x3", "/rng_signature/modes/base/strips/0/0", json!(7)),
        ("pearl-5x3", "/rng_signature/modes/base/weights", json!([{"ray": 1}])),
        ("tide-rows", "/rng_signature/modes/base/weights/0", json!({})),
        ("tide-rows", "/rng_signature/modes/base/weights/0/fern", json!(0)),
        ("tide-rows", "/rng_signature/modes/base/rows/0", json!({"9": 1})),
        ("tide-rows", "/rng_signature/modes/base/rows/0", json!({})),
    ];
    for (name, pointer, value) in cases {
        let mut game = document(name);
        assert!(is_valid(&game) && Definition::parse(&game["rng_signature"], &game["symbol_map"]).is_ok());
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match game.pointer_mut(parent).unwrap() {
            Value::Array(items) => items[key.parse::<usize>().unwrap()] = value.clone(),
            parent => parent[key] = value.clone(),
        }
        assert!(!is_valid(&game), "{name}{pointer} = {value} passes the schema");
        assert!(Definition::parse(&game["rng_signature"], &game["symbol_map"]).is_err(), "{pointer} = {value} is read");
    }
}
