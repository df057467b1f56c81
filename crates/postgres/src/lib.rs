//! The PostgreSQL adapter of the ports, for PostgreSQL 15 and newer. It needs no libpq.
//!
//! A unit of work takes three round trips, whatever the size of its batch: one that begins, locks
//! and loads, one that writes, one that commits. The statements of a trip are sent one after the
//! other without waiting, each is prepared once for each connection.

mod analytics_repository;
pub mod archive;
mod archive_repository;
mod begin;
mod columns;
mod copy;
pub mod distributed;
mod error;
mod experience;
mod game_repository;
mod job_repository;
mod job_rows;
mod key_repository;
pub mod migrate;
mod numeric;
mod observation_repository;
pub mod partitions;
mod pipeline;
mod pool;
mod rows;
mod session_repository;
mod statement;
mod store_probe;
mod unit_of_work;
mod wallet_repository;
mod write;

pub use pool::{PostgresOptions, PostgresStore};
