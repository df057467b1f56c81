//! Games to test with: the reference games, and small random ones.

use std::num::NonZeroU32;

use serde_json::{Map, Value, json};

use crate::fairness::{Draws, FairStream, ServerSeed};
use crate::game::{Definition, example_games, reference_games};

/// The document of a game that comes along.
pub(super) fn document(name: &str) -> Value {
    let game = reference_games().into_iter().chain(example_games()).find(|game| game.name == name).unwrap();
    serde_json::from_str(game.document).unwrap()
}

/// A document's definition.
pub(super) fn parsed(document: &Value) -> Definition {
    Definition::parse(&document["rng_signature"], &document["symbol_map"]).unwrap()
}

/// Makes up numbers from a seed.
pub(super) struct Dice(FairStream);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(FairStream::new(&ServerSeed([0; 32]), "dice", seed))
    }

    pub(super) fn between(&mut self, least: u32, most: u32) -> u32 {
        least + self.0.below(NonZeroU32::new(most - least + 1).unwrap())
    }

    pub(super) fn flip(&mut self) -> bool {
        self.between(0, 1) == 1
    }

    fn pick<'a>(&mut self, names: &[&'a str]) -> &'a str {
        names[self.between(0, names.len() as u32 - 1) as usize]
    }

    /// A row of a table, in no order of size: the rules must hold for odd games too.
    fn row(&mut self, most_length: u32, amounts: (u32, u32)) -> Value {
        let mut row = Map::new();
        for length in 1..=most_length {
            if self.flip() {
                row.insert(length.to_string(), self.between(amounts.0, amounts.1).into());
            }
        }
        row.into()
    }

    fn strips(&mut self, reels: u32, rows: u32, names: &[&str]) -> Value {
        let mut strip = || -> Value { (0..self.between(rows, 6)).map(|_| self.pick(names)).collect() };
        (0..reels).map(|_| strip()).collect()
    }
}

/// A small random game: at most 4 reels of at most 6 stops, so that all stops can be tried.
pub(super) fn random_game(seed: u64) -> Definition {
    let dice = &mut Dice::new(seed);
    let (reels, rows) = (dice.between(1, 4), dice.between(1, 3));
    let mut symbols = vec![json!({"name": "a", "role": "regular"}), json!({"name": "b", "role": "regular"})];
    let mut names = vec!["a", "b"];
    let mut pays = json!({"a": dice.row(reels, (0, 9)), "b": dice.row(reels, (0, 30))});
    if dice.flip() {
        let substitutes = [json!("regular"), json!(["a"]), json!(["b", "a"]), json!([])];
        let chosen = &substitutes[dice.between(0, 3) as usize];
        symbols.push(json!({"name": "W", "role": "wild", "multiplier": dice.between(1, 4), "substitutes": chosen}));
        names.push("W");
        pays["W"] = dice.row(reels, (0, 40));
    }
    let mut scatter_pays = json!({});
    let mut awards = json!({});
    for name in ["S", "T"].into_iter().take(dice.between(0, 2) as usize) {
        symbols.push(json!({"name": name, "role": "scatter"}));
        names.push(name);
        scatter_pays[name] = dice.row(reels * rows, (0, 9));
        awards[name] = dice.row(reels * rows, (1, 4));
    }
    let line = |dice: &mut Dice| -> Value { (0..reels).map(|_| dice.between(1, rows)).collect() };
    let lines: Value = (0..dice.between(1, 4)).map(|_| line(dice)).collect();
    let mut map = json!({
        "version": 1, "grid": {"reels": reels, "rows": rows}, "symbols": symbols, "pays": pays,
        "evaluation": {"type": "lines", "lines": lines}, "scatter_pays": scatter_pays,
    });
    let base = dice.strips(reels, rows, &names);
    let mut rng = json!({"version": 1, "algorithm": "hmac-sha256", "modes": {"base": {"strips": base}}});
    let plain = Definition::parse(&rng, &map).unwrap();
    rng["modes"]["free"] = json!({"strips": dice.strips(reels, rows, &names)});
    for retrigger in [true, false] {
        map["free_games"] = json!({"awards": awards, "multiplier": dice.between(1, 3), "retrigger": retrigger});
        if let Ok(with_free_games) = Definition::parse(&rng, &map) {
            return with_free_games;
        }
    }
    plain
}
