//! The session proof: everything that it takes to check a session, in one document.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::head::SignedHead;
use super::seed::ServerSeed;
use super::signing::{HeadSigner, Signature};
use crate::canonical::{Digest, canonical_digest, canonical_json};
use crate::game::Game;
use crate::id::{GameId, SessionId, WalletId};
use crate::money::Money;
use crate::rl::Reward;
use crate::session::{GameplayEvent, Session};
use crate::time::{Timestamp, millis_format};
use crate::wallet::{CostRate, LedgerEntry};

/// The version of the document that is written now.
pub const PROOF_VERSION: u64 = 1;

/// A session proof: the record of an ended session, and the house's signature over it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionProof {
    /// The record.
    #[serde(flatten)]
    pub body: ProofBody,
    /// The signature of the canonical JSON of [`SealStatement`], by the key of the head.
    pub seal: Signature,
}

/// The record of an ended session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProofBody {
    /// Always [`PROOF_VERSION`].
    pub version: u64,
    /// The session.
    pub session_id: SessionId,
    /// The game that was played.
    pub game: ProvenGame,
    /// How the session was opened.
    pub opened: Opening,
    /// The start of the hash chain.
    pub genesis: Digest,
    /// The seeds that were drawn from, in order: the first, then one for each rotation.
    pub seeds: Vec<ProvenSeed>,
    /// The wallets that were played from, in the order of their attaching, each once.
    pub wallets: Vec<ProvenWallet>,
    /// Every event, in order.
    pub events: Vec<GameplayEvent>,
    /// The ledger entries that the events caused, in the order of the events.
    pub entries: Vec<LedgerEntry>,
    /// The signed end of the chain.
    pub head: SignedHead,
}

/// The game of a proof.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProvenGame {
    /// The game's id.
    pub game_id: GameId,
    /// How outcomes are drawn: the document.
    pub rng_signature: Value,
    /// What the symbols are and pay: the document.
    pub symbol_map: Value,
    /// SHA-256 over the canonical JSON of both.
    pub fingerprint: Digest,
}

/// How a session was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// The wallet that it was opened with; none for a session that began idle.
    pub wallet_id: Option<WalletId>,
    /// When.
    #[serde(with = "millis_format")]
    pub created_at: Timestamp,
    /// What its events were worth; left out where that is the change of the balance.
    #[serde(default, skip_serializing_if = "Reward::is_default")]
    pub reward: Reward,
    /// Whether the caller chose the server seed; left out where the draws were fair.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub training: bool,
}

/// The inputs of the draws until the next rotation or the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvenSeed {
    /// What was published before the first draw.
    pub commitment: Digest,
    /// The server's seed, revealed.
    pub server_seed: ServerSeed,
    /// The player's seed.
    pub client_seed: String,
}

/// A wallet of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvenWallet {
    /// The wallet's id.
    pub wallet_id: WalletId,
    /// What play cost beside its stakes.
    pub cost_rate: CostRate,
}

/// What the seal signs: the digest of the whole record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SealStatement {
    /// Always `session_proof`.
    pub kind: &'static str,
    /// Always [`PROOF_VERSION`].
    pub version: u64,
    /// The session.
    pub session_id: SessionId,
    /// SHA-256 of the canonical JSON of the document without `seal`.
    pub digest: Digest,
}

/// Why a stored session cannot be proven.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GatherError {
    /// It has not ended: its server seed is secret still.
    #[error("the session has not ended")]
    NotEnded,
    /// What is stored of it does not fit together.
    #[error("the stored session does not fit together: {0}")]
    Inconsistent(String),
}

/// Why a text is not a proof.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is not JSON, or not of the members that a proof has.
    #[error("this is not a session proof: {0}")]
    Malformed(#[from] serde_json::Error),
    /// It was written by a newer program.
    #[error("the proof is of version {0}, this program reads version {PROOF_VERSION}")]
    Newer(u64),
    /// It is a proof, but not in the one form that is signed.
    #[error("the proof is not in canonical form (RFC 8785): it was changed or written anew after its download")]
    NotCanonical,
}

#[derive(Deserialize)]
struct Head {
    version: u64,
}

impl SessionProof {
    /// Seals a record.
    ///
    /// # Errors
    /// When the record has no JSON form, which it always has.
    pub fn seal(body: ProofBody, signer: &dyn HeadSigner) -> Result<Self, serde_json::Error> {
        let message = canonical_json(&body.seal_statement()?)?;
        Ok(Self { body, seal: signer.sign(message.as_bytes()) })
    }

    /// Reads a downloaded proof. One line feed at its end is allowed for.
    ///
    /// The text must be the canonical JSON of the proof, to the byte: then no two readers can take it
    /// for different things, by a member given twice or a number written another way.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn read(text: &str) -> Result<Self, ReadError> {
        let text = text.strip_suffix('\n').unwrap_or(text);
        let Head { version } = serde_json::from_str(text)?;
        if version > PROOF_VERSION {
            return Err(ReadError::Newer(version));
        }
        let proof: Self = serde_json::from_str(text)?;
        if proof.write()? == text { Ok(proof) } else { Err(ReadError::NotCanonical) }
    }

    /// The proof as it is downloaded: canonical JSON.
    ///
    /// # Errors
    /// When the proof has no JSON form, which it always has.
    pub fn write(&self) -> Result<String, serde_json::Error> {
        canonical_json(self)
    }
}

impl ProofBody {
    /// Puts the record together from what is stored of an ended session.
    ///
    /// `wallets` are those that [`wallets_of`] names; `entries` at least those that the events caused.
    ///
    /// # Errors
    /// [`GatherError`].
    pub fn gather(
        session: &Session,
        game: &Game,
        events: Vec<GameplayEvent>,
        entries: Vec<LedgerEntry>,
        wallets: Vec<ProvenWallet>,
        signer: &dyn HeadSigner,
    ) -> Result<Self, GatherError> {
        let inconsistent = |error: serde_json::Error| GatherError::Inconsistent(error.to_string());
        let head = SignedHead::of(session, signer).map_err(inconsistent)?.ok_or(GatherError::NotEnded)?;
        let seeds = seeds_of(session, &events)?;
        let first = seeds.first().map_or_else(|| session.fairness.server_seed.commitment(), |seed| seed.commitment);
        Ok(Self {
            version: PROOF_VERSION,
            session_id: session.session_id,
            game: ProvenGame {
                game_id: game.game_id,
                rng_signature: game.rng_signature.clone(),
                symbol_map: game.symbol_map.clone(),
                fingerprint: game.fingerprint,
            },
            opened: Opening {
                wallet_id: opening_wallet(session, &events),
                created_at: session.created_at,
                reward: session.reward,
                training: session.training,
            },
            genesis: Session::genesis(session.session_id, game.fingerprint, first, session.training)
                .map_err(inconsistent)?,
            seeds,
            wallets,
            entries: in_order(&events, entries),
            events,
            head,
        })
    }

    /// What the seal signs.
    ///
    /// # Errors
    /// As [`SessionProof::seal`].
    pub fn seal_statement(&self) -> Result<SealStatement, serde_json::Error> {
        let digest = canonical_digest(self)?;
        Ok(SealStatement { kind: "session_proof", version: self.version, session_id: self.session_id, digest })
    }
}

/// The wallets that a session was played from, in the order of their attaching, each once.
#[must_use]
pub fn wallets_of(session: &Session, events: &[GameplayEvent]) -> Vec<WalletId> {
    let attached = attachments(events).filter_map(|event| id_in(&event.body.result, "wallet_id"));
    let mut seen = BTreeSet::new();
    opening_wallet(session, events).into_iter().chain(attached).filter(|id| seen.insert(*id)).collect()
}

/// How many ledger entries an event caused, from its own words.
#[must_use]
pub fn entries_caused(event: &GameplayEvent) -> usize {
    let (action, result) = (&event.body.action, &event.body.result);
    let moved = |member: &str| {
        let amount = result.get(member).and_then(|amount| Money::deserialize(amount).ok());
        usize::from(amount.is_some_and(|amount| !amount.is_zero()))
    };
    let staked = matches!(action["type"].as_str(), Some("bet" | "spin")) && !action["amount"].is_null();
    usize::from(staked) + moved("fee") + moved("payout") + moved("refund")
}

/// Which wallet each event was played from, by the place of the event.
#[must_use]
pub fn wallet_by_event(opened: Option<WalletId>, events: &[GameplayEvent]) -> Vec<Option<WalletId>> {
    let mut current = opened;
    let of = |event: &GameplayEvent| {
        if event.body.action["type"] == "attach_wallet" {
            current = id_in(&event.body.result, "wallet_id").or(current);
        }
        current
    };
    events.iter().map(of).collect()
}

/// The wallet that a session was opened with.
#[must_use]
pub fn opening_wallet(session: &Session, events: &[GameplayEvent]) -> Option<WalletId> {
    match attachments(events).next() {
        Some(first) => id_in(&first.body.result, "previous_wallet_id"),
        None => session.current_wallet_id,
    }
}

fn attachments(events: &[GameplayEvent]) -> impl Iterator<Item = &GameplayEvent> {
    events.iter().filter(|event| event.body.action["type"] == "attach_wallet")
}

fn id_in(result: &Value, member: &str) -> Option<WalletId> {
    result.get(member).and_then(|id| WalletId::deserialize(id).ok())
}

/// The seeds of a session: those that rotations revealed, then the last.
fn seeds_of(session: &Session, events: &[GameplayEvent]) -> Result<Vec<ProvenSeed>, GatherError> {
    let rotations: Vec<&GameplayEvent> =
        events.iter().filter(|event| event.body.action["type"] == "rotate_seed").collect();
    let mut client_seed = match rotations.first() {
        // Before the first rotation the player's seed was the one that the session was opened with.
        Some(rotation) => read_member::<String>(rotation, "previous_client_seed")?,
        None => session.fairness.client_seed.clone(),
    };
    let mut seeds = Vec::with_capacity(rotations.len() + 1);
    for rotation in rotations {
        let server_seed: ServerSeed = read_member(rotation, "server_seed")?;
        let next = read_member(rotation, "client_seed")?;
        let client_seed = std::mem::replace(&mut client_seed, next);
        seeds.push(ProvenSeed { commitment: server_seed.commitment(), server_seed, client_seed });
    }
    let server_seed = session.fairness.server_seed;
    seeds.push(ProvenSeed { commitment: server_seed.commitment(), server_seed, client_seed });
    Ok(seeds)
}

/// The server seed that a session drew from first, if an event of it is the first rotation.
#[must_use]
pub fn first_rotated_seed(events: &[GameplayEvent]) -> Option<ServerSeed> {
    let rotation = events.iter().find(|event| event.body.action["type"] == "rotate_seed")?;
    read_member(rotation, "server_seed").ok()
}

fn read_member<'a, T: Deserialize<'a>>(event: &'a GameplayEvent, member: &str) -> Result<T, GatherError> {
    T::deserialize(&event.body.result[member])
        .map_err(|error| GatherError::Inconsistent(format!("event {}, {member}: {error}", event.body.seq)))
}

/// The entries that the events caused, in the order of the events; others are left out.
fn in_order(events: &[GameplayEvent], mut entries: Vec<LedgerEntry>) -> Vec<LedgerEntry> {
    let places: BTreeMap<_, _> = events.iter().zip(0_usize..).map(|(event, at)| (event.body.event_id, at)).collect();
    let place = |entry: &LedgerEntry| match entry.cause {
        crate::wallet::Cause::Event(event_id) => places.get(&event_id).copied(),
        crate::wallet::Cause::Operation(_) => None,
    };
    entries.retain(|entry| place(entry).is_some());
    entries.sort_by_key(|entry| (place(entry), entry.seq));
    entries
}
