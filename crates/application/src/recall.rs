//! Recall: the sessions and wallets that this process wrote last, so that an action need not load them again.
//!
//! What is recalled is not locked, so it may be out of date: another process may have written it since. Nothing that
//! was decided on it is told to anybody before the store has said that it was still so. Every recalled row is written
//! with its batch, changed or not, together with what it must still be; a batch that this fails, and one that would
//! write nothing else, is decided anew on rows that are locked and loaded.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};

use lru::LruCache;
use reelhouse_domain::ports::{Changes, Needs, Remembered, Snapshot};
use reelhouse_domain::session::Session;
use reelhouse_domain::wallet::Wallet;
use reelhouse_domain::{SessionId, WalletId};

/// How many sessions are kept, and how many wallets: those that were written last.
const CAPACITY: NonZeroUsize = NonZeroUsize::MIN.saturating_add(16_383);

/// At most two to this power batches go by without recall after some that failed by it.
const MOST_DOUBTS: u32 = 10;

/// What was written last.
pub(crate) struct Recall(Mutex<Kept>);

struct Kept {
    sessions: LruCache<SessionId, Session>,
    wallets: LruCache<WalletId, Wallet>,
    /// How many batches in a row failed because of what was recalled.
    doubts: u32,
    /// How many batches are still to be loaded whole.
    pause: u32,
}

/// Rows that are taken as they were left.
#[derive(Default)]
pub(crate) struct Recalled {
    sessions: BTreeMap<SessionId, Session>,
    wallets: BTreeMap<WalletId, Wallet>,
}

impl Recall {
    pub(crate) fn new() -> Self {
        let (sessions, wallets) = (LruCache::new(CAPACITY), LruCache::new(CAPACITY));
        Self(Mutex::new(Kept { sessions, wallets, doubts: 0, pause: 0 }))
    }

    /// Takes out what is kept of the needs, a session only with its wallet, and says what is still needed. A row that
    /// is taken out is under way: whoever needs it next loads it, and waits for the lock.
    pub(crate) fn take(&self, mut needs: Needs) -> (Recalled, Needs) {
        let mut kept = self.kept();
        let mut recalled = Recalled::default();
        for id in &needs.sessions {
            kept.take_session(*id, &mut recalled);
        }
        for id in &needs.wallets {
            kept.take_wallet(*id, &mut recalled);
        }
        if kept.pause > 0 {
            kept.pause -= 1;
            return (Recalled::default(), needs);
        }
        needs.sessions.retain(|id| !recalled.sessions.contains_key(id));
        needs.wallets.retain(|id| !recalled.wallets.contains_key(id));
        (recalled, needs)
    }

    /// Keeps what was committed.
    pub(crate) fn keep(&self, changes: Changes) {
        let mut kept = self.kept();
        for session in changes.sessions_created.into_iter().chain(changes.sessions_updated) {
            if !session.state.is_final() {
                kept.sessions.put(session.session_id, session);
            }
        }
        for wallet in changes.wallets_created.into_iter().chain(changes.wallets_updated) {
            kept.wallets.put(wallet.wallet_id, wallet);
        }
    }

    /// A batch was committed on what was recalled.
    pub(crate) fn trust(&self) {
        self.kept().doubts = 0;
    }

    /// A batch failed that what was recalled had a part in. Where other processes write the same rows all the time,
    /// recall is soon used for one batch in a thousand.
    pub(crate) fn doubt(&self) {
        let mut kept = self.kept();
        kept.doubts = (kept.doubts + 1).min(MOST_DOUBTS);
        kept.pause = 1 << kept.doubts;
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn take_session(&mut self, id: SessionId, recalled: &mut Recalled) {
        let Some(session) = self.sessions.pop(&id) else { return };
        if session.current_wallet_id.is_none_or(|wallet_id| self.take_wallet(wallet_id, recalled)) {
            recalled.sessions.insert(id, session);
        }
    }

    /// Whether the wallet is recalled.
    fn take_wallet(&mut self, id: WalletId, recalled: &mut Recalled) -> bool {
        if let Some(wallet) = self.wallets.pop(&id) {
            recalled.wallets.insert(id, wallet);
        }
        recalled.wallets.contains_key(&id)
    }
}

impl Recalled {
    pub(crate) fn is_empty(&self) -> bool {
        self.sessions.is_empty() && self.wallets.is_empty()
    }

    /// Puts the rows beside those that were loaded, which go before them, and says what they must still be.
    pub(crate) fn join(self, snapshot: &mut Snapshot) -> Remembered {
        let mut remembered = Remembered::default();
        for (id, session) in self.sessions {
            remembered.sessions.insert(id, session.last_seq);
            snapshot.sessions.insert(id, session);
        }
        for (id, wallet) in self.wallets {
            snapshot.wallets.entry(id).or_insert_with(|| {
                remembered.wallets.insert(id, wallet.mark());
                wallet
            });
        }
        remembered
    }
}
