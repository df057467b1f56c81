//! Expected symbols and the chi-square of reels.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use serde_json::json;

use crate::fairness::{Draws as _, FairStream, ServerSeed};
use crate::game::Definition;
use crate::observation::ReelMoments;
use crate::simulation::statistics::chi_square_below;

/// A game of one reel, whose symbols are drawn as given.
fn reel(source: &serde_json::Value, rows: u32) -> ReelMoments {
    let symbols = ["a", "b", "c"].map(|name| json!({ "name": name, "role": "regular" }));
    let definition = Definition::parse(
        &json!({ "version": 1, "algorithm": "hmac-sha256", "modes": { "base": source } }),
        &json!({
            "version": 1,
            "grid": { "reels": 1, "rows": rows },
            "symbols": symbols,
            "evaluation": { "type": "ways", "bets": 1 },
            "pays": { "a": { "1": 1 } }
        }),
    )
    .unwrap();
    ReelMoments::of_mode(&definition.rng_signature().modes.base, &definition.symbol_map().grid).remove(0)
}

fn counts(of: [u64; 3]) -> BTreeMap<String, u64> {
    ["a", "b", "c"].map(str::to_owned).into_iter().zip(of).collect()
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
}

#[test]
fn with_one_cell_it_is_pearsons_test() {
    let strip = reel(&json!({ "strips": [["a", "b", "a", "c"]] }), 1);
    let table = reel(&json!({ "weights": [{ "a": 2, "b": 1, "c": 1 }] }), 1);
    for moments in [strip, table] {
        // Of 40 windows 20, 10 and 10 are expected.
        let found = moments.statistic(40, &counts([14, 15, 11]));
        near(found.value, 36.0 / 20.0 + 25.0 / 10.0 + 1.0 / 10.0);
        assert_eq!(found.degrees_of_freedom, 2);
    }
}

/// Rows 1 or 2, by weights 1 and 3, of cells that are `a` or `b` alike: by going through all of them.
#[test]
fn moments_of_varying_rows_are_those_of_all_windows() {
    let moments = reel(&json!({ "weights": [{ "a": 1, "b": 1 }], "rows": [{ "1": 1, "2": 3 }] }), 2);
    let windows =
        [(0.125, [1.0, 0.0]), (0.125, [0.0, 1.0]), (0.1875, [2.0, 0.0]), (0.375, [1.0, 1.0]), (0.1875, [0.0, 2.0])];
    for (one, other) in [(0, 0), (0, 1), (1, 1)] {
        let mean = |of: usize| windows.iter().map(|(share, shown)| share * shown[of]).sum::<f64>();
        let product: f64 = windows.iter().map(|(share, shown)| share * shown[one] * shown[other]).sum();
        near(moments.mean[one], mean(one));
        near(moments.covariance[one][other], product - mean(one) * mean(other));
    }
}

/// On a strip of three stops, windows of two cells leave out one symbol each: what each shows is settled by that.
#[test]
fn neighbours_on_a_strip_are_no_fault() {
    let moments = reel(&json!({ "strips": [["a", "b", "c"]] }), 2);
    let found = moments.statistic(30, &counts([18, 22, 20]));
    // The windows left out 12, 8 and 10: Pearson's test of those, 10 of each expected.
    near(found.value, 4.0 / 10.0 + 4.0 / 10.0);
    assert_eq!(found.degrees_of_freedom, 2);
    // Cells that no 30 windows of two can show.
    assert!(moments.statistic(30, &counts([18, 22, 21])).value.is_infinite());
}

#[test]
fn what_a_reel_lacks_is_impossible() {
    let moments = reel(&json!({ "strips": [["a", "b", "a"]] }), 1);
    assert!(moments.statistic(3, &counts([2, 0, 1])).value.is_infinite());
    assert!(moments.statistic(3, &counts([2, 1, 0])).value.is_finite());
    let single = reel(&json!({ "strips": [["a"]] }), 1);
    let found = single.statistic(5, &counts([5, 0, 0]));
    assert_eq!((found.value, found.degrees_of_freedom), (0.0, 0));
    assert!(single.statistic(5, &counts([4, 0, 0])).value.is_infinite());
    near(moments.statistic(0, &BTreeMap::new()).value, 0.0);
}

/// What one in twenty honest reels should pass, about one in twenty passes; a reel that skips a stop is caught.
#[test]
fn honest_reels_pass_and_others_do_not() {
    let strip = ["a", "b", "a", "c", "c", "a", "b", "c", "a", "a"];
    let moments = reel(&json!({ "strips": [strip] }), 3);
    let drawn = |seed: u64, windows: u64, skipped: Option<u32>| {
        let mut stream = FairStream::new(&ServerSeed([9; 32]), "observed", seed);
        let mut shown = BTreeMap::new();
        for _ in 0..windows {
            let stop = stream.below(NonZeroU32::new(10).unwrap());
            let stop = if Some(stop) == skipped { stop + 1 } else { stop };
            for row in 0..3 {
                *shown.entry(strip[(stop as usize + row) % 10].to_owned()).or_insert(0) += 1;
            }
        }
        let found = moments.statistic(windows, &shown);
        1.0 - chi_square_below(found.degrees_of_freedom, found.value)
    };
    let beyond = (0..400).filter(|seed| drawn(*seed, 400, None) < 0.05).count();
    // 20 are expected, with a standard deviation of 4.4.
    assert!((7..=33).contains(&beyond), "{beyond}");
    assert!((0..20).all(|seed| drawn(seed, 2_000, Some(3)) < 1e-4));
}
