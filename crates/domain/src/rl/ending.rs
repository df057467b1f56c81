//! Where an episode stands after a step: open, ended for good, or cut off.

use crate::money::Money;
use crate::session::SessionState;

/// Where an episode stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ending {
    /// It goes on.
    #[default]
    Open,
    /// It is over: cashed out, closed, or bust. Nothing more is to be had: do not bootstrap.
    Terminated,
    /// It was stopped from outside: expired, or the daily limit allows no further stake. Bootstrap.
    Truncated,
}

/// What an ending is decided on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    pub(crate) state: SessionState,
    pub(crate) round_open: bool,
    pub(crate) balance: Option<Money>,
    pub(crate) spend_left: Option<Money>,
    /// The smallest stake with the fee of its spin; none when that is no amount.
    pub(crate) cheapest: Option<Money>,
}

impl Ending {
    /// The ending after an event that left the session so.
    ///
    /// Bust goes before expired: a session that nobody could play on from is not cut off when it is
    /// found left idle. Both go before the limit, which a new day would lift.
    pub(crate) fn of(standing: &Standing) -> Self {
        let Standing { state, round_open, balance, spend_left, cheapest } = *standing;
        let short = |amount: Option<Money>| amount.is_some_and(|amount| cheapest.is_none_or(|least| amount < least));
        match state {
            SessionState::Completed => Self::Terminated,
            SessionState::Idle => Self::Open,
            _ if !round_open && short(balance) => Self::Terminated,
            SessionState::Expired => Self::Truncated,
            _ if !round_open && short(spend_left) => Self::Truncated,
            _ => Self::Open,
        }
    }

    /// The ending that two flags tell.
    #[must_use]
    pub const fn from_flags(terminated: bool, truncated: bool) -> Self {
        match (terminated, truncated) {
            (true, _) => Self::Terminated,
            (false, true) => Self::Truncated,
            (false, false) => Self::Open,
        }
    }

    /// Whether the episode is over for good.
    #[must_use]
    pub fn terminated(self) -> bool {
        self == Self::Terminated
    }

    /// Whether the episode was cut off.
    #[must_use]
    pub fn truncated(self) -> bool {
        self == Self::Truncated
    }

    /// The ending that the last row of an episode is exported with: every episode has one.
    #[must_use]
    pub fn at_the_end(self) -> Self {
        if self == Self::Open { Self::Truncated } else { self }
    }
}
