//! Sessions whose events may be archived.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::DateTime;
use reelhouse_domain::archive::Table;
use reelhouse_domain::id::minted_at;
use reelhouse_domain::ports::{SessionFilter, SessionRepository, StoreError};
use reelhouse_domain::session::{GameplayEvent, Session, Transition};
use reelhouse_domain::{SessionId, Timestamp};

use crate::library::Library;
use crate::record::{self, Record};
use crate::select::Selection;

/// Reads sessions from a live store, and what they recorded from there and from the archives.
///
/// Within a session `seq` has no gaps, so that a page that is full tells by itself that nothing is missing: the
/// archives are asked about only where it does not.
pub struct ArchivedSessions {
    live: Arc<dyn SessionRepository>,
    library: Library,
}

/// A kind of row of a session.
struct Rows<T> {
    table: Table,
    seq: fn(&T) -> i64,
    read: fn(&Record<'_>) -> Result<T, StoreError>,
}

const EVENTS: Rows<GameplayEvent> =
    Rows { table: Table::GameplayEvents, seq: |event| event.body.seq, read: record::event };

const TRANSITIONS: Rows<Transition> =
    Rows { table: Table::RlStore, seq: |transition| transition.seq, read: record::transition };

impl ArchivedSessions {
    /// Sessions of the live store, with what is in the archives.
    #[must_use]
    pub fn new(live: Arc<dyn SessionRepository>, library: Library) -> Self {
        Self { live, library }
    }

    /// How many rows a page must have; none when the session does not tell yet.
    ///
    /// A month with rows of a session that is open is not archived: what is missing there was not written yet.
    async fn wanted(&self, session_id: SessionId, after: i64, limit: u32) -> Result<i64, StoreError> {
        let session = self.live.session_find(session_id).await?;
        let ended = session.filter(|session| session.state.is_final());
        Ok(ended.map_or(0, |session| session.last_seq.saturating_sub(after).clamp(0, i64::from(limit))))
    }

    /// Adds to a page what is archived of it. The page was read before the archives are asked about: a month that
    /// was archived in between is then in both.
    async fn complete<T: Send + 'static>(
        &self,
        rows: &Rows<T>,
        session_id: SessionId,
        after: i64,
        limit: u32,
        mut page: Vec<T>,
    ) -> Result<Vec<T>, StoreError> {
        let opened = minted_at(session_id.0).unwrap_or(DateTime::UNIX_EPOCH);
        let archives = self.library.archives(opened, Timestamp::MAX_UTC).await?;
        let Some(archive) = archives.first() else { return Ok(page) };
        if !self.library.is_at_hand() {
            return Err(Library::absent(archive));
        }
        let selection = Selection {
            sessions: [session_id.0].into(),
            above: after,
            upto: after.saturating_add(i64::from(limit)),
            from: i64::MIN,
            to: i64::MAX,
        };
        page.extend(self.library.select(archives, rows.table, selection, rows.read).await?);
        page.sort_by_key(rows.seq);
        page.dedup_by_key(|row| (rows.seq)(row));
        page.truncate(limit as usize);
        Ok(page)
    }
}

/// Whether a page begins after `after`, has no gaps, and as many rows as wanted.
fn is_whole<T>(rows: &Rows<T>, page: &[T], after: i64, wanted: i64) -> bool {
    let gapless = page.iter().zip(1..).all(|(row, place)| Some((rows.seq)(row)) == after.checked_add(place));
    gapless && i64::try_from(page.len()).is_ok_and(|found| found >= wanted)
}

/// Reads a page of a live store and completes it.
macro_rules! page {
    ($self:ident, $rows:ident, $list:ident, $session_id:ident, $after:ident, $limit:ident) => {{
        let page = $self.live.$list($session_id, $after, $limit).await?;
        if is_whole(&$rows, &page, $after, i64::from($limit)) {
            return Ok(page);
        }
        // A session that has ended has all of its rows: what a page lacks that is read after that is elsewhere.
        let wanted = $self.wanted($session_id, $after, $limit).await?;
        if is_whole(&$rows, &page, $after, wanted) {
            return Ok(page);
        }
        let page = $self.live.$list($session_id, $after, $limit).await?;
        if is_whole(&$rows, &page, $after, wanted) {
            return Ok(page);
        }
        $self.complete(&$rows, $session_id, $after, $limit, page).await
    }};
}

#[async_trait]
impl SessionRepository for ArchivedSessions {
    async fn session_find(&self, session_id: SessionId) -> Result<Option<Session>, StoreError> {
        self.live.session_find(session_id).await
    }

    async fn session_list(
        &self,
        filter: SessionFilter,
        after: Option<SessionId>,
        limit: u32,
    ) -> Result<Vec<Session>, StoreError> {
        self.live.session_list(filter, after, limit).await
    }

    async fn session_idle_list(&self, due: Timestamp, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        self.live.session_idle_list(due, limit).await
    }

    async fn event_list(
        &self,
        session_id: SessionId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<GameplayEvent>, StoreError> {
        page!(self, EVENTS, event_list, session_id, after, limit)
    }

    async fn transition_list(
        &self,
        session_id: SessionId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<Transition>, StoreError> {
        page!(self, TRANSITIONS, transition_list, session_id, after, limit)
    }
}
