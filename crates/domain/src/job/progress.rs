//! How far a job is.

use serde::{Deserialize, Serialize};

use crate::document::Document;
use crate::money::Money;
use crate::simulation::State;
use crate::simulation::statistics::{Interval, Mean};

/// How far a job is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// How much is done: rounds of a simulation, steps of an exact count. A profile whose count is beyond the
    /// budget begins anew with rounds.
    pub done: u64,
    /// How much there is to do at most; none while nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// How much was done in a second, on average since the worker began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_second: Option<f64>,
    /// What a simulation has found so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rtp: Option<RunningRtp>,
}

impl Document for Progress {
    const VERSION: u64 = 1;
}

/// The RTP of the rounds so far, a part of 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunningRtp {
    /// What was won over what was staked.
    pub value: f64,
    /// Its intervals for 90, 95 and 99 %.
    pub intervals: [Interval; 3],
}

impl Progress {
    /// How far a simulation is, of a game with this unit bet.
    #[must_use]
    pub fn of(state: &State, unit_bet: Money) -> Self {
        let tally = &state.tally;
        let mean = Mean::new(tally.rounds, tally.won, tally.won_squared, unit_bet.units().unsigned_abs());
        // A single round has no spread, and so no interval that could be written down.
        let rtp = mean.filter(|mean| mean.error.is_finite());
        Self {
            done: tally.rounds,
            total: Some(state.plan.rounds),
            per_second: None,
            rtp: rtp.map(|mean| RunningRtp { value: mean.value, intervals: mean.intervals() }),
        }
    }
}
