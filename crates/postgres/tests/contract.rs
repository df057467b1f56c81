//! PostgreSQL keeps the contract of every store.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::fixture;
use reelhouse_contract::contract_tests;

contract_tests!(fixture);
