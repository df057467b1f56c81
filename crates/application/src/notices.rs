//! Notices: whoever waits for a session's events is told when this process has committed some.
//!
//! A notice is a hint that carries nothing and may be missed: what another process writes gives none here. Whoever
//! waits looks into the store now and then as well.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use reelhouse_domain::SessionId;
use tokio::sync::watch;

/// Who waits for what.
#[derive(Debug, Default)]
pub(crate) struct Notices {
    watched: Mutex<BTreeMap<SessionId, watch::Sender<()>>>,
}

impl Notices {
    /// Watches a session: every notice from now on is seen.
    pub(crate) fn watch(self: &Arc<Self>, session_id: SessionId) -> Watch {
        let notices = self.watched().entry(session_id).or_default().subscribe();
        Watch { board: Arc::clone(self), session_id, notices }
    }

    /// Tells whoever watches one of the sessions that it has new events.
    pub(crate) fn give(&self, sessions: impl IntoIterator<Item = SessionId>) {
        let watched = self.watched();
        if watched.is_empty() {
            return;
        }
        for session_id in sessions.into_iter().collect::<BTreeSet<_>>() {
            if let Some(watchers) = watched.get(&session_id) {
                watchers.send_replace(());
            }
        }
    }

    fn watched(&self) -> MutexGuard<'_, BTreeMap<SessionId, watch::Sender<()>>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One watch over a session, given up when it is dropped.
#[derive(Debug)]
pub(crate) struct Watch {
    board: Arc<Notices>,
    session_id: SessionId,
    notices: watch::Receiver<()>,
}

impl Watch {
    /// Waits for a notice that was given since the last one that was waited for.
    pub(crate) async fn noticed(&mut self) {
        // The sender stays on the board for as long as this watch does, so there is always one to wait for.
        if self.notices.changed().await.is_err() {
            std::future::pending().await
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let mut watched = self.board.watched();
        // This watch is counted still.
        if watched.get(&self.session_id).is_some_and(|watchers| watchers.receiver_count() <= 1) {
            watched.remove(&self.session_id);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn session(last: u8) -> SessionId {
        format!("01976e3c-9f00-7abc-8000-0000000000{last:02}").parse().unwrap()
    }

    #[test]
    fn a_notice_reaches_every_watch_of_its_session_and_no_other() {
        let board = Arc::new(Notices::default());
        let (mut first, mut second, mut other) =
            (board.watch(session(1)), board.watch(session(1)), board.watch(session(2)));
        board.give([session(1), session(3), session(1)]);
        assert!(first.noticed().now_or_never().is_some());
        assert!(second.noticed().now_or_never().is_some());
        assert!(other.noticed().now_or_never().is_none());
        assert!(first.noticed().now_or_never().is_none(), "a notice is told once");
    }

    #[test]
    fn what_nobody_watches_is_forgotten() {
        let board = Arc::new(Notices::default());
        let (first, second) = (board.watch(session(1)), board.watch(session(1)));
        drop(first);
        assert_eq!(board.watched().len(), 1);
        drop(second);
        assert!(board.watched().is_empty());
    }
}
