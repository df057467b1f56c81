//! Games: definition documents, their validation, and the engine that plays them.

pub mod definition;
pub mod engine;
pub mod entity;
pub mod par_sheet;
pub mod profile;
pub mod readiness;
pub mod reference;
pub mod schema;

pub use definition::{Definition, Mode, fault};
pub use engine::{Engine, Outcome, Win, WinKind};
pub use entity::{Game, MAX_GAME_NAME, check_name};
pub use fault::{Fault, Faults};
pub use par_sheet::ParSheet;
pub use profile::{StatisticalProfile, profile};
pub use readiness::Readiness;
pub use reference::{ReferenceGame, example_games, reference_games};
pub use schema::{Schema, schemas};

#[cfg(test)]
mod tests;
