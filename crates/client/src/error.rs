//! Why a call did not give what was asked.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value};

/// Why a call failed: one variant per thing that a caller can act on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server's address is not one.
    #[error("{address:?} is not the address of a server: {why}")]
    BadAddress {
        /// The address as it was given.
        address: String,
        /// What is wrong with it.
        why: String,
    },
    /// Nobody answers at the address, or the connection broke. A write may have happened: repeat it under its key.
    #[error("no answer from {server}: {why}")]
    Unreachable {
        /// The server's address.
        server: String,
        /// What happened.
        why: String,
    },
    /// The server refused, and said why.
    #[error("{}", .0.detail)]
    Refused(Box<Problem>),
    /// The answer was not one of this API: something else listens at the address.
    #[error("{server} does not answer as Reelhouse does: {why}")]
    Stranger {
        /// The server's address.
        server: String,
        /// What came in place of an answer.
        why: String,
    },
    /// The answer is one of this API, but this client does not understand it.
    #[error("the answer does not read: {0}")]
    Unreadable(#[from] serde_json::Error),
}

impl Error {
    /// The code of a refusal; `None` for any other error.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused(problem) => Some(&problem.code),
            _ => None,
        }
    }
}

/// A refusal: RFC 9457, with a stable code.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// The kind of problem, for programs.
    pub code: String,
    /// The kind of problem, for people.
    pub title: String,
    /// What is wrong with this request, for people.
    pub detail: String,
    /// What the code adds: `allowed_actions`, `faults`, `balance` and others.
    #[serde(flatten)]
    pub more: Map<String, Value>,
    /// When to try again, if the server says so.
    #[serde(skip)]
    pub retry_after: Option<Duration>,
}
