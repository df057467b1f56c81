//! The tables of PostgreSQL, as the migrations make them.

/// SQL types of our own.
pub mod sql_types {
    /// The enum `session_state`.
    #[derive(Clone, Copy, Debug, diesel::query_builder::QueryId, diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "session_state"))]
    pub struct SessionState;
}

diesel::table! {
    /// Game definitions with their fingerprints.
    games (game_id) {
        /// The game's id.
        game_id -> Uuid,
        /// The name for people.
        name -> Text,
        /// How outcomes are drawn.
        rng_signature -> Jsonb,
        /// What the symbols are and pay.
        symbol_map -> Jsonb,
        /// The computed figures.
        statistical_profile -> Jsonb,
        /// SHA-256 of the definition.
        fingerprint -> Bytea,
        /// When the game was first posted.
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// Long computations that run beside play.
    jobs (job_id) {
        /// The job's id.
        job_id -> Uuid,
        /// The game that it is about.
        game_id -> Uuid,
        /// What kind of computation it is.
        kind -> Text,
        /// What is to be done.
        request -> Jsonb,
        /// Where it stands.
        state -> Text,
        /// How far it is.
        progress -> Jsonb,
        /// What to go on from.
        checkpoint -> Nullable<Jsonb>,
        /// What was found.
        result -> Nullable<Jsonb>,
        /// Why it failed.
        failure -> Nullable<Jsonb>,
        /// How many workers in a row have left it.
        lapses -> BigInt,
        /// The token of the claim.
        lease_owner -> Nullable<Uuid>,
        /// When the claim runs out.
        lease_until -> Nullable<Timestamptz>,
        /// When it was asked for.
        created_at -> Timestamptz,
        /// When it last changed.
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Balances and limits.
    wallets (shard, wallet_id) {
        /// The wallet's id.
        wallet_id -> Uuid,
        /// The shard that the id carries.
        shard -> SmallInt,
        /// What is there to be spent.
        balance -> Numeric,
        /// The limit in force until a raise is due.
        daily_limit -> Nullable<Numeric>,
        /// A higher limit that waits.
        raised_limit -> Nullable<Numeric>,
        /// When the higher limit comes into force.
        raised_from -> Nullable<Timestamptz>,
        /// Fees per spin and per query.
        cost_rate -> Jsonb,
        /// The zone whose days the limit counts.
        time_zone -> Text,
        /// The latest day that was spent on.
        spend_day -> Date,
        /// Stakes and fees of that day.
        spent -> Numeric,
        /// The `seq` of the last ledger entry.
        ledger_seq -> BigInt,
        /// When the wallet was opened.
        created_at -> Timestamptz,
        /// When the wallet last changed.
        updated_at -> Timestamptz,
        /// The key that opened it.
        owner -> Nullable<Uuid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::SessionState;

    /// Sessions as they stand.
    sessions (shard, session_id) {
        /// The session's id.
        session_id -> Uuid,
        /// The shard that the id carries.
        shard -> SmallInt,
        /// The game that is played.
        game_id -> Uuid,
        /// Who plays.
        player_profile -> Jsonb,
        /// Where the session stands.
        state -> SessionState,
        /// Where it stood before it was suspended.
        suspended_from -> Nullable<SessionState>,
        /// Running counters.
        metrics -> Jsonb,
        /// The wallet in use.
        current_wallet_id -> Nullable<Uuid>,
        /// The server's seed, secret until the session ends.
        server_seed -> Bytea,
        /// The player's seed.
        client_seed -> Text,
        /// How many rounds have been drawn for.
        nonce -> BigInt,
        /// The open round.
        round -> Nullable<Jsonb>,
        /// What the agent saw last.
        observation -> Jsonb,
        /// The `seq` of the last event.
        last_seq -> BigInt,
        /// The hash of the last event.
        chain_head -> Bytea,
        /// When to look whether the session was left idle.
        idle_check_at -> Nullable<Timestamptz>,
        /// When the session was opened.
        created_at -> Timestamptz,
        /// When the session last changed.
        updated_at -> Timestamptz,
        /// What the session's events are worth.
        reward -> Text,
        /// Whether the caller chose the server seed.
        training -> Bool,
        /// The key that plays it.
        owner -> Nullable<Uuid>,
    }
}

diesel::table! {
    /// What happened in sessions. Append-only, partitioned by month.
    gameplay_events (shard, event_id, timestamp) {
        /// The event's id.
        event_id -> Uuid,
        /// The session it belongs to.
        session_id -> Uuid,
        /// The shard that the id carries.
        shard -> SmallInt,
        /// The event's place in its session.
        seq -> BigInt,
        /// What was asked for.
        action -> Jsonb,
        /// What came of it.
        result -> Jsonb,
        /// When it happened.
        timestamp -> Timestamptz,
        /// The reward of RL.
        reward -> Double,
        /// The link of the session's hash chain.
        hash -> Bytea,
    }
}

diesel::table! {
    /// RL transitions, one per event. Append-only, partitioned by month.
    rl_store (shard, id, created_at) {
        /// The id of the event.
        id -> Uuid,
        /// The session, which is the episode.
        session_id -> Uuid,
        /// The shard that the id carries.
        shard -> SmallInt,
        /// The step's place in its episode.
        seq -> BigInt,
        /// The observation before the action.
        state -> Jsonb,
        /// The action.
        action -> Jsonb,
        /// The reward.
        reward -> Double,
        /// The observation after the action.
        next_state -> Jsonb,
        /// Whether the episode ended.
        done -> Bool,
        /// Whether it ended for good.
        terminated -> Bool,
        /// Whether it was cut.
        truncated -> Bool,
        /// When it happened.
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// Operations on wallets from outside of play. Append-only.
    wallet_operations (shard, operation_id) {
        /// The operation's id.
        operation_id -> Uuid,
        /// The wallet it was done to.
        wallet_id -> Uuid,
        /// The shard that the id carries.
        shard -> SmallInt,
        /// What was done.
        #[sql_name = "type"]
        type_ -> Text,
        /// How much, or the limit that was set.
        amount -> Numeric,
        /// When it was done.
        timestamp -> Timestamptz,
    }
}

diesel::table! {
    /// Ledger entries, each both sides of a double entry. Append-only.
    ledger_entries (shard, wallet_id, seq) {
        /// The entry's id.
        entry_id -> Uuid,
        /// The wallet whose balance changed.
        wallet_id -> Uuid,
        /// The shard that the id carries.
        shard -> SmallInt,
        /// The entry's place in its wallet's ledger.
        seq -> BigInt,
        /// The counter-account.
        account -> Text,
        /// What the entry is for.
        kind -> Text,
        /// The change of the balance.
        amount -> Numeric,
        /// The balance before the entry.
        balance_before -> Numeric,
        /// The balance after the entry.
        balance_after -> Numeric,
        /// The event that moved the money.
        event_id -> Nullable<Uuid>,
        /// The operation that moved the money.
        operation_id -> Nullable<Uuid>,
        /// When it happened.
        timestamp -> Timestamptz,
    }
}

diesel::table! {
    /// What sessions were measured at.
    metrics (shard, session_id, key, recorded_at) {
        /// The session that was measured.
        session_id -> Uuid,
        /// The shard that the id carries.
        shard -> SmallInt,
        /// The metric's name.
        key -> Text,
        /// Its value.
        value -> Numeric,
        /// When it was recorded.
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    /// Idempotency keys with the answers they were given.
    idempotency_keys (shard, key) {
        /// The key as the client sent it.
        key -> Text,
        /// The shard of what the key guards.
        shard -> SmallInt,
        /// The digest of the request that the key came with.
        request -> Bytea,
        /// The answer.
        answer -> Jsonb,
        /// When it was answered.
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// Keys of the API, without their tokens.
    api_keys (key_id) {
        /// The key's id.
        key_id -> Uuid,
        /// What people call it.
        name -> Text,
        /// What it is for.
        role -> Text,
        /// SHA-256 of the token.
        digest -> Bytea,
        /// When it was made.
        created_at -> Timestamptz,
        /// When it stops to be good.
        expires_at -> Nullable<Timestamptz>,
        /// When it was revoked.
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// What was counted of each game's events.
    game_observations (game_id) {
        /// The game.
        game_id -> Uuid,
        /// How often it was stored.
        revision -> BigInt,
        /// The counts.
        tally -> Jsonb,
        /// The session to go on after.
        after_session -> Nullable<Uuid>,
        /// When the counts were last brought up to date.
        as_of -> Timestamptz,
        /// When the return was last found to drift.
        drift_alarm_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// How far sessions have been read, and what they came to.
    session_observations (shard, session_id) {
        /// The session.
        session_id -> Uuid,
        /// The shard that the id carries.
        shard -> SmallInt,
        /// The `seq` of the last event that was counted.
        seq -> BigInt,
        /// What its events came to.
        tally -> Jsonb,
    }
}

diesel::table! {
    /// What each game came to, by span of time.
    game_tallies (game_id, span, starts_at) {
        /// The game.
        game_id -> Uuid,
        /// How long the span is: `hour`, `day` or `all`.
        span -> Text,
        /// When the span begins.
        starts_at -> Timestamptz,
        /// What its events came to.
        tally -> Jsonb,
    }
}

diesel::allow_tables_to_appear_in_same_query!(sessions, session_observations);

diesel::table! {
    /// Months of the append-only tables that are in files.
    archives (month) {
        /// The first day of the month.
        month -> Date,
        /// The manifest's file.
        manifest -> Text,
        /// The SHA-256 of the manifest.
        sha256 -> Bytea,
        /// How many rows were archived.
        rows -> BigInt,
        /// When.
        archived_at -> Timestamptz,
    }
}
