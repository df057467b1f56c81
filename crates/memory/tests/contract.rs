//! The in-memory store keeps the contract of every store.

use reelhouse_contract::{Fixture, contract_tests};
use reelhouse_memory::MemoryStore;

async fn fixture() -> Fixture {
    Fixture::new(MemoryStore::default())
}

contract_tests!(fixture);
