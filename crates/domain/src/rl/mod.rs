//! Reinforcement learning: the one definition of observations, actions, rewards and the ends of episodes.
//!
//! An episode is a session. What is stored of it are exact documents ([`crate::session::Observation`],
//! actions as in the events); floats and indices are made of them here and nowhere else. The definition
//! is data ([`entries`]), so that a client in another language makes the same floats from it.

mod actions;
mod encoder;
mod ending;
mod estimate;
mod flat;
mod formula;
mod reward;

pub use actions::{ActionSpace, CASH_OUT, FIRST_STAKE, Ladder, LadderError, MAX_LADDER, OTHER, SPIN};
pub use encoder::{ENCODER_VERSION, Encoder, OBSERVATION_LENGTH, entries};
pub use ending::Ending;
pub(crate) use ending::Standing;
pub use estimate::{Estimate, Summary};
pub use flat::{read_action, read_observation};
pub use formula::{Entry, Field, Formula};
pub use reward::{Reward, Rewarded};

#[cfg(test)]
mod tests;
