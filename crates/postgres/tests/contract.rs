//! PostgreSQL keeps the contract of every store.

mod common;

use common::fixture;
use reelhouse_contract::contract_tests;

contract_tests!(fixture);
