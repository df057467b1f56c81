//! Sessions: play, and what it recorded.

use reelhouse_domain::session::SessionState;
use reelhouse_domain::{GameId, SessionId, WalletId};

use crate::answer::Answer;
use crate::bodies::{ActionAnswer, ActionBody, Event, NewSession, Session};
use crate::client::{Client, Key};
use crate::error::Error;
use crate::list::Items;

/// Which sessions to list. An absent field filters nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionFilter {
    /// Sessions of this game.
    pub game_id: Option<GameId>,
    /// Sessions whose current wallet this is.
    pub wallet_id: Option<WalletId>,
    /// Sessions in this state.
    pub state: Option<SessionState>,
}

impl Client {
    /// Opens a session.
    ///
    /// # Errors
    /// As every call: see [`Error`].
    pub fn session_create(&self, new: &NewSession, key: &Key) -> Result<Answer<Session>, Error> {
        self.post(&["sessions"], key, new)
    }

    /// The sessions that pass a filter, in the order of their making.
    #[must_use]
    pub fn session_list(&self, filter: SessionFilter, most: Option<usize>) -> Items<'_, Session> {
        let mut query = Vec::new();
        query.extend(filter.game_id.map(|id| ("game_id", id.to_string())));
        query.extend(filter.wallet_id.map(|id| ("wallet_id", id.to_string())));
        query.extend(filter.state.map(|state| ("state", state.name().to_owned())));
        Items::new(self, &["sessions"], query, most)
    }

    /// The session of that id.
    ///
    /// # Errors
    /// As every call: see [`Error`].
    pub fn session_find(&self, session_id: SessionId) -> Result<Answer<Session>, Error> {
        self.get(&["sessions", &session_id.to_string()], &[])
    }

    /// Acts in a session.
    ///
    /// # Errors
    /// As every call: see [`Error`].
    pub fn session_act(
        &self,
        session_id: SessionId,
        action: &ActionBody,
        key: &Key,
    ) -> Result<Answer<ActionAnswer>, Error> {
        self.post(&["sessions", &session_id.to_string(), "action"], key, action)
    }

    /// A session's events, in the order of `seq`.
    #[must_use]
    pub fn event_list(&self, session_id: SessionId, most: Option<usize>) -> Items<'_, Event> {
        Items::new(self, &["sessions", &session_id.to_string(), "events"], Vec::new(), most)
    }

    /// The proof of a session that has ended, to be kept to the byte.
    ///
    /// # Errors
    /// As every call: see [`Error`].
    pub fn session_proof(&self, session_id: SessionId) -> Result<String, Error> {
        self.text(&["sessions", &session_id.to_string(), "proof"], &[])
    }
}
