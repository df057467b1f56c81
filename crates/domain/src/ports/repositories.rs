//! Repositories: reads outside of a unit of work. They see only what is committed.
//!
//! Lists are keyset pages: rows in the order of their key, those after `after`, at most `limit`.

use async_trait::async_trait;

use super::StoreError;
use crate::game::Game;
use crate::id::{GameId, KeyId, SessionId, WalletId};
use crate::session::{GameplayEvent, Session, SessionState, Transition};
use crate::time::Timestamp;
use crate::wallet::{LedgerEntry, TrialBalance, Wallet};

/// Reads games.
#[async_trait]
pub trait GameRepository: Send + Sync {
    /// The game of that id.
    async fn game_find(&self, game_id: GameId) -> Result<Option<Game>, StoreError>;

    /// Games in the order of their ids, which is that of their making.
    async fn game_list(&self, after: Option<GameId>, limit: u32) -> Result<Vec<Game>, StoreError>;
}

/// Reads wallets and their ledgers.
#[async_trait]
pub trait WalletRepository: Send + Sync {
    /// The wallet of that id.
    async fn wallet_find(&self, wallet_id: WalletId) -> Result<Option<Wallet>, StoreError>;

    /// Wallets that pass the filter, in the order of their ids, or turned around; `after` is left out as are those
    /// before it in that order.
    async fn wallet_list(
        &self,
        filter: WalletFilter,
        after: Option<WalletId>,
        limit: u32,
    ) -> Result<Vec<Wallet>, StoreError>;

    /// The wallet's ledger entries with `seq` above `after`, in the order of `seq`.
    async fn ledger_list(&self, wallet_id: WalletId, after: i64, limit: u32) -> Result<Vec<LedgerEntry>, StoreError>;

    /// All balances, read in one snapshot of the database.
    async fn trial_balance(&self) -> Result<TrialBalance, StoreError>;
}

/// Which wallets to list, and from which end. An absent field filters nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WalletFilter {
    /// Wallets of this owner.
    pub owner: Option<KeyId>,
    /// The newest first: in the order of ids turned around.
    pub newest_first: bool,
}

/// Which sessions to list, and from which end. An absent field filters nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionFilter {
    /// Sessions of this game.
    pub game_id: Option<GameId>,
    /// Sessions whose current wallet this is.
    pub wallet_id: Option<WalletId>,
    /// Sessions in this state.
    pub state: Option<SessionState>,
    /// Sessions of this owner.
    pub owner: Option<KeyId>,
    /// The newest first: in the order of ids turned around.
    pub newest_first: bool,
}

/// Reads sessions and what they recorded.
#[async_trait]
pub trait SessionRepository: Send + Sync {
    /// The session of that id.
    async fn session_find(&self, session_id: SessionId) -> Result<Option<Session>, StoreError>;

    /// Sessions that pass the filter, in the order of their ids, or turned around; `after` is left out as are those
    /// before it in that order.
    async fn session_list(
        &self,
        filter: SessionFilter,
        after: Option<SessionId>,
        limit: u32,
    ) -> Result<Vec<Session>, StoreError>;

    /// Sessions that have not ended and whose `idle_check_at` is at or before `due`, soonest first.
    async fn session_idle_list(&self, due: Timestamp, limit: u32) -> Result<Vec<SessionId>, StoreError>;

    /// The session's events with `seq` above `after`, in the order of `seq`.
    async fn event_list(&self, session_id: SessionId, after: i64, limit: u32)
    -> Result<Vec<GameplayEvent>, StoreError>;

    /// The session's RL transitions with `seq` above `after`, in the order of `seq`.
    async fn transition_list(
        &self,
        session_id: SessionId,
        after: i64,
        limit: u32,
    ) -> Result<Vec<Transition>, StoreError>;
}

/// How a pool of connections is used at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connections {
    /// The most that it may open.
    pub most: usize,
    /// How many are open.
    pub open: usize,
    /// How many of those are in use.
    pub used: usize,
    /// How many callers wait for one, where that is known.
    pub waiting: Option<usize>,
}

/// Tells whether the store can be used, and how it is.
#[async_trait]
pub trait StoreProbe: Send + Sync {
    /// Answers when the store can take work now.
    async fn ping(&self) -> Result<(), StoreError>;

    /// How the store's connections are used now; none for a store that has none. It asks the store nothing.
    fn connections(&self) -> Option<Connections> {
        None
    }
}
