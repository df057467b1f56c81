//! Gameplay events and their hash chain.

use std::fmt::Write as _;

use chrono::SecondsFormat;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::canonical::{Digest, canonical_json, write_canonical};
use crate::id::{EventId, SessionId};
use crate::time::{Timestamp, millis_format};

/// One action of a session with its result, as recorded for good.
///
/// `action` and `result` are versioned documents; they are kept and shown as they were written,
/// because the hash covers them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GameplayEvent {
    /// What the chain's hash covers.
    #[serde(flatten)]
    pub body: EventBody,
    /// SHA-256 of the previous event's hash followed by the canonical JSON of the body.
    pub hash: Digest,
}

/// A gameplay event without its hash.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EventBody {
    /// The event's id.
    pub event_id: EventId,
    /// The session it belongs to.
    pub session_id: SessionId,
    /// The event's place in its session: 1, 2, 3 … without a gap.
    pub seq: i64,
    /// What was asked for.
    pub action: Value,
    /// What came of it: symbols, payout, balance.
    pub result: Value,
    /// The reward of reinforcement learning, by the session's reward function; that is the change of
    /// the balance, in credits, unless the session was opened with another.
    pub reward: f64,
    /// When it happened; never before the session's previous event.
    #[serde(with = "millis_format")]
    pub timestamp: Timestamp,
}

impl EventBody {
    /// Closes the event into the chain whose head is `previous`.
    ///
    /// # Errors
    /// When the body has no JSON form, which the documents of this crate always have.
    pub fn seal(self, previous: Digest) -> Result<GameplayEvent, serde_json::Error> {
        let hash = self.hash_after(previous)?;
        Ok(GameplayEvent { body: self, hash })
    }

    /// The hash of this event after one of hash `previous`.
    ///
    /// # Errors
    /// As [`Self::seal`].
    pub fn hash_after(&self, previous: Digest) -> Result<Digest, serde_json::Error> {
        Ok(Digest::of(&[&previous.0, self.canonical()?.as_bytes()]))
    }

    /// The canonical JSON, which for this type is put together by hand: every action is hashed once.
    fn canonical(&self) -> Result<String, serde_json::Error> {
        let mut text = String::with_capacity(1024);
        text.push_str(r#"{"action":"#);
        write_canonical(&self.action, &mut text)?;
        // Ids and instants have no character that JSON escapes. Writing to a string does not fail.
        let _ = write!(text, r#","event_id":"{}","result":"#, self.event_id);
        write_canonical(&self.result, &mut text)?;
        let at = self.timestamp.to_rfc3339_opts(SecondsFormat::Millis, true);
        let (reward, seq) = (canonical_json(&self.reward)?, canonical_json(&self.seq)?);
        let _ =
            write!(text, r#","reward":{reward},"seq":{seq},"session_id":"{}","timestamp":"{at}"}}"#, self.session_id);
        Ok(text)
    }
}

/// Why a list of events is not a session's chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// The event at this place has another `seq`.
    #[error("event {expected} is missing: found seq {found} in its place")]
    Gap {
        /// The `seq` that belongs here.
        expected: i64,
        /// The `seq` that is here.
        found: i64,
    },
    /// The event was changed, or follows another one than it did.
    #[error("event {seq} does not hash to what it says")]
    Broken {
        /// The event's `seq`.
        seq: i64,
    },
}

/// Checks that the events follow one another from `genesis`, and gives the chain's head.
///
/// # Errors
/// [`ChainError`] at the first event that does not fit.
pub fn verify_chain<'a>(
    genesis: Digest,
    events: impl IntoIterator<Item = &'a GameplayEvent>,
) -> Result<Digest, ChainError> {
    let mut head = genesis;
    for (event, expected) in events.into_iter().zip(1..) {
        let seq = event.body.seq;
        if seq != expected {
            return Err(ChainError::Gap { expected, found: seq });
        }
        if event.body.hash_after(head).ok() != Some(event.hash) {
            return Err(ChainError::Broken { seq });
        }
        head = event.hash;
    }
    Ok(head)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    proptest! {
        #[test]
        fn an_event_is_hashed_over_its_canonical_json(
            ids in any::<[u64; 4]>(), seq in any::<i64>(), reward in any::<f64>(), millis in 0_i64..253_402_300_799_999, text in ".*",
        ) {
            let body = EventBody {
                event_id: EventId(uuid::Uuid::from_u64_pair(ids[0], ids[1])),
                session_id: SessionId(uuid::Uuid::from_u64_pair(ids[2], ids[3])),
                seq,
                action: json!({ "version": 1, "type": "spin", "note": text.clone() }),
                result: json!({ "é": [seq, reward, null, {}], "b": { "z": true, "a": text } }),
                reward: if reward.is_finite() { reward } else { 0.0 },
                timestamp: crate::time::from_millis(millis).unwrap(),
            };
            prop_assert_eq!(body.canonical().unwrap(), canonical_json(&body).unwrap());
        }
    }
}
