//! The documents as they are told, against the code that reads and writes them: every version reads, and the newest is
//! what is written.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use std::collections::BTreeSet;

use reelhouse_domain::analytics::PlayTally;
use reelhouse_domain::document::{self, Document as Stored};
use reelhouse_domain::game::Definition;
use reelhouse_domain::job::{Failure, JobRequest, Progress};
use reelhouse_domain::observation::Tally;
use reelhouse_domain::session::{Action, Observation, PlayerProfile, Round, SessionMetrics};
use reelhouse_domain::simulation::Report;
use reelhouse_domain::wallet::CostRate;
use reelhouse_metadata::{Document, Kind, domains};
use serde_json::Value;

/// Every document that a field holds, once.
fn documents() -> Vec<&'static Document> {
    let fields = domains().iter().flat_map(|domain| domain.fields);
    let mut documents: Vec<&Document> = fields
        .filter_map(|field| match field.kind {
            Kind::Document(document) => Some(document),
            _ => None,
        })
        .collect();
    documents.sort_by_key(|document| document.name);
    documents.dedup_by_key(|document| document.name);
    documents
}

fn document(name: &str) -> &'static Document {
    documents().into_iter().find(|document| document.name == name).unwrap()
}

#[track_caller]
fn validates(document: &Document, value: &Value) {
    let schema: Value = serde_json::from_str(document.schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{}: {errors:?}", document.name);
}

/// Rows of every version read; what the newest wrote is written the same; what older ones wrote becomes the newest.
#[track_caller]
fn reads_every_version<T: Stored>(name: &str) {
    let document = document(name);
    assert_eq!(
        document.newest(),
        T::VERSION,
        "{name}: the version that the code writes is not the newest that is told"
    );
    for version in document.versions {
        let read: T =
            document::read(version.example).unwrap_or_else(|error| panic!("{name} {}: {error}", version.number));
        let written: Value = serde_json::from_str(&document::write(&read).unwrap()).unwrap();
        validates(document, &written);
        assert_eq!(written["version"], T::VERSION, "{name}");
        if version.number == T::VERSION {
            let example: Value = serde_json::from_str(version.example).unwrap();
            assert_eq!(written, example, "{name}: what is written is not the example");
        }
    }
}

#[test]
fn rows_of_the_first_version_and_of_every_later_one_read() {
    reads_every_version::<CostRate>("cost_rate");
    reads_every_version::<PlayerProfile>("player_profile");
    reads_every_version::<SessionMetrics>("session_metrics");
    reads_every_version::<Round>("round");
    reads_every_version::<Observation>("observation");
    reads_every_version::<Tally>("tally");
    reads_every_version::<PlayTally>("play_tally");
    reads_every_version::<JobRequest>("job_request");
    reads_every_version::<Progress>("job_progress");
    reads_every_version::<Failure>("job_failure");
    reads_every_version::<Report>("simulation_report");
}

#[test]
fn an_observation_of_the_first_version_has_no_fee_and_no_largest_stake() {
    let first = document("observation").versions.first().unwrap();
    let read: Observation = document::read(first.example).unwrap();
    assert!(read.fee.is_zero() && read.max_bet.is_none());
}

#[test]
fn the_example_of_a_game_is_one() {
    let example = |name| -> Value { serde_json::from_str(document(name).versions.last().unwrap().example).unwrap() };
    Definition::parse(&example("rng_signature"), &example("symbol_map")).unwrap();
}

#[test]
fn every_action_of_the_schema_is_one_of_the_code() {
    let schema: Value = serde_json::from_str(document("action").schema).unwrap();
    let names: BTreeSet<&str> = schema["oneOf"]
        .as_array()
        .unwrap()
        .iter()
        .map(|action| action["properties"]["type"]["enum"][0].as_str().unwrap())
        .collect();
    for name in &names {
        let body = serde_json::json!({
            "type": name, "amount": "1.0000", "spins": 1, "wallet_id": "01976e3c-9f00-7abc-8000-000000000000",
        });
        assert_eq!(serde_json::from_value::<Action>(body).unwrap().name(), *name);
    }
    assert_eq!(names.len(), 11, "as many as the code has");
}

#[test]
fn versions_count_from_one_and_the_newest_example_keeps_to_its_schema() {
    for document in documents() {
        for (version, number) in document.versions.iter().zip(1_u64..) {
            let example: Value = serde_json::from_str(version.example).unwrap();
            assert_eq!((version.number, &example["version"]), (number, &Value::from(number)), "{}", document.name);
        }
        validates(document, &serde_json::from_str(document.versions.last().unwrap().example).unwrap());
    }
}
