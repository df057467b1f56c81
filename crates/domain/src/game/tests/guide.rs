//! The guide to defining games: every piece of it is parsed and played.

use serde_json::Value;

use super::samples::parsed;
use crate::fairness::{FairStream, ServerSeed};
use crate::game::{Engine, Mode, schemas};

const GUIDE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/define-a-game.md"));

/// The JSON in the guide: first the whole game, then what is laid over it.
fn pieces() -> Vec<Value> {
    let blocks = GUIDE.split("```json\n").skip(1);
    blocks.map(|block| serde_json::from_str(block.split("```").next().unwrap()).unwrap()).collect()
}

/// RFC 7386.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(fields) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    for (name, value) in fields {
        if value.is_null() {
            target.as_object_mut().unwrap().remove(name);
        } else {
            merge(&mut target[name], value);
        }
    }
}

#[test]
fn every_piece_of_the_guide_makes_a_game_that_plays() {
    let pieces = pieces();
    let (whole, patches) = pieces.split_first().unwrap();
    assert!(patches.len() >= 12, "a piece for each feature");
    let validators = schemas().map(|schema| {
        let document: Value = serde_json::from_str(schema.document).unwrap();
        (schema.name, jsonschema::draft202012::new(&document).unwrap())
    });
    for patch in std::iter::once(&Value::Object(serde_json::Map::new())).chain(patches) {
        let mut game = whole.clone();
        merge(&mut game, patch);
        for (name, validator) in &validators {
            assert!(validator.is_valid(&game[*name]), "{name} of {patch:#}");
        }
        let definition = parsed(&game);
        let engine = Engine::compile(&definition);
        let mut draws = FairStream::new(&ServerSeed([1; 32]), "guide", 0);
        for mode in [Some(Mode::Base), definition.rng_signature().modes.free.as_ref().map(|_| Mode::Free)] {
            mode.into_iter().for_each(|mode| (0..50).for_each(|_| drop(engine.spin(mode, &mut draws))));
        }
    }
}

/// Files that the guide names are there.
#[test]
fn examples_that_the_guide_names_exist() {
    let named: Vec<&str> =
        GUIDE.split("`crates/domain/games/").skip(1).map(|text| text.split('`').next().unwrap()).collect();
    assert!(named.len() >= 8);
    for name in named {
        assert!(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("games").join(name).exists(), "{name}");
    }
}
