//! The observations of a batch, each sent once.

use std::collections::BTreeMap;

use reelhouse_domain::SessionId;
use reelhouse_domain::ports::StoreError;
use reelhouse_domain::session::Observation;

use crate::columns::Json;
use crate::statement::Bind;

/// Documents that rows name by their number, from 1.
///
/// What a step left is what the next one found and what its session shows, so two of three need not be sent.
#[derive(Default)]
pub(super) struct Observations<'a> {
    documents: Vec<Option<Json>>,
    /// What each session was seen like last, with its number.
    latest: BTreeMap<SessionId, (&'a Observation, i32)>,
}

impl<'a> Observations<'a> {
    /// The number of an observation: that of the session's latest one, if it is the same.
    pub(super) fn number(&mut self, session_id: SessionId, observation: &'a Observation) -> Result<i32, StoreError> {
        if let Some((latest, number)) = self.latest.get(&session_id)
            && *latest == observation
        {
            return Ok(*number);
        }
        self.documents.push(Some(Json::document(observation)?));
        let number = i32::try_from(self.documents.len()).unwrap_or(i32::MAX);
        self.latest.insert(session_id, (observation, number));
        Ok(number)
    }

    /// The documents, in the order of their numbers.
    pub(super) fn into_documents(self) -> Bind<'static> {
        Bind::Jsons(self.documents)
    }
}
