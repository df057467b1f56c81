//! What is read and what is refused, with its pointer.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::samples::{document, parsed, random_game};
use crate::canonical::canonical_digest;
use crate::game::{Definition, Fault, reference_games};

fn faults(document: &Value) -> Vec<Fault> {
    Definition::parse(&document["rng_signature"], &document["symbol_map"]).unwrap_err().0
}

/// The reference game with the value at a pointer replaced; a last key that is new is added.
fn changed(pointer: &str, value: Value) -> Value {
    let mut document = document("pearl-5x3");
    change(&mut document, pointer, value);
    document
}

fn change(document: &mut Value, pointer: &str, value: Value) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match document.pointer_mut(parent).unwrap() {
        Value::Array(items) => items[key.parse::<usize>().unwrap()] = value,
        parent => parent[key] = value,
    }
}

#[test]
fn the_reference_games_are_sound() {
    for game in reference_games() {
        let posted: Value = serde_json::from_str(game.document).unwrap();
        assert_eq!(posted["name"], game.name);
        let definition = parsed(&posted);
        assert_eq!(definition.rng_signature_document(), posted["rng_signature"], "The files spell out defaults.");
        assert_eq!(definition.symbol_map_document(), posted["symbol_map"]);
    }
}

#[test]
fn the_fingerprint_is_over_the_documents_with_their_defaults() {
    let mut posted = document("pearl-5x3");
    let definition = parsed(&posted);
    let both = json!({
        "rng_signature": definition.rng_signature_document(),
        "symbol_map": definition.symbol_map_document(),
    });
    assert_eq!(definition.fingerprint(), canonical_digest(&both).unwrap());
    let map = posted["symbol_map"].as_object_mut().unwrap();
    map.remove("credit");
    map["symbols"][0].as_object_mut().unwrap().remove("substitutes");
    assert_eq!(parsed(&posted), definition);
    change(&mut posted, "/symbol_map/pays/nine/2", json!(3));
    assert_ne!(parsed(&posted).fingerprint(), definition.fingerprint());
}

/// Computed apart with python3: `hashlib` over `json.dumps` with sorted keys and no white space.
#[test]
fn the_reference_fingerprints_stay() {
    for (name, fingerprint) in [
        ("fruit-5x3", "8a51226d29150396e91f6ae12be79b5f31ca6e0bfa1d5c669746032f80651e47"),
        ("pearl-5x3", "80f05ecf2cd0595bd80b9310df3a57a0ca6fd9daafffec38b69c1a261da08ff9"),
    ] {
        assert_eq!(parsed(&document(name)).fingerprint().to_string(), fingerprint);
    }
}

#[test]
fn the_order_of_substitutes_means_nothing() {
    let one = parsed(&changed("/symbol_map/symbols/0/substitutes", json!(["ray", "crab"])));
    let other = parsed(&changed("/symbol_map/symbols/0/substitutes", json!(["crab", "ray"])));
    assert_eq!(one, other);
    assert_eq!(one.symbol_map_document()["symbols"][0]["substitutes"], json!(["ray", "crab"]));
}

/// What a fault is expected of: a pointer, what is put there, and a part of the reason.
type Case = (&'static str, Value, &'static str);

fn each_is_refused(cases: &[Case]) {
    for (pointer, value, reason) in cases {
        let found = faults(&changed(pointer, value.clone()));
        let mut here = found.iter().filter(|fault| fault.pointer.starts_with(pointer));
        assert!(here.any(|fault| fault.reason.contains(reason)), "{pointer} = {value}: {found:?}");
    }
}

#[test]
fn each_fault_has_its_pointer_and_reason() {
    let over = "a whole number from";
    each_is_refused(&[
        ("/symbol_map/version", json!(2), "a whole number from 1 to 1 was expected, not 2"),
        ("/symbol_map/bonus", json!(true), "unknown field; the fields here are: version, grid"),
        ("/symbol_map/grid/reels", json!(9), over),
        ("/symbol_map/grid/rows", json!(1.5), over),
        ("/symbol_map/grid/rows", json!(-3), "not -3"),
        ("/symbol_map/credit", json!(0.01), "a string was expected, not 0.01"),
        ("/symbol_map/credit", json!("1e3"), "an amount is a string of digits"),
        ("/symbol_map/credit", json!("0.0000"), "more than zero"),
        ("/symbol_map/credit", json!("1000000.0001"), "at most 1000000.0000"),
        ("/symbol_map/symbols/3/name", json!("sea horse"), "1 to 32 of A-Z"),
        ("/symbol_map/symbols/3/name", json!(""), "1 to 32 of A-Z"),
        ("/symbol_map/symbols/3/role", json!("bonus"), "one of regular, wild, scatter was expected"),
        ("/symbol_map/symbols/3/multiplier", json!(2), "unknown field; the fields here are: name, role"),
        ("/symbol_map/symbols/0/multiplier", json!(0), over),
        ("/symbol_map/symbols/0/substitutes", json!("all"), "\"regular\" or a list"),
        ("/symbol_map/symbols/3/name", json!("ray"), "there is a symbol \"ray\" already"),
        ("/symbol_map/evaluation/type", json!("spiral"), "lines, ways or cluster was expected"),
        ("/symbol_map/evaluation/lines/4", json!([1, 2, 3]), "a list of 5 rows"),
        ("/symbol_map/evaluation/lines/4/0", json!(4), "from 1 to 3 was expected, not 4"),
        ("/symbol_map/evaluation/lines/4/0", json!(0), "from 1 to 3 was expected, not 0"),
        ("/symbol_map/evaluation/lines", json!([]), "a list of 1 to 1024 lines"),
        ("/symbol_map/pays/clam", json!({"3": 1}), "there is no symbol \"clam\""),
        ("/symbol_map/pays/pearl", json!({"3": 1}), "a regular or wild symbol was expected, \"pearl\" is a scatter"),
        ("/symbol_map/pays/ray/0", json!(1), "a length from 1 to 5"),
        ("/symbol_map/pays/ray/6", json!(1), "a length from 1 to 5"),
        ("/symbol_map/pays/ray/03", json!(1), "a length from 1 to 5"),
        ("/symbol_map/pays/ray/+3", json!(1), "a length from 1 to 5"),
        ("/symbol_map/pays/ray/3", json!(1_000_001), over),
        ("/symbol_map/pays/ray/3", json!("25"), over),
        ("/symbol_map/pays/ray/3", json!(1e308), over),
        ("/symbol_map/pays/ray", json!([1]), "an object was expected, not a list"),
        ("/symbol_map/scatter_pays/ray", json!({}), "a scatter symbol was expected, \"ray\" is a regular"),
        ("/symbol_map/scatter_pays/pearl/16", json!(1), "a length from 1 to 15"),
        ("/symbol_map/free_games/awards/dolphin", json!({"3": 1}), "a scatter symbol was expected"),
        ("/symbol_map/free_games/awards/pearl/3", json!(501), "from 1 to 500 was expected, not 501"),
        ("/symbol_map/free_games/awards/pearl/3", json!(0), "from 1 to 500 was expected, not 0"),
        ("/symbol_map/free_games/awards", json!({}), "at least one count of one scatter"),
        ("/symbol_map/free_games/multiplier", json!(1001), over),
        ("/symbol_map/free_games/retrigger", json!("yes"), "true or false was expected, not \"yes\""),
        ("/rng_signature/version", json!("1"), over),
        ("/rng_signature/algorithm", json!("mt19937"), "\"hmac-sha256\" was expected"),
        ("/rng_signature/modes/bonus", json!({}), "unknown field; the fields here are: base, free"),
        ("/rng_signature/modes/base/strips", json!([["ray", "ray", "ray"]]), "a list of 5 strips"),
        ("/rng_signature/modes/base/strips/2", json!(["ray", "ray"]), "a list of 3 to 1000 stops"),
        ("/rng_signature/modes/base/strips/2", json!(vec!["ray"; 1001]), "a list of 3 to 1000 stops"),
        ("/rng_signature/modes/free/strips/1/7", json!("clam"), "there is no symbol \"clam\""),
        ("/rng_signature/modes/free/strips/1/7", json!(7), "a string was expected, not 7"),
    ]);
}

#[test]
fn each_fault_of_a_feature_has_its_pointer_and_reason() {
    each_is_refused(&[
        ("/symbol_map/evaluation/both_ways", json!(1), "true or false was expected, not 1"),
        ("/symbol_map/evaluation/bets", json!(1), "unknown field; the fields here are: type, lines, both_ways"),
        ("/symbol_map/pays/ray/4-5", json!(1), "there is an entry for 4 already"),
        ("/symbol_map/pays/ray/4-6", json!(1), "a length from 1 to 5, or a range such as 5-8"),
        ("/symbol_map/pays/ray/5-4", json!(1), "a length from 1 to 5, or a range such as 5-8"),
        ("/symbol_map/pays/ray/1-", json!(1), "a length from 1 to 5, or a range such as 5-8"),
        ("/symbol_map/grid/rows", json!([3, 3, 3, 3]), "a list of 5 numbers of rows"),
        ("/symbol_map/grid/rows", json!([3, 3, 3, 3, 9]), "from 1 to 8 was expected, not 9"),
        ("/symbol_map/symbols/0/expands", json!("yes"), "true or false was expected"),
        ("/symbol_map/symbols/0/substitutes", json!(["pearl"]), "a regular or wild symbol was expected"),
        ("/symbol_map/symbols/3/expands", json!(true), "unknown field; the fields here are: name, role, free"),
        ("/symbol_map/symbols/3/free", json!({"role": "joker"}), "one of regular, wild, scatter"),
        ("/symbol_map/symbols/3/free", json!({"role": "regular", "name": "x"}), "unknown field"),
        ("/symbol_map/wild_multipliers", json!("most"), "one of highest, product, sum was expected"),
        ("/symbol_map/full_grid", json!([]), "a list of 1 to 64 sets of symbols"),
        (
            "/symbol_map/full_grid",
            json!([{"symbols": ["ray", "ray"], "multiplier": 2}]),
            "\"ray\" is in the list already",
        ),
        ("/symbol_map/full_grid", json!([{"symbols": ["pearl"], "multiplier": 2}]), "a regular or wild symbol"),
        ("/symbol_map/full_grid", json!([{"symbols": ["ray"], "multiplier": 1}]), "from 2 to 1000 was expected, not 1"),
        ("/symbol_map/full_grid", json!([{"symbols": ["ray"]}]), "the field is missing"),
        ("/symbol_map/cascades", json!({"most": 0}), "from 1 to 100 was expected, not 0"),
        ("/symbol_map/cascades", json!({"most": 101}), "from 1 to 100 was expected, not 101"),
        ("/symbol_map/cascades", json!({"multipliers": []}), "a list of 1 to 32 multipliers"),
        ("/symbol_map/cascades", json!({"free_multipliers": [0]}), "from 1 to 1000 was expected, not 0"),
        ("/symbol_map/cascades", json!({"ladder": [1]}), "unknown field"),
        ("/symbol_map/respins", json!({"symbols": ["ray"]}), "a wild symbol was expected, \"ray\" is a regular"),
        ("/symbol_map/respins", json!({"symbols": ["dolphin"], "most": 11}), "from 1 to 10 was expected, not 11"),
        ("/symbol_map/respins", json!({}), "the field is missing"),
        ("/rng_signature/modes/free/rows", json!([]), "lines need the same rows in every spin"),
        ("/rng_signature/modes/base/weights", json!([]), "a mode draws from strips or from weights, not both"),
    ]);
}

#[test]
fn missing_fields_are_named() {
    for pointer in [
        "/rng_signature/version",
        "/rng_signature/algorithm",
        "/rng_signature/modes",
        "/rng_signature/modes/base",
        "/rng_signature/modes/free",
        "/rng_signature/modes/base/strips",
        "/symbol_map/version",
        "/symbol_map/grid",
        "/symbol_map/grid/rows",
        "/symbol_map/symbols",
        "/symbol_map/symbols/2/name",
        "/symbol_map/symbols/2/role",
        "/symbol_map/evaluation",
        "/symbol_map/evaluation/type",
        "/symbol_map/evaluation/lines",
        "/symbol_map/pays",
        "/symbol_map/free_games/awards",
    ] {
        let mut document = document("pearl-5x3");
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        document.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key);
        let found = faults(&document);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].pointer, pointer);
        assert!(found[0].reason.starts_with("the field is missing"), "{found:?}");
    }
}

#[test]
fn every_fault_is_listed_at_once() {
    let mut document = document("pearl-5x3");
    let broken = [
        ("/rng_signature/modes/free/strips/4/35", json!("clam")),
        ("/rng_signature/version", json!(7)),
        ("/symbol_map/evaluation/lines/9/4", json!(8)),
        ("/symbol_map/pays/nine/2", json!(-1)),
        ("/symbol_map/free_games/multiplier", json!(null)),
        ("/symbol_map/credit", json!(1)),
    ];
    for (pointer, value) in &broken {
        change(&mut document, pointer, value.clone());
    }
    let mut found: Vec<String> = faults(&document).into_iter().map(|fault| fault.pointer).collect();
    found.sort();
    let mut expected = broken.map(|(pointer, _)| pointer.to_owned());
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn one_fault_does_not_bring_about_others() {
    // The strips and pays still name the seahorse, whose role is not understood.
    assert_eq!(faults(&changed("/symbol_map/symbols/3/role", json!("bonus"))).len(), 1);
    assert_eq!(faults(&changed("/symbol_map/symbols", json!("many"))).len(), 1);
    assert_eq!(faults(&changed("/symbol_map/grid", json!(15))).len(), 1);
}

#[test]
fn strips_for_free_games_need_free_games() {
    let mut document = document("pearl-5x3");
    document["symbol_map"].as_object_mut().unwrap().remove("free_games");
    let found = faults(&document);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].pointer, "/rng_signature/modes/free");
}

#[test]
fn a_round_of_free_games_must_end() {
    // One stop in three shows the scatter: three free games for it are one per free game, on average.
    let game = |award: u32, retrigger: bool| {
        let strips = json!([["a", "S", "a"]]);
        let modes = json!({"base": {"strips": strips}, "free": {"strips": strips}});
        let rng = json!({"version": 1, "algorithm": "hmac-sha256", "modes": modes});
        let map = json!({
            "version": 1, "grid": {"reels": 1, "rows": 1}, "pays": {},
            "symbols": [{"name": "a", "role": "regular"}, {"name": "S", "role": "scatter"}],
            "evaluation": {"type": "lines", "lines": [[1]]},
            "free_games": {"awards": {"S": {"1": award}}, "retrigger": retrigger},
        });
        Definition::parse(&rng, &map)
    };
    assert!(game(2, true).is_ok());
    assert!(game(500, false).is_ok());
    let found = game(3, true).unwrap_err().0;
    assert_eq!(found[0].pointer, "/symbol_map/free_games/retrigger");
    assert!(game(500, true).is_err());
}

proptest! {
    #[test]
    fn what_is_written_reads_back_the_same(seed in any::<u64>()) {
        let definition = random_game(seed);
        let (rng, map) = (definition.rng_signature_document(), definition.symbol_map_document());
        let again = Definition::parse(&rng, &map).unwrap();
        prop_assert_eq!(&again, &definition);
        prop_assert_eq!((again.rng_signature_document(), again.symbol_map_document()), (rng, map));
    }
}
