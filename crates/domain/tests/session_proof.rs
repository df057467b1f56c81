//! Session proofs: honest ones verify, changed ones do not; and the published test vectors.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, reason = "tests fail by panicking")]

mod proof;
