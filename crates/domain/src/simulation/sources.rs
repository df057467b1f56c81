//! Rounds whose wins are told apart: by source, and by symbol and count. Whole numbers only, as in [`super::Tally`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::round::{OutOfRange, Round};
use super::stream::Stream;
use super::tally::decimal;
use crate::game::profile::{SimulatedSources, SimulatedSum, SimulatedWin};
use crate::game::{Engine, Mode, Outcome, WinKind};

/// What some rounds won, told apart, at the unit bet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sources {
    /// On lines, on ways or in clusters of paid spins, by round.
    line: Sum,
    /// From scatters of paid spins, by round.
    scatter: Sum,
    /// In free games, by round.
    free: Sum,
    /// By symbol and count, by spin.
    #[serde(with = "as_list")]
    wins: BTreeMap<Kind, Wins>,
}

/// What was won, and the sum of the squares of what each round, or each spin, won; in units of 0.0001.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Sum {
    #[serde(with = "decimal")]
    won: u128,
    #[serde(with = "decimal")]
    squared: u128,
}

/// Wins that are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Kind {
    mode: Mode,
    scatter: bool,
    symbol: u8,
    count: u32,
}

/// Wins of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Wins {
    /// How many.
    times: u64,
    sum: Sum,
}

/// What one spin won.
#[derive(Clone, Copy, Default)]
struct Spun {
    line: u64,
    scatter: u64,
}

impl Sources {
    /// Plays a round and counts its wins.
    pub(super) fn play(&mut self, engine: &Engine, stream: &mut Stream) -> Result<Round, OutOfRange> {
        let outcome = engine.spin(Mode::Base, stream);
        let paid = self.spin(engine, &outcome)?;
        let base = paid.line.checked_add(paid.scatter).ok_or(OutOfRange)?;
        let mut round = Round { base, free: 0, free_games: 0 };
        let mut left = u64::from(outcome.free_games_awarded);
        while left > 0 {
            let outcome = engine.spin(Mode::Free, stream);
            let Spun { line, scatter } = self.spin(engine, &outcome)?;
            let won = line.checked_add(scatter).and_then(|won| round.free.checked_add(won));
            round.free = won.ok_or(OutOfRange)?;
            left += u64::from(outcome.free_games_awarded);
            left -= 1;
            round.free_games += 1;
        }
        self.line.add(paid.line)?;
        self.scatter.add(paid.scatter)?;
        self.free.add(round.free)?;
        Ok(round)
    }

    /// Counts the wins of a spin.
    fn spin(&mut self, engine: &Engine, outcome: &Outcome) -> Result<Spun, OutOfRange> {
        let mut spun = Spun::default();
        let mut of_spin: Vec<(Kind, u64, u64)> = Vec::with_capacity(outcome.wins.len());
        for win in &outcome.wins {
            let won = engine.win_payout(engine.unit_bet(), win).and_then(|won| u64::try_from(won.units()).ok());
            let won = won.ok_or(OutOfRange)?;
            let scatter = win.kind == WinKind::Scatter;
            let source = if scatter { &mut spun.scatter } else { &mut spun.line };
            *source = source.checked_add(won).ok_or(OutOfRange)?;
            let kind = Kind { mode: outcome.mode, scatter, symbol: win.symbol, count: win.count };
            match of_spin.iter_mut().find(|(same, ..)| *same == kind) {
                Some((_, times, sum)) => (*times, *sum) = (*times + 1, *sum + won),
                None => of_spin.push((kind, 1, won)),
            }
        }
        for (kind, times, won) in of_spin {
            let wins = self.wins.entry(kind).or_default();
            wins.times += times;
            wins.sum.add(won)?;
        }
        Ok(spun)
    }

    /// Adds what another has counted.
    pub(super) fn merge(&mut self, other: &Self) -> Result<(), OutOfRange> {
        self.line.merge(other.line)?;
        self.scatter.merge(other.scatter)?;
        self.free.merge(other.free)?;
        for (kind, more) in &other.wins {
            let wins = self.wins.entry(*kind).or_default();
            wins.times += more.times;
            wins.sum.merge(more.sum)?;
        }
        Ok(())
    }

    /// What a profile is made from.
    pub(super) fn for_profile(&self, engine: &Engine) -> SimulatedSources {
        let win = |(kind, wins): (&Kind, &Wins)| SimulatedWin {
            mode: kind.mode,
            scatter: kind.scatter,
            symbol: engine.symbol_name(kind.symbol).to_owned(),
            count: kind.count,
            times: wins.times,
            readers: if kind.scatter { 1 } else { engine.readers() },
            sum: wins.sum.into(),
        };
        // Of a symbol the largest count comes first, as in the exact profile.
        let mut wins: Vec<(&Kind, &Wins)> = self.wins.iter().collect();
        wins.sort_by_key(|(kind, _)| (kind.mode, kind.scatter, kind.symbol, std::cmp::Reverse(kind.count)));
        SimulatedSources {
            line: self.line.into(),
            scatter: self.scatter.into(),
            free: self.free.into(),
            wins: wins.into_iter().map(win).collect(),
        }
    }
}

impl Sum {
    fn add(&mut self, won: u64) -> Result<(), OutOfRange> {
        let squared = u128::from(won) * u128::from(won);
        self.merge(Self { won: won.into(), squared })
    }

    fn merge(&mut self, other: Self) -> Result<(), OutOfRange> {
        self.won += other.won;
        self.squared = self.squared.checked_add(other.squared).ok_or(OutOfRange)?;
        Ok(())
    }
}

impl From<Sum> for SimulatedSum {
    fn from(Sum { won, squared }: Sum) -> Self {
        Self { won, won_squared: squared }
    }
}

/// A map as a list of its entries: keys of JSON objects are text.
mod as_list {
    use std::collections::BTreeMap;

    use serde::{Deserialize as _, Deserializer, Serializer};

    use super::{Kind, Wins};

    pub(super) fn serialize<S: Serializer>(map: &BTreeMap<Kind, Wins>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(map)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<Kind, Wins>, D::Error> {
        Ok(Vec::deserialize(deserializer)?.into_iter().collect())
    }
}
