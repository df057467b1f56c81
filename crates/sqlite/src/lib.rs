//! The SQLite adapter of the ports, the embedded default.
//!
//! One connection writes, behind a mutex that an open unit of work holds; a few others read. The
//! file is in WAL mode, so that nobody reads what is not committed and no reader waits, and every
//! commit is on the disk before it is answered (`synchronous = FULL`). Checkpoints run beside the
//! writer. Several processes may use one file: their units of work meet at SQLite's own write lock.

mod analytics;
mod checkpoint;
mod connection;
mod error;
mod experience;
mod games;
mod jobs;
mod keys;
pub mod migrate;
mod observations;
mod probe;
mod rows;
mod sessions;
mod snapshot;
mod store;
mod unit_of_work;
mod update;
mod wallets;
mod write;
mod writer;

pub use connection::SqliteOptions;
pub use migrate::MigrateError;
pub use store::{SqliteStore, path_of};

#[cfg(test)]
mod tests;
