//! Simulations, which run at the server beside play.

use reelhouse_domain::{GameId, Money};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::answer::Answer;
use crate::client::{Client, Key};
use crate::error::Error;
use crate::list::Items;

/// A simulation to be queued.
#[derive(Clone, Debug, Serialize)]
pub struct NewSimulation {
    /// The game to simulate.
    pub game_id: GameId,
    /// How many rounds at most.
    pub rounds: u64,
    /// The seed of the generator; drawn where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// The stake of a round; with a player the lowest one.
    pub stake: Money,
    /// Stop when the 95 % interval of the RTP reaches no further than this to either side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub half_width: Option<f64>,
    /// Whose bankroll to follow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub behavior: Option<String>,
    /// The balance at the start of every session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starting_balance: Option<Money>,
    /// After how many rounds a session ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_rounds: Option<u64>,
}

/// A simulation.
#[derive(Clone, Debug, Deserialize)]
pub struct Simulation {
    /// The simulation's id.
    pub simulation_id: String,
    /// The game that is simulated.
    pub game_id: GameId,
    /// `queued`, `running`, `completed`, `failed` or `cancelled`.
    pub state: String,
    /// How many rounds at most.
    pub rounds: u64,
    /// The seed of the generator.
    pub seed: u64,
    /// How far it is.
    pub progress: Progress,
    /// What was found, once it is completed.
    pub report: Option<Value>,
    /// Why it failed.
    pub failure: Option<Value>,
}

impl Simulation {
    /// Whether nothing more will happen to it.
    #[must_use]
    pub fn is_over(&self) -> bool {
        !matches!(self.state.as_str(), "queued" | "running")
    }
}

/// How far a simulation is.
#[derive(Clone, Debug, Deserialize)]
pub struct Progress {
    /// How many rounds are done.
    pub done: u64,
    /// How many are done in a second.
    pub per_second: Option<f64>,
    /// The return of the rounds so far, a part of 1.
    pub rtp: Option<f64>,
}

impl Client {
    /// Queues a simulation.
    ///
    /// # Errors
    /// As every call: see [`Error`].
    pub fn simulation_create(&self, new: &NewSimulation, key: &Key) -> Result<Answer<Simulation>, Error> {
        self.post(&["simulations"], key, new)
    }

    /// The simulation of that id.
    ///
    /// # Errors
    /// As every call: see [`Error`].
    pub fn simulation_find(&self, simulation_id: &str) -> Result<Answer<Simulation>, Error> {
        self.get(&["simulations", simulation_id], &[])
    }

    /// The simulations, in the order of their making.
    #[must_use]
    pub fn simulation_list(&self, most: Option<usize>) -> Items<'_, Simulation> {
        Items::new(self, &["simulations"], Vec::new(), most)
    }
}
