//! Canonical JSON (RFC 8785) and the SHA-256 digests taken over it.

use std::fmt::{self, Write as _};

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};
use sha2::{Digest as _, Sha256};

/// A SHA-256 digest; in JSON and text, 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Digest(#[serde(with = "hex::serde")] pub [u8; 32]);

impl Digest {
    /// The SHA-256 of the parts, one after the other.
    #[must_use]
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update(part);
        }
        Self(hasher.finalize().into())
    }

    /// Reads a digest back from stored bytes; `None` unless there are exactly 32.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

/// The canonical JSON text of a value: sorted keys, shortest numbers, no white space (RFC 8785).
///
/// # Errors
/// When the value has no JSON form, which no type of this crate can bring about.
pub fn canonical_json<T: Serialize>(value: &T) -> Result<String, serde_json::Error> {
    serde_json_canonicalizer::to_string(value)
}

/// Whole numbers up to this are written digit by digit; beyond it JSON's numbers have gaps (RFC 7493).
const MAX_WHOLE: u64 = 1 << 53;

/// Writes the canonical JSON of a document behind `text`: the same as [`canonical_json`], for the play path.
///
/// # Errors
/// As [`canonical_json`].
pub fn write_canonical(value: &Value, text: &mut String) -> Result<(), serde_json::Error> {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Number(number) => write_number(number, text)?,
        Value::String(string) => write_string(string, text)?,
        Value::Array(items) => {
            let mut open = '[';
            for item in items {
                text.push(open);
                open = ',';
                write_canonical(item, text)?;
            }
            text.push_str(if items.is_empty() { "[]" } else { "]" });
        }
        Value::Object(fields) if fields.keys().all(|name| name.is_ascii()) => {
            // A map is in the order of its names' bytes, which for ASCII is that of UTF-16 code units.
            let mut open = '{';
            for (name, value) in fields {
                text.push(open);
                open = ',';
                write_string(name, text)?;
                text.push(':');
                write_canonical(value, text)?;
            }
            text.push_str(if fields.is_empty() { "{}" } else { "}" });
        }
        Value::Object(_) => text.push_str(&canonical_json(value)?),
    }
    Ok(())
}

fn write_number(number: &Number, text: &mut String) -> Result<(), serde_json::Error> {
    match number.as_i64() {
        Some(whole) if whole.unsigned_abs() <= MAX_WHOLE => {
            // Writing to a string does not fail.
            let _ = write!(text, "{whole}");
        }
        _ => text.push_str(&canonical_json(number)?),
    }
    Ok(())
}

fn write_string(string: &str, text: &mut String) -> Result<(), serde_json::Error> {
    let plain = |byte: u8| byte >= 0x20 && byte != b'"' && byte != b'\\';
    if string.bytes().all(plain) {
        text.push('"');
        text.push_str(string);
        text.push('"');
    } else {
        text.push_str(&canonical_json(&string)?);
    }
    Ok(())
}

/// The SHA-256 of a value's canonical JSON.
///
/// # Errors
/// As [`canonical_json`].
pub fn canonical_digest<T: Serialize>(value: &T) -> Result<Digest, serde_json::Error> {
    Ok(Digest::of(&[canonical_json(value)?.as_bytes()]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn documents() -> impl Strategy<Value = Value> {
        let text = "[ -~é\\u{0}-\\u{1f}\\u{e000}\\u{10000}\\u{fb33}]{0,8}";
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            (-1000_i64..1000).prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            text.prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(text, inner, 0..6).prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn documents_are_written_as_the_library_writes_them(document in documents()) {
            let mut text = "x".to_owned();
            write_canonical(&document, &mut text).unwrap();
            prop_assert_eq!(text, format!("x{}", canonical_json(&document).unwrap()));
        }
    }

    #[test]
    fn sorts_keys_and_drops_white_space() {
        let value: serde_json::Value = serde_json::from_str(r#"{ "b" : [1.0, 2], "a": "é" }"#).unwrap();
        assert_eq!(canonical_json(&value).unwrap(), r#"{"a":"é","b":[1,2]}"#);
    }

    #[test]
    fn digest_is_sha_256() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(
            Digest::of(&[b"a", b"bc"]).to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
