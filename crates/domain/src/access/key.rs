//! Keys: what a store keeps of one, which is all but the token itself.

use super::{Caller, Role, Token};
use crate::canonical::Digest;
use crate::id::{KeyId, Randomness, Shard};
use crate::refusal::Refusal;
use crate::time::{Timestamp, to_millis};

/// The longest name of a key, in characters.
pub const MAX_KEY_NAME: usize = 100;

/// A key as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewKey {
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// The instant from which it is no good any more; none for never.
    pub expires_at: Option<Timestamp>,
}

/// A key. Its token is shown once, when it is made, and cannot be had from this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// The key's id, which is no secret.
    pub key_id: KeyId,
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// SHA-256 of its token's secret bytes.
    pub digest: Digest,
    /// When it was made.
    pub created_at: Timestamp,
    /// The instant from which it is no good any more; none for never.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}

/// Why a caller is not who it would have to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// There is no key.
    #[error("this needs a key: send it as `Authorization: Bearer reel_…`")]
    Missing,
    /// The header is not one with a bearer's token.
    #[error("the Authorization header must be one, of the form `Bearer reel_…`")]
    Malformed,
    /// The text is not a key, most likely because of a slip in copying it.
    #[error("this is not a whole key: {0}")]
    Mistyped(super::TokenError),
    /// The key is well formed, and nobody made it.
    #[error("this key is not known here")]
    Unknown,
    /// The key's time is over.
    #[error("this key has expired")]
    Expired,
    /// The key was revoked.
    #[error("this key was revoked")]
    Revoked,
}

impl KeyFault {
    /// The fault's name, for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Malformed => "malformed",
            Self::Mistyped(_) => "mistyped",
            Self::Unknown => "unknown",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}

impl ApiKey {
    /// Makes a key of a token.
    ///
    /// # Errors
    /// [`Refusal::InvalidRequest`] for a name that is empty, too long or not of printable characters, and for a key
    /// that would have expired already.
    pub fn make(new: NewKey, token: &Token, now: Timestamp, randomness: &dyn Randomness) -> Result<Self, Refusal> {
        let NewKey { name, role, expires_at } = new;
        let printable = !name.trim().is_empty() && !name.chars().any(char::is_control);
        if !printable || name.chars().count() > MAX_KEY_NAME {
            let reason = format!("1 to {MAX_KEY_NAME} printable characters were expected");
            return Err(Refusal::invalid_request("/name", reason));
        }
        let (now, expires_at) = (to_millis(now), expires_at.map(to_millis));
        if expires_at.is_some_and(|at| at <= now) {
            return Err(Refusal::invalid_request("/expires_at", "an instant in the future was expected"));
        }
        let key_id = KeyId::mint(now, Shard::default(), randomness);
        Ok(Self { key_id, name, role, digest: token.digest(), created_at: now, expires_at, revoked_at: None })
    }

    /// Whoever has the key, if it is good at `now`.
    ///
    /// # Errors
    /// [`KeyFault::Revoked`], [`KeyFault::Expired`].
    pub fn caller(&self, now: Timestamp) -> Result<Caller, KeyFault> {
        if self.revoked_at.is_some() {
            return Err(KeyFault::Revoked);
        }
        if self.expires_at.is_some_and(|at| at <= now) {
            return Err(KeyFault::Expired);
        }
        Ok(Caller::with_key(self.role, self.key_id))
    }
}
