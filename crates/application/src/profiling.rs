//! Profiling: a game's figures, at once where a request can wait for them, else by a job.

use std::num::NonZeroUsize;

use reelhouse_domain::Refusal;
use reelhouse_domain::game::profile::{Budget, Computed, compute};
use reelhouse_domain::game::{Definition, Faults, StatisticalProfile, readiness};
use serde_json::Value;

use crate::command::GameDraft;
use crate::error::Error;

/// Checks a definition and computes its profile, or says that it is to be computed by a job.
pub(crate) fn draft(
    name: String,
    rng_signature: &Value,
    symbol_map: &Value,
    declared: Option<Value>,
) -> Result<GameDraft, Error> {
    let invalid = |faults: Faults| Refusal::InvalidGame { faults: faults.0 };
    let definition = Definition::parse(rng_signature, symbol_map).map_err(invalid)?;
    let statistical_profile = match compute(&definition, NonZeroUsize::MIN, Budget::REQUEST, &()) {
        Computed::Whole(profile) => {
            if let Some(declared) = &declared {
                profile.compare(declared).map_err(invalid)?;
            }
            write(&profile)?
        }
        Computed::Partial(_, what) => readiness::pending_profile(what),
        Computed::Cancelled => return Err(Error::Internal("a count that nobody watches was cancelled".to_owned())),
    };
    Ok(GameDraft {
        name,
        rng_signature: definition.rng_signature_document(),
        symbol_map: definition.symbol_map_document(),
        declared,
        statistical_profile,
        fingerprint: definition.fingerprint(),
    })
}

/// The profile as it is stored.
pub(crate) fn write(profile: &StatisticalProfile) -> Result<Value, Error> {
    serde_json::to_value(profile).map_err(|error| Error::Internal(format!("a profile cannot be written: {error}")))
}
