//! The definition of a game: how it draws (`rng_signature`) and what it pays (`symbol_map`).
//!
//! Both are versioned JSON documents. [`Definition::parse`] reads and checks them; the documents that
//! a [`Definition`] gives back have every default filled in, so that equal games have equal documents.
//!
//! `model` has the types, `parse` and the files that it reads with make them from JSON, `chance` and `bound` know what
//! a definition comes to. Nothing here knows how a game is played.

pub(super) mod bound;
mod chance;
mod checked;
mod evaluation;
pub mod fault;
mod features;
mod model;
mod parse;
pub(super) mod reader;
mod rng;
mod symbols;

pub use checked::Definition;
pub use model::*;
