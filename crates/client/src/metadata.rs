//! What is stored, told step by step.

use serde_json::Value;

use crate::answer::Answer;
use crate::client::Client;
use crate::error::Error;

impl Client {
    /// The data domains; one of them; a field of it. The steps are the names, from the domain on.
    ///
    /// # Errors
    /// As every call: see [`Error`].
    pub fn metadata(&self, steps: &[&str]) -> Result<Answer<Value>, Error> {
        let path: Vec<&str> = std::iter::once("metadata").chain(steps.iter().copied()).collect();
        self.get(&path, &[])
    }
}
