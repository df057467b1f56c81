//! The probe: a store that can be used says so.

use std::sync::Arc;

use reelhouse_domain::ports::Connections;

use crate::Store;

/// A fresh store answers a ping.
pub async fn a_fresh_store_answers_a_ping(store: Arc<dyn Store>) {
    assert_eq!(store.ping().await, Ok(()));
}

/// A store that has connections has no more of them in use than are open, and no more open than it may have.
pub async fn connections_are_counted(store: Arc<dyn Store>) {
    store.ping().await.unwrap();
    if let Some(Connections { most, open, used, .. }) = store.connections() {
        assert!(used <= open && open <= most, "{used} of {open} of {most}");
        assert!(open >= 1, "the ping took one");
    }
}
