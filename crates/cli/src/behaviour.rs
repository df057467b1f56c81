//! How a player chooses stakes: pure rules over a ladder of stakes.

use clap::ValueEnum;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use reelhouse_domain::Money;

/// The steps of the ladder, as multiples of the base stake.
const STEPS: [i64; 6] = [1, 2, 5, 10, 20, 50];

/// How many stakes a balance should hold for an aggressive player to take the step.
const RESERVE: i64 = 20;

/// How many rounds without a win make an adaptive player step down.
const PATIENCE: u32 = 5;

/// The kinds of player.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Behaviour {
    /// Always the base stake.
    Conservative,
    /// The highest stake that the balance holds twenty times.
    Aggressive,
    /// A step up after a win, a step down after five rounds without one.
    Adaptive,
    /// Any stake of the ladder that the balance holds.
    Random,
}

impl Behaviour {
    /// The word that a session's player profile has for it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Conservative => "conservative",
            Self::Aggressive => "aggressive",
            Self::Adaptive => "adaptive",
            Self::Random => "random",
        }
    }
}

/// A player at a ladder of stakes.
pub(crate) struct Player {
    behaviour: Behaviour,
    ladder: Vec<Money>,
    step: usize,
    dry: u32,
    random: StdRng,
}

impl Player {
    /// A player whose smallest stake is `base` and whose largest is at most `most`; the base stake is always there.
    pub(crate) fn new(behaviour: Behaviour, base: Money, most: Money, seed: u64) -> Self {
        let steps = STEPS.iter().filter_map(|step| base.checked_mul(*step)).filter(|stake| *stake <= most);
        let mut ladder: Vec<Money> = steps.collect();
        if ladder.is_empty() {
            ladder.push(base);
        }
        Self { behaviour, ladder, step: 0, dry: 0, random: StdRng::seed_from_u64(seed) }
    }

    /// The next stake at this balance.
    pub(crate) fn stake(&mut self, balance: Money) -> Money {
        let holds = |times: i64| self.ladder.iter().filter(|stake| covers(balance, **stake, times)).count();
        let step = match self.behaviour {
            Behaviour::Conservative => 0,
            Behaviour::Aggressive => holds(RESERVE).saturating_sub(1),
            Behaviour::Adaptive => self.step.min(holds(1).saturating_sub(1)),
            Behaviour::Random => {
                let most = holds(1).max(1);
                self.random.random_range(0..most)
            }
        };
        self.ladder.get(step).copied().unwrap_or_default()
    }

    /// The smallest stake.
    pub(crate) fn smallest(&self) -> Money {
        self.ladder.first().copied().unwrap_or_default()
    }

    /// Learns what a round came to.
    pub(crate) fn learn(&mut self, won: bool) {
        if won {
            self.dry = 0;
            self.step = (self.step + 1).min(self.ladder.len() - 1);
            return;
        }
        self.dry += 1;
        if self.dry == PATIENCE {
            self.dry = 0;
            self.step = self.step.saturating_sub(1);
        }
    }
}

/// Whether the balance is at least so many stakes.
fn covers(balance: Money, stake: Money, times: i64) -> bool {
    stake.checked_mul(times).is_some_and(|sum| sum <= balance)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credits(text: &str) -> Money {
        text.parse().unwrap()
    }

    fn player(behaviour: Behaviour, most: &str) -> Player {
        Player::new(behaviour, credits("0.20"), credits(most), 7)
    }

    #[test]
    fn the_conservative_stay_at_the_base() {
        let mut player = player(Behaviour::Conservative, "100");
        player.learn(true);
        assert_eq!(player.stake(credits("1000")), credits("0.20"));
    }

    #[test]
    fn the_aggressive_go_as_high_as_the_balance_bears() {
        let mut player = player(Behaviour::Aggressive, "4");
        for (balance, stake) in [("1000", "4"), ("79.99", "2"), ("20", "1"), ("19.99", "0.40"), ("0.10", "0.20")] {
            assert_eq!(player.stake(credits(balance)), credits(stake), "{balance}");
        }
    }

    #[test]
    fn the_adaptive_step_up_after_a_win_and_down_after_a_drought() {
        let mut player = player(Behaviour::Adaptive, "1");
        let mut stakes = Vec::new();
        for won in [true, true, true, false, false, false, false, false, false] {
            stakes.push(player.stake(credits("100")).to_string());
            player.learn(won);
        }
        let low = ["0.2000", "0.4000", "1.0000", "1.0000", "1.0000", "1.0000", "1.0000", "1.0000", "0.4000"];
        assert_eq!(stakes, low);
        assert_eq!(player.stake(credits("0.30")), credits("0.20"), "never more than there is");
    }

    #[test]
    fn the_random_take_every_step_that_the_balance_holds_and_repeat_with_their_seed() {
        let draw = |player: &mut Player| (0..200).map(|_| player.stake(credits("2"))).collect::<Vec<_>>();
        let stakes = draw(&mut player(Behaviour::Random, "100"));
        assert_eq!(stakes, draw(&mut player(Behaviour::Random, "100")));
        for stake in ["0.20", "0.40", "1", "2"] {
            assert!(stakes.contains(&credits(stake)), "{stake}");
        }
        assert!(stakes.iter().all(|stake| *stake <= credits("2")));
    }

    #[test]
    fn there_is_always_a_stake() {
        let mut player = player(Behaviour::Aggressive, "0.10");
        assert_eq!((player.stake(Money::ZERO), player.smallest()), (credits("0.20"), credits("0.20")));
    }
}
