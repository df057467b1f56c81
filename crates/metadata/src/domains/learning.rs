//! What is learnt from and reported: transitions, counters, observations of games.

use crate::documents::{ACTION, OBSERVATION, PLAY_TALLY, TALLY};
use crate::model::{Domain, Endpoint, Field, Kind};

pub(super) static RL_STORE: Domain = Domain {
    name: "rl_store",
    about: "One transition for every event: what was to be seen, the action, its reward, what was to be seen then.",
    tables: &["rl_store"],
    on_sqlite: true,
    fields: &[
        Field::new("id", Kind::Id, "The transition's id, which is that of its event."),
        Field::new("session_id", Kind::Id, "The session, which is the episode."),
        Field::new("shard", Kind::Shard, "The shard that the ids carry.").hidden(),
        Field::new("seq", Kind::Count, "The step's place in its episode, from 1."),
        Field::new("state", Kind::Document(&OBSERVATION), "The observation before the action."),
        Field::new("action", Kind::Document(&ACTION), "The action, as in the event."),
        Field::new("reward", Kind::Float, "The reward, by the session's reward function."),
        Field::new("next_state", Kind::Document(&OBSERVATION), "The observation after the action."),
        Field::new("done", Kind::Flag, "Whether either of the next two holds."),
        Field::new("terminated", Kind::Flag, "The session was over for good: do not bootstrap."),
        Field::new("truncated", Kind::Flag, "The session was cut off: bootstrap."),
        Field::new("created_at", Kind::Instant, "When it happened."),
    ],
    invariants: &[
        "Append-only: the database refuses UPDATE and DELETE.",
        "`next_state` of a step is `state` of the next, always.",
        "Stores keep exact documents; floats are made on the way out, by one encoder.",
        "Training writes nothing but ordinary actions.",
    ],
    endpoints: &[
        Endpoint("GET", "/rl/spaces"),
        Endpoint("GET", "/rl/export"),
        Endpoint("GET", "/rl/export/manifest"),
        Endpoint("GET", "/rl/metrics"),
        Endpoint("POST", "/rl/step"),
        Endpoint("POST", "/rl/reset"),
    ],
    shown_as: &[],
    globs: &["crates/domain/src/rl/**", "crates/dataset/**", "crates/http/src/rl/**", "python/**"],
    page: "docs/rl.md",
};

pub(super) static ANALYTICS: Domain = Domain {
    name: "analytics",
    about: "What sessions came to: counters as they stood, and tallies as far as events were counted.",
    tables: &["metrics", "session_observations"],
    on_sqlite: true,
    fields: &[
        Field::new("session_id", Kind::Id, "The session."),
        Field::new("shard", Kind::Shard, "The shard that the id carries.").hidden(),
        Field::new("key", Kind::Text, "The name of a figure.").of(&["metrics"]),
        Field::new("value", Kind::Figure, "What it stood at; amounts are in test credits.").of(&["metrics"]),
        Field::new("recorded_at", Kind::Instant, "When.").of(&["metrics"]),
        Field::new("seq", Kind::Count, "Up to which event the session was counted.").of(&["session_observations"]),
        Field::new("tally", Kind::Opaque, "What the session came to up to there; versioned, of bounded size.")
            .of(&["session_observations"]),
    ],
    invariants: &[
        "Derived from the events alone, and can be made anew from them with the same numbers.",
        "Every event counts once, with any number of servers: the counts and how far they go are one write.",
    ],
    endpoints: &[Endpoint("GET", "/analytics/sessions/{id}")],
    shown_as: &[],
    globs: &["crates/domain/src/analytics/**", "crates/http/src/analytics/**"],
    page: "docs/analytics.md",
};

pub(super) static GAME_ANALYTICS: Domain = Domain {
    name: "game_analytics",
    about: "What each game came to by hour, by day and in all, as far as events were counted.",
    tables: &["game_tallies"],
    on_sqlite: true,
    fields: &[
        Field::new("game_id", Kind::Id, "The game."),
        Field::new("span", Kind::Words(&["hour", "day", "all"]), "How long a time the tally is of."),
        Field::new("starts_at", Kind::Instant, "When that time starts."),
        Field::new("tally", Kind::Document(&PLAY_TALLY), "What play came to in it."),
    ],
    invariants: &[
        "Derived from the events alone, and can be made anew from them with the same numbers.",
        "Written with the observation that the same events were counted for.",
    ],
    endpoints: &[Endpoint("GET", "/analytics/games/{id}")],
    shown_as: &[],
    globs: &["crates/domain/src/analytics/**", "crates/http/src/analytics/**"],
    page: "docs/analytics.md",
};

pub(super) static OBSERVATIONS: Domain = Domain {
    name: "observations",
    about: "What was observed of each game, for its fingerprint and the drift alarm.",
    tables: &["game_observations"],
    on_sqlite: true,
    fields: &[
        Field::new("game_id", Kind::Id, "The game that was observed."),
        Field::new("revision", Kind::Count, "Goes up with every write: a writer that knows an older one is too late."),
        Field::new("tally", Kind::Document(&TALLY), "What was counted of the game's events."),
        Field::new("after_session", Kind::Id, "The session to go on after: sessions are read in turn.").nullable(),
        Field::new("as_of", Kind::Instant, "How far events were counted."),
        Field::new("drift_alarm_at", Kind::Instant, "When the return was last found to drift.").nullable(),
    ],
    invariants: &[
        "Derived from the events alone, and can be made anew from them.",
        "Play pays nothing for it: events are read by an observer beside play.",
    ],
    endpoints: &[Endpoint("GET", "/games/{id}/fingerprint")],
    shown_as: &[],
    globs: &["crates/domain/src/observation/**", "crates/application/src/observer.rs"],
    page: "docs/observed-fingerprint.md",
};
