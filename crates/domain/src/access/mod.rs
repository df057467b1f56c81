//! Access: who calls, what a role may do, and whose things a caller sees. Pure rules; the keys are in stores.

mod key;
mod token;

#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use key::{ApiKey, KeyFault, MAX_KEY_NAME, NewKey};
pub use token::{TOKEN_PREFIX, Token, TokenError};

use crate::Timestamp;
use crate::id::KeyId;
use crate::money::Money;
use crate::refusal::Refusal;
use crate::session::Action;
use crate::wallet::{DailyLimit, Operation};

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sees everything, changes nothing.
    Read,
    /// Plays from wallets of its own, and sees nothing of anybody else's.
    Play,
    /// Does everything.
    Admin,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Read, Self::Play, Self::Admin];

    /// The name, as JSON and the databases hold it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Play => "play",
            Self::Admin => "admin",
        }
    }

    /// The role of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What it takes to do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Right {
    /// To see games, and wallets and sessions as far as they are the caller's to see.
    See,
    /// To see what is about everybody's wallets and sessions at once.
    SeeAll,
    /// To open wallets and sessions, and to play.
    Play,
    /// To define games, to credit wallets, to hold sessions, to manage keys.
    Operate,
}

impl Right {
    /// The roles that have the right.
    #[must_use]
    pub const fn roles(self) -> &'static [Role] {
        match self {
            Self::See => &Role::ALL,
            Self::SeeAll => &[Role::Read, Role::Admin],
            Self::Play => &[Role::Play, Role::Admin],
            Self::Operate => &[Role::Admin],
        }
    }
}

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Caller {
    role: Role,
    key_id: Option<KeyId>,
}

impl Caller {
    /// The house itself, or whoever calls a house that asks for no keys.
    pub const OPERATOR: Self = Self { role: Role::Admin, key_id: None };

    /// Whoever has that key.
    #[must_use]
    pub const fn with_key(role: Role, key_id: KeyId) -> Self {
        Self { role, key_id: Some(key_id) }
    }

    /// What the caller's key is for.
    #[must_use]
    pub const fn role(self) -> Role {
        self.role
    }

    /// The caller's key; none without one.
    #[must_use]
    pub const fn key_id(self) -> Option<KeyId> {
        self.key_id
    }

    /// The only owner whose wallets and sessions the caller sees, and that of those it opens; none for a caller
    /// that sees all.
    #[must_use]
    pub fn confined_to(self) -> Option<KeyId> {
        self.key_id.filter(|_| self.role == Role::Play)
    }

    /// Whether the caller sees what belongs to `owner`.
    #[must_use]
    pub fn sees(self, owner: Option<KeyId>) -> bool {
        self.role != Role::Play || (self.key_id.is_some() && self.key_id == owner)
    }

    /// Checks that the caller has a right; `what` is what it would do with it.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`].
    pub fn check(self, right: Right, what: &str) -> Result<(), Refusal> {
        let roles = right.roles();
        if roles.contains(&self.role) {
            return Ok(());
        }
        Err(Refusal::Forbidden { what: what.to_owned(), role: self.role, roles: roles.to_vec() })
    }

    /// Checks that the caller may operate on a wallet with that limit: whoever plays may pay out and lower the
    /// limit, but neither pay in nor raise it.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`].
    pub fn check_operation(
        self,
        operation: Operation,
        amount: Money,
        limit: DailyLimit,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        match operation {
            Operation::Deposit => self.check(Right::Operate, "deposit"),
            Operation::SetDailyLimit if limit.at(now).is_some_and(|limit| amount > limit) => {
                self.check(Right::Operate, "raise a daily limit")
            }
            Operation::Withdraw | Operation::SetDailyLimit => self.check(Right::Play, operation.name()),
        }
    }

    /// Checks that the caller may open a wallet with that balance, which nobody who plays gives itself.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`].
    pub fn check_opening(self, balance: Money) -> Result<(), Refusal> {
        if balance.is_zero() {
            return self.check(Right::Play, "open a wallet");
        }
        self.check(Right::Operate, "open a wallet with a balance")
    }

    /// Checks that the caller may open a session. Whoever chooses the server's seed knows what will be drawn, and
    /// could win as much as it likes.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`].
    pub fn check_session(self, training: bool) -> Result<(), Refusal> {
        match training {
            true => self.check(Right::Operate, "choose the draws of a session"),
            false => self.check(Right::Play, "open a session"),
        }
    }

    /// Checks that the caller may ask for an action.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`].
    pub fn check_action(self, action: &Action) -> Result<(), Refusal> {
        match action {
            Action::Suspend | Action::Resume | Action::Expire => self.check(Right::Operate, action.name()),
            _ => self.check(Right::Play, action.name()),
        }
    }
}
