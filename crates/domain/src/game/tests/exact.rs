//! The exact distribution against every combination of stops, and the moments of rounds against other ways to get them.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use num_bigint::{BigInt, BigUint};
use num_rational::BigRational;
use num_traits::{One, Zero};
use proptest::prelude::*;

use super::samples::{document, parsed, random_game};
use crate::game::profile::{
    Budget, NotCounted, SpinDistribution, SpinGain, profile_within, round_moments, spin_distribution,
};
use crate::game::{Definition, Engine, Mode, Outcome, WinKind, profile};

fn gain(engine: &Engine, outcome: &Outcome) -> SpinGain {
    let lines = u64::from(engine.lines());
    let in_line_bets = |kind| if kind == WinKind::Scatter { lines } else { 1 };
    let win = outcome.wins.iter().map(|win| win.pay * in_line_bets(win.kind)).sum();
    SpinGain { win, free_games: outcome.free_games_awarded }
}

/// The plain loop over all stops.
fn brute_force(definition: &Definition, mode: Mode) -> SpinDistribution {
    let engine = Engine::compile(definition);
    let lengths = engine.strip_lengths(mode);
    let cycle: u32 = lengths.iter().product();
    let mut ways = BTreeMap::new();
    for combination in 0..cycle {
        let mut left = combination;
        let mut stops = Vec::new();
        for length in &lengths {
            stops.push(left % length);
            left /= length;
        }
        *ways.entry(gain(&engine, &engine.evaluate(mode, &stops))).or_insert(0) += 1;
    }
    let ways = ways.into_iter().map(|(gain, ways): (SpinGain, u32)| (gain, ways.into())).collect();
    SpinDistribution { cycle: cycle.into(), lines: engine.lines(), ways }
}

fn exact(definition: &Definition, mode: Mode, threads: usize) -> SpinDistribution {
    spin_distribution(definition, mode, NonZeroUsize::new(threads).unwrap(), Budget::REQUEST).unwrap()
}

fn has_free_games(definition: &Definition) -> bool {
    definition.symbol_map().free_games.is_some()
}

/// A round played one free game at a time, by how many free games are left: the probability, and the
/// first two moments of what was won and of how many were played, of the rounds that got there.
///
/// Stops after a number of free games, so that it comes from below to the true moments.
fn played_out(base: &SpinDistribution, free: &SpinDistribution, most_free_games: u32) -> [BigRational; 5] {
    type Sums = [BigRational; 5];
    let none = || -> Sums { std::array::from_fn(|_| BigRational::zero()) };
    let step = |from: &Sums, win: u64, games: u32, weight: &BigRational| -> Sums {
        let (w, g) = (BigRational::from_integer(win.into()), BigRational::from_integer(games.into()));
        let two = BigRational::from_integer(2.into());
        let [mass, win, win2, played, played2] = from;
        [
            mass * weight,
            (win + mass * &w) * weight,
            (win2 + win * &w * &two + mass * &w * &w) * weight,
            (played + mass * &g) * weight,
            (played2 + played * &g * &two + mass * &g * &g) * weight,
        ]
    };
    let mut left: BTreeMap<u32, Sums> = BTreeMap::new();
    let weight = |ways: &BigUint, of: &SpinDistribution| BigRational::new(ways.clone().into(), of.cycle.clone().into());
    let start = {
        let mut start = none();
        start[0] = BigRational::one();
        start
    };
    let put = |into: &mut BTreeMap<u32, Sums>, at: u32, sums: Sums| {
        let entry = into.entry(at).or_insert_with(none);
        entry.iter_mut().zip(sums).for_each(|(sum, more)| *sum += more);
    };
    for (gain, ways) in &base.ways {
        put(&mut left, gain.free_games, step(&start, gain.win, 0, &weight(ways, base)));
    }
    let mut done = none();
    for _ in 0..most_free_games {
        let mut next = BTreeMap::new();
        for (games, sums) in left {
            if games == 0 {
                done.iter_mut().zip(sums).for_each(|(sum, more)| *sum += more);
                continue;
            }
            for (gain, ways) in &free.ways {
                put(&mut next, games - 1 + gain.free_games, step(&sums, gain.win, 1, &weight(ways, free)));
            }
        }
        left = next;
    }
    done
}

proptest! {
    #[test]
    fn the_factorised_distribution_is_that_of_all_stops(seed in any::<u64>()) {
        let definition = random_game(seed);
        let found = exact(&definition, Mode::Base, 1);
        prop_assert_eq!(found.ways.values().sum::<BigUint>(), found.cycle.clone());
        prop_assert_eq!(found, brute_force(&definition, Mode::Base));
        prop_assert_eq!(exact(&definition, Mode::Free, 2), brute_force(&definition, Mode::Free));
    }
}

#[test]
fn parts_of_the_big_cycles_are_right_too() {
    // A reel cut to its first stops keeps five reels and all lines, and leaves little enough to go through.
    for name in ["fruit-5x3", "pearl-5x3"] {
        let mut game = document(name);
        for mode in game["rng_signature"]["modes"].as_object_mut().unwrap().values_mut() {
            for strip in mode["strips"].as_array_mut().unwrap() {
                strip.as_array_mut().unwrap().truncate(9);
            }
        }
        if let Some(rules) = game["symbol_map"].get_mut("free_games") {
            // On so few stops a free game would award more than one.
            rules["retrigger"] = false.into();
        }
        let definition = parsed(&game);
        for mode in [Mode::Base, Mode::Free] {
            assert_eq!(exact(&definition, mode, 1), brute_force(&definition, mode), "{name} {mode:?}");
        }
    }
}

#[test]
fn threads_change_nothing() {
    let definition = parsed(&document("pearl-5x3"));
    for mode in [Mode::Base, Mode::Free] {
        // Tests share out the least of work: `WORTH_A_THREAD`.
        assert_eq!(exact(&definition, mode, 1), exact(&definition, mode, 3));
    }
    let profile_on = |threads| profile_within(&definition, NonZeroUsize::new(threads).unwrap(), Budget::NONE);
    assert_eq!(profile_on(2), profile(&definition));
}

#[test]
fn a_budget_is_kept_and_its_gaps_are_named() {
    let definition = parsed(&document("pearl-5x3"));
    for threads in [1, 2, 7].map(|threads| NonZeroUsize::new(threads).unwrap()) {
        for budget in [Budget { steps: 100_000, entries: u64::MAX }, Budget { steps: u64::MAX, entries: 1000 }] {
            let counted = spin_distribution(&definition, Mode::Base, threads, budget);
            assert!(matches!(counted, Err(NotCounted::OverBudget(_))));
            let figures = profile_within(&definition, threads, budget);
            assert_eq!(figures.not_computed.len(), 2);
            assert_eq!(figures.rtp, profile(&definition).rtp, "The RTP needs no distribution.");
            assert_eq!((figures.hit_frequency, figures.round, figures.max_win), (None, None, None));
            assert!(figures.win_distribution.is_none() && figures.contributions.is_some());
        }
    }
}

#[test]
fn rounds_have_the_moments_of_rounds_played_out() {
    let mut tried = 0;
    for seed in 0..400 {
        let definition = random_game(seed);
        if !has_free_games(&definition) {
            continue;
        }
        let (base, free) = (exact(&definition, Mode::Base, 1), exact(&definition, Mode::Free, 1));
        let again = free.mean(|gain| gain.free_games.into());
        let awarded = base.mean(|gain| gain.free_games.into());
        let tenth = BigRational::new(1.into(), 10.into());
        if again > tenth || awarded.is_zero() || base.cycle > 100_u8.into() || free.cycle > 100_u8.into() {
            continue;
        }
        tried += 1;
        let moments = round_moments(&base, Some(&free));
        let [mass, win, win2, played, played2] = played_out(&base, &free, 48);
        let close = |name: &str, exact: BigRational, below: BigRational| {
            let gap = &exact - &below;
            assert!(gap >= BigRational::zero(), "{name} of {seed}: {below} is above {exact}");
            assert!(gap <= exact * BigRational::new(1.into(), BigInt::from(10).pow(6)), "{name} of {seed}: {gap}");
        };
        close("mass", BigRational::one(), mass);
        let second = |moments: &crate::game::profile::Moments| &moments.variance + &moments.mean * &moments.mean;
        close("square of the win", second(&moments.win), win2);
        close("win", moments.win.mean, win);
        close("square of the free games", second(&moments.free_games), played2);
        close("free games", moments.free_games.mean, played);
    }
    assert!(tried >= 10, "only {tried} games were tried");
}
