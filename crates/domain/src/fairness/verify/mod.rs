//! The verifier: checks a session proof from the one document alone, offline.
//!
//! What it checks, and in this order: the definition and its fingerprint, the commitments, the genesis,
//! the hash chain, the signed head and the seal; then it opens the session again and takes every
//! recorded action by the same rules and the same draws, and compares each event, to the byte of its
//! canonical JSON, with what the rules make of it; at last the ledger, entry by entry.

mod chain;
mod diff;
mod ledger;
mod replay;

use std::fmt;

use serde::Serialize;

use super::proof::{PROOF_VERSION, SessionProof};
use super::signing::PublicKey;
use crate::canonical::{Digest, canonical_json};
use crate::game::{Definition, Engine};
use crate::id::SessionId;
use crate::session::{SessionMetrics, SessionState};

/// The most findings that are listed: a proof with so many is no better for the rest.
const MAX_FINDINGS: usize = 100;

/// The longest text of a value that a finding repeats, in characters.
const MAX_ECHO: usize = 120;

/// Something that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The `seq` of the event it was found at; none for the document itself.
    pub seq: Option<i64>,
    /// Where: a JSON pointer into the event, or into the document when there is no `seq`.
    pub pointer: String,
    /// What belongs there.
    pub expected: String,
    /// What is there.
    pub found: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(seq) = self.seq {
            write!(f, "event {seq} ")?;
        }
        write!(f, "{}: expected {}, found {}", self.pointer, self.expected, self.found)
    }
}

/// What a proof proves.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The session.
    pub session_id: SessionId,
    /// The fingerprint of the game that was played.
    pub fingerprint: Digest,
    /// How many events there are.
    pub events: usize,
    /// How many ledger entries they caused.
    pub entries: usize,
    /// How many server seeds were committed to, drawn from and revealed.
    pub seeds: usize,
    /// Whether the caller chose the server seed: the draws are what that seed makes, and no chance.
    pub training: bool,
    /// The state that the session ended in.
    pub state: SessionState,
    /// The session's counters, from the replay. What the balance was before the first event is not in a
    /// proof, so `balance_high` and `balance_low` go by the events alone.
    pub metrics: SessionMetrics,
    /// The key that signed the head and the document.
    pub public_key: PublicKey,
    /// Whether that is the key that was expected; a key that is only named in the proof proves nothing
    /// of who signed.
    pub key_expected: bool,
}

/// Checks a proof. `expected_key` is the house's public key, got by another way than the proof.
///
/// Without one, a forger who signs with a key of their own is not told apart from the house: everything
/// else is checked all the same, and the report says that no key was expected.
///
/// # Errors
/// What is not as it must be, at most 100 findings, in the order of the checks.
pub fn verify(proof: &SessionProof, expected_key: Option<&PublicKey>) -> Result<Report, Vec<Finding>> {
    let mut log = Log::default();
    check_signatures(proof, expected_key, &mut log);
    chain::check(&proof.body, &mut log);
    let Some(engine) = check_game(proof, &mut log) else {
        return Err(log.findings);
    };
    let replayed = replay::check(&proof.body, &engine, &mut log);
    ledger::check(&proof.body, &mut log);
    match replayed {
        Some(session) if log.findings.is_empty() => Ok(Report {
            session_id: proof.body.session_id,
            fingerprint: proof.body.game.fingerprint,
            events: proof.body.events.len(),
            entries: proof.body.entries.len(),
            seeds: proof.body.seeds.len(),
            training: session.training,
            state: session.state,
            metrics: session.metrics,
            public_key: proof.body.head.public_key,
            key_expected: expected_key.is_some(),
        }),
        _ => Err(log.findings),
    }
}

/// Checks the definition's documents against the fingerprint, and compiles them.
fn check_game(proof: &SessionProof, log: &mut Log) -> Option<Engine> {
    let game = &proof.body.game;
    let definition = match Definition::parse(&game.rng_signature, &game.symbol_map) {
        Ok(definition) => definition,
        Err(faults) => {
            log.add("/game", "a definition without faults", faults);
            return None;
        }
    };
    log.equal("/game/fingerprint", definition.fingerprint(), game.fingerprint);
    // The documents of a game are stored with every default filled in.
    log.is("/game/rng_signature", definition.rng_signature_document() == game.rng_signature, "defaults filled in");
    log.is("/game/symbol_map", definition.symbol_map_document() == game.symbol_map, "defaults filled in");
    Some(Engine::compile(&definition))
}

/// Checks the signatures of the head and of the document, and whose they are.
fn check_signatures(proof: &SessionProof, expected_key: Option<&PublicKey>, log: &mut Log) {
    let body = &proof.body;
    let head = &body.head;
    log.equal("/version", PROOF_VERSION, body.version);
    if let Some(key) = expected_key {
        log.equal("/head/public_key", *key, head.public_key);
    }
    log.is("/head/signature", head.is_signed(), "a signature of the statement by the public key");
    let statement = body.seal_statement().and_then(|statement| canonical_json(&statement));
    let sealed = statement.is_ok_and(|message| head.public_key.verifies(message.as_bytes(), &proof.seal));
    log.is("/seal", sealed, "a signature of the document by the public key");
}

/// The findings so far.
#[derive(Default)]
struct Log {
    findings: Vec<Finding>,
}

impl Log {
    /// Adds a finding about the document.
    fn add(&mut self, pointer: &str, expected: impl fmt::Display, found: impl fmt::Display) {
        self.put(None, pointer, expected, found);
    }

    /// Adds a finding about an event.
    fn add_at(&mut self, seq: i64, pointer: &str, expected: impl fmt::Display, found: impl fmt::Display) {
        self.put(Some(seq), pointer, expected, found);
    }

    /// Adds a finding unless the two are equal.
    fn equal<T: PartialEq + fmt::Display>(&mut self, pointer: &str, expected: T, found: T) {
        if expected != found {
            self.add(pointer, expected, found);
        }
    }

    /// Adds a finding about an event unless the two are equal.
    fn equal_at<T: PartialEq + fmt::Display>(&mut self, seq: i64, pointer: &str, expected: T, found: T) {
        if expected != found {
            self.add_at(seq, pointer, expected, found);
        }
    }

    /// Adds a finding unless it is so.
    fn is(&mut self, pointer: &str, so: bool, expected: &str) {
        if !so {
            self.add(pointer, expected, "something else");
        }
    }

    fn put(&mut self, seq: Option<i64>, pointer: &str, expected: impl fmt::Display, found: impl fmt::Display) {
        if self.findings.len() < MAX_FINDINGS {
            let (expected, found) = (shorten(&expected.to_string()), shorten(&found.to_string()));
            self.findings.push(Finding { seq, pointer: pointer.to_owned(), expected, found });
        }
    }
}

/// The text, cut when it is too long to be repeated whole.
fn shorten(text: &str) -> String {
    match text.char_indices().nth(MAX_ECHO) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
