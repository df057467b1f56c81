//! Documents that nobody means well with: an answer must come, and soon.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::samples::document;
use crate::game::fault::MAX_LISTED_FAULTS;
use crate::game::profile::PROFILE_VERSION;
use crate::game::{Definition, Engine, Mode, profile};

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        Just(json!(1e308)),
        (0_u32..9).prop_map(Value::from),
        "\\PC{0,40}".prop_map(Value::from),
        prop_oneof!["regular", "lines", "hmac-sha256", "ray", "pearl", "base"].prop_map(Value::from),
    ];
    let key = prop_oneof!["[0-9]{1,3}", "\\PC{0,9}", "strips|version|grid|symbols|pays|name|role|lines|awards"];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(key.clone(), inner, 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// Every place in a document, as JSON pointers.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| places(item, &format!("{at}/{index}"), found));
        }
        Value::Object(fields) => fields.iter().for_each(|(key, item)| places(item, &format!("{at}/{key}"), found)),
        _ => {}
    }
}

/// Whatever is read as a game must also play and have a profile.
fn survives(rng: &Value, map: &Value) {
    match Definition::parse(rng, map) {
        Ok(definition) => {
            let outcome = Engine::compile(&definition).evaluate(Mode::Free, &[1, 2, 3]);
            assert!(outcome.stops.len() <= 8);
            assert_eq!(profile(&definition).version, PROFILE_VERSION);
        }
        Err(faults) => {
            assert!(!faults.0.is_empty() && faults.0.len() <= MAX_LISTED_FAULTS + 1);
            assert!(faults.0.iter().all(|fault| fault.pointer.len() + fault.reason.len() < 2000));
        }
    }
}

proptest! {
    #[test]
    fn any_json_gets_an_answer(rng in any_json(), map in any_json()) {
        survives(&rng, &map);
    }

    #[test]
    fn any_json_in_any_place_gets_an_answer(place in any::<prop::sample::Index>(), junk in any_json()) {
        let mut document = document("pearl-5x3");
        let mut found = Vec::new();
        places(&document, "", &mut found);
        let place: &String = place.get(&found);
        *document.pointer_mut(place).unwrap() = junk;
        survives(&document["rng_signature"], &document["symbol_map"]);
    }
}

#[test]
fn a_flood_of_faults_is_counted_not_listed() {
    let fields: Map<String, Value> = (0..200_000).map(|at| (format!("field{at}"), json!(at))).collect();
    let faults = Definition::parse(&json!({}), &fields.into()).unwrap_err().0;
    assert_eq!(faults.len(), MAX_LISTED_FAULTS + 1);
    assert!(faults.last().unwrap().reason.ends_with("more faults are not listed"));

    let mut document = document("pearl-5x3");
    document["symbol_map"]["evaluation"]["lines"] = json!(vec![json!([1, 1, 1, 1, 1]); 500_000]);
    document["symbol_map"]["pays"][&"long".repeat(250_000)] = json!({});
    survives(&document["rng_signature"], &document["symbol_map"]);
}

#[test]
fn deep_documents_are_not_descended_into() {
    let mut deep = json!([]);
    for _ in 0..100 {
        deep = json!({"grid": deep, "pays": [1]});
    }
    survives(&deep, &deep);
}

#[test]
fn the_largest_game_fits() {
    let names: Vec<String> = (0..64).map(|at| format!("s{at}")).collect();
    let role = |at: usize| match at {
        0 => json!({"name": "s0", "role": "wild", "multiplier": 1000}),
        1..32 => json!({"name": names[at], "role": "regular"}),
        _ => json!({"name": names[at], "role": "scatter"}),
    };
    let symbols: Vec<Value> = (0..64).map(role).collect();
    let row: Map<String, Value> = (1..=8).map(|length| (length.to_string(), json!(1_000_000))).collect();
    let table = |from: usize, to: usize| -> Map<String, Value> {
        names[from..to].iter().map(|name| (name.clone(), json!(row))).collect()
    };
    let strip: Vec<&String> = names.iter().cycle().take(1000).collect();
    let awards: Map<String, Value> = names[32..].iter().map(|name| (name.clone(), json!({"64": 500}))).collect();
    let mut map = json!({
        "version": 1, "grid": {"reels": 8, "rows": 8}, "credit": "0.0008", "symbols": symbols,
        "evaluation": {"type": "lines", "lines": vec![[8; 8]; 1024]}, "pays": table(0, 32),
        "scatter_pays": table(32, 64), "free_games": {"awards": awards, "multiplier": 1000, "retrigger": true},
    });
    let modes = json!({"base": {"strips": vec![&strip; 8]}, "free": {"strips": vec![&strip; 8]}});
    let rng = json!({"version": 1, "algorithm": "hmac-sha256", "modes": modes});
    let definition = Definition::parse(&rng, &map).unwrap();
    let engine = Engine::compile(&definition);
    assert_eq!((engine.unit_bet().to_string(), engine.max_stake()), ("0.8192".to_owned(), engine.unit_bet()));
    // The bottom row shows a wild, then seven of another symbol: the largest pay that there can be.
    let outcome = engine.evaluate(Mode::Free, &[57, 58, 58, 58, 58, 58, 58, 58]);
    assert_eq!(outcome.wins.iter().map(|win| win.pay).max(), Some(1_000_000_000_000));
    assert_eq!(profile(&definition).cycle.unwrap().base, format!("1{}", "0".repeat(24)));
    // At any larger credit not even one unit bet can be staked.
    map["credit"] = json!("0.0009");
    assert_eq!(Definition::parse(&rng, &map).unwrap_err().0[0].pointer, "/symbol_map/pays");
}
