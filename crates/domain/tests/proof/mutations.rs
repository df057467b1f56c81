//! One thousand random single mutations of valid proofs: every one is detected.

use reelhouse_domain::Digest;
use reelhouse_domain::canonical::canonical_json;
use reelhouse_domain::fairness::{ProofBody, ServerSeed, SessionProof, verify};
use serde_json::Value;

use super::house::{Dice, House, house_key, played};

/// Whether the text is a proof that verifies against the house's key.
fn passes(text: &str) -> bool {
    SessionProof::read(text).is_ok_and(|proof| verify(&proof, Some(&house_key())).is_ok())
}

/// The kinds of mutation, each of which changes exactly one thing.
const KINDS: usize = 12;

/// Mutates a proof's text; the kind's name, and the text.
fn mutate(house: &House, dice: &Dice, kind: usize) -> (&'static str, String) {
    let proof = house.proof();
    let text = proof.write().unwrap();
    let with = |change: &dyn Fn(&mut ProofBody)| {
        let mut proof = proof.clone();
        change(&mut proof.body);
        proof.write().unwrap()
    };
    let some = |length: usize| dice.below(length.max(1));
    let events = proof.body.events.len();
    match kind {
        0 => ("a flipped bit", flip(&text, dice)),
        1 => ("a removed byte", cut(&text, some(text.len()))),
        2 => ("a changed value", change_leaf(&text, dice)),
        3 => ("a deleted event", with(&|body| drop(body.events.remove(some(events))))),
        4 => {
            let duplicate = |body: &mut ProofBody| body.events.insert(some(events), body.events[some(events)].clone());
            ("a duplicated event", with(&duplicate))
        }
        5 => {
            let at = some(events - 1);
            ("two events in another order", with(&|body| body.events.swap(at, at + 1)))
        }
        6 => ("a truncated tail", with(&|body| body.events.truncate(some(events)))),
        7 => {
            let seed = ServerSeed(std::array::from_fn(|_| u8::try_from(dice.below(256)).unwrap()));
            let swap = |body: &mut ProofBody| {
                let at = some(body.seeds.len());
                body.seeds[at].server_seed = seed;
                body.seeds[at].commitment = seed.commitment();
            };
            ("another server seed with its commitment", with(&swap))
        }
        8 => ("another client seed", with(&|body| body.seeds[0].client_seed.push('x'))),
        9 => {
            let change = |body: &mut ProofBody| {
                let strips = body.game.rng_signature["modes"]["base"]["strips"][dice.below(5)].as_array_mut().unwrap();
                let at = dice.below(strips.len() - 1);
                let other = strips.iter().position(|symbol| *symbol != strips[at]).unwrap();
                strips.swap(at, other);
            };
            ("two stops of a strip changed places", with(&change))
        }
        10 => ("a payout with the chain hashed anew", with(&|body| rehash_payout(body, dice))),
        _ => ("a deleted, changed or added ledger entry", with(&|body| change_entry(body, dice))),
    }
}

fn flip(text: &str, dice: &Dice) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let at = dice.below(bytes.len());
    bytes[at] ^= 1 << dice.below(7);
    String::from_utf8_lossy(&bytes).into_owned()
}

fn cut(text: &str, at: usize) -> String {
    let mut bytes = text.as_bytes().to_vec();
    bytes.remove(at);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Changes one value anywhere in the document, and writes it in canonical form again.
fn change_leaf(text: &str, dice: &Dice) -> String {
    let mut value: Value = serde_json::from_str(text).unwrap();
    let mut leaves = Vec::new();
    pointers(&value, &mut String::new(), &mut leaves);
    let leaf = value.pointer_mut(&dice.pick(&leaves)).unwrap();
    *leaf = match &*leaf {
        Value::String(text) => match text.char_indices().nth(dice.below(text.chars().count().max(1))) {
            Some((at, old)) => {
                let new = if old == '1' { '2' } else { '1' };
                format!("{}{new}{}", &text[..at], &text[at + old.len_utf8()..]).into()
            }
            None => "1".into(),
        },
        Value::Number(number) => number.as_i64().map_or(0.5.into(), |number| (number + 1).into()),
        Value::Bool(so) => (!so).into(),
        _ => "1".into(),
    };
    canonical_json(&value).unwrap()
}

fn pointers(value: &Value, at: &mut String, leaves: &mut Vec<String>) {
    let length = at.len();
    let mut step = |name: &str, value: &Value| {
        at.push_str(&format!("/{}", name.replace('~', "~0").replace('/', "~1")));
        pointers(value, at, leaves);
        at.truncate(length);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| step(name, value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(place, value)| step(&place.to_string(), value)),
        _ => leaves.push(at.clone()),
    }
}

/// Gives one event a larger payout, and hashes the chain anew as far as the head.
fn rehash_payout(body: &mut ProofBody, dice: &Dice) {
    let paid: Vec<usize> = (0..body.events.len()).filter(|at| body.events[*at].body.action["type"] == "spin").collect();
    let at = if paid.is_empty() { 0 } else { dice.pick(&paid) };
    body.events[at].body.result["payout"] = "77.0000".into();
    let mut previous: Digest = body.genesis;
    for event in &mut body.events {
        event.hash = event.body.hash_after(previous).unwrap();
        previous = event.hash;
    }
    body.head.statement.chain_head = previous;
}

fn change_entry(body: &mut ProofBody, dice: &Dice) {
    if body.entries.is_empty() {
        body.events[0].body.seq += 1;
        return;
    }
    let at = dice.below(body.entries.len());
    match dice.below(3) {
        0 => drop(body.entries.remove(at)),
        1 => body.entries.insert(at, body.entries[at].clone()),
        _ => {
            let amount = body.entries[at].amount;
            body.entries[at].amount = amount.checked_add(amount).unwrap();
        }
    }
}

/// Changes one value to an extreme one.
fn change_to_extreme(text: &str, dice: &Dice) -> String {
    let mut value: Value = serde_json::from_str(text).unwrap();
    let mut leaves = Vec::new();
    pointers(&value, &mut String::new(), &mut leaves);
    *value.pointer_mut(&dice.pick(&leaves)).unwrap() = dice.pick(&[
        i64::MAX.into(),
        i64::MIN.into(),
        u64::MAX.into(),
        u32::MAX.into(),
        0.into(),
        (-1).into(),
        1e300.into(),
        "922337203685477.5807".into(),
        "-922337203685477.5808".into(),
        "0.0000".into(),
        "".into(),
        "ffffffff-ffff-7fff-bfff-ffffffffffff".into(),
        "+262142-12-31T23:59:59.999Z".into(),
        "-262143-01-01T00:00:00.000Z".into(),
        "9999-12-31T23:59:59.999Z".into(),
        "rotate_seed".into(),
        "expire".into(),
        Value::Null,
        Value::Array(vec![]),
        Value::Object(serde_json::Map::new()),
    ]);
    canonical_json(&value).unwrap()
}

#[test]
fn extreme_values_are_findings_and_never_a_panic() {
    let texts: Vec<String> =
        ["fruit-5x3", "pearl-5x3"].map(|game| played(game, 77, 60).proof().write().unwrap()).into();
    let dice = Dice::new(7);
    let mut read = 0;
    for _ in 0..1500 {
        let text = dice.pick(&texts);
        let changed = change_to_extreme(&text, &dice);
        // The whole of the verifier, whether or not the text is in the form that is signed.
        if let Ok(proof) = serde_json::from_str::<SessionProof>(&changed) {
            read += 1;
            assert!(changed == text || verify(&proof, Some(&house_key())).is_err(), "{changed}");
        }
    }
    assert!(read > 300, "{read}");
}

#[test]
fn one_thousand_mutations_are_all_detected() {
    let houses: Vec<House> =
        (0..16).map(|seed| played(["fruit-5x3", "pearl-5x3"][seed % 2], 100 + seed as u64, 40)).collect();
    let texts: Vec<String> = houses.iter().map(|house| house.proof().write().unwrap()).collect();
    for text in &texts {
        assert!(passes(text));
    }
    let dice = Dice::new(2026);
    let (mut tried, mut kinds) = (0, [0; KINDS]);
    while tried < 1000 {
        let (kind, at) = (dice.below(KINDS), dice.below(houses.len()));
        if houses[at].events.len() < 3 {
            continue;
        }
        let (name, text) = mutate(&houses[at], &dice, kind);
        if text == texts[at] {
            continue;
        }
        assert!(!passes(&text), "{name} of proof {at} was not detected");
        tried += 1;
        kinds[kind] += 1;
    }
    assert!(kinds.iter().all(|count| *count > 40), "{kinds:?}");
}
