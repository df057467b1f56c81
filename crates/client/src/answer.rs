//! Answers: what was read, beside the JSON that it was read from.

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::error::Error;

/// What the server answered.
#[derive(Clone, Debug)]
pub struct Answer<T> {
    /// The body, as far as this client knows it.
    pub body: T,
    /// The body as it was sent.
    pub json: Box<RawValue>,
}

impl<T: DeserializeOwned> Answer<T> {
    /// Reads a JSON text.
    ///
    /// # Errors
    /// [`Error::Unreadable`] when the text is not JSON, or not of this kind.
    pub fn read(text: String) -> Result<Self, Error> {
        Self::of(RawValue::from_string(text)?)
    }

    pub(crate) fn of(json: Box<RawValue>) -> Result<Self, Error> {
        Ok(Self { body: serde_json::from_str(json.get())?, json })
    }
}
