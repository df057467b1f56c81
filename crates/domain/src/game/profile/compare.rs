//! Compares a profile that a client declares with the one that was computed.

use serde_json::Value;

use super::super::definition::fault::{FaultLog, Faults, Place};
use super::super::definition::reader::Shown;
use super::document::{PROFILE_VERSION, StatisticalProfile};

impl StatisticalProfile {
    /// Compares a profile that a client declares: any part of [`Self::document`], of this version or an older one.
    ///
    /// A number may be declared for a figure that the document has as text, when its digits are the same.
    ///
    /// # Errors
    /// Every figure that differs, with both values, and every field that the document does not have.
    pub fn compare(&self, declared: &Value) -> Result<(), Faults> {
        let mut log = FaultLog::default();
        let mut computed = self.document();
        // Each version has the fields of those before it: an older profile of the game is a part of this one.
        let version = declared.get("version").and_then(Value::as_u64);
        if let Some(version) = version.filter(|version| (1..=u64::from(PROFILE_VERSION)).contains(version)) {
            computed["version"] = version.into();
        }
        compare(&mut log, &Place::root("statistical_profile"), declared, &computed);
        if log.is_clean() { Ok(()) } else { Err(log.into_faults()) }
    }
}

fn compare(log: &mut FaultLog, place: &Place<'_>, declared: &Value, computed: &Value) {
    match (declared, computed) {
        (Value::Object(declared), Value::Object(computed)) => {
            for (name, value) in declared {
                match computed.get(name) {
                    Some(figure) => compare(log, &place.key(name), value, figure),
                    None => {
                        let known: Vec<&str> = computed.keys().map(String::as_str).collect();
                        let known = known.join(", ");
                        log.add(&place.key(name), format_args!("unknown field; the fields here are: {known}"));
                    }
                }
            }
        }
        (Value::Array(declared), Value::Array(computed)) if declared.len() == computed.len() => {
            for (at, (declared, computed)) in declared.iter().zip(computed).enumerate() {
                compare(log, &place.index(at), declared, computed);
            }
        }
        (Value::Number(number), Value::String(text)) if number.to_string() == *text => {}
        (declared, computed) if declared == computed => {}
        (declared, computed) => {
            log.add(place, format_args!("declared {}, computed {}", Shown(declared), Computed(computed)));
        }
    }
}

/// A computed figure, which is shown whole.
struct Computed<'a>(&'a Value);

impl std::fmt::Display for Computed<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Value::String(text) => write!(f, "{text:?}"),
            other => Shown(other).fmt(f),
        }
    }
}
