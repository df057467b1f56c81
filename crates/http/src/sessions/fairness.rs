//! The bodies of a session's draws: what is public of them, the signed head, the proof.

use reelhouse_application::{FairnessAnswer, FairnessView};
use reelhouse_domain::fairness::{PublicKey, SignedHead};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::bodies::{EventBody, StateName};
use crate::common::{DigestBody, Instant};

/// An Ed25519 public key (RFC 8032), as 64 lower-case hexadecimal digits.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PublicKey, value_type = String, pattern = "^[0-9a-f]{64}$")]
#[serde(transparent)]
pub(crate) struct PublicKeyBody(PublicKey);

/// The public side of a session's draws.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SessionFairness)]
pub(crate) struct FairnessBody {
    /// SHA-256 of the server seed, published before the first draw with it.
    commitment: DigestBody,
    /// The player's seed.
    client_seed: String,
    /// How many rounds have been drawn for with this server seed; the next one draws with this nonce.
    nonce: u64,
    /// The server seed, 64 hexadecimal digits; null until the session has ended. Seeds that were rotated
    /// out are in the events of their rotations.
    #[schema(required)]
    server_seed: Option<String>,
    /// Whether the caller chose the server seed (a training session): then the draws can be repeated, and
    /// are not fair.
    training: bool,
}

impl From<FairnessView> for FairnessBody {
    fn from(fairness: FairnessView) -> Self {
        Self {
            commitment: DigestBody(fairness.commitment),
            client_seed: fairness.client_seed,
            nonce: fairness.nonce,
            server_seed: fairness.server_seed,
            training: fairness.training,
        }
    }
}

/// What the house signs of an ended session, as canonical JSON.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HeadStatement)]
pub(crate) struct HeadStatementBody {
    /// Always `session_head`.
    kind: String,
    /// Always 1.
    version: u64,
    /// The session.
    session_id: Uuid,
    /// The `seq` of its last event.
    last_seq: i64,
    /// The hash of its last event.
    chain_head: DigestBody,
    /// The state that it ended in.
    state: StateName,
    /// The instant of its last event.
    timestamp: Instant,
}

/// The signed end of a session's chain.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SignedHead)]
pub(crate) struct SignedHeadBody {
    /// What is signed.
    statement: HeadStatementBody,
    /// The key that signed.
    public_key: PublicKeyBody,
    /// The Ed25519 signature of the statement's canonical JSON, 128 hexadecimal digits.
    signature: String,
}

impl From<SignedHead> for SignedHeadBody {
    fn from(head: SignedHead) -> Self {
        let statement = head.statement;
        Self {
            statement: HeadStatementBody {
                kind: statement.kind,
                version: statement.version,
                session_id: statement.session_id.0,
                last_seq: statement.last_seq,
                chain_head: DigestBody(statement.chain_head),
                state: statement.state.into(),
                timestamp: Instant(statement.timestamp),
            },
            public_key: PublicKeyBody(head.public_key),
            signature: head.signature.to_string(),
        }
    }
}

/// What it takes to check a session's draws and its chain of events.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Fairness)]
pub(crate) struct FairnessProofBody {
    /// The session's id.
    session_id: Uuid,
    /// The game that is played.
    game_id: Uuid,
    /// The fingerprint of the game's definition.
    game_fingerprint: DigestBody,
    /// Where the session stands.
    state: StateName,
    /// The public side of the draws.
    #[serde(flatten)]
    fairness: FairnessBody,
    /// The start of the chain: SHA-256 of the canonical JSON of `version` (1), `session_id`,
    /// `game_fingerprint`, the `commitment` of the first server seed, and `training` where it is true.
    genesis: DigestBody,
    /// The head of the chain, which is the hash of the last event; `genesis` before the first.
    chain_head: DigestBody,
    /// The `seq` of the last event; 0 before the first.
    #[schema(minimum = 0)]
    last_seq: i64,
    /// The key that the house signs with.
    public_key: PublicKeyBody,
    /// The signed end of the chain; null until the session has ended.
    #[schema(required)]
    head: Option<SignedHeadBody>,
}

impl From<FairnessAnswer> for FairnessProofBody {
    fn from(answer: FairnessAnswer) -> Self {
        let session = answer.session;
        Self {
            session_id: session.session_id.0,
            game_id: session.game_id.0,
            game_fingerprint: DigestBody(answer.game_fingerprint),
            state: session.state.into(),
            fairness: session.fairness.into(),
            genesis: DigestBody(answer.genesis),
            chain_head: DigestBody(session.chain_head),
            last_seq: session.last_seq,
            public_key: PublicKeyBody(answer.public_key),
            head: answer.head.map(SignedHeadBody::from),
        }
    }
}

/// The proof of an ended session, as the API's description has it.
#[derive(ToSchema)]
#[schema(as = SessionProof)]
#[allow(dead_code, reason = "a proof is sent as the text that was signed; this describes it")]
pub(crate) struct SessionProofBody {
    /// Always 1.
    version: u64,
    /// The session.
    session_id: Uuid,
    /// The game: `game_id`, `rng_signature`, `symbol_map`, `fingerprint`.
    #[schema(value_type = Object)]
    game: serde_json::Value,
    /// How the session was opened: `wallet_id` (null for one that began idle), `created_at`; `reward` where
    /// it is not `net`; `training` where it is true.
    #[schema(value_type = Object)]
    opened: serde_json::Value,
    /// The start of the chain.
    genesis: DigestBody,
    /// The seeds in order, one more than there are rotations: `commitment`, `server_seed`, `client_seed`.
    #[schema(value_type = Vec<Object>)]
    seeds: Vec<serde_json::Value>,
    /// The wallets in the order of their attaching: `wallet_id`, `cost_rate`.
    #[schema(value_type = Vec<Object>)]
    wallets: Vec<serde_json::Value>,
    /// Every event.
    events: Vec<EventBody>,
    /// The ledger entries that the events caused, in the order of the events.
    #[schema(value_type = Vec<Object>)]
    entries: Vec<serde_json::Value>,
    /// The signed end of the chain.
    head: SignedHeadBody,
    /// The Ed25519 signature over the whole document, 128 hexadecimal digits.
    seal: String,
}
