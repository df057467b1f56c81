//! The signed head: the house's word on where a session's chain of events ended.

use serde::{Deserialize, Serialize};

use super::signing::{HeadSigner, PublicKey, Signature};
use crate::canonical::{Digest, canonical_json};
use crate::id::SessionId;
use crate::session::{Session, SessionState};
use crate::time::{Timestamp, millis_format};

/// The version of the statement that is signed now.
pub const HEAD_VERSION: u64 = 1;

/// What the house signs of an ended session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadStatement {
    /// What is signed: always `session_head`, so that no other signed text can pass for one.
    pub kind: String,
    /// Always [`HEAD_VERSION`].
    pub version: u64,
    /// The session.
    pub session_id: SessionId,
    /// The `seq` of its last event.
    pub last_seq: i64,
    /// The hash of its last event.
    pub chain_head: Digest,
    /// The state that it ended in.
    pub state: SessionState,
    /// When it ended: the instant of the last event.
    #[serde(with = "millis_format")]
    pub timestamp: Timestamp,
}

impl HeadStatement {
    /// The statement about a session as it stands.
    #[must_use]
    pub fn of(session: &Session) -> Self {
        Self {
            kind: "session_head".to_owned(),
            version: HEAD_VERSION,
            session_id: session.session_id,
            last_seq: session.last_seq,
            chain_head: session.chain_head,
            state: session.state,
            timestamp: session.updated_at,
        }
    }
}

/// A statement with the signature under it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedHead {
    /// What is signed.
    pub statement: HeadStatement,
    /// The key that signed.
    pub public_key: PublicKey,
    /// The signature of the statement's canonical JSON.
    pub signature: Signature,
}

impl SignedHead {
    /// Signs the head of a session; `None` while it has not ended.
    ///
    /// Everything in the statement is stored for good once a session has ended, and signatures are
    /// deterministic: signing again gives the same bytes, so they are stored nowhere.
    ///
    /// # Errors
    /// When the statement has no JSON form, which it always has.
    pub fn of(session: &Session, signer: &dyn HeadSigner) -> Result<Option<Self>, serde_json::Error> {
        if !session.state.is_final() {
            return Ok(None);
        }
        let statement = HeadStatement::of(session);
        let signature = signer.sign(canonical_json(&statement)?.as_bytes());
        Ok(Some(Self { statement, public_key: signer.public_key(), signature }))
    }

    /// Whether the signature is of the statement, by the key that is named.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        canonical_json(&self.statement)
            .is_ok_and(|message| self.public_key.verifies(message.as_bytes(), &self.signature))
    }
}
