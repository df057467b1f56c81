//! Games and the sessions that play them.

use super::STATES;
use crate::documents::{
    OBSERVATION, PLAYER_PROFILE, RNG_SIGNATURE, ROUND, SESSION_METRICS, STATISTICAL_PROFILE, SYMBOL_MAP,
};
use crate::model::{Domain, Endpoint, Field, Kind};

pub(super) static GAMES: Domain = Domain {
    name: "games",
    about: "Game definitions with their computed figures and fingerprints.",
    tables: &["games"],
    on_sqlite: true,
    fields: &[
        Field::new("game_id", Kind::Id, "The game's id."),
        Field::new("name", Kind::Text, "The name for people."),
        Field::new("rng_signature", Kind::Document(&RNG_SIGNATURE), "How outcomes are drawn, every default filled in."),
        Field::new("symbol_map", Kind::Document(&SYMBOL_MAP), "What the symbols are and pay, every default filled in."),
        Field::new(
            "statistical_profile",
            Kind::Document(&STATISTICAL_PROFILE),
            "What the server computed: RTP, hit frequency, volatility and more, and how each figure was got.",
        ),
        Field::new(
            "fingerprint",
            Kind::Digest,
            "SHA-256 over the canonical JSON (RFC 8785) of `rng_signature` and `symbol_map`.",
        ),
        Field::new("created_at", Kind::Instant, "When the game was first posted."),
    ],
    invariants: &[
        "A game never changes, but that a profile gives way which says that it is still to come or was rejected; the \
         database itself refuses any other change.",
        "The same definition is the same game: fingerprints are unique.",
        "The profile is computed by the server; one that the client declares is only compared.",
        "No payout is ever rounded: a stake is a whole number of unit bets.",
    ],
    endpoints: &[
        Endpoint("POST", "/games"),
        Endpoint("GET", "/games"),
        Endpoint("GET", "/games/{id}"),
        Endpoint("GET", "/games/{id}/par-sheet"),
        Endpoint("GET", "/schemas"),
        Endpoint("GET", "/schemas/{name}"),
    ],
    shown_as: &[("Game", &["profile_job"])],
    globs: &["crates/domain/src/game/**", "crates/domain/games/**", "crates/http/src/games/**"],
    page: "docs/define-a-game.md",
};

pub(super) static SESSIONS: Domain = Domain {
    name: "sessions",
    about: "One player at one game, from the attached wallet to the cash-out: state, counters, seeds.",
    tables: &["sessions"],
    on_sqlite: true,
    fields: &[
        Field::new("session_id", Kind::Id, "The session's id; it carries its wallet's shard."),
        Field::new("shard", Kind::Shard, "The shard that the id carries.").hidden(),
        Field::new("game_id", Kind::Id, "The game that is played."),
        Field::new("player_profile", Kind::Document(&PLAYER_PROFILE), "Who plays, in the words of the caller."),
        Field::new("state", Kind::State(STATES), "Where the session stands."),
        Field::new("suspended_from", Kind::State(STATES), "Where it stood before it was suspended.")
            .nullable()
            .hidden(),
        Field::new("metrics", Kind::Document(&SESSION_METRICS), "Running counters, changed with every action."),
        Field::new("current_wallet_id", Kind::Id, "The wallet in use; absent while idle.").nullable(),
        Field::new(
            "server_seed",
            Kind::Digest,
            "The house's secret, revealed by the event that rotates it or ends the session.",
        )
        .hidden(),
        Field::new("client_seed", Kind::Text, "The player's share in the draws; shown under `fairness`.").hidden(),
        Field::new("nonce", Kind::Count, "How many rounds were drawn for with the seed; shown under `fairness`.")
            .hidden(),
        Field::new("round", Kind::Document(&ROUND), "The held stake, or the round with free games left.").nullable(),
        Field::new("observation", Kind::Document(&OBSERVATION), "What the agent saw last."),
        Field::new("last_seq", Kind::Count, "The `seq` of the last event; 0 before the first."),
        Field::new("chain_head", Kind::Digest, "The hash of the last event; before the first, the start of the chain."),
        Field::new("idle_check_at", Kind::Instant, "When to look whether the session was left idle.")
            .nullable()
            .hidden(),
        Field::new("created_at", Kind::Instant, "When the session was opened."),
        Field::new("updated_at", Kind::Instant, "When the session last changed."),
        Field::new(
            "reward",
            Kind::Words(&["net", "net_per_stake", "log_bankroll", "spins"]),
            "What the session's events are worth to whoever learns from them.",
        ),
        Field::new(
            "training",
            Kind::Flag,
            "Whether the caller chose the server seed: such draws are not fair. Shown under `fairness`.",
        )
        .hidden(),
        Field::new("owner", Kind::Id, "The play key that opened it; absent for what is of nobody in particular.")
            .nullable(),
    ],
    invariants: &[
        "The state machine decides before anything is written; a refused action leaves no trace but its idempotency key.",
        "An action is one transaction: stake, fee, limit check, outcome, payout, event, ledger entries, learning row, \
         counters and state commit together or not at all.",
        "`seq` counts from 1 without a gap; two writers never interleave within an action.",
        "The server seed is secret until an event reveals it; its SHA-256 was published before the first draw.",
        "A session that has ended takes no further action.",
    ],
    endpoints: &[
        Endpoint("POST", "/sessions"),
        Endpoint("GET", "/sessions"),
        Endpoint("GET", "/sessions/{id}"),
        Endpoint("POST", "/sessions/{id}/action"),
        Endpoint("GET", "/sessions/{id}/metrics"),
    ],
    shown_as: &[("Session", &["allowed_actions", "fairness"])],
    globs: &["crates/domain/src/session/**", "crates/http/src/sessions/**", "crates/application/src/desk/**"],
    page: "docs/concepts.md",
};
