//! Following a session: every committed event as it happens, whichever process wrote it, up to its end.

use std::sync::Arc;
use std::time::Duration;

use reelhouse_domain::ports::SessionRepository;
use reelhouse_domain::session::GameplayEvent;
use reelhouse_domain::{Refusal, SessionId};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::error::Error;
use crate::house::House;
use crate::notices::{Notices, Watch};
use crate::settings::FollowSettings;
use crate::view::SessionView;

/// How many events are read at once.
const BATCH: u32 = 256;

/// When a caller that finds every place taken should try again.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// What following works with.
pub(crate) struct Gallery {
    settings: FollowSettings,
    pub(crate) notices: Arc<Notices>,
    places: Arc<Semaphore>,
    closing: watch::Sender<bool>,
}

impl Gallery {
    pub(crate) fn new(settings: FollowSettings) -> Self {
        let places = Arc::new(Semaphore::new(settings.most));
        Self { settings, notices: Arc::default(), places, closing: watch::Sender::new(false) }
    }

    /// How many follow now.
    pub(crate) fn followers(&self) -> usize {
        self.settings.most.saturating_sub(self.places.available_permits())
    }
}

/// What a follower is told next.
#[derive(Clone, Debug, PartialEq)]
pub enum Followed {
    /// The next events, in the order of `seq`, without a gap; at least one.
    Events(Vec<GameplayEvent>),
    /// The session has ended and all of its events were told.
    Ended(Box<SessionView>),
    /// The house closes; there may be more to be told elsewhere.
    Closing,
}

/// Somebody who follows a session. Dropping it gives its place up.
pub struct Follower {
    session_id: SessionId,
    sessions: Arc<dyn SessionRepository>,
    watch: Watch,
    closing: watch::Receiver<bool>,
    poll: Duration,
    after: i64,
    _place: OwnedSemaphorePermit,
}

impl House {
    /// Follows a session from the event after `seq` `after`.
    ///
    /// # Errors
    /// [`Refusal::NotFound`]; [`Error::Crowded`] when as many follow already as may; [`Error::Archived`].
    pub async fn session_follow(&self, session_id: SessionId, after: i64) -> Result<Follower, Error> {
        let gallery = &self.gallery;
        let place = Arc::clone(&gallery.places).try_acquire_owned();
        let place = place.map_err(|_| Error::Crowded { most: gallery.settings.most, retry_after: RETRY_AFTER })?;
        self.session_find(session_id).await?;
        // Events that cannot be read are told before a stream begins, not by one that ends at once.
        self.ports.sessions.event_list(session_id, after, 1).await?;
        Ok(Follower {
            session_id,
            sessions: Arc::clone(&self.ports.sessions),
            watch: gallery.notices.watch(session_id),
            closing: gallery.closing.subscribe(),
            poll: gallery.settings.poll,
            after,
            _place: place,
        })
    }

    /// Begins to close: the house is not ready for more work, though it does what it is asked, and everybody who
    /// follows, now or later, is told so that nobody waits for them to leave.
    pub fn close(&self) {
        self.gallery.closing.send_replace(true);
    }

    /// Whether the house has begun to close.
    #[must_use]
    pub fn is_closing(&self) -> bool {
        *self.gallery.closing.borrow()
    }
}

impl Follower {
    /// What happens next; it waits until something does. It may be dropped while it waits: nothing is lost.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn next(&mut self) -> Result<Followed, Error> {
        loop {
            if *self.closing.borrow() {
                return Ok(Followed::Closing);
            }
            if let Some(followed) = self.look().await? {
                return Ok(followed);
            }
            tokio::select! {
                () = self.watch.noticed() => {}
                () = tokio::time::sleep(self.poll) => {}
                changed = self.closing.changed() => {
                    if changed.is_err() {
                        return Ok(Followed::Closing);
                    }
                }
            }
        }
    }

    /// What the store has to tell now. The session is read before its events: one that has ended gets no more.
    async fn look(&mut self) -> Result<Option<Followed>, Error> {
        let found = self.sessions.session_find(self.session_id).await?;
        let session = found.ok_or_else(|| Refusal::not_found("session", self.session_id))?;
        if session.last_seq > self.after {
            let events = self.sessions.event_list(self.session_id, self.after, BATCH).await?;
            let last = events.last().map(|event| event.body.seq);
            let last = last.ok_or_else(|| Error::Internal(format!("session {} lacks events", self.session_id)))?;
            self.after = last;
            return Ok(Some(Followed::Events(events)));
        }
        Ok(session.state.is_final().then(|| Followed::Ended(Box::new(SessionView::from(&session)))))
    }
}
