//! A row of a dataset: a step with the floats of its observations.

use reelhouse_domain::ports::RecordedStep;
use reelhouse_domain::rl::Ending;
use reelhouse_domain::session::Observation;

/// A row of a dataset.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The step as it is stored.
    pub step: &'a RecordedStep,
    /// The observation before the action.
    pub state: &'a Observation,
    /// How the episode ended, in its last row; open in every other.
    pub ending: Ending,
    /// The floats of `state`.
    pub observation: &'a [f32],
    /// The index of the action.
    pub action: usize,
    /// The floats of the observation after the action.
    pub next_observation: &'a [f32],
    /// The row's place in its episode in this dataset, from 0.
    pub place: i64,
}

impl Row<'_> {
    /// The action's index as datasets hold it.
    pub(crate) fn action_number(&self) -> i64 {
        i64::try_from(self.action).unwrap_or(i64::MAX)
    }
}
