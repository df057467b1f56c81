//! What happened, the proof of it, and what was moved to files.

use crate::documents::{ACTION, RESULT};
use crate::model::{Domain, Endpoint, Field, Kind};

pub(super) static GAMEPLAY_EVENTS: Domain = Domain {
    name: "gameplay_events",
    about: "Every action of every session with its result, in a hash chain.",
    tables: &["gameplay_events"],
    on_sqlite: true,
    fields: &[
        Field::new("event_id", Kind::Id, "The event's id."),
        Field::new("session_id", Kind::Id, "The session."),
        Field::new("shard", Kind::Shard, "The shard that the ids carry.").hidden(),
        Field::new("seq", Kind::Count, "The event's place in its session, from 1 without a gap."),
        Field::new("action", Kind::Document(&ACTION), "What was done."),
        Field::new("result", Kind::Document(&RESULT), "What came of it."),
        Field::new("timestamp", Kind::Instant, "When it happened; never before the event before."),
        Field::new("reward", Kind::Float, "What it was worth, by the session's reward function."),
        Field::new("hash", Kind::Digest, "SHA-256 of the hash before and the canonical JSON of the event."),
    ],
    invariants: &[
        "Append-only: the database refuses UPDATE and DELETE.",
        "Documents are kept and shown as they were written, because the hash covers them; they are never upcast.",
        "Partitioned by month on PostgreSQL; an id fixes its event's time.",
    ],
    endpoints: &[Endpoint("GET", "/sessions/{id}/events"), Endpoint("GET", "/sessions/{id}/events/stream")],
    shown_as: &[("Event", &[])],
    globs: &["crates/domain/src/session/**", "crates/http/src/sessions/**"],
    page: "docs/fairness.md",
};

pub(super) static PROOFS: Domain = Domain {
    name: "proofs",
    about: "What it takes to check a session's draws offline; made on request, never stored.",
    tables: &[],
    on_sqlite: true,
    fields: &[
        Field::new("version", Kind::Count, "1."),
        Field::new("session_id", Kind::Id, "The session."),
        Field::new("game", Kind::Opaque, "The game's definition and fingerprint."),
        Field::new("opened", Kind::Opaque, "The wallet and the instant that the session began with."),
        Field::new("genesis", Kind::Digest, "The start of the chain."),
        Field::new("seeds", Kind::Opaque, "Every commitment with the seed that it was to, and the player's seed."),
        Field::new("wallets", Kind::Opaque, "The wallets in the order of their attaching, with their fees."),
        Field::new("events", Kind::Opaque, "Every event."),
        Field::new("entries", Kind::Opaque, "The ledger entries that the events caused."),
        Field::new("head", Kind::Opaque, "The signed end of the chain."),
        Field::new("seal", Kind::Text, "The house's Ed25519 signature of the whole document."),
    ],
    invariants: &[
        "A proof is canonical JSON to the byte, so that no two readers see two things in it.",
        "Nothing in it can change once the session has ended, and signatures are deterministic: it comes out the same \
         each time, for as long as the house keeps its key.",
    ],
    endpoints: &[Endpoint("GET", "/sessions/{id}/proof"), Endpoint("GET", "/sessions/{id}/fairness")],
    shown_as: &[("SessionProof", &[])],
    globs: &["crates/domain/src/fairness/**", "agents/verifier/**", "docs/vectors/**"],
    page: "docs/fairness.md",
};

pub(super) static ARCHIVES: Domain = Domain {
    name: "archives",
    about: "Months of events and transitions that were moved to files.",
    tables: &["archives"],
    on_sqlite: false,
    fields: &[
        Field::new("month", Kind::Day, "The month, by its first day."),
        Field::new("manifest", Kind::Text, "The manifest's file in the folder of archives."),
        Field::new("sha256", Kind::Digest, "The digest of the manifest: no other file is taken for it."),
        Field::new("rows", Kind::Count, "How many rows were moved."),
        Field::new("archived_at", Kind::Instant, "When."),
    ],
    invariants: &[
        "A month takes no more rows while it is written to files, and is dropped only when they are whole.",
        "What is read of an archived month is what was recorded, to the byte: the hash chain covers it.",
    ],
    endpoints: &[],
    shown_as: &[],
    globs: &["crates/archive/**", "crates/domain/src/archive/**"],
    page: "docs/retention.md",
};
