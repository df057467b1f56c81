//! Why a use case did not give what was asked.

use std::time::Duration;

use reelhouse_domain::Refusal;
use reelhouse_domain::access::KeyFault;
use reelhouse_domain::ports::StoreError;

/// Why a use case failed: one variant per thing that a caller can act on.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// A rule said no; nothing changed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The caller does not say who it is; nothing was done.
    #[error(transparent)]
    Unauthenticated(#[from] KeyFault),
    /// More is waiting to be written than the house takes on; nothing changed.
    #[error("the server has more work than it can take on now")]
    Overloaded {
        /// When to try again.
        retry_after: Duration,
    },
    /// As many follow sessions already as may at once; nothing changed.
    #[error("{most} follow sessions already")]
    Crowded {
        /// How many may at once.
        most: usize,
        /// When to try again.
        retry_after: Duration,
    },
    /// Too many jobs of the kind wait already; nothing changed.
    #[error("{waiting} jobs wait already")]
    QueueFull {
        /// How many.
        waiting: u64,
        /// When to try again.
        retry_after: Duration,
    },
    /// The store did not answer. Whether a write took hold is unknown: repeat it under its
    /// idempotency key.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
    /// The house has begun to close: it does what it is asked still, and should be asked for no more.
    #[error("the server is stopping")]
    Closing,
    /// What was asked for was moved to an archive that this server cannot read.
    #[error("what was asked for is archived: its manifest is {manifest}, {why}")]
    Archived {
        /// The manifest that tells where it is.
        manifest: String,
        /// Why it cannot be read from there.
        why: String,
    },
    /// A defect of this program or of a stored row; never of a request.
    #[error("internal error: {0}")]
    Internal(String),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Clash(why) | StoreError::Retry(why) | StoreError::Unavailable(why) => Self::Unavailable(why),
            StoreError::Archived { manifest, why } => Self::Archived { manifest, why },
            StoreError::Corrupt(why) => Self::Internal(why),
        }
    }
}
