//! What is learnt from and reported: transitions, counters, observations of games.

use crate::documents::{ACTION, OBSERVATION, TALLY};
use crate::model::{Domain, Endpoint, Field, Kind};

pub(super) static RL_STORE: Domain = Domain {
    name: "rl_store",
    about: "One transition for every event: what was to be seen, the action, its reward, what was to be seen then.",
    tables: &["rl_store"],
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
    about: "Counters of sessions as they stood, and what was observed of each game.",
    tables: &["metrics", "game_observations", "session_observations"],
    fields: &[
        Field::new("session_id", Kind::Id, "The session.").of(&["metrics", "session_observations"]),
        Field::new("shard", Kind::Shard, "The shard that the id carries.")
            .of(&["metrics", "session_observations"])
            .hidden(),
        Field::new("key", Kind::Text, "The name of a counter of `sessions.metrics`.").of(&["metrics"]),
        Field::new("value", Kind::Figure, "What it stood at; amounts are in test credits.").of(&["metrics"]),
        Field::new("recorded_at", Kind::Instant, "When.").of(&["metrics"]),
        Field::new("game_id", Kind::Id, "The game that was observed.").of(&["game_observations"]),
        Field::new("revision", Kind::Count, "Goes up with every write: a writer that knows an older one is too late.")
            .of(&["game_observations"])
            .hidden(),
        Field::new("tally", Kind::Document(&TALLY), "What was counted of the game's events.")
            .of(&["game_observations"])
            .hidden(),
        Field::new("after_session", Kind::Id, "The session to go on after.")
            .of(&["game_observations"])
            .nullable()
            .hidden(),
        Field::new("as_of", Kind::Instant, "How far events were counted.").of(&["game_observations"]),
        Field::new("drift_alarm_at", Kind::Instant, "When the return was last found to drift.")
            .of(&["game_observations"])
            .nullable()
            .hidden(),
        Field::new("seq", Kind::Count, "Up to which event a session was counted.")
            .of(&["session_observations"])
            .hidden(),
    ],
    invariants: &[
        "Derived from the events alone, and can be made anew from them.",
        "Every event counts once, with any number of servers: the counts and how far they go are one write.",
    ],
    endpoints: &[Endpoint("GET", "/games/{id}/fingerprint")],
    shown_as: &[],
    globs: &["crates/domain/src/observation/**"],
    page: "docs/observed-fingerprint.md",
};
