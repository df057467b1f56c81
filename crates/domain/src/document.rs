//! Stored JSON documents: each carries a version and is upcast on read, so old rows outlive a change.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A type that a database column holds as a versioned JSON document.
pub trait Document: Serialize + DeserializeOwned {
    /// The version that is written now.
    const VERSION: u64;

    /// Whether the type keeps fields that it does not name: `version` is none of them.
    const KEEPS_ANY_FIELD: bool = false;

    /// Turns a document of an older version into one of [`Self::VERSION`].
    ///
    /// The default knows no older version and gives the document back as it is.
    #[must_use]
    fn upcast(document: Value, _from: u64) -> Value {
        document
    }
}

/// Why a stored document cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// It is not the JSON that its version says.
    #[error("a stored document does not read: {0}")]
    Malformed(#[from] serde_json::Error),
    /// A newer program wrote it.
    #[error("a stored document is of version {found}, this program reads up to {known}")]
    Newer {
        /// The document's version.
        found: u64,
        /// The newest version that is understood.
        known: u64,
    },
    /// It has a field of its own where its version stands, and would not read back.
    #[error("a document has a field `version` of its own, where its version stands")]
    Reserved,
}

#[derive(Serialize)]
struct Written<'a, T> {
    version: u64,
    #[serde(flatten)]
    body: &'a T,
}

#[derive(Deserialize)]
struct Head {
    version: u64,
}

/// The JSON text to store: the document with its version.
///
/// # Errors
/// When the value has no JSON form; [`DocumentError::Reserved`] for one with a field `version` of its own.
pub fn write<T: Document>(body: &T) -> Result<String, DocumentError> {
    if T::KEEPS_ANY_FIELD && serde_json::to_value(body)?.get("version").is_some() {
        return Err(DocumentError::Reserved);
    }
    Ok(serde_json::to_string(&Written { version: T::VERSION, body })?)
}

/// Reads a stored document of this or an older version.
///
/// # Errors
/// [`DocumentError::Newer`] for a version this program does not know, else
/// [`DocumentError::Malformed`].
pub fn read<T: Document>(text: &str) -> Result<T, DocumentError> {
    let Head { version } = serde_json::from_str(text)?;
    if version > T::VERSION {
        return Err(DocumentError::Newer { found: version, known: T::VERSION });
    }
    if version == T::VERSION && !T::KEEPS_ANY_FIELD {
        return Ok(serde_json::from_str(text)?);
    }
    let mut document: Value = serde_json::from_str(text)?;
    if version < T::VERSION {
        document = T::upcast(document, version);
    }
    if let Value::Object(fields) = &mut document {
        fields.remove("version");
    }
    Ok(serde_json::from_value(document)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Sample {
        name: String,
    }

    impl Document for Sample {
        const VERSION: u64 = 2;

        fn upcast(mut document: Value, _from: u64) -> Value {
            let title = document["title"].take();
            document["name"] = title;
            document
        }
    }

    #[test]
    fn writes_the_version_and_reads_it_back() {
        let sample = Sample { name: "a".to_owned() };
        let text = write(&sample).unwrap();
        assert_eq!(text, r#"{"version":2,"name":"a"}"#);
        assert_eq!(read::<Sample>(&text).unwrap(), sample);
    }

    /// A type that keeps what it does not name.
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Open {
        #[serde(flatten)]
        other: serde_json::Map<String, Value>,
    }

    impl Document for Open {
        const VERSION: u64 = 1;
        const KEEPS_ANY_FIELD: bool = true;
    }

    #[test]
    fn a_field_in_the_place_of_the_version_is_refused() {
        let open = |text: &str| Open { other: serde_json::from_str(text).unwrap() };
        for text in [r#"{"version":7}"#, r#"{"version":null}"#, r#"{"a":1,"version":{}}"#] {
            assert!(matches!(write(&open(text)), Err(DocumentError::Reserved)), "{text}");
        }
        let kept = open(r#"{"a":{"version":2}}"#);
        assert_eq!(read::<Open>(&write(&kept).unwrap()).unwrap(), kept);
    }

    #[test]
    fn upcasts_an_old_document_and_refuses_a_newer_one() {
        assert_eq!(read::<Sample>(r#"{"version":1,"title":"b"}"#).unwrap().name, "b");
        assert!(matches!(read::<Sample>(r#"{"version":3}"#), Err(DocumentError::Newer { found: 3, known: 2 })));
        assert!(matches!(read::<Sample>("{}"), Err(DocumentError::Malformed(_))));
    }
}
