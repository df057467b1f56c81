//! Simulation: many rounds of a game, counted exactly, the same for any number of threads.
//!
//! The rounds are cut into blocks. Each block has a stream of its own, and blocks are added up in their
//! order, so that neither the number of threads nor their luck shows in the result. Sums are integers;
//! floats appear only in the statistics that [`Report`] makes of them. What has been counted after any
//! block is a small document, [`State`], from which the same simulation goes on.
//!
//! Plain line games on strips are played from tables ([`tables`]), all others by
//! [`Engine::spin`](crate::game::Engine::spin).

mod bankroll;
mod histogram;
mod lines;
mod plan;
pub mod quality;
mod report;
mod round;
mod run;
mod sources;
pub mod statistics;
mod stream;
pub mod tables;
mod tally;

pub use bankroll::Bankrolls;
pub use histogram::Histogram;
pub use plan::{Behavior, MAX_ROUNDS, MAX_SESSION_ROUNDS, PlanError, Player, SimulationPlan};
pub use report::{BankrollReport, Bucket, FreeGameReport, Report};
pub use round::{Method, Round, Rounds};
pub use run::{Ended, Monitor, SimulationError, State, simulate, simulate_rounds};
pub use sources::Sources;
pub use stream::{GENERATOR, Stream};
pub use tally::Tally;

#[cfg(test)]
mod tests;
