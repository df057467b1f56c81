//! The in-memory store keeps the contract of every store.

use std::time::Duration;

use reelhouse_contract::{Fixture, contract_tests};
use reelhouse_memory::MemoryStore;

async fn fixture() -> Fixture {
    Fixture::new(MemoryStore::with_lock_wait(Duration::from_secs(2)))
}

contract_tests!(fixture);
