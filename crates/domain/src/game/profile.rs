//! The statistical profile: a game's figures, computed from its definition and nothing else.
//!
//! Every figure is exact: stops are counted in whole numbers and divided as fractions, never added up
//! as floats. The sums over all combinations of stops are taken in closed form, not one by one.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Zero};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::chance;
use super::definition::{Definition, Evaluation, Reels, SymbolMap};
use super::fault::{FaultLog, Faults, Place};
use super::reader::Shown;

/// The version of the profile document.
pub const PROFILE_VERSION: u32 = 1;

/// The version of the engine's mathematics: raised whenever a figure or a draw could come out differently.
pub const ENGINE_VERSION: u32 = 1;

/// Decimals of a percentage.
const PERCENT_DECIMALS: u32 = 12;

/// The figures of a game.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatisticalProfile {
    /// Always [`PROFILE_VERSION`].
    pub version: u32,
    /// How the figures were got.
    pub method: Method,
    /// The [`ENGINE_VERSION`] that they were got with.
    pub engine_version: u32,
    /// The return to player, by source.
    pub rtp: Rtp,
    /// How many combinations of stops each mode has.
    pub cycle: Cycle,
    /// The figures of free games, in a game that has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free_games: Option<FreeGamesProfile>,
}

/// How figures were got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Over the full cycle, in whole numbers and fractions.
    Exact,
}

/// The return to player of a paid spin, by source. The parts add up to the total.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rtp {
    /// All of it.
    pub total: Figure,
    /// From lines of paid spins.
    pub line: Figure,
    /// From scatters of paid spins.
    pub scatter: Figure,
    /// From free games, line and scatter wins alike.
    pub free_games: Figure,
}

/// A share of the stake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// The exact value, as a fraction in lowest terms: `"n/d"`.
    pub exact: String,
    /// The value in percent, rounded half up to 12 decimals.
    pub percent: String,
}

/// How many combinations of stops there are, as whole numbers in text: JSON numbers stop at 2^53.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cycle {
    /// Of paid spins.
    pub base: String,
    /// Of free games, in a game that has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free: Option<String>,
}

/// The figures of free games.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FreeGamesProfile {
    /// What one awarded free game returns, with the free games that it brings about.
    pub rtp: Figure,
    /// Free games that a paid spin awards on average, without those that they bring about; `"n/d"`.
    pub awarded_per_spin: String,
    /// Free games that a free game awards on average; `"n/d"`, below 1.
    pub awarded_per_free_game: String,
}

/// Computes the profile of a game.
#[must_use]
pub fn profile(definition: &Definition) -> StatisticalProfile {
    let map = definition.symbol_map();
    let base = &definition.rng_signature().modes.base;
    let line = line_return(map, base);
    let scatter = scatter_return(map, base);
    let mut from_free_games = BigRational::zero();
    let mut free_games = None;
    let mut free_cycle = None;
    if let Some(rules) = &map.free_games {
        let free = chance::free_reels(definition);
        let awarded = ratio(chance::awards_over_cycle(rules, base, map.grid.rows), chance::cycle(base));
        let again = if rules.retrigger {
            ratio(chance::awards_over_cycle(rules, free, map.grid.rows), chance::cycle(free))
        } else {
            BigRational::zero()
        };
        let one_game = (line_return(map, free) + scatter_return(map, free)) * ratio(rules.multiplier.into(), 1);
        // Every awarded game brings `again` more, each of those as many: 1 + again + again² + … in all.
        // The parser has made sure that `again` is below one.
        let with_further_games = one_game / (BigRational::one() - &again);
        from_free_games = &awarded * &with_further_games;
        free_cycle = Some(chance::cycle(free).to_string());
        free_games = Some(FreeGamesProfile {
            rtp: figure(&with_further_games),
            awarded_per_spin: fraction(&awarded),
            awarded_per_free_game: fraction(&again),
        });
    }
    StatisticalProfile {
        version: PROFILE_VERSION,
        method: Method::Exact,
        engine_version: ENGINE_VERSION,
        rtp: Rtp {
            total: figure(&(&line + &scatter + &from_free_games)),
            line: figure(&line),
            scatter: figure(&scatter),
            free_games: figure(&from_free_games),
        },
        cycle: Cycle { base: chance::cycle(base).to_string(), free: free_cycle },
        free_games,
    }
}

/// What lines return of the stake in one spin on average, before the multiplier of free games.
///
/// Whatever its rows, a line shows each symbol of a reel on as many stops as the strip has of it. So
/// all lines return the same share of their line bets, and the share of one line is that of all.
fn line_return(map: &SymbolMap, reels: &Reels) -> BigRational {
    let Evaluation::Lines { .. } = &map.evaluation;
    ratio(super::line_return::pay_over_cycle(map, reels), chance::cycle(reels))
}

/// What scatters return of the stake in one spin on average, before the multiplier of free games.
fn scatter_return(map: &SymbolMap, reels: &Reels) -> BigRational {
    let mut paid = BigInt::zero();
    for (symbol, pays) in &map.scatter_pays {
        let ways = chance::window_counts(reels, map.grid.rows, symbol);
        for (count, pay) in pays {
            paid += BigInt::from(ways.get(*count as usize).copied().unwrap_or(0) * u128::from(*pay));
        }
    }
    BigRational::new(paid, BigInt::from(chance::cycle(reels)))
}

fn ratio(numerator: u128, denominator: u128) -> BigRational {
    BigRational::new(BigInt::from(numerator), BigInt::from(denominator))
}

fn figure(value: &BigRational) -> Figure {
    Figure { exact: fraction(value), percent: percent(value) }
}

fn fraction(value: &BigRational) -> String {
    format!("{}/{}", value.numer(), value.denom())
}

/// The value, which is not negative, in percent, rounded half up.
fn percent(value: &BigRational) -> String {
    let scale = BigInt::from(10).pow(PERCENT_DECIMALS);
    let scaled = value * BigRational::from_integer(&scale * 100);
    let half = BigRational::new(BigInt::one(), BigInt::from(2));
    let units = (scaled + half).floor().to_integer();
    let decimals = (&units % &scale).to_string();
    format!("{}.{decimals:0>width$}", units / scale, width = PERCENT_DECIMALS as usize)
}

impl StatisticalProfile {
    /// The profile as its JSON document.
    #[must_use]
    pub fn document(&self) -> Value {
        json!(self)
    }

    /// Compares a profile that a client declares: any part of [`Self::document`].
    ///
    /// A number may be declared for a figure that the document has as text, when its digits are the same.
    ///
    /// # Errors
    /// Every figure that differs, with both values, and every field that the document does not have.
    pub fn compare(&self, declared: &Value) -> Result<(), Faults> {
        let mut log = FaultLog::default();
        compare(&mut log, &Place::root("statistical_profile"), declared, &self.document());
        if log.is_clean() { Ok(()) } else { Err(log.into_faults()) }
    }
}

fn compare(log: &mut FaultLog, place: &Place<'_>, declared: &Value, computed: &Value) {
    match (declared, computed) {
        (Value::Object(declared), Value::Object(computed)) => {
            for (name, value) in declared {
                match computed.get(name) {
                    Some(figure) => compare(log, &place.key(name), value, figure),
                    None => {
                        let known: Vec<&str> = computed.keys().map(String::as_str).collect();
                        let known = known.join(", ");
                        log.add(&place.key(name), format_args!("unknown field; the fields here are: {known}"));
                    }
                }
            }
        }
        (Value::Number(number), Value::String(text)) if number.to_string() == *text => {}
        (declared, computed) if declared == computed => {}
        (declared, computed) => {
            log.add(place, format_args!("declared {}, computed {}", Shown(declared), Computed(computed)));
        }
    }
}

/// A computed figure, which is shown whole.
struct Computed<'a>(&'a Value);

impl std::fmt::Display for Computed<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Value::String(text) => write!(f, "{text:?}"),
            other => Shown(other).fmt(f),
        }
    }
}
