//! The versioned documents, each with the schema of its newest version and an example of every version.

use crate::model::{Document, Version};

/// A document of one version.
macro_rules! first_version {
    ($name:literal) => {
        Document {
            name: $name,
            schema: include_str!(concat!("../documents/", $name, ".schema.json")),
            versions: &[first!($name)],
        }
    };
}

macro_rules! first {
    ($name:literal) => {
        Version { number: 1, about: "The first.", example: include_str!(concat!("../documents/", $name, ".v1.json")) }
    };
}

pub(crate) static RNG_SIGNATURE: Document = Document {
    name: "rng_signature",
    schema: include_str!("../../domain/schemas/rng_signature.schema.json"),
    versions: &[first!("rng_signature")],
};
pub(crate) static SYMBOL_MAP: Document = Document {
    name: "symbol_map",
    schema: include_str!("../../domain/schemas/symbol_map.schema.json"),
    versions: &[first!("symbol_map")],
};
pub(crate) static STATISTICAL_PROFILE: Document = first_version!("statistical_profile");
pub(crate) static COST_RATE: Document = first_version!("cost_rate");
pub(crate) static PLAYER_PROFILE: Document = first_version!("player_profile");
pub(crate) static SESSION_METRICS: Document = first_version!("session_metrics");
pub(crate) static ROUND: Document = first_version!("round");
pub(crate) static OBSERVATION: Document = Document {
    name: "observation",
    schema: include_str!("../documents/observation.schema.json"),
    versions: &[
        first!("observation"),
        Version {
            number: 2,
            about: "Tells `fee` and `max_bet`. An older one reads as a fee of zero and no largest stake.",
            example: include_str!("../documents/observation.v2.json"),
        },
    ],
};
pub(crate) static ACTION: Document = first_version!("action");
pub(crate) static RESULT: Document = first_version!("result");
pub(crate) static PLAY_TALLY: Document = first_version!("play_tally");
pub(crate) static TALLY: Document = first_version!("tally");
pub(crate) static JOB_REQUEST: Document = first_version!("job_request");
pub(crate) static JOB_PROGRESS: Document = first_version!("job_progress");
pub(crate) static JOB_FAILURE: Document = first_version!("job_failure");
pub(crate) static SIMULATION_REPORT: Document = first_version!("simulation_report");
