//! Probes: demo rounds counted at the unit bet, their free games played out.

use std::collections::BTreeMap;

use crate::fairness::Draws;
use crate::game::{Engine, Mode};
use crate::money::Money;

/// What the demo rounds of a probe came to.
#[derive(Default)]
pub(super) struct Tally<'a> {
    /// What they would have paid at the unit bet.
    pub(super) won: Money,
    /// Rounds that would have paid anything.
    pub(super) hits: u32,
    /// Free games played.
    pub(super) free_games: u64,
    /// For each reel, how often each symbol showed in the windows of the paid spins.
    pub(super) symbols: Vec<BTreeMap<&'a str, u64>>,
}

impl<'a> Tally<'a> {
    /// Plays `rounds` demo rounds; `None` when the winnings leave the range of money.
    pub(super) fn of(engine: &'a Engine, rounds: u32, draws: &mut dyn Draws) -> Option<Self> {
        let mut tally = Self::default();
        for _ in 0..rounds {
            tally.play(engine, draws)?;
        }
        Some(tally)
    }

    fn play(&mut self, engine: &'a Engine, draws: &mut dyn Draws) -> Option<()> {
        let unit_bet = engine.unit_bet();
        let outcome = engine.spin(Mode::Base, draws);
        self.see(engine.shown(&outcome));
        let mut won = engine.payout(unit_bet, &outcome)?;
        let mut left = outcome.free_games_awarded;
        while left > 0 {
            let outcome = engine.spin(Mode::Free, draws);
            won = won.checked_add(engine.payout(unit_bet, &outcome)?)?;
            self.free_games += 1;
            left = (left - 1).saturating_add(outcome.free_games_awarded);
        }
        self.won = self.won.checked_add(won)?;
        self.hits += u32::from(!won.is_zero());
        Some(())
    }

    fn see(&mut self, window: Vec<Vec<&'a str>>) {
        self.symbols.resize_with(window.len(), BTreeMap::new);
        for (counts, reel) in self.symbols.iter_mut().zip(window) {
            for symbol in reel {
                *counts.entry(symbol).or_default() += 1;
            }
        }
    }
}
