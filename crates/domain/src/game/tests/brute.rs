//! The exact figures against all that may be drawn, one spin at a time, for small random games of every feature.

use std::collections::BTreeMap;
use std::num::{NonZeroU32, NonZeroUsize};

use num_bigint::{BigInt, BigUint};
use num_rational::BigRational;
use num_traits::Zero as _;
use proptest::prelude::*;

use super::random::{Size, random};
use crate::fairness::Draws;
use crate::game::definition::Evaluation;
use crate::game::profile::{
    Budget, Figure, SpinGain, SymbolContribution, profile_within, round_moments, spin_distribution,
};
use crate::game::{Definition, Engine, Mode, WinKind};

/// The most spins that are gone through for one game.
const MOST_SPINS: usize = 2500;

/// Draws every sequence of numbers that a spin may draw, one after the other.
#[derive(Default)]
struct Odometer {
    /// The numbers, each with its bound.
    numbers: Vec<(u32, u32)>,
    taken: usize,
}

impl Draws for Odometer {
    fn below(&mut self, bound: NonZeroU32) -> u32 {
        if self.taken == self.numbers.len() {
            self.numbers.push((0, bound.get()));
        }
        self.taken += 1;
        self.numbers[self.taken - 1].0
    }

    fn words_drawn(&self) -> u64 {
        0
    }
}

impl Odometer {
    /// Turns to the next sequence; false when that was the last one.
    fn turn(&mut self) -> bool {
        self.taken = 0;
        while let Some((number, bound)) = self.numbers.pop() {
            if number + 1 < bound {
                self.numbers.push((number + 1, bound));
                return true;
            }
        }
        false
    }
}

/// A scatter or not, its symbol and count.
type Kind = (bool, String, u32);
/// How often a spin has wins of a kind on average, and what they return of the stake.
type Shares = (BigRational, BigRational);

/// What all spins of a mode come to.
#[derive(Default)]
struct AllSpins {
    /// The probability of each.
    gains: BTreeMap<SpinGain, BigRational>,
    wins: BTreeMap<Kind, Shares>,
}

/// Plays all that a spin may come to; `None` when there are too many spins.
fn all_spins(engine: &Engine, mode: Mode) -> Option<AllSpins> {
    let mut odometer = Odometer::default();
    let mut all = AllSpins::default();
    let bets = |kind| if kind == WinKind::Scatter { u64::from(engine.lines()) } else { 1 };
    for _ in 0..MOST_SPINS {
        let outcome = engine.spin(mode, &mut odometer);
        let sequences: BigInt = odometer.numbers.iter().map(|(_, bound)| BigInt::from(*bound)).product();
        let probability = BigRational::new(1.into(), sequences);
        let win = outcome.wins.iter().map(|win| win.pay * bets(win.kind)).sum();
        let gain = SpinGain { win, free_games: outcome.free_games_awarded };
        *all.gains.entry(gain).or_insert_with(BigRational::zero) += &probability;
        for win in &outcome.wins {
            let scatter = win.kind == WinKind::Scatter;
            let kind = (scatter, engine.symbol_name(win.symbol).to_owned(), win.count);
            let (times, share) = all.wins.entry(kind).or_insert_with(|| (BigRational::zero(), BigRational::zero()));
            *times += &probability / BigInt::from(if scatter { 1 } else { engine.readers() });
            *share += &probability * BigInt::from(win.pay * bets(win.kind)) / BigInt::from(engine.lines());
        }
        if !odometer.turn() {
            return Some(all);
        }
    }
    None
}

/// The contributions of a mode are those of all its spins: of lines, ways or clusters first, then of scatters.
fn contribute(listed: &[SymbolContribution], spins: &AllSpins, cycle: &str) {
    let cycle: BigRational = cycle.parse().unwrap();
    let mut left = spins.wins.clone();
    for one in listed {
        let found = [false, true].into_iter().find_map(|scatter| {
            let kind = (scatter, one.symbol.clone(), one.count);
            left.get(&kind)
                .is_some_and(|(times, share_of)| {
                    (share(&one.probability), share(&one.rtp)) == (times.clone(), share_of.clone())
                })
                .then_some(kind)
        });
        left.remove(&found.unwrap_or_else(|| panic!("{one:?} is not among {left:?}")));
        assert_eq!(one.combinations.parse::<BigRational>().unwrap(), share(&one.probability) * &cycle);
    }
    assert!(left.is_empty(), "{left:?} are left out");
}

fn share(figure: &Figure) -> BigRational {
    figure.exact.parse().unwrap()
}

/// What a game has, to be counted.
fn features(definition: &Definition) -> Vec<&'static str> {
    let map = definition.symbol_map();
    let rng = &definition.rng_signature().modes;
    let wilds = map.symbols.iter().filter(|symbol| symbol.role.is_wild()).count();
    let expands = serde_json::to_string(&map.symbols).unwrap().contains("expands");
    [
        ("lines", matches!(map.evaluation, Evaluation::Lines { .. })),
        ("ways", matches!(map.evaluation, Evaluation::Ways { .. })),
        ("cluster", matches!(map.evaluation, Evaluation::Cluster { .. })),
        ("both ways", map.evaluation.both_ways()),
        ("several wilds", wilds > 1),
        ("expanding", expands),
        ("full grid", !map.full_grid.is_empty()),
        ("respins", map.respins.is_some()),
        ("cascades", map.cascades.is_some()),
        ("free games", map.free_games.is_some()),
        ("rows", rng.base.rows.is_some()),
        ("weights", rng.base.plain_strips().is_none() && rng.base.rows.is_none()),
    ]
    .into_iter()
    .filter_map(|(name, has)| has.then_some(name))
    .collect()
}

/// Compares a random game's figures; tells what it has, or nothing when it was too large or no game.
fn agree(seed: u64) -> Vec<&'static str> {
    let (rng, map) = random(seed, &Size::TINY);
    let Ok(definition) = Definition::parse(&rng, &map) else { return Vec::new() };
    let engine = Engine::compile(&definition);
    let has_free_games = definition.symbol_map().free_games.is_some();
    let modes: &[Mode] = if has_free_games { &[Mode::Base, Mode::Free] } else { &[Mode::Base] };
    let mut counted = Vec::new();
    let mut played = Vec::new();
    for (at, mode) in modes.iter().enumerate() {
        let Some(slow) = all_spins(&engine, *mode) else { return Vec::new() };
        let threads = NonZeroUsize::new(1 + at).unwrap();
        let fast = spin_distribution(&definition, *mode, threads, Budget::REQUEST).unwrap();
        let part = |ways: &BigUint| BigRational::new(ways.clone().into(), fast.cycle.clone().into());
        let shares: BTreeMap<SpinGain, BigRational> =
            fast.ways.iter().map(|(gain, ways)| (*gain, part(ways))).collect();
        assert_eq!(shares, slow.gains, "{seed} {mode:?} {rng} {map}");
        counted.push(fast);
        played.push(slow);
    }
    let figures = profile_within(&definition, NonZeroUsize::MIN, Budget::REQUEST);
    let moments = round_moments(&counted[0], counted.get(1));
    let bets = BigInt::from(engine.lines());
    let rtp = figures.rtp.unwrap();
    assert_eq!(share(&rtp.total) * &bets, moments.win.mean, "{seed} {rng} {map}");
    assert_eq!(share(&rtp.line.unwrap()) + share(&rtp.scatter.unwrap()), moments.spin.mean / &bets);
    let round = figures.round.unwrap();
    assert_eq!(round.variance.exact.parse::<BigRational>().unwrap() * &bets * &bets, moments.win.variance);
    if let Some(free) = figures.free_games {
        assert_eq!(share(&free.rtp.unwrap()) * &bets, moments.awarded.mean);
        let again = free.awarded_per_free_game.parse::<BigRational>().unwrap();
        assert_eq!(again, counted[1].mean(|gain| gain.free_games.into()));
        assert_eq!(free.awarded_per_spin.parse(), Ok(counted[0].mean(|gain| gain.free_games.into())));
    }
    let (contributions, cycle) = (figures.contributions.unwrap(), figures.cycle.unwrap());
    contribute(&contributions.base, &played[0], &cycle.base);
    if let Some(of_free) = played.get(1) {
        contribute(&contributions.free.unwrap(), of_free, &cycle.free.unwrap());
    }
    features(&definition)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]
    #[test]
    fn exact_figures_are_those_of_all_spins(seed in any::<u64>()) {
        agree(seed);
    }
}

#[test]
fn games_of_every_feature_are_compared() {
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    let mut together: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for seed in 0..300 {
        let features = agree(seed);
        features.iter().for_each(|feature| *seen.entry(feature).or_insert(0) += 1);
        for (at, one) in features.iter().enumerate() {
            features[at + 1..].iter().for_each(|other| *together.entry((one, other)).or_insert(0) += 1);
        }
    }
    let least = seen.values().min().copied().unwrap_or(0);
    assert!(seen.len() == 12 && least >= 10, "{seen:?}");
    // What is counted in a way of its own, with each way to find wins. Clusters have one way only, and lines all rows.
    for feature in ["full grid", "respins", "cascades", "rows", "free games"] {
        for search in ["lines", "ways", "cluster"].into_iter().filter(|search| (*search, feature) != ("lines", "rows"))
        {
            assert!(together.contains_key(&(search, feature)), "{search} with {feature}: {together:?}");
        }
    }
}
