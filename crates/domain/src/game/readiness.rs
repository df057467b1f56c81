//! Readiness: a game is playable once its profile is there.
//!
//! A profile that takes long is computed by a job. Until then a document stands in its place that says so,
//! with the method `pending`. When the client had declared figures and they turn out wrong, one with the
//! method `rejected` takes its place: it lists every figure that differs with both values, and keeps the
//! computed profile, so that whoever posts the definition again without the wrong figures gets the game.

use serde_json::{Value, json};

use super::definition::fault::Fault;
use super::profile::ENGINE_VERSION;

/// The version of the documents that stand in a profile's place.
const STAND_IN_VERSION: u64 = 1;

const PENDING: &str = "pending";
const REJECTED: &str = "rejected";

/// Whether a game can be played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// Its profile is there.
    Ready,
    /// Its profile is being computed.
    Pending,
    /// The declared profile was found wrong, or none could be computed.
    Rejected,
}

impl Readiness {
    /// What a profile's document says.
    #[must_use]
    pub fn of(profile: &Value) -> Self {
        match profile["method"].as_str() {
            Some(PENDING) => Self::Pending,
            Some(REJECTED) => Self::Rejected,
            _ => Self::Ready,
        }
    }

    /// The state's name in snake case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Pending => PENDING,
            Self::Rejected => REJECTED,
        }
    }
}

/// What stands in the place of a profile that is being computed.
#[must_use]
pub fn pending_profile(reason: &str) -> Value {
    json!({ "version": STAND_IN_VERSION, "method": PENDING, "engine_version": ENGINE_VERSION, "reason": reason })
}

/// What stands in the place of a profile when the declared one was found wrong, or none could be computed.
#[must_use]
pub fn rejected_profile(reason: &str, faults: &[Fault], computed: Option<&Value>) -> Value {
    json!({
        "version": STAND_IN_VERSION,
        "method": REJECTED,
        "engine_version": ENGINE_VERSION,
        "reason": reason,
        "faults": faults,
        "computed": computed,
    })
}

/// The computed profile in the document: the document itself, or the one that a rejected profile keeps.
#[must_use]
pub fn computed_profile(profile: &Value) -> Option<&Value> {
    match Readiness::of(profile) {
        Readiness::Ready => Some(profile),
        Readiness::Pending => None,
        Readiness::Rejected => profile.get("computed").filter(|computed| !computed.is_null()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stand_ins_say_what_they_are_and_a_profile_is_ready() {
        let exact = json!({ "method": "exact" });
        let fault = Fault { pointer: "/statistical_profile/rtp".to_owned(), reason: "x".to_owned() };
        let rejected = rejected_profile("declared figures differ", &[fault], Some(&exact));
        let hopeless = rejected_profile("it cannot be computed", &[], None);
        for (profile, readiness, computed) in [
            (&exact, Readiness::Ready, Some(&exact)),
            (&pending_profile("it takes long"), Readiness::Pending, None),
            (&rejected, Readiness::Rejected, Some(&exact)),
            (&hopeless, Readiness::Rejected, None),
        ] {
            assert_eq!((Readiness::of(profile), computed_profile(profile)), (readiness, computed), "{profile}");
        }
    }
}
