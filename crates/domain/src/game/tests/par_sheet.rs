//! The PAR sheet: of games of every kind, and its sums against one another.

use std::collections::BTreeSet;

use num_rational::BigRational;
use num_traits::{One as _, ToPrimitive as _, Zero as _};
use serde_json::{Value, json};

use super::samples::{document, parsed};
use crate::game::par_sheet::{BAND_GAMES, ParSheet};
use crate::game::{Game, example_games, profile, reference_games};
use crate::id::GameId;
use crate::time::from_millis;

fn game(name: &str) -> Game {
    let document = document(name);
    let definition = parsed(&document);
    Game {
        game_id: GameId(uuid::Uuid::from_u128(1)),
        name: name.to_owned(),
        rng_signature: definition.rng_signature_document(),
        symbol_map: definition.symbol_map_document(),
        statistical_profile: profile(&definition).document(),
        fingerprint: definition.fingerprint(),
        created_at: from_millis(0).unwrap(),
    }
}

fn sheet(name: &str) -> ParSheet {
    ParSheet::of(&game(name)).unwrap()
}

fn fraction(text: &str) -> BigRational {
    text.parse().unwrap()
}

#[test]
fn every_game_has_a_sheet() {
    for name in reference_games().iter().chain(&example_games()).map(|game| game.name) {
        let sheet = sheet(name);
        let reels = sheet.layout.reels;
        assert_eq!(sheet.layout.rows.len(), reels, "{name}");
        assert_eq!(sheet.reels.free.is_some(), sheet.features.free_games.is_some(), "{name}");
        for mode in [Some(&sheet.reels.base), sheet.reels.free.as_ref()].into_iter().flatten() {
            assert_eq!(mode.stops.len(), reels, "{name}");
            assert!(mode.symbols.iter().all(|row| row.stops.len() == reels), "{name}");
        }
        for table in [&sheet.pays, &sheet.scatter_pays] {
            assert!(table.symbols.iter().all(|row| row.pays.len() == table.counts.len()), "{name}");
        }
        // What is not there is said.
        assert!(sheet.rtp.is_some() || !sheet.not_computed.is_empty(), "{name}");
    }
}

#[test]
fn the_stops_of_symbols_are_those_of_the_strips() {
    let sheet = sheet("pearl-5x3");
    assert_eq!(sheet.reels.base.stops, [30, 43, 43, 43, 43]);
    let cycle: u64 = sheet.reels.base.stops.iter().product();
    assert_eq!(sheet.cycle.unwrap().base, cycle.to_string());
    let pearl = sheet.reels.base.symbols.iter().find(|row| row.symbol == "pearl").unwrap();
    assert_eq!((pearl.stops.as_slice(), pearl.total), ([1, 1, 1, 1, 1].as_slice(), 5));
}

#[test]
fn the_rtp_is_the_sum_of_combinations_and_free_games_and_the_rest_is_held() {
    for name in ["fruit-5x3", "pearl-5x3"] {
        let sheet = sheet(name);
        let rtp = sheet.rtp.unwrap();
        let combinations = sheet.combinations.unwrap();
        let sum = combinations.base.iter().map(|one| fraction(&one.contribution.rtp.exact));
        let sum = sum.fold(BigRational::zero(), |sum, one| sum + one) + fraction(&rtp.free_games.exact);
        assert_eq!(sum, fraction(&rtp.total.exact), "{name}");
        assert_eq!(sum + fraction(&sheet.hold.unwrap().exact), BigRational::one(), "{name}");
        assert!(combinations.base.iter().all(|one| one.pay.is_some()), "{name}");
    }
}

#[test]
fn a_game_that_pays_more_than_it_takes_has_a_negative_hold() {
    let mut game = game("fruit-5x3");
    for field in ["exact", "percent"] {
        game.statistical_profile["rtp"]["total"][field] =
            json!(if field == "exact" { "5/4" } else { "125.000000000000" });
    }
    let hold = ParSheet::of(&game).unwrap().hold.unwrap();
    assert_eq!((hold.exact.as_str(), hold.percent.as_str()), ("-1/4", "-25.000000000000"));
}

/// The bands against the same formula in floats, and how they nest.
#[test]
fn bands_shrink_with_the_root_of_the_games() {
    let sheet = sheet("pearl-5x3");
    let round = sheet.round.unwrap();
    let deviation: f64 = round.standard_deviation.parse().unwrap();
    let mean = fraction(&round.mean.exact).to_f64().unwrap() * 100.0;
    assert_eq!(sheet.rtp_bands.iter().map(|bands| bands.games).collect::<Vec<_>>(), BAND_GAMES);
    for bands in &sheet.rtp_bands {
        let confidences: Vec<u32> = bands.bands.iter().map(|band| band.confidence).collect();
        assert_eq!(confidences, [90, 95, 99]);
        for band in &bands.bands {
            let number = |text: &str| text.parse::<f64>().unwrap();
            let expected = 100.0 * number(&band.z) * deviation / (bands.games as f64).sqrt();
            assert!((number(&band.half_width_percent) - expected).abs() < 1e-9, "{band:?}");
            assert!((number(&band.low_percent) - (mean - expected).max(0.0)).abs() < 1e-9, "{band:?}");
            assert!((number(&band.high_percent) - (mean + expected)).abs() < 1e-9, "{band:?}");
        }
    }
}

#[test]
fn counts_that_pay_alike_are_one_column() {
    let sheet = sheet("geode-cluster");
    let columns: Vec<(u32, u32)> = sheet.pays.counts.iter().map(|range| (range.from, range.to)).collect();
    assert_eq!(columns.first(), Some(&(5, 6)));
    assert_eq!(columns.last(), Some(&(16, 49)));
    // No count is in two columns.
    let counts: Vec<u32> = columns.iter().flat_map(|(from, to)| *from..=*to).collect();
    assert_eq!(counts.len(), counts.iter().collect::<BTreeSet<_>>().len());
}

#[test]
fn a_sheet_says_that_figures_are_pending_or_rejected() {
    let mut game = game("fruit-5x3");
    for (method, word) in [("pending", "background"), ("rejected", "rejected")] {
        game.statistical_profile = json!({ "version": 1, "method": method });
        let sheet = ParSheet::of(&game).unwrap();
        assert_eq!((sheet.method.as_deref(), sheet.rtp.is_none(), sheet.not_computed.len()), (Some(method), true, 1));
        assert!(sheet.not_computed[0].contains(word), "{:?}", sheet.not_computed);
    }
}

#[test]
fn a_profile_of_another_program_leaves_the_definition() {
    let mut game = game("fruit-5x3");
    for unreadable in [json!({}), json!({ "version": 99, "method": "guessed", "engine_version": 7 }), Value::Null] {
        game.statistical_profile = unreadable;
        let sheet = ParSheet::of(&game).unwrap();
        assert_eq!((sheet.method, sheet.rtp.is_none(), sheet.not_computed.len()), (None, true, 1));
        assert_eq!(sheet.reels.base.stops.len(), 5);
    }
}
