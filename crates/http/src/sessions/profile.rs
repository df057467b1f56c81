//! The player profile: two fields that the house reads, and whatever else the caller says.

use std::collections::BTreeMap;

use reelhouse_domain::session::PlayerProfile;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::common::Amount;
use crate::fields::{Fields, depth};
use crate::problem::Problem;

/// The longest behavior, in characters.
const MAX_BEHAVIOR: usize = 64;

/// The largest profile, in bytes of compact JSON.
const MAX_PROFILE: usize = 16 * 1024;

/// The most levels of lists and objects in a profile. JSON is read back to a bounded depth, and a
/// profile is kept inside of other documents.
const MAX_DEPTH: usize = 32;

/// Who plays. Fields beyond these two are kept as they came; `version` is reserved. The whole has at
/// most 16384 bytes of JSON and 32 levels.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlayerProfile)]
pub(crate) struct PlayerProfileBody {
    /// The kind of player: `conservative`, `aggressive`, `adaptive`, `random`, or another word.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64, examples("conservative"))]
    behavior: Option<String>,
    /// The largest stake that the session accepts, in test credits, above zero.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_bet: Option<Amount>,
    /// What else the caller says of the player.
    #[serde(flatten)]
    other: BTreeMap<String, Value>,
}

impl PlayerProfileBody {
    /// Reads the profile in the field `name`, if there is one.
    pub(crate) fn read(body: &mut Fields, name: &str) -> Result<Option<Self>, Problem> {
        let at = body.pointer(name);
        let Some(value) = body.optional(name) else {
            return Ok(None);
        };
        if depth(&value) > MAX_DEPTH {
            return Err(Problem::invalid_request(&at, format!("a profile has at most {MAX_DEPTH} levels")));
        }
        if value.to_string().len() > MAX_PROFILE {
            return Err(Problem::invalid_request(&at, format!("a profile has at most {MAX_PROFILE} bytes of JSON")));
        }
        let mut profile = Fields::of(at, value)?;
        if profile.value("version").is_some() {
            let reason = "the field is reserved for the version of the stored document";
            return Err(Problem::invalid_request(&profile.pointer("version"), reason));
        }
        let behavior = profile.text_if_any("behavior")?;
        if behavior.as_ref().is_some_and(|behavior| behavior.chars().count() > MAX_BEHAVIOR) {
            let reason = format!("at most {MAX_BEHAVIOR} characters were expected");
            return Err(Problem::invalid_request(&profile.pointer("behavior"), reason));
        }
        let max_bet = profile.amount_if_any("max_bet")?;
        if max_bet.is_some_and(reelhouse_domain::Money::is_zero) {
            return Err(Problem::invalid_amount(&profile.pointer("max_bet"), "an amount above zero was expected"));
        }
        Ok(Some(Self { behavior, max_bet: max_bet.map(Amount), other: profile.rest()?.into_iter().collect() }))
    }
}

impl From<PlayerProfileBody> for PlayerProfile {
    fn from(body: PlayerProfileBody) -> Self {
        Self {
            behavior: body.behavior,
            max_bet: body.max_bet.map(|amount| amount.0),
            other: body.other.into_iter().collect(),
        }
    }
}

impl From<PlayerProfile> for PlayerProfileBody {
    fn from(profile: PlayerProfile) -> Self {
        Self {
            behavior: profile.behavior,
            max_bet: profile.max_bet.map(Amount),
            other: profile.other.into_iter().collect(),
        }
    }
}
