//! Configuration, wiring and the reelhouse binary.

pub mod analytics;
pub mod archive;
pub mod config;
pub mod distribute;
pub mod keys;
pub mod logging;
pub mod migrate;
pub mod seed;
pub mod serve;
pub mod signing;
pub mod store;
pub mod system;
pub mod telemetry;
