//! Small games of the kinds that people post, whose figures were worked out by hand.

use serde_json::{Value, json};

use crate::game::profile::Method;
use crate::game::{Definition, StatisticalProfile, profile};

/// A game of these symbols on strips or weights, with one row unless the map says otherwise.
fn game(modes: Value, map: Value) -> StatisticalProfile {
    let mut whole = json!({
        "version": 1,
        "symbols": [
            {"name": "W", "role": "wild", "multiplier": 3}, {"name": "a", "role": "regular"},
            {"name": "b", "role": "regular"}, {"name": "S", "role": "scatter"},
        ],
    });
    map.as_object().unwrap().iter().for_each(|(name, value)| whole[name] = value.clone());
    let rng = json!({"version": 1, "algorithm": "hmac-sha256", "modes": {"base": modes}});
    let figures = profile(&Definition::parse(&rng, &whole).unwrap());
    assert_eq!(figures.method, Method::Exact);
    figures
}

fn total(figures: &StatisticalProfile) -> &str {
    &figures.rtp.as_ref().unwrap().total.exact
}

/// Three reels of ten stops, each with one wild that multiplies by 3, one a and eight blanks.
///
/// Of 1000: three wilds once, at 100; three a once, at 10; one wild and two a three times, at 10 × 3; two wilds and
/// one a three times, at 10 × 9. That is 100 + 10 + 90 + 270.
#[test]
fn three_reels_with_wilds_whose_multipliers_multiply() {
    let strip: Vec<&str> = ["W", "a"].into_iter().chain(["b"; 8]).collect();
    let figures = game(
        json!({"strips": [strip, strip, strip]}),
        json!({
            "grid": {"reels": 3, "rows": 1}, "evaluation": {"type": "lines", "lines": [[1, 1, 1]]},
            "pays": {"a": {"3": 10}, "W": {"3": 100}}, "wild_multipliers": "product",
        }),
    );
    assert_eq!(total(&figures), "47/100");
    assert_eq!(figures.hit_frequency.unwrap().combinations, "8");
    assert_eq!(figures.max_win.unwrap().base.line_bets, "100");
    let paid: Vec<(String, u32, String)> =
        figures.contributions.unwrap().base.into_iter().map(|one| (one.symbol, one.count, one.combinations)).collect();
    assert_eq!(paid, [("W".to_owned(), 3, "1".to_owned()), ("a".to_owned(), 3, "7".to_owned())]);
}

/// Each of five cells shows a with probability one half. Exactly three from the left: 1/8 × 1/2; from the right as often.
#[test]
fn lines_that_pay_both_ways() {
    let strip = ["a", "b"];
    let figures = game(
        json!({"strips": vec![strip; 5]}),
        json!({
            "grid": {"reels": 5, "rows": 1}, "pays": {"a": {"3": 1}},
            "evaluation": {"type": "lines", "lines": [[1, 1, 1, 1, 1]], "both_ways": true},
        }),
    );
    assert_eq!(total(&figures), "1/8");
}

/// 243 ways, every cell a with probability 1/3 and wild with 1/9 on the three reels in the middle: a way of five is
/// a W-or-a … a with 1/3 × (4/9)³ × 1/3, and there are 243 of them; none is of wilds alone.
#[test]
fn ways_with_wilds_in_the_middle() {
    let outer = json!({"a": 3, "b": 6});
    let middle = json!({"a": 3, "W": 1, "b": 5});
    let figures = game(
        json!({"weights": [outer, middle, middle, middle, outer]}),
        json!({
            "grid": {"reels": 5, "rows": 3}, "pays": {"a": {"5": 1}}, "evaluation": {"type": "ways"},
            "symbols": [
                {"name": "W", "role": "wild"}, {"name": "a", "role": "regular"}, {"name": "b", "role": "regular"},
            ],
        }),
    );
    // 243 × 64 / (9 × 729) = 64/27.
    assert_eq!(total(&figures), "64/27");
}

/// Two reels of a wild or a blank. Both at once (1/4) pay, are held, and pay again in the respin; one (1/2) is held,
/// and pays when the other comes (1/2). 1/4 × 2 + 1/2 × 1/2 × 1.
#[test]
fn wilds_that_are_held_for_a_respin() {
    let figures = game(
        json!({"strips": [["W", "b"], ["W", "b"]]}),
        json!({
            "grid": {"reels": 2, "rows": 1}, "evaluation": {"type": "lines", "lines": [[1, 1]]},
            "pays": {"W": {"2": 1}}, "respins": {"symbols": ["W"], "most": 1},
        }),
    );
    assert_eq!(total(&figures), "3/4");
    assert_eq!(figures.max_win.unwrap().base.line_bets, "2");
}

/// A column of two cells, a or b alike: both a (1/4) pay and fall, and both are drawn again, once.
#[test]
fn clusters_that_cascade() {
    let figures = game(
        json!({"weights": [{"a": 1, "b": 1}]}),
        json!({
            "grid": {"reels": 1, "rows": 2}, "evaluation": {"type": "cluster"}, "pays": {"a": {"2": 1}},
            "cascades": {"most": 1},
        }),
    );
    assert_eq!(total(&figures), "5/16");
}

/// Rows that vary: one row or two, alike, on each of two reels of a alone, so that 1, 2, 2 or 4 ways pay.
#[test]
fn rows_that_vary() {
    let rows = json!({"1": 1, "2": 1});
    let figures = game(
        json!({"weights": [{"a": 1}, {"a": 1}], "rows": [rows, rows]}),
        json!({"grid": {"reels": 2, "rows": 2}, "evaluation": {"type": "ways"}, "pays": {"a": {"2": 1}}}),
    );
    assert_eq!(total(&figures), "9/4");
    assert_eq!(figures.cycle.unwrap().base, "4");
}

/// Four cells of a or b alike; a line of a pays 1. A window full of a (1/16) pays its two lines three times over,
/// other lines of a come 2 × (1/4 − 1/16).
#[test]
fn windows_full_of_one_symbol() {
    let figures = game(
        json!({"weights": [{"a": 1, "b": 1}, {"a": 1, "b": 1}]}),
        json!({
            "grid": {"reels": 2, "rows": 2}, "evaluation": {"type": "lines", "lines": [[1, 1], [2, 2]]},
            "pays": {"a": {"2": 1}}, "full_grid": [{"symbols": ["a"], "multiplier": 3}],
        }),
    );
    // In stakes of two lines: (6/16 + 6/16) / 2.
    assert_eq!(total(&figures), "3/8");
}
