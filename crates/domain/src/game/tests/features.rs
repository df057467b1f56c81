//! Each feature in windows computed by hand.

use serde_json::{Value, json};

use super::slow::agree;
use crate::game::engine::StepKind;
use crate::game::{Definition, Engine, Mode, Outcome, WinKind};

/// A game whose reels each have one strip, so that the top stops are what is drawn.
fn game(strips: &[&[&str]], rows: &Value, changes: &Value) -> (Definition, Engine) {
    let mut map = json!({
        "version": 1, "grid": {"reels": strips.len(), "rows": rows},
        "symbols": [
            {"name": "a", "role": "regular"}, {"name": "b", "role": "regular"},
            {"name": "W", "role": "wild", "multiplier": 2}, {"name": "V", "role": "wild", "multiplier": 3},
            {"name": "S", "role": "scatter"},
        ],
        "evaluation": {"type": "ways", "bets": 10},
        "pays": {"a": {"2": 1, "3": 5, "4": 20}, "b": {"3": 7}, "W": {"3": 50}},
    });
    for (_, row) in map["pays"].as_object_mut().unwrap() {
        row.as_object_mut().unwrap().retain(|length, _| length.parse::<usize>().unwrap() <= strips.len());
    }
    for (name, value) in changes.as_object().unwrap() {
        map[name] = value.clone();
    }
    let modes = if map["free_games"].is_object() {
        json!({"base": {"strips": strips}, "free": {"strips": strips}})
    } else {
        json!({"base": {"strips": strips}})
    };
    let rng = json!({"version": 1, "algorithm": "hmac-sha256", "modes": modes});
    let definition = Definition::parse(&rng, &map).unwrap();
    let engine = Engine::compile(&definition);
    (definition, engine)
}

fn play(game: &(Definition, Engine), mode: Mode, numbers: &[u32]) -> Outcome {
    let outcome = game.1.evaluate(mode, numbers);
    agree(&game.0, &game.1, &outcome);
    outcome
}

/// Symbol, count and pay of each win.
fn wins<'e>(game: &'e (Definition, Engine), outcome: &Outcome) -> Vec<(&'e str, u32, u64)> {
    outcome.wins.iter().map(|win| (game.1.symbol_name(win.symbol), win.count, win.pay)).collect()
}

#[test]
fn ways_multiply_over_adjacent_reels() {
    // Two, one and two of a: four ways of three. The b's skip a reel.
    let ways = game(&[&["a", "a", "b"], &["a", "S", "S"], &["b", "a", "a"], &["b", "b", "b"]], &json!(3), &json!({}));
    let outcome = play(&ways, Mode::Base, &[0, 0, 0, 0]);
    assert_eq!(wins(&ways, &outcome), [("a", 3, 4 * 5)]);
    let WinKind::Ways { ways: count, weight, from_right, cells } = outcome.wins[0].kind else { panic!() };
    assert_eq!((count, weight, from_right), (4, 4, false));
    assert_eq!(cells, 0b011 | 0b001 << 8 | 0b110 << 16);
    assert_eq!(ways.1.unit_bet().to_string(), "0.1000");
    assert_eq!(ways.1.payout("1".parse().unwrap(), &outcome).unwrap().to_string(), "2.0000", "20 bets of 0.10.");
}

#[test]
fn wilds_count_in_ways_but_not_alone() {
    let strips: &[&[&str]] = &[&["a", "W"], &["W", "V"], &["a", "W"]];
    // Of 2 × 2 × 2 choices the two of wilds alone are no ways of a. By the multipliers in each way:
    // a W a 2, a V a 3, a W W 2 (4), a V W 3 (6), W W a 2 (4), W V a 3 (6); in brackets as products.
    for (combine, weight) in [("highest", 15), ("product", 25), ("sum", 2 + 3 + 4 + 5 + 4 + 5)] {
        let ways = game(strips, &json!(2), &json!({ "wild_multipliers": combine }));
        let outcome = play(&ways, Mode::Base, &[0, 0, 0]);
        // The way of three W pays as such; V does not stand for W.
        assert_eq!(wins(&ways, &outcome), [("a", 3, 5 * weight), ("W", 3, 50)], "{combine}");
    }
}

#[test]
fn both_ways_pay_a_full_run_once() {
    let evaluation = json!({"type": "ways", "bets": 1, "both_ways": true});
    let ways = game(&[&["b"], &["a"], &["a"], &["a"]], &json!(1), &json!({ "evaluation": evaluation }));
    let outcome = play(&ways, Mode::Base, &[]);
    assert_eq!(wins(&ways, &outcome), [("a", 3, 5)]);
    assert!(matches!(outcome.wins[0].kind, WinKind::Ways { from_right: true, .. }));

    let lines = json!({"type": "lines", "lines": [[1, 1, 1, 1]], "both_ways": true});
    let line = game(&[&["a"], &["a"], &["a"], &["a"]], &json!(1), &json!({ "evaluation": lines }));
    assert_eq!(wins(&line, &play(&line, Mode::Base, &[])), [("a", 4, 20)]);
    let line = game(
        &[&["a"], &["a"], &["b"], &["a"], &["W"]],
        &json!(1),
        &json!({"evaluation": {
            "type": "lines", "lines": [[1, 1, 1, 1, 1]], "both_ways": true,
        }}),
    );
    let outcome = play(&line, Mode::Base, &[]);
    assert_eq!(wins(&line, &outcome), [("a", 2, 1), ("a", 2, 2)]);
    assert_eq!(outcome.wins[1].kind, WinKind::LineFromRight { line: 1 });
}

#[test]
fn several_wilds_on_a_line_combine_as_stated() {
    let line = json!({"type": "lines", "lines": [[1, 1, 1, 1]]});
    for (combine, multiplier) in [("highest", 3), ("product", 12), ("sum", 7)] {
        let changes = json!({"evaluation": line, "wild_multipliers": combine});
        let game = game(&[&["W"], &["V"], &["W"], &["a"]], &json!(1), &changes);
        let outcome = play(&game, Mode::Base, &[]);
        assert_eq!(wins(&game, &outcome), [("a", 4, 20 * multiplier)], "{combine}");
        assert_eq!(outcome.wins[0].multiplier, multiplier);
    }
}

#[test]
fn clusters_are_cells_that_share_an_edge() {
    let changes = json!({"evaluation": {"type": "cluster"}, "pays": {"a": {"4-5": 10, "6": 40}, "b": {"1": 1}}});
    // a a b
    // S a W   Four of a with the wild; the a below on the left touches none of them. The b has the wild too.
    // a S a   So has the a below it: five, doubled.
    let game = game(&[&["a", "S", "a"], &["a", "a", "S"], &["b", "W", "a"]], &json!(3), &changes);
    let outcome = play(&game, Mode::Base, &[]);
    assert_eq!(wins(&game, &outcome), [("a", 5, 20)]);
    assert_eq!(outcome.wins[0].kind, WinKind::Cluster { cells: 0b001 | 0b011 << 8 | 0b110 << 16 });
}

#[test]
fn cascades_climb_the_ladder_and_end() {
    let changes = json!({
        "evaluation": {"type": "lines", "lines": [[1, 1, 1]]}, "cascades": {"multipliers": [1, 2, 5], "most": 3},
    });
    // The line pays for ever: each cascade brings the stop before the top one, another a.
    let endless = game(&[&["a"], &["a"], &["a"]], &json!(1), &changes);
    let outcome = play(&endless, Mode::Base, &[]);
    assert_eq!(wins(&endless, &outcome), [("a", 3, 5), ("a", 3, 10), ("a", 3, 25), ("a", 3, 25)]);
    let steps = &outcome.course.as_ref().unwrap().steps;
    assert_eq!(steps.iter().map(|step| step.multiplier).collect::<Vec<_>>(), [1, 2, 5, 5]);
    assert_eq!((steps[0].kind, steps[3].kind), (StepKind::Spin, StepKind::Cascade));

    // Row 1 wins and goes; what falls in from above is the last stop of each strip.
    let once = game(&[&["a", "b", "S"], &["a", "S", "b"], &["a", "b", "b"]], &json!(2), &changes);
    let outcome = play(&once, Mode::Base, &[0, 0, 0]);
    let steps = &outcome.course.as_ref().unwrap().steps;
    assert_eq!(steps.len(), 2);
    assert_eq!(once.1.window_names(&steps[1].window), [["S", "b"], ["b", "S"], ["b", "b"]]);
    assert_eq!(outcome.stops, [0, 0, 0], "The stops are those of the first window.");
}

#[test]
fn expanding_wilds_are_held_through_respins() {
    let changes = json!({
        "symbols": [
            {"name": "a", "role": "regular"}, {"name": "b", "role": "regular"},
            {"name": "W", "role": "wild", "expands": true}, {"name": "S", "role": "scatter"},
        ],
        "evaluation": {"type": "lines", "lines": [[1, 1, 1], [2, 2, 2]]},
        "pays": {"a": {"3": 5}, "b": {"3": 7}}, "scatter_pays": {"S": {"1": 3}},
        "respins": {"symbols": ["W"], "most": 3},
    });
    let strip: &[&str] = &["a", "a", "b", "b", "W", "S"];
    let game = game(&[strip, strip, strip], &json!(2), &changes);
    // W on reel 2 fills it and is held; a respin of reels 1 and 3 brings b b; no new wild, so it ends.
    let outcome = play(&game, Mode::Base, &[0, 4, 2, 2, 2]);
    assert_eq!(wins(&game, &outcome), [("b", 3, 7), ("b", 3, 7), ("S", 1, 3)]);
    let course = outcome.course.as_ref().unwrap();
    assert_eq!(course.draws, [0, 4, 2, 2, 2]);
    assert_eq!(course.steps[0].expanded, [(1, 2)]);
    assert_eq!((course.steps[1].kind, course.steps[1].held), (StepKind::Respin, 0b11 << 8));
    assert_eq!(course.steps.iter().map(|step| step.wins).collect::<Vec<_>>(), [0, 2]);
    // A wild on each reel in turn: three respins at most, and a window of wilds alone is drawn no more.
    let outcome = play(&game, Mode::Base, &[0, 4, 0, 4, 2, 4]);
    assert_eq!(outcome.course.unwrap().draws, [0, 4, 0, 4, 2, 4]);
}

#[test]
fn a_full_grid_multiplies_all_but_scatters() {
    let changes = json!({
        "evaluation": {"type": "lines", "lines": [[1, 1], [2, 2]]}, "scatter_pays": {"S": {"1": 3}},
        "full_grid": [{"symbols": ["a", "b"], "multiplier": 4}],
    });
    let full = game(&[&["a", "a", "b"], &["a", "a", "W"]], &json!(2), &changes);
    let outcome = play(&full, Mode::Base, &[0, 0]);
    assert_eq!(wins(&full, &outcome), [("a", 2, 4), ("a", 2, 4)]);
    assert_eq!(outcome.course.unwrap().steps[0].full_grid, 4);
    // A wild in place of one is not the symbol itself.
    assert_eq!(wins(&full, &play(&full, Mode::Base, &[0, 1])), [("a", 2, 1), ("a", 2, 2)]);
}

#[test]
fn roles_differ_by_mode() {
    let changes = json!({
        "symbols": [
            {"name": "a", "role": "regular"}, {"name": "b", "role": "regular"}, {"name": "W", "role": "wild"},
            {"name": "S", "role": "scatter", "free": {"role": "wild", "scatter": true, "multiplier": 3}},
        ],
        "pays": {"a": {"3": 5}}, "scatter_pays": {"S": {"1": 2}},
        "free_games": {"awards": {"S": {"1": 4}}, "multiplier": 2},
    });
    let game = game(&[&["a"], &["S"], &["a"]], &json!(1), &changes);
    let base = play(&game, Mode::Base, &[]);
    assert_eq!((wins(&game, &base), base.free_games_awarded), (vec![("S", 1, 2)], 4));
    let free = play(&game, Mode::Free, &[]);
    assert_eq!((wins(&game, &free), free.free_games_awarded), (vec![("a", 3, 5 * 3 * 2), ("S", 1, 4)], 0));
}

#[test]
fn rows_and_weights_are_drawn_in_order() {
    let map = json!({
        "version": 1, "grid": {"reels": 2, "rows": [3, 2]}, "evaluation": {"type": "ways"},
        "symbols": [{"name": "b", "role": "regular"}, {"name": "a", "role": "regular"}],
        "pays": {"a": {"2": 1}, "b": {}},
    });
    let modes = json!({"base": {
        "weights": [{"a": 1, "b": 9}, {"a": 1}], "rows": [{"1": 1, "2": 2, "3": 4}, {"1": 1, "2": 1}],
    }});
    let rng = json!({"version": 1, "algorithm": "hmac-sha256", "modes": modes});
    let definition = Definition::parse(&rng, &map).unwrap();
    let game = (definition.clone(), Engine::compile(&definition));
    // Rows: 2 of 7 is the last of two rows' weight, 1 of 2 is two rows. Cells: 8 is the last b, 9 is the a.
    let outcome = play(&game, Mode::Base, &[2, 1, 8, 9, 0, 0]);
    assert_eq!(game.1.shown(&outcome), [["b", "a"], ["a", "a"]]);
    assert_eq!((outcome.stops.len(), outcome.draws()), (0, &[2, 1, 8, 9, 0, 0][..]));
    assert_eq!(wins(&game, &outcome), [("a", 2, 2)]);
    assert_eq!(game.1.rows(), 3);
}
