//! Long computations, the answers that are remembered, and who may ask.

use crate::documents::{JOB_FAILURE, JOB_PROGRESS, JOB_REQUEST, SIMULATION_REPORT};
use crate::model::{Domain, Endpoint, Field, Kind};

pub(super) static JOBS: Domain = Domain {
    name: "jobs",
    about: "Long computations beside play: simulations, and profiles that take longer than a request may.",
    tables: &["jobs"],
    on_sqlite: true,
    fields: &[
        Field::new("job_id", Kind::Id, "The job's id; a simulation shows it as `simulation_id`.").hidden(),
        Field::new("game_id", Kind::Id, "The game that it is about."),
        Field::new("kind", Kind::Words(&["simulation", "profile"]), "What kind of computation it is.").hidden(),
        Field::new("request", Kind::Document(&JOB_REQUEST), "What is to be done; a simulation shows its members.")
            .hidden(),
        Field::new(
            "state",
            Kind::Words(&["queued", "running", "completed", "failed", "cancelled"]),
            "Where it stands.",
        ),
        Field::new("progress", Kind::Document(&JOB_PROGRESS), "How far it is, as of the last checkpoint."),
        Field::new("checkpoint", Kind::Opaque, "What to go on from after an interruption; a version of its own.")
            .nullable()
            .hidden(),
        Field::new(
            "result",
            Kind::Document(&SIMULATION_REPORT),
            "What a completed simulation found; shown as `report`.",
        )
        .nullable()
        .hidden(),
        Field::new("failure", Kind::Document(&JOB_FAILURE), "Why it failed.").nullable(),
        Field::new("lapses", Kind::Count, "How many workers in a row have left it without having got any further.")
            .hidden(),
        Field::new("lease_owner", Kind::Token, "The token of the claim, new for each.").nullable().hidden(),
        Field::new("lease_until", Kind::Instant, "When the claim runs out unless it is renewed.").nullable().hidden(),
        Field::new("created_at", Kind::Instant, "When it was asked for."),
        Field::new("updated_at", Kind::Instant, "When it last changed."),
    ],
    invariants: &[
        "The result depends on the request and the game alone: not on the machine, the threads or interruptions.",
        "A worker writes only under the token that the row holds at that moment.",
        "A job that has ended never changes: the database refuses it.",
    ],
    endpoints: &[
        Endpoint("POST", "/simulations"),
        Endpoint("GET", "/simulations"),
        Endpoint("GET", "/simulations/{id}"),
        Endpoint("POST", "/simulations/{id}/cancel"),
    ],
    shown_as: &[(
        "Simulation",
        &[
            "simulation_id",
            "rounds",
            "seed",
            "stake",
            "half_width",
            "behavior",
            "starting_balance",
            "session_rounds",
            "max_bet",
            "report",
        ],
    )],
    globs: &["crates/domain/src/job/**", "crates/domain/src/simulation/**", "crates/application/src/worker/**"],
    page: "docs/simulation.md",
};

pub(super) static IDEMPOTENCY: Domain = Domain {
    name: "idempotency",
    about: "The answers that Idempotency-Keys stand for.",
    tables: &["idempotency_keys"],
    on_sqlite: true,
    fields: &[
        Field::new("key", Kind::Text, "The key, as the client sent it.").hidden(),
        Field::new("shard", Kind::Shard, "The shard of what the command writes.").hidden(),
        Field::new("request", Kind::Digest, "The digest of the command that it came with.").hidden(),
        Field::new("answer", Kind::Opaque, "The first answer, refusals included.").hidden(),
        Field::new("created_at", Kind::Instant, "When it was first used.").hidden(),
    ],
    invariants: &[
        "A key is unique in the whole database, and is stored with what its command writes, in one transaction.",
        "The same key with another request is refused. A malformed request binds no key.",
    ],
    endpoints: &[],
    shown_as: &[],
    globs: &["crates/application/src/committer.rs", "crates/application/src/command.rs"],
    page: "docs/api.md",
};

pub(super) static KEYS: Domain = Domain {
    name: "keys",
    about: "The keys that callers show, with their roles.",
    tables: &["api_keys"],
    on_sqlite: true,
    fields: &[
        Field::new("key_id", Kind::Id, "The key's id, which is no secret."),
        Field::new("name", Kind::Text, "What people call it."),
        Field::new("role", Kind::Words(&["read", "play", "admin"]), "What it lets its holder do."),
        Field::new("digest", Kind::Digest, "SHA-256 of the token; the token is nowhere else than with its holder.")
            .hidden(),
        Field::new("created_at", Kind::Instant, "When it was made."),
        Field::new("expires_at", Kind::Instant, "When it ends by itself.").nullable(),
        Field::new("revoked_at", Kind::Instant, "When it was revoked.").nullable(),
    ],
    invariants: &[
        "A token is shown once, when it is made, and is stored as its digest alone.",
        "A key never changes but to be revoked, once, and is never deleted: what it owns stays its own.",
        "A play key sees and plays its own wallets and sessions; others' are not found. It never credits itself.",
    ],
    endpoints: &[
        Endpoint("GET", "/keys"),
        Endpoint("POST", "/keys"),
        Endpoint("GET", "/keys/{id}"),
        Endpoint("POST", "/keys/{id}/revoke"),
    ],
    shown_as: &[("Key", &[])],
    globs: &["crates/domain/src/access/**", "crates/http/src/gate/**", "crates/http/src/keys/**"],
    page: "docs/security.md",
};
