//! Rounds: a paid spin with all its free games, from tables or from the engine.

use serde::{Deserialize, Serialize};

use super::stream::Stream;
use super::tables::Tables;
use super::tally::Tally;
use crate::game::{Definition, Engine, Mode, Outcome, StatisticalProfile};

/// What one round came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// What the paid spin pays at the unit bet, in units of 0.0001.
    pub base: u64,
    /// What the free games pay at the unit bet, in units of 0.0001.
    pub free: u64,
    /// How many free games were played.
    pub free_games: u64,
}

/// How rounds are played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// By look-ups: [`super::tables`].
    Tables,
    /// By [`Engine::spin`].
    Engine,
    /// By [`Engine::spin`], each win told apart by its source, symbol and count.
    Itemized,
}

/// A game ready to be simulated.
#[derive(Clone, Debug)]
pub enum Rounds {
    /// A plain line game.
    Tables(Box<Tables>),
    /// Any other game.
    Engine(Box<Engine>),
    /// Any game, its wins told apart.
    Itemized(Box<Engine>),
}

/// A payout left the range of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OutOfRange;

impl Rounds {
    /// The fastest way to play a game.
    #[must_use]
    pub fn compile(definition: &Definition) -> Self {
        match Tables::compile(definition) {
            Some(tables) => Self::Tables(Box::new(tables)),
            None => Self::by_engine(definition),
        }
    }

    /// The engine's way to play a game, for comparisons.
    #[must_use]
    pub fn by_engine(definition: &Definition) -> Self {
        Self::Engine(Box::new(Engine::compile(definition)))
    }

    /// The way to play for a profile of which so much is known: what is not known exactly is told apart.
    #[must_use]
    pub fn for_profile(definition: &Definition, known: &StatisticalProfile) -> Self {
        if known.has_exact_return() {
            Self::compile(definition)
        } else {
            Self::Itemized(Box::new(Engine::compile(definition)))
        }
    }

    /// How rounds are played.
    #[must_use]
    pub const fn method(&self) -> Method {
        match self {
            Self::Tables(_) => Method::Tables,
            Self::Engine(_) => Method::Engine,
            Self::Itemized(_) => Method::Itemized,
        }
    }

    /// Plays `count` rounds of a game with this unit bet one after the other, and counts them.
    pub(super) fn play(
        &self,
        stream: &mut Stream,
        count: u64,
        tally: &mut Tally,
        unit_bet: u64,
    ) -> Result<(), OutOfRange> {
        match self {
            Self::Tables(tables) => (0..count).try_for_each(|_| tally.record(table_round(tables, stream)?, unit_bet)),
            Self::Engine(engine) => (0..count).try_for_each(|_| tally.record(engine_round(engine, stream)?, unit_bet)),
            Self::Itemized(engine) => (0..count).try_for_each(|_| {
                let round = tally.sources.get_or_insert_default().play(engine, stream)?;
                tally.record(round, unit_bet)
            }),
        }
    }

    /// Plays one round.
    pub(super) fn round(&self, stream: &mut Stream) -> Result<Round, OutOfRange> {
        match self {
            Self::Tables(tables) => table_round(tables, stream),
            Self::Engine(engine) | Self::Itemized(engine) => engine_round(engine, stream),
        }
    }
}

#[inline]
fn table_round(tables: &Tables, stream: &mut Stream) -> Result<Round, OutOfRange> {
    let spun = tables.spin(Mode::Base, stream);
    let mut round = Round { base: spun.pay * tables.credit(), free: 0, free_games: 0 };
    if spun.awarded > 0 {
        let mut left = u64::from(spun.awarded);
        let mut pay = 0_u64;
        while left > 0 {
            let spun = tables.spin(Mode::Free, stream);
            pay = pay.checked_add(spun.pay).ok_or(OutOfRange)?;
            left += u64::from(spun.awarded);
            left -= 1;
            round.free_games += 1;
        }
        round.free = pay.checked_mul(tables.credit()).ok_or(OutOfRange)?;
    }
    Ok(round)
}

fn engine_round(engine: &Engine, stream: &mut Stream) -> Result<Round, OutOfRange> {
    let payout = |outcome: &Outcome| -> Result<u64, OutOfRange> {
        let payout = engine.payout(engine.unit_bet(), outcome).ok_or(OutOfRange)?;
        u64::try_from(payout.units()).map_err(|_| OutOfRange)
    };
    let outcome = engine.spin(Mode::Base, stream);
    let mut round = Round { base: payout(&outcome)?, free: 0, free_games: 0 };
    let mut left = u64::from(outcome.free_games_awarded);
    while left > 0 {
        let outcome = engine.spin(Mode::Free, stream);
        round.free = round.free.checked_add(payout(&outcome)?).ok_or(OutOfRange)?;
        left += u64::from(outcome.free_games_awarded);
        left -= 1;
        round.free_games += 1;
    }
    Ok(round)
}
