//! Tests of the HTTP layer: in process against a store in memory and against mocks, and over TCP.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

mod conformance;
mod docs;
mod hostile;
mod idempotency;
mod lists;
mod mocked;
mod play;
mod plays;
mod refusals;
mod simulations;
mod stream;
mod support;
mod transport;
