//! Tests of the HTTP layer: in process against a store in memory and against mocks, and over TCP.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

mod access;
mod analytics;
mod conformance;
mod dashboard;
mod docs;
mod fingerprint;
mod gate;
mod hostile;
mod idempotency;
mod lists;
mod metrics;
mod mocked;
mod par_sheet;
mod play;
mod plays;
mod refusals;
mod request_id;
mod rl;
mod simulations;
mod stream;
mod support;
mod transport;
