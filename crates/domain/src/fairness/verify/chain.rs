//! The chain: genesis, links, the signed end; and the commitments that the genesis stands on.

use super::Log;
use crate::canonical::Digest;
use crate::fairness::head::HEAD_VERSION;
use crate::fairness::proof::ProofBody;
use crate::id::minted_at;
use crate::session::Session;

/// Checks the chain from the first commitment to the signed head.
pub(super) fn check(body: &ProofBody, log: &mut Log) {
    check_opening(body, log);
    let mut previous = body.genesis;
    for (event, place) in body.events.iter().zip(1_i64..) {
        let seq = event.body.seq;
        // Events are named by their place from here on, so that a wrong `seq` is found where it is.
        log.equal_at(place, "/seq", place, seq);
        match event.body.hash_after(previous) {
            Ok(hash) => log.equal_at(place, "/hash", hash, event.hash),
            Err(error) => log.add_at(place, "", "canonical JSON", error),
        }
        previous = event.hash;
    }
    check_head(body, previous, log);
}

fn check_opening(body: &ProofBody, log: &mut Log) {
    for (place, seed) in body.seeds.iter().enumerate() {
        log.equal(&format!("/seeds/{place}/commitment"), seed.server_seed.commitment(), seed.commitment);
    }
    let Some(first) = body.seeds.first() else {
        log.add("/seeds", "at least one seed", "none");
        return;
    };
    match Session::genesis(body.session_id, body.game.fingerprint, first.commitment, body.opened.training) {
        Ok(genesis) => log.equal("/genesis", genesis, body.genesis),
        Err(error) => log.add("/genesis", "canonical JSON", error),
    }
    let minted = minted_at(body.session_id.0);
    log.is("/opened/created_at", minted == Some(body.opened.created_at), "the instant in the session's id");
}

/// Checks what was signed against the end of the chain: events that are missing there show here.
fn check_head(body: &ProofBody, end: Digest, log: &mut Log) {
    let head = &body.head.statement;
    log.equal("/head/statement/kind", "session_head", head.kind.as_str());
    log.equal("/head/statement/version", HEAD_VERSION, head.version);
    log.equal("/head/statement/session_id", body.session_id, head.session_id);
    log.equal("/head/statement/last_seq", i64::try_from(body.events.len()).unwrap_or(i64::MAX), head.last_seq);
    log.equal("/head/statement/chain_head", end, head.chain_head);
    match body.events.last() {
        Some(last) => log.equal("/head/statement/timestamp", last.body.timestamp, head.timestamp),
        None => log.add("/events", "at least one event", "none"),
    }
}
