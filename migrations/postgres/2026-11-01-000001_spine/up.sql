-- The spine: games, wallets, sessions, and the append-only records of what happened.
--
-- `shard` leads the keys of every distributed table and is checked against the 12 bits that the id
-- carries. It is a plain column, because a distributed table cannot be routed by a generated one.

CREATE TYPE session_state AS ENUM (
    'idle', 'initialized', 'bet_placed', 'playing', 'free_games', 'suspended', 'completed', 'expired'
);

CREATE TABLE games (
    game_id             uuid PRIMARY KEY,
    name                text NOT NULL,
    rng_signature       jsonb NOT NULL,
    symbol_map          jsonb NOT NULL,
    statistical_profile jsonb NOT NULL,
    fingerprint         bytea NOT NULL UNIQUE CHECK (octet_length(fingerprint) = 32),
    created_at          timestamptz NOT NULL
);

CREATE TABLE wallets (
    wallet_id        uuid NOT NULL,
    shard            smallint NOT NULL,
    balance          numeric(20, 4) NOT NULL CHECK (balance >= 0),
    daily_limit      numeric(20, 4) CHECK (daily_limit >= 0),
    raised_limit     numeric(20, 4) CHECK (raised_limit >= 0),
    raised_from      timestamptz,
    cost_rate        jsonb NOT NULL,
    time_zone        text NOT NULL,
    spend_day        date NOT NULL,
    spent            numeric(20, 4) NOT NULL CHECK (spent >= 0),
    ledger_seq       bigint NOT NULL CHECK (ledger_seq >= 0),
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    PRIMARY KEY (shard, wallet_id),
    CHECK ((raised_limit IS NULL) = (raised_from IS NULL)),
    CHECK (shard = (get_byte(uuid_send(wallet_id), 6) & 15) * 256 + get_byte(uuid_send(wallet_id), 7))
) WITH (fillfactor = 70);
CREATE INDEX wallets_wallet_id_idx ON wallets (wallet_id);

CREATE TABLE sessions (
    session_id        uuid NOT NULL,
    shard             smallint NOT NULL,
    game_id           uuid NOT NULL REFERENCES games (game_id),
    player_profile    jsonb NOT NULL,
    state             session_state NOT NULL,
    suspended_from    session_state,
    metrics           jsonb NOT NULL,
    current_wallet_id uuid,
    server_seed       bytea NOT NULL CHECK (octet_length(server_seed) = 32),
    client_seed       text NOT NULL,
    nonce             bigint NOT NULL CHECK (nonce >= 0),
    round             jsonb,
    observation       jsonb NOT NULL,
    last_seq          bigint NOT NULL CHECK (last_seq >= 0),
    chain_head        bytea NOT NULL CHECK (octet_length(chain_head) = 32),
    idle_check_at     timestamptz,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    PRIMARY KEY (shard, session_id),
    CHECK ((state = 'suspended') = (suspended_from IS NOT NULL)),
    CHECK (state <> 'bet_placed' OR round IS NOT NULL),
    CHECK (state <> 'free_games' OR round IS NOT NULL),
    CHECK (shard = (get_byte(uuid_send(session_id), 6) & 15) * 256 + get_byte(uuid_send(session_id), 7))
) WITH (fillfactor = 70);
CREATE INDEX sessions_session_id_idx ON sessions (session_id);
CREATE INDEX sessions_game_id_idx ON sessions (game_id, session_id);
CREATE INDEX sessions_current_wallet_id_idx ON sessions (current_wallet_id, session_id);
CREATE INDEX sessions_idle_check_at_idx ON sessions (idle_check_at) WHERE idle_check_at IS NOT NULL;

CREATE TABLE gameplay_events (
    event_id    uuid NOT NULL,
    session_id  uuid NOT NULL,
    shard       smallint NOT NULL,
    seq         bigint NOT NULL CHECK (seq > 0),
    action      jsonb NOT NULL,
    result      jsonb NOT NULL,
    "timestamp" timestamptz NOT NULL,
    reward      double precision NOT NULL,
    hash        bytea NOT NULL CHECK (octet_length(hash) = 32),
    -- An id fixes its millisecond, so the three together are as unique as the id alone.
    PRIMARY KEY (shard, event_id, "timestamp"),
    FOREIGN KEY (shard, session_id) REFERENCES sessions (shard, session_id),
    CHECK (shard = (get_byte(uuid_send(event_id), 6) & 15) * 256 + get_byte(uuid_send(event_id), 7))
) PARTITION BY RANGE ("timestamp");
CREATE INDEX gameplay_events_session_id_timestamp_idx ON gameplay_events (session_id, "timestamp", seq);
CREATE TABLE gameplay_events_default PARTITION OF gameplay_events DEFAULT;

CREATE TABLE rl_store (
    id          uuid NOT NULL,
    session_id  uuid NOT NULL,
    shard       smallint NOT NULL,
    seq         bigint NOT NULL CHECK (seq > 0),
    state       jsonb NOT NULL,
    action      jsonb NOT NULL,
    reward      double precision NOT NULL,
    next_state  jsonb NOT NULL,
    done        boolean NOT NULL CHECK (done = (terminated OR truncated)),
    terminated  boolean NOT NULL,
    truncated   boolean NOT NULL CHECK (NOT (terminated AND truncated)),
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (shard, id, created_at),
    CHECK (shard = (get_byte(uuid_send(id), 6) & 15) * 256 + get_byte(uuid_send(id), 7))
) PARTITION BY RANGE (created_at);
CREATE INDEX rl_store_session_id_created_at_idx ON rl_store (session_id, created_at, seq);
CREATE TABLE rl_store_default PARTITION OF rl_store DEFAULT;

CREATE TABLE wallet_operations (
    operation_id uuid NOT NULL,
    wallet_id    uuid NOT NULL,
    shard        smallint NOT NULL,
    type         text NOT NULL CHECK (type IN ('deposit', 'withdraw', 'set_daily_limit')),
    amount       numeric(20, 4) NOT NULL CHECK (amount >= 0),
    "timestamp"  timestamptz NOT NULL,
    PRIMARY KEY (shard, operation_id),
    FOREIGN KEY (shard, wallet_id) REFERENCES wallets (shard, wallet_id),
    CHECK (shard = (get_byte(uuid_send(operation_id), 6) & 15) * 256 + get_byte(uuid_send(operation_id), 7))
);
CREATE INDEX wallet_operations_wallet_id_idx ON wallet_operations (wallet_id);

-- An entry is both sides of a double entry: `amount` to the wallet, `-amount` to the account.
CREATE TABLE ledger_entries (
    entry_id       uuid NOT NULL,
    wallet_id      uuid NOT NULL,
    shard          smallint NOT NULL,
    seq            bigint NOT NULL CHECK (seq > 0),
    account        text NOT NULL CHECK (account IN ('house', 'fees', 'cashier')),
    kind           text NOT NULL CHECK (kind IN ('stake', 'payout', 'refund', 'fee', 'deposit', 'withdrawal')),
    amount         numeric(20, 4) NOT NULL CHECK (amount <> 0),
    balance_before numeric(20, 4) NOT NULL CHECK (balance_before >= 0),
    balance_after  numeric(20, 4) NOT NULL CHECK (balance_after >= 0 AND balance_after = balance_before + amount),
    event_id       uuid,
    operation_id   uuid,
    "timestamp"    timestamptz NOT NULL,
    PRIMARY KEY (shard, wallet_id, seq),
    FOREIGN KEY (shard, wallet_id) REFERENCES wallets (shard, wallet_id),
    CHECK ((event_id IS NULL) <> (operation_id IS NULL)),
    CHECK (shard = (get_byte(uuid_send(entry_id), 6) & 15) * 256 + get_byte(uuid_send(entry_id), 7))
);

CREATE TABLE metrics (
    session_id  uuid NOT NULL,
    shard       smallint NOT NULL,
    key         text NOT NULL,
    value       numeric NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (shard, session_id, key, recorded_at),
    CHECK (shard = (get_byte(uuid_send(session_id), 6) & 15) * 256 + get_byte(uuid_send(session_id), 7))
);

CREATE TABLE idempotency_keys (
    key        text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 255),
    shard      smallint NOT NULL,
    request    bytea NOT NULL CHECK (octet_length(request) = 32),
    answer     jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (shard, key),
    CONSTRAINT idempotency_keys_key_unique UNIQUE (key)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END
$$;

-- A row trigger of a partitioned table is cloned to its partitions, those made later included.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON gameplay_events
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON rl_store
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON wallet_operations
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- A statement trigger is not: whoever makes a partition gives it its own.
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON gameplay_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON gameplay_events_default
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON rl_store
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON rl_store_default
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON wallet_operations
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
