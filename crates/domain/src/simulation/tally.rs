//! What has been counted: whole numbers only, so that tallies add up the same in any grouping.

use serde::{Deserialize, Serialize};

use super::bankroll::Bankrolls;
use super::round::{OutOfRange, Round};
use super::sources::Sources;

/// Where the buckets of the win distribution begin, in stakes. The first one begins above 0.
pub(super) const BUCKETS: [u64; 11] = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/// What some rounds came to, at the unit bet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// How many rounds.
    pub rounds: u64,
    /// How many of them won anything.
    pub hits: u64,
    /// How many of them won anything by their paid spin.
    pub spin_hits: u64,
    /// What they won, in units of 0.0001.
    #[serde(with = "decimal")]
    pub won: u128,
    /// The sum of the squares of what each round won.
    #[serde(with = "decimal")]
    pub won_squared: u128,
    /// What of it was won in free games.
    #[serde(with = "decimal")]
    pub won_free: u128,
    /// The most that one round won.
    pub best: u64,
    /// The rounds with free games.
    pub triggers: u64,
    /// The free games played.
    pub free_games: u64,
    /// The most free games of one round.
    pub most_free_games: u64,
    /// By bucket of the win distribution, how many rounds won so much; losing rounds are in none.
    pub buckets: [u64; BUCKETS.len()],
    /// What became of the player's bankroll, if there is a player.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bankrolls: Option<Bankrolls>,
    /// What the rounds won told apart, if that is how they were played.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sources: Option<Sources>,
}

impl Tally {
    /// Counts a round of a game with this unit bet, in units of 0.0001.
    #[inline]
    pub(super) fn record(&mut self, round: Round, unit_bet: u64) -> Result<(), OutOfRange> {
        self.rounds += 1;
        if round.free_games > 0 {
            self.triggers += 1;
            self.free_games += round.free_games;
            self.most_free_games = self.most_free_games.max(round.free_games);
            self.won_free += u128::from(round.free);
        }
        let won = round.base.checked_add(round.free).ok_or(OutOfRange)?;
        if won > 0 {
            self.hits += 1;
            self.spin_hits += u64::from(round.base > 0);
            self.won += u128::from(won);
            let square = u128::from(won) * u128::from(won);
            self.won_squared = self.won_squared.checked_add(square).ok_or(OutOfRange)?;
            self.best = self.best.max(won);
            // Counted without branches: where a win falls is hard to foresee.
            let above: usize =
                BUCKETS.iter().skip(1).map(|least| usize::from(won >= least.saturating_mul(unit_bet))).sum();
            if let Some(bucket) = self.buckets.get_mut(above) {
                *bucket += 1;
            }
        }
        Ok(())
    }

    /// Adds what another has counted.
    pub(super) fn merge(&mut self, other: &Self) -> Result<(), OutOfRange> {
        self.rounds += other.rounds;
        self.hits += other.hits;
        self.spin_hits += other.spin_hits;
        self.won += other.won;
        self.won_squared = self.won_squared.checked_add(other.won_squared).ok_or(OutOfRange)?;
        self.won_free += other.won_free;
        self.best = self.best.max(other.best);
        self.triggers += other.triggers;
        self.free_games += other.free_games;
        self.most_free_games = self.most_free_games.max(other.most_free_games);
        for (mine, others) in self.buckets.iter_mut().zip(other.buckets) {
            *mine += others;
        }
        if let Some(others) = &other.bankrolls {
            self.bankrolls.get_or_insert_default().merge(others);
        }
        if let Some(others) = &other.sources {
            self.sources.get_or_insert_default().merge(others)?;
        }
        Ok(())
    }
}

/// 128-bit numbers as decimal text: JSON numbers do not hold them everywhere.
pub(super) mod decimal {
    use serde::{Deserialize as _, Deserializer, Serializer, de};

    pub(in super::super) fn serialize<S: Serializer>(number: &u128, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(number)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u128, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
