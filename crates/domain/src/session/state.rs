//! Session states, and the actions that each allows.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    /// No wallet is attached.
    Idle,
    /// A wallet is attached and the seed is committed to; nothing was played.
    Initialized,
    /// A stake is held.
    BetPlaced,
    /// At least one round is settled and no stake is held.
    Playing,
    /// A round is open with free games left.
    FreeGames,
    /// Held by an operator.
    Suspended,
    /// Cashed out or closed; the server seed is revealed.
    Completed,
    /// Left idle past its time-out.
    Expired,
}

impl SessionState {
    /// Every state.
    pub const ALL: [Self; 8] = [
        Self::Idle,
        Self::Initialized,
        Self::BetPlaced,
        Self::Playing,
        Self::FreeGames,
        Self::Suspended,
        Self::Completed,
        Self::Expired,
    ];

    /// The name, as JSON and the databases hold it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Initialized => "initialized",
            Self::BetPlaced => "bet_placed",
            Self::Playing => "playing",
            Self::FreeGames => "free_games",
            Self::Suspended => "suspended",
            Self::Completed => "completed",
            Self::Expired => "expired",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether nothing more can happen.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Expired)
    }

    /// The actions that a player may ask for in this state. (An operator may also suspend any
    /// state with a wallet.) `round_open` matters while suspended: only a closed round cashes out.
    #[must_use]
    pub fn allowed(self, round_open: bool) -> &'static [&'static str] {
        match self {
            Self::Idle => &["attach_wallet", "close"],
            Self::Initialized => &["bet", "spin", "probe", "rotate_seed", "cash_out"],
            Self::BetPlaced => &["spin", "void"],
            Self::Playing => &["bet", "spin", "probe", "attach_wallet", "rotate_seed", "cash_out"],
            Self::FreeGames => &["spin"],
            Self::Suspended if round_open => &["resume"],
            Self::Suspended => &["resume", "cash_out"],
            Self::Completed | Self::Expired => &[],
        }
    }
}

impl fmt::Display for SessionState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
