//! The probe: a store that can be used says so.

use std::sync::Arc;

use crate::Store;

/// A fresh store answers a ping.
pub async fn a_fresh_store_answers_a_ping(store: Arc<dyn Store>) {
    assert_eq!(store.ping().await, Ok(()));
}
