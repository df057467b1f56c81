//! Small random games of every feature.

use serde_json::{Value, json};

use super::samples::Dice;

/// How large random games are at most.
pub(super) struct Size {
    pub(super) reels: u32,
    pub(super) rows: u32,
    pub(super) stops: u32,
    pub(super) weight: u32,
    /// A symbol has a weight once in so many times, and one.
    pub(super) rare: u32,
}

impl Size {
    /// Too large to go through all that may be drawn.
    pub(super) const USUAL: Self = Self { reels: 4, rows: 4, stops: 7, weight: 5, rare: 1 };
    /// Small enough for that, mostly.
    pub(super) const TINY: Self = Self { reels: 3, rows: 2, stops: 4, weight: 2, rare: 2 };
}

fn row(dice: &mut Dice, most: u32, amounts: (u32, u32)) -> Value {
    let lengths: Vec<u32> = (1..=most).filter(|_| dice.flip()).collect();
    lengths.into_iter().map(|length| (length.to_string(), json!(dice.between(amounts.0, amounts.1)))).collect()
}

fn wild(dice: &mut Dice) -> Value {
    let substitutes = [json!("regular"), json!(["a"]), json!(["b", "W"]), json!(["a", "b", "V"])];
    json!({
        "role": "wild", "multiplier": dice.between(1, 4), "expands": dice.between(0, 3) == 0,
        "scatter": dice.between(0, 3) == 0, "substitutes": substitutes[dice.between(0, 3) as usize],
    })
}

fn reels(dice: &mut Dice, size: &Size, heights: &[u32], names: &[&str], vary: bool) -> Value {
    let pick = |dice: &mut Dice| names[dice.between(0, names.len() as u32 - 1) as usize];
    let mut mode = if dice.flip() {
        let strip = |height: &u32| -> Value {
            (0..dice.between(*height, size.stops.max(*height))).map(|_| pick(dice)).collect()
        };
        json!({"strips": heights.iter().map(strip).collect::<Vec<_>>()})
    } else {
        let table = |_: &u32| -> Value {
            let mut weights = json!({pick(dice): dice.between(1, size.weight)});
            names.iter().for_each(|name| {
                if dice.between(0, size.rare) == 0 {
                    weights[*name] = json!(dice.between(1, size.weight))
                }
            });
            weights
        };
        json!({"weights": heights.iter().map(table).collect::<Vec<_>>()})
    };
    if vary {
        let rows = |height: &u32| -> Value {
            let mut rows = json!({height.to_string(): dice.between(1, size.weight)});
            rows[dice.between(1, *height).to_string()] = json!(dice.between(1, size.weight));
            rows
        };
        mode["rows"] = json!(heights.iter().map(rows).collect::<Vec<_>>());
    }
    mode
}

/// The documents of a small random game with features.
pub(super) fn random(seed: u64, size: &Size) -> (Value, Value) {
    let dice = &mut Dice::new(seed);
    let count = dice.between(1, size.reels);
    let heights: Vec<u32> = (0..count).map(|_| dice.between(1, size.rows)).collect();
    let cells = heights.iter().sum();
    let names = ["a", "b", "W", "V", "S"];
    let free = dice.flip();
    let mut symbols = vec![json!({"name": "a", "role": "regular"}), json!({"name": "b", "role": "regular"})];
    for name in ["W", "V"] {
        let mut symbol = wild(dice);
        symbol["name"] = json!(name);
        symbols.push(symbol);
    }
    symbols.push(json!({"name": "S", "role": "scatter"}));
    if free {
        symbols[4]["free"] = wild(dice);
        let role = if dice.flip() { "regular" } else { "scatter" };
        symbols[2]["free"] = json!({ "role": role });
    }
    let (kind, longest) = [("lines", count), ("ways", count), ("cluster", cells)][dice.between(0, 2) as usize];
    let mut evaluation = json!({"type": kind});
    if kind == "lines" {
        let line = |dice: &mut Dice| -> Value { heights.iter().map(|height| dice.between(1, *height)).collect() };
        evaluation["lines"] = (0..dice.between(1, 4)).map(|_| line(dice)).collect();
    } else {
        evaluation["bets"] = json!(dice.between(1, 9));
    }
    if kind != "cluster" {
        evaluation["both_ways"] = json!(dice.flip());
    }
    let combine = ["highest", "product", "sum"][dice.between(0, 2) as usize];
    let mut map = json!({
        "version": 1, "grid": {"reels": count, "rows": heights}, "symbols": symbols, "evaluation": evaluation,
        "pays": {}, "scatter_pays": {"S": row(dice, cells, (0, 9))}, "wild_multipliers": combine,
    });
    for name in &names[..4] {
        map["pays"][name] = row(dice, longest, (0, 30));
    }
    if dice.flip() {
        map["full_grid"] = json!([{"symbols": ["a", "W"], "multiplier": 3}, {"symbols": ["b"], "multiplier": 5}]);
    }
    match dice.between(0, 3) {
        0 => map["cascades"] = json!({"multipliers": [1, 2, 5], "most": dice.between(1, 6)}),
        1 => map["respins"] = json!({"symbols": ["W", "V"], "most": dice.between(1, 3)}),
        _ => {}
    }
    let vary = kind != "lines" && dice.flip();
    let mut modes = json!({"base": reels(dice, size, &heights, &names, vary)});
    if free {
        modes["free"] = reels(dice, size, &heights, &names, vary);
        let awards = json!({"S": row(dice, cells, (1, 3)), "W": row(dice, cells.min(2), (1, 2))});
        map["free_games"] = json!({"awards": awards, "multiplier": 3, "retrigger": dice.flip()});
        if map["cascades"].is_object() {
            map["cascades"]["free_multipliers"] = json!([2, 3]);
        }
    }
    (json!({"version": 1, "algorithm": "hmac-sha256", "modes": modes}), map)
}
