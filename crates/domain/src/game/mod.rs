//! Games: definition documents, their validation, and the engine that plays them.

mod bound;
mod chance;
pub mod definition;
pub mod engine;
pub mod entity;
pub mod fault;
mod parse;
mod parse_evaluation;
mod parse_features;
mod parse_rng;
mod parse_symbols;
pub mod profile;
mod reader;
pub mod reference;
pub mod schema;

pub use definition::Definition;
pub use engine::{Engine, Mode, Outcome, Win, WinKind};
pub use entity::{Game, MAX_GAME_NAME, check_name};
pub use fault::{Fault, Faults};
pub use profile::{StatisticalProfile, profile};
pub use reference::{ReferenceGame, example_games, reference_games};
pub use schema::{Schema, schemas};

#[cfg(test)]
mod tests;
