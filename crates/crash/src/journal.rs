//! What each client meant to do and what it was told, written down before and after, in a file for each client.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use reelhouse_domain::canonical::{Digest, canonical_digest};
use serde_json::{Value, json};

use crate::http::{self, Answer};

/// A write that a client asks for, under a key of its own.
#[derive(Clone, Debug)]
pub(crate) struct Intent {
    pub(crate) key: String,
    pub(crate) path: String,
    pub(crate) body: String,
}

impl Intent {
    /// The request that asks for it.
    pub(crate) fn request(&self) -> Vec<u8> {
        http::request("POST", &self.path, Some(&self.key), &self.body)
    }
}

/// What was promised with an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Promise {
    /// An event of a session.
    Event { session_id: String, event_id: String, seq: i64, hash: String },
    /// An operation on a wallet.
    Operation { wallet_id: String, operation_id: String },
    /// Nothing: the rules refused it.
    Refused,
}

/// An intent and its answer, if one has come.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) intent: Intent,
    pub(crate) settled: Option<Settled>,
}

/// The one answer of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settled {
    pub(crate) status: u16,
    /// Of the canonical JSON of the body, but for the id of the request, which is each request's own.
    pub(crate) digest: Digest,
    pub(crate) promise: Promise,
}

/// What an answer says about its request.
pub(crate) enum Told {
    /// It is settled.
    Settled(Settled),
    /// It may or may not have been carried out: ask again.
    Open,
    /// No server in order answers this.
    Wrong(String),
}

/// Reads an answer.
pub(crate) fn read(answer: &Answer) -> Told {
    let mut body: Value = match answer.json() {
        Ok(body) => body,
        Err(error) => return Told::Wrong(format!("{} {error:#}", answer.status)),
    };
    let promise = match answer.status {
        503 => return Told::Open,
        200 => match promise(&body) {
            Some(promise) => promise,
            None => return Told::Wrong(format!("200 promises nothing: {body}")),
        },
        409 | 422 if body["code"] != "idempotency_key_reused" => Promise::Refused,
        status => return Told::Wrong(format!("{status} {body}")),
    };
    if let Some(problem) = body.as_object_mut().filter(|_| answer.status != 200) {
        problem.remove("request_id");
    }
    match canonical_digest(&body) {
        Ok(digest) => Told::Settled(Settled { status: answer.status, digest, promise }),
        Err(error) => Told::Wrong(error.to_string()),
    }
}

fn promise(body: &Value) -> Option<Promise> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    if let Some(operation_id) = text(&body["operation"]["operation_id"]) {
        return Some(Promise::Operation { operation_id, wallet_id: text(&body["operation"]["wallet_id"])? });
    }
    let event = &body["event"];
    Some(Promise::Event {
        session_id: text(&event["session_id"])?,
        event_id: text(&event["event_id"])?,
        seq: event["seq"].as_i64()?,
        hash: text(&event["hash"])?,
    })
}

/// The journal of one client.
pub(crate) struct Journal {
    file: File,
    told: usize,
    pub(crate) records: Vec<Record>,
}

impl Journal {
    pub(crate) fn create(dir: &Path, client: usize) -> Result<Self> {
        let path = dir.join(format!("client-{client:03}.ndjson"));
        let file = File::create(&path).with_context(|| format!("cannot make {}", path.display()))?;
        Ok(Self { file, told: 0, records: vec![] })
    }

    /// Writes an intent down, before anything of it is sent; tells its place.
    pub(crate) fn intend(&mut self, intent: Intent) -> Result<usize> {
        let Intent { key, path, body } = &intent;
        writeln!(self.file, "{}", json!({"key": key, "path": path, "body": body}))?;
        self.records.push(Record { intent, settled: None });
        Ok(self.records.len() - 1)
    }

    /// Writes an answer down; an error when the key had another one before.
    pub(crate) fn settle(&mut self, place: usize, settled: Settled) -> Result<Result<(), String>> {
        let record = self.records.get_mut(place).context("there is no such intent")?;
        let key = &record.intent.key;
        let promise = format!("{:?}", settled.promise);
        writeln!(self.file, "{}", json!({"key": key, "status": settled.status, "promise": promise}))?;
        match &record.settled {
            Some(before) if *before != settled => {
                Ok(Err(format!("key {key} was told {before:?}, and then {settled:?}")))
            }
            _ => {
                record.settled = Some(settled);
                Ok(Ok(()))
            }
        }
    }

    /// The place of the last intent, if it is not settled.
    pub(crate) fn open_recently(&self) -> Option<usize> {
        let last = self.records.len().checked_sub(1)?;
        self.records[last].settled.is_none().then_some(last)
    }

    /// The places of intents that are not settled.
    pub(crate) fn open(&self) -> Vec<usize> {
        let open = self.records.iter().enumerate().filter(|(_, record)| record.settled.is_none());
        open.map(|(place, _)| place).collect()
    }

    /// What was promised since the last time this was asked.
    pub(crate) fn promises(&mut self) -> Vec<Promise> {
        let from = std::mem::replace(&mut self.told, self.records.len());
        let settled = self.records.iter().skip(from).filter_map(|record| record.settled.as_ref());
        settled.map(|settled| settled.promise.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &Value) -> Answer {
        Answer { status, body: body.to_string().into_bytes() }
    }

    #[test]
    fn answers_promise_what_they_say() {
        let event = json!({"event": {"session_id": "s", "event_id": "e", "seq": 3, "hash": "h"}});
        let Told::Settled(settled) = read(&answer(200, &event)) else { panic!("not settled") };
        assert!(matches!(settled.promise, Promise::Event { seq: 3, .. }));
        assert!(matches!(read(&answer(503, &json!({}))), Told::Open));
        assert!(matches!(read(&answer(500, &json!({}))), Told::Wrong(_)));
        assert!(matches!(read(&answer(404, &json!({}))), Told::Wrong(_)));
        assert!(matches!(read(&answer(422, &json!({"code": "idempotency_key_reused"}))), Told::Wrong(_)));
        let refused = read(&answer(409, &json!({"code": "invalid_transition"})));
        assert!(matches!(refused, Told::Settled(Settled { promise: Promise::Refused, .. })));
    }

    #[test]
    fn the_same_refusal_of_another_request_is_the_same_answer() {
        let digest = |body: &Value| match read(&answer(409, body)) {
            Told::Settled(settled) => settled.digest,
            _ => panic!("not settled"),
        };
        let first = digest(&json!({"code": "invalid_transition", "request_id": "1"}));
        assert_eq!(first, digest(&json!({"code": "invalid_transition", "request_id": "2"})));
        assert_ne!(first, digest(&json!({"code": "invalid_stake", "request_id": "1"})));
    }

    #[test]
    fn another_answer_to_the_same_key_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let mut journal = Journal::create(dir.path(), 0).unwrap();
        let intent = Intent { key: "k".to_owned(), path: "/x".to_owned(), body: "{}".to_owned() };
        let place = journal.intend(intent).unwrap();
        assert_eq!(journal.open(), [place]);
        let settled = Settled { status: 409, digest: Digest::of(&[b"a"]), promise: Promise::Refused };
        journal.settle(place, settled.clone()).unwrap().unwrap();
        journal.settle(place, settled.clone()).unwrap().unwrap();
        assert!(journal.open().is_empty());
        let other = Settled { digest: Digest::of(&[b"b"]), ..settled };
        assert!(journal.settle(place, other).unwrap().is_err());
    }
}
