//! The tables as SQLite has them: ids, documents and instants are text, money is units of 0.0001.
// Each column is described where it is made, in `migrations/sqlite`.
#![allow(missing_docs)]

diesel::table! {
    games (game_id) {
        game_id -> Text,
        name -> Text,
        rng_signature -> Text,
        symbol_map -> Text,
        statistical_profile -> Text,
        fingerprint -> Binary,
        created_at -> Text,
    }
}

diesel::table! {
    jobs (job_id) {
        job_id -> Text,
        game_id -> Text,
        kind -> Text,
        request -> Text,
        state -> Text,
        progress -> Text,
        checkpoint -> Nullable<Text>,
        result -> Nullable<Text>,
        failure -> Nullable<Text>,
        lapses -> BigInt,
        lease_owner -> Nullable<Text>,
        lease_until -> Nullable<Text>,
        created_at -> Text,
        updated_at -> Text,
    }
}

diesel::table! {
    wallets (shard, wallet_id) {
        wallet_id -> Text,
        shard -> SmallInt,
        balance -> BigInt,
        daily_limit -> Nullable<BigInt>,
        raised_limit -> Nullable<BigInt>,
        raised_from -> Nullable<Text>,
        cost_rate -> Text,
        time_zone -> Text,
        spend_day -> Text,
        spent -> BigInt,
        ledger_seq -> BigInt,
        created_at -> Text,
        updated_at -> Text,
        owner -> Nullable<Text>,
    }
}

diesel::table! {
    sessions (shard, session_id) {
        session_id -> Text,
        shard -> SmallInt,
        game_id -> Text,
        player_profile -> Text,
        state -> Text,
        suspended_from -> Nullable<Text>,
        metrics -> Text,
        current_wallet_id -> Nullable<Text>,
        server_seed -> Binary,
        client_seed -> Text,
        nonce -> BigInt,
        round -> Nullable<Text>,
        observation -> Text,
        last_seq -> BigInt,
        chain_head -> Binary,
        idle_check_at -> Nullable<Text>,
        created_at -> Text,
        updated_at -> Text,
        reward -> Text,
        training -> Bool,
        owner -> Nullable<Text>,
    }
}

diesel::table! {
    gameplay_events (shard, event_id, timestamp) {
        event_id -> Text,
        session_id -> Text,
        shard -> SmallInt,
        seq -> BigInt,
        action -> Text,
        result -> Text,
        timestamp -> Text,
        reward -> Double,
        hash -> Binary,
    }
}

diesel::table! {
    rl_store (shard, id, created_at) {
        id -> Text,
        session_id -> Text,
        shard -> SmallInt,
        seq -> BigInt,
        state -> Text,
        action -> Text,
        reward -> Double,
        next_state -> Text,
        done -> Bool,
        terminated -> Bool,
        truncated -> Bool,
        created_at -> Text,
    }
}

diesel::table! {
    wallet_operations (shard, operation_id) {
        operation_id -> Text,
        wallet_id -> Text,
        shard -> SmallInt,
        #[sql_name = "type"]
        operation -> Text,
        amount -> BigInt,
        timestamp -> Text,
    }
}

diesel::table! {
    ledger_entries (shard, wallet_id, seq) {
        entry_id -> Text,
        wallet_id -> Text,
        shard -> SmallInt,
        seq -> BigInt,
        account -> Text,
        kind -> Text,
        amount -> BigInt,
        balance_before -> BigInt,
        balance_after -> BigInt,
        event_id -> Nullable<Text>,
        operation_id -> Nullable<Text>,
        timestamp -> Text,
    }
}

diesel::table! {
    metrics (shard, session_id, key, recorded_at) {
        session_id -> Text,
        shard -> SmallInt,
        key -> Text,
        value -> Text,
        recorded_at -> Text,
    }
}

diesel::table! {
    idempotency_keys (shard, key) {
        key -> Text,
        shard -> SmallInt,
        request -> Binary,
        answer -> Text,
        created_at -> Text,
    }
}

diesel::table! {
    api_keys (key_id) {
        key_id -> Text,
        name -> Text,
        role -> Text,
        digest -> Binary,
        created_at -> Text,
        expires_at -> Nullable<Text>,
        revoked_at -> Nullable<Text>,
    }
}

diesel::table! {
    game_observations (game_id) {
        game_id -> Text,
        revision -> BigInt,
        tally -> Text,
        after_session -> Nullable<Text>,
        as_of -> Text,
        drift_alarm_at -> Nullable<Text>,
    }
}

diesel::table! {
    session_observations (shard, session_id) {
        session_id -> Text,
        shard -> SmallInt,
        seq -> BigInt,
        tally -> Text,
    }
}

diesel::table! {
    game_tallies (game_id, span, starts_at) {
        game_id -> Text,
        span -> Text,
        starts_at -> Text,
        tally -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(sessions, session_observations);
