//! Reads the fields of a JSON object by hand, so that every refusal names its field and what was expected.

use std::fmt;

use reelhouse_domain::Money;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::problem::{Problem, shorten};

/// How many unknown fields are named one by one.
const MAX_NAMED: usize = 8;

/// The fields of an object that are still to be read, and where the object is.
#[derive(Debug)]
pub(crate) struct Fields {
    at: String,
    fields: Map<String, Value>,
}

impl Fields {
    /// The fields of the request's body.
    pub(crate) fn root(body: Value) -> Result<Self, Problem> {
        Self::of(String::new(), body)
    }

    /// The fields of the object that is at the pointer `at`.
    pub(crate) fn of(at: String, value: Value) -> Result<Self, Problem> {
        match value {
            Value::Object(fields) => Ok(Self { at, fields }),
            other => Err(expected(&at, "an object", &other)),
        }
    }

    /// Refuses fields that are not among `known`.
    pub(crate) fn only(self, known: &[&str]) -> Result<Self, Problem> {
        let unknown: Vec<&str> = self.fields.keys().map(String::as_str).filter(|name| !known.contains(name)).collect();
        let Some(first) = unknown.first() else {
            return Ok(self);
        };
        let named: Vec<String> = unknown.iter().take(MAX_NAMED).map(|name| format!("{:?}", shorten(name))).collect();
        let more = if unknown.len() > MAX_NAMED { " and more" } else { "" };
        let fields = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        let reason = format!("unknown field {}{more}; the fields here are: {fields}", named.join(", "));
        let known: Vec<&str> = known.to_vec();
        Err(Problem::invalid_request(&self.pointer(first), reason).with("expected", known))
    }

    /// The pointer to a field of this object.
    pub(crate) fn pointer(&self, name: &str) -> String {
        format!("{}/{}", self.at, escape(name))
    }

    /// Takes a field as it is.
    pub(crate) fn value(&mut self, name: &str) -> Option<Value> {
        self.fields.remove(name)
    }

    /// Takes a field that must be there, as it is.
    fn required(&mut self, name: &str) -> Result<Value, Problem> {
        self.value(name).ok_or_else(|| Problem::invalid_request(&self.pointer(name), "the field is missing"))
    }

    /// Takes a field that may be absent; null is absence too.
    pub(crate) fn optional(&mut self, name: &str) -> Option<Value> {
        self.value(name).filter(|value| !value.is_null())
    }

    /// What is left unread, whatever is in it but NUL.
    pub(crate) fn rest(self) -> Result<Map<String, Value>, Problem> {
        match find_nul_in(&self.fields) {
            Some(below) => Err(holds_nul(&format!("{}{below}", self.at))),
            None => Ok(self.fields),
        }
    }

    /// Takes a document that must be there, whatever is in it but NUL.
    pub(crate) fn document(&mut self, name: &str) -> Result<Value, Problem> {
        let value = self.required(name)?;
        storable(&self.pointer(name), value)
    }

    /// Takes a document that may be absent, whatever is in it but NUL.
    pub(crate) fn document_if_any(&mut self, name: &str) -> Result<Option<Value>, Problem> {
        self.optional(name).map(|value| storable(&self.pointer(name), value)).transpose()
    }

    /// Takes an amount that must be there.
    pub(crate) fn amount(&mut self, name: &str) -> Result<Money, Problem> {
        let value = self.required(name)?;
        amount(&self.pointer(name), &value)
    }

    /// Takes an amount that may be absent.
    pub(crate) fn amount_if_any(&mut self, name: &str) -> Result<Option<Money>, Problem> {
        self.optional(name).map(|value| amount(&self.pointer(name), &value)).transpose()
    }

    /// Takes a text that must be there.
    pub(crate) fn text(&mut self, name: &str) -> Result<String, Problem> {
        let value = self.required(name)?;
        text(&self.pointer(name), value)
    }

    /// Takes a text that may be absent.
    pub(crate) fn text_if_any(&mut self, name: &str) -> Result<Option<String>, Problem> {
        self.optional(name).map(|value| text(&self.pointer(name), value)).transpose()
    }

    /// Takes an id that must be there.
    pub(crate) fn id(&mut self, name: &str) -> Result<Uuid, Problem> {
        let value = self.required(name)?;
        id(&self.pointer(name), &value)
    }

    /// Takes an id that may be absent.
    pub(crate) fn id_if_any(&mut self, name: &str) -> Result<Option<Uuid>, Problem> {
        self.optional(name).map(|value| id(&self.pointer(name), &value)).transpose()
    }

    /// Takes a whole number from 1 to `most`.
    pub(crate) fn count(&mut self, name: &str, most: u32) -> Result<u32, Problem> {
        let value = self.required(name)?;
        let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
        number
            .filter(|number| (1..=most).contains(number))
            .ok_or_else(|| out_of_range(&self.pointer(name), 1, most.into(), &value))
    }

    /// Takes a whole number from `least` to `most` that may be absent.
    pub(crate) fn number_if_any(&mut self, name: &str, least: u64, most: u64) -> Result<Option<u64>, Problem> {
        let Some(value) = self.optional(name) else { return Ok(None) };
        let number = value.as_u64().filter(|number| (least..=most).contains(number));
        number.map(Some).ok_or_else(|| out_of_range(&self.pointer(name), least, most, &value))
    }

    /// Takes a whole number from `least` to `most` that must be there.
    pub(crate) fn number(&mut self, name: &str, least: u64, most: u64) -> Result<u64, Problem> {
        let missing = Problem::invalid_request(&self.pointer(name), "the field is missing");
        self.number_if_any(name, least, most)?.ok_or(missing)
    }

    /// Takes a share, above 0 and at most 1, that may be absent.
    pub(crate) fn share_if_any(&mut self, name: &str) -> Result<Option<f64>, Problem> {
        let Some(value) = self.optional(name) else { return Ok(None) };
        let share = value.as_f64().filter(|share| *share > 0.0 && *share <= 1.0);
        share.map(Some).ok_or_else(|| expected(&self.pointer(name), "a number above 0 and at most 1", &value))
    }

    /// Takes an object that may be absent.
    pub(crate) fn object_if_any(&mut self, name: &str) -> Result<Option<Self>, Problem> {
        self.optional(name).map(|value| Self::of(self.pointer(name), value)).transpose()
    }
}

fn amount(pointer: &str, value: &Value) -> Result<Money, Problem> {
    let Value::String(text) = value else {
        let reason = format!("an amount is a string such as \"12.50\", not {}", Shown(value));
        return Err(Problem::invalid_amount(pointer, reason));
    };
    text.parse().map_err(|error| Problem::invalid_amount(pointer, error))
}

fn text(pointer: &str, value: Value) -> Result<String, Problem> {
    match value {
        Value::String(text) if text.contains('\0') => Err(holds_nul(pointer)),
        Value::String(text) => Ok(text),
        other => Err(expected(pointer, "a string", &other)),
    }
}

fn id(pointer: &str, value: &Value) -> Result<Uuid, Problem> {
    value.as_str().and_then(read_id).ok_or_else(|| expected(pointer, "a UUID", value))
}

/// The UUID that the text is, in the form with hyphens and no other.
pub(crate) fn read_id(text: &str) -> Option<Uuid> {
    if text.len() == 36 { Uuid::try_parse(text).ok() } else { None }
}

/// The refusal of a value that is something else than was expected.
pub(crate) fn expected(pointer: &str, what: &str, found: &Value) -> Problem {
    Problem::invalid_request(pointer, format!("{what} was expected, not {}", Shown(found)))
}

/// A value that is no whole number within bounds; one that is too large is told the `limit`.
fn out_of_range(pointer: &str, least: u64, most: u64, found: &Value) -> Problem {
    let problem = expected(pointer, &format!("a whole number from {least} to {most}"), found);
    #[allow(clippy::cast_precision_loss, reason = "a whole number that is read as one is compared as one")]
    let is_larger =
        found.as_u64().map_or_else(|| found.as_f64().is_some_and(|found| found > most as f64), |found| found > most);
    if is_larger { problem.with("limit", most) } else { problem }
}

/// The document, when no string or key in it holds NUL.
fn storable(pointer: &str, value: Value) -> Result<Value, Problem> {
    match find_nul(&value) {
        Some(below) => Err(holds_nul(&format!("{pointer}{below}"))),
        None => Ok(value),
    }
}

fn holds_nul(pointer: &str) -> Problem {
    Problem::invalid_request(pointer, "NUL characters cannot be stored")
}

/// The first string or key in `value` that holds NUL, which no database column of text can hold.
fn find_nul(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then(String::new),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(at, item)| find_nul(item).map(|below| format!("/{at}{below}")))
        }
        Value::Object(fields) => find_nul_in(fields),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

fn find_nul_in(fields: &Map<String, Value>) -> Option<String> {
    fields.iter().find_map(|(name, item)| {
        let below = if name.contains('\0') { Some(String::new()) } else { find_nul(item) };
        below.map(|below| format!("/{}{below}", escape(name)))
    })
}

/// How many levels of lists and objects are in `value`.
pub(crate) fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or(0),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    }
}

/// A key as a step of a JSON pointer (RFC 6901), cut when it is too long to be repeated whole.
fn escape(key: &str) -> String {
    shorten(key).replace('~', "~0").replace('/', "~1")
}

/// How a refusal repeats the value it is about.
struct Shown<'a>(&'a Value);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Null => f.write_str("null"),
            Value::Bool(flag) => flag.fmt(f),
            Value::Number(number) => number.fmt(f),
            Value::String(text) => write!(f, "{:?}", shorten(text)),
            Value::Array(_) => f.write_str("a list"),
            Value::Object(_) => f.write_str("an object"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: Value) -> Fields {
        Fields::root(body).unwrap()
    }

    #[test]
    fn unknown_fields_are_named_with_the_known_ones() {
        let problem = read(json!({ "a": 1, "b/c": 2 })).only(&["a", "d"]).unwrap_err();
        assert_eq!(problem.to_string(), "invalid_request: /b~1c: unknown field \"b/c\"; the fields here are: a, d");
    }

    #[test]
    fn an_amount_is_a_string_whatever_else_it_is() {
        for value in [json!(1), json!(1.5), json!(null), json!(true), json!([]), json!({}), json!("1e3"), json!("-1")] {
            let problem = read(json!({ "amount": value })).amount("amount").unwrap_err();
            assert!(problem.to_string().starts_with("invalid_amount: /amount"), "{problem}");
        }
        assert_eq!(read(json!({ "amount": "1.5" })).amount("amount").unwrap().to_string(), "1.5000");
    }

    #[test]
    fn a_count_is_whole_and_in_range() {
        for value in [json!(0), json!(-1), json!(11), json!(1.5), json!("5"), json!(1e300), json!(null)] {
            assert!(read(json!({ "spins": value })).count("spins", 10).is_err());
        }
        assert_eq!(read(json!({ "spins": 10 })).count("spins", 10).unwrap(), 10);
    }

    #[test]
    fn nul_is_found_wherever_it_is() {
        assert_eq!(find_nul(&json!({ "a": [1, { "b": "x\0" }] })), Some("/a/1/b".to_owned()));
        assert_eq!(find_nul(&json!({ "a": { "\0": 1 } })), Some("/a/\0".to_owned()));
        assert_eq!(find_nul(&json!({ "a": [1, { "b": "x" }] })), None);
    }

    #[test]
    fn an_id_has_its_hyphens() {
        let id = "01976e3c-9f00-7abc-8000-000000000000";
        assert!(read_id(id).is_some());
        for text in ["", &id.replace('-', ""), &format!("{{{id}}}"), &format!("urn:uuid:{id}"), &id[1..]] {
            assert!(read_id(text).is_none(), "{text}");
        }
    }
}
