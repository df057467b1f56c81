//! Refusals: the ways in which a rule says no. A refused command changes nothing.

use serde::{Deserialize, Serialize};

use crate::access::Role;
use crate::game::Fault;
use crate::job::JobState;
use crate::money::Money;
use crate::session::SessionState;

/// Why a command was refused. The variant's name in snake case is its stable code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// The thing that the command names does not exist.
    #[error("there is no {what} {id}")]
    NotFound {
        /// What was looked for: `game`, `wallet`, `session`, `simulation`.
        what: String,
        /// The id that names nothing.
        id: String,
    },
    /// The session's state does not allow the action.
    #[error("a session in state {state} does not allow {action}; allowed: {}", list(.allowed))]
    InvalidTransition {
        /// The state that the session is in.
        state: SessionState,
        /// The action that was asked for.
        action: String,
        /// The actions that the state allows.
        allowed: Vec<String>,
    },
    /// The wallet holds less than the action costs.
    #[error("the wallet holds {balance}, the action needs {needed}")]
    InsufficientFunds {
        /// What the wallet holds.
        balance: Money,
        /// What the action needs.
        needed: Money,
    },
    /// The spend of the day would pass the wallet's hard limit.
    #[error("the day's spend is {spent_today} of a limit of {daily_limit}, the action needs {needed} more")]
    DailyLimitExceeded {
        /// The limit in force.
        daily_limit: Money,
        /// What was spent already in this day of the wallet's time zone.
        spent_today: Money,
        /// What the action would spend.
        needed: Money,
    },
    /// The stake is over the player profile's `max_bet`.
    #[error("a stake of {stake} is over the session's max_bet of {max_bet}")]
    MaxBetExceeded {
        /// The session's largest stake.
        max_bet: Money,
        /// The stake that was asked for.
        stake: Money,
    },
    /// The stake does not divide into the game's unit bets, or is too large for its pays.
    #[error("a stake of {stake} is not a multiple of the unit bet, {unit_bet}, from {unit_bet} to {max_stake}")]
    InvalidStake {
        /// The stake that was asked for.
        stake: Money,
        /// One credit on every line: stakes are its positive multiples.
        unit_bet: Money,
        /// The largest stake that the game takes.
        max_stake: Money,
    },
    /// A field that holds money is not an amount.
    #[error("{pointer}: {reason}")]
    InvalidAmount {
        /// Where in the request, as a JSON pointer.
        pointer: String,
        /// What is wrong and what was expected.
        reason: String,
    },
    /// A balance or a payout would leave the range that money can hold.
    #[error("the result would leave the range of amounts, ±922337203685477.5807")]
    AmountOutOfRange,
    /// A field is well formed but not acceptable.
    #[error("{pointer}: {reason}")]
    InvalidRequest {
        /// Where in the request, as a JSON pointer.
        pointer: String,
        /// What is wrong and what was expected.
        reason: String,
    },
    /// The game's definition breaks rules; all of them are listed.
    #[error("the definition has {} fault(s)", .faults.len())]
    InvalidGame {
        /// Every fault with its JSON pointer.
        faults: Vec<Fault>,
    },
    /// The game has no profile yet, its declared one was found wrong, or its definition keeps to older rules than today's.
    #[error("the game cannot be played: its profile is {profile}")]
    GameNotReady {
        /// `pending`, `rejected` or `outdated`.
        profile: String,
    },
    /// The job has ended in another way than was asked for.
    #[error("the job is {state} already")]
    JobEnded {
        /// The state that the job is in.
        state: JobState,
    },
    /// The session has not ended: its server seed is secret still, so there is no proof of it.
    #[error("a session in state {state} has not ended; its proof is there once it has")]
    SessionNotEnded {
        /// The state that the session is in.
        state: SessionState,
    },
    /// The session has more events than a proof is made of.
    #[error("the session has {events} events; a proof is made of at most {most}")]
    ProofTooLarge {
        /// How many events the session has.
        events: i64,
        /// The most that a proof is made of.
        most: i64,
    },
    /// The caller's role does not let it do this.
    #[error("a key with the role {role} may not {what}; this takes {}", list_roles(.roles))]
    Forbidden {
        /// What it would have done.
        what: String,
        /// The role that it has.
        role: Role,
        /// The roles of which it would need one.
        roles: Vec<Role>,
    },
    /// The idempotency key was used before, with another request.
    #[error("this Idempotency-Key was used with another request")]
    IdempotencyKeyReused,
}

impl Refusal {
    /// The refusal of an id that names nothing.
    #[must_use]
    pub fn not_found(what: &str, id: impl ToString) -> Self {
        Self::NotFound { what: what.to_owned(), id: id.to_string() }
    }

    /// The refusal of a stored game whose definition the rules of today do not take.
    #[must_use]
    pub fn outdated_game() -> Self {
        Self::GameNotReady { profile: "outdated".to_owned() }
    }

    /// The refusal of a field.
    #[must_use]
    pub fn invalid_request(pointer: &str, reason: impl Into<String>) -> Self {
        Self::InvalidRequest { pointer: pointer.to_owned(), reason: reason.into() }
    }

    /// The refusal of a field that should hold an amount.
    #[must_use]
    pub fn invalid_amount(pointer: &str, reason: impl ToString) -> Self {
        Self::InvalidAmount { pointer: pointer.to_owned(), reason: reason.to_string() }
    }
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

fn list_roles(roles: &[Role]) -> String {
    roles.iter().map(|role| role.name()).collect::<Vec<_>>().join(" or ")
}
