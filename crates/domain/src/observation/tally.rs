//! What was counted of a game's events.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Observed;
use super::drift::{AVERAGE_RUN_LENGTH, DriftState};
use crate::document::Document;
use crate::game::Mode;
use crate::game::definition::SymbolMap;
use crate::money::Money;
use crate::session::GameplayEvent;

/// What was counted of a game's events: whole numbers, and the state of the drift test.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    /// Events that were read, of every action.
    pub events: u64,
    /// Paid spins among them.
    pub spins: u64,
    /// Free games among them.
    pub free_games: u64,
    /// Demo spins of probes.
    pub probe_spins: u64,
    /// Rounds that were settled, and those of probes.
    pub rounds: u64,
    /// What those rounds returned, in bets at a unit bet: whole numbers. Text in JSON, for it may pass 2^53.
    #[serde(with = "as_text")]
    pub returned: u128,
    /// Paid spins that tell whether they won something by themselves, those of probes included.
    pub hit_spins: u64,
    /// Those that did.
    pub hits: u64,
    /// Hits and misses in the order of play.
    pub runs: RunsTally,
    /// The windows of paid spins.
    pub base: ModeTally,
    /// The windows of free games.
    pub free: ModeTally,
    /// The drift test.
    pub drift: DriftState,
}

impl Document for Tally {
    const VERSION: u64 = 1;
}

/// Hits and misses in the order in which they were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunsTally {
    /// Spins that won something.
    pub hits: u64,
    /// Spins that did not.
    pub misses: u64,
    /// Unbroken rows of hits, or of misses.
    pub runs: u64,
    /// The last spin.
    pub last: Option<bool>,
}

/// The windows of one mode: by reel, how often each symbol showed in the first window of a spin.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModeTally {
    /// How many windows.
    pub windows: u64,
    /// By reel.
    pub reels: Vec<BTreeMap<String, u64>>,
}

/// What is read of a spin's result.
#[derive(Deserialize)]
struct Spin {
    mode: Mode,
    symbols: Vec<Vec<String>>,
    stake: Money,
    payout: Money,
    round: SpinRound,
}

#[derive(Deserialize)]
struct SpinRound {
    won: Money,
    closed: bool,
}

/// What is read of a probe's result.
#[derive(Deserialize)]
struct Probe {
    spins: u64,
    unit_bet: Money,
    won: Money,
    hits: u64,
    symbols: Vec<BTreeMap<String, u64>>,
}

/// Whether every spin that wins free games pays as well: then a round that pays nothing is one whose paid spin does.
pub(super) fn awards_pay(map: &SymbolMap) -> bool {
    let pays = |symbol: &String, count: &u32| {
        map.scatter_pays.get(symbol).and_then(|row| row.get(count)).is_some_and(|pay| *pay > 0)
    };
    map.free_games.iter().flat_map(|free| &free.awards).all(|(symbol, row)| row.keys().all(|count| pays(symbol, count)))
}

impl Tally {
    /// Counts an event.
    pub(super) fn see(&mut self, game: &Observed, event: &GameplayEvent) {
        self.events += 1;
        match event.body.action["type"].as_str() {
            Some("spin") => self.spin(game, event),
            Some("probe") => self.probe(game, &event.body.result),
            _ => {}
        }
    }

    fn spin(&mut self, game: &Observed, event: &GameplayEvent) {
        let Ok(spin) = Spin::deserialize(&event.body.result) else { return };
        let symbols = spin.symbols.iter().map(|reel| reel.iter().map(|symbol| (symbol, 1)));
        if spin.mode == Mode::Base {
            self.spins += 1;
            self.base.see(1, symbols);
            self.hit(!spin.payout.is_zero());
        } else {
            self.free_games += 1;
            self.free.see(1, symbols);
        }
        if spin.round.closed
            && let Some(returned) = game.in_bets(spin.round.won, spin.stake)
        {
            self.rounds += 1;
            self.returned += returned;
            // The test holds for the exact mean alone.
            if let Some(moments) = game.moments.filter(|moments| moments.simulated.is_none()) {
                #[allow(clippy::cast_precision_loss)]
                let stakes = returned as f64 / f64::from(game.bets());
                self.drift.see(moments, stakes, event.body.timestamp, AVERAGE_RUN_LENGTH);
            }
        }
    }

    fn hit(&mut self, hit: bool) {
        self.hit_spins += 1;
        self.hits += u64::from(hit);
        let count = if hit { &mut self.runs.hits } else { &mut self.runs.misses };
        *count += 1;
        self.runs.runs += u64::from(self.runs.last != Some(hit));
        self.runs.last = Some(hit);
    }

    /// A probe tells sums alone: they say nothing of runs, and nothing of the order that a drift shows in.
    fn probe(&mut self, game: &Observed, result: &Value) {
        let Ok(probe) = Probe::deserialize(result) else { return };
        let Some(returned) = game.in_bets(probe.won, probe.unit_bet) else { return };
        self.probe_spins += probe.spins;
        self.rounds += probe.spins;
        self.returned += returned;
        self.base
            .see(probe.spins, probe.symbols.iter().map(|reel| reel.iter().map(|(symbol, count)| (symbol, *count))));
        // A probe counts rounds that pay anything, free games included.
        if game.awards_pay {
            self.hit_spins += probe.spins;
            self.hits += probe.hits;
        }
    }
}

impl ModeTally {
    fn see<'a, R: IntoIterator<Item = (&'a String, u64)>>(
        &mut self,
        windows: u64,
        reels: impl ExactSizeIterator<Item = R>,
    ) {
        self.windows += windows;
        if self.reels.len() < reels.len() {
            self.reels.resize_with(reels.len(), BTreeMap::new);
        }
        for (counts, reel) in self.reels.iter_mut().zip(reels) {
            for (symbol, count) in reel {
                match counts.get_mut(symbol) {
                    Some(sum) => *sum += count,
                    None => {
                        counts.insert(symbol.clone(), count);
                    }
                }
            }
        }
    }
}

/// Whole numbers that JSON's may be too small for.
pub(crate) mod as_text {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub(crate) fn serialize<S: Serializer>(number: &u128, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(number)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u128, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
