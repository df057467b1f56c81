-- The spine: games, wallets, sessions, and the append-only records of what happened.
--
-- SQLite has few types, so columns hold, and STRICT tables and CHECKs keep:
--   ids         TEXT, the hyphenated lower-case UUID, so that a person can ask for one;
--   money       INTEGER, whole units of 0.0001 credits: 125000 is 12.5000 credits;
--   documents   TEXT of JSON;
--   instants    TEXT, RFC 3339 in UTC with milliseconds, always 24 characters, so that they sort as text;
--   days        TEXT, YYYY-MM-DD;
--   booleans    INTEGER, 0 or 1;
--   digests     BLOB of 32 bytes.
--
-- `shard` is checked against the three hexadecimal digits after the version of the id. Keys are made of
-- the same columns as on PostgreSQL, but nothing is routed by them here: where rows are appended, the
-- id, which grows with time, comes first, so that a batch writes the last pages of the key's index
-- and not as many pages as it has rows. A table WITHOUT ROWID is one whose rows are small.

CREATE TABLE games (
    game_id             TEXT NOT NULL PRIMARY KEY CHECK (length(game_id) = 36),
    name                TEXT NOT NULL,
    rng_signature       TEXT NOT NULL CHECK (json_valid(rng_signature)),
    symbol_map          TEXT NOT NULL CHECK (json_valid(symbol_map)),
    statistical_profile TEXT NOT NULL CHECK (json_valid(statistical_profile)),
    fingerprint         BLOB NOT NULL UNIQUE CHECK (length(fingerprint) = 32),
    created_at          TEXT NOT NULL CHECK (length(created_at) = 24)
) STRICT;

CREATE TABLE wallets (
    wallet_id        TEXT NOT NULL,
    shard            INTEGER NOT NULL,
    balance          INTEGER NOT NULL CHECK (balance >= 0),
    daily_limit      INTEGER CHECK (daily_limit >= 0),
    raised_limit     INTEGER CHECK (raised_limit >= 0),
    raised_from      TEXT CHECK (length(raised_from) = 24),
    cost_rate        TEXT NOT NULL CHECK (json_valid(cost_rate)),
    time_zone        TEXT NOT NULL,
    spend_day        TEXT NOT NULL CHECK (length(spend_day) = 10),
    spent            INTEGER NOT NULL CHECK (spent >= 0),
    ledger_seq       INTEGER NOT NULL CHECK (ledger_seq >= 0),
    created_at       TEXT NOT NULL CHECK (length(created_at) = 24),
    updated_at       TEXT NOT NULL CHECK (length(updated_at) = 24),
    PRIMARY KEY (shard, wallet_id),
    CHECK ((raised_limit IS NULL) = (raised_from IS NULL)),
    CHECK (length(wallet_id) = 36),
    CHECK (shard = (instr('0123456789abcdef', substr(wallet_id, 16, 1)) - 1) * 256
                 + (instr('0123456789abcdef', substr(wallet_id, 17, 1)) - 1) * 16
                 + (instr('0123456789abcdef', substr(wallet_id, 18, 1)) - 1))
) STRICT;
CREATE INDEX wallets_wallet_id_idx ON wallets (wallet_id);

CREATE TABLE sessions (
    session_id        TEXT NOT NULL,
    shard             INTEGER NOT NULL,
    game_id           TEXT NOT NULL REFERENCES games (game_id),
    player_profile    TEXT NOT NULL CHECK (json_valid(player_profile)),
    state             TEXT NOT NULL CHECK (state IN (
        'idle', 'initialized', 'bet_placed', 'playing', 'free_games', 'suspended', 'completed', 'expired')),
    suspended_from    TEXT CHECK (suspended_from IN (
        'idle', 'initialized', 'bet_placed', 'playing', 'free_games', 'suspended', 'completed', 'expired')),
    metrics           TEXT NOT NULL CHECK (json_valid(metrics)),
    current_wallet_id TEXT CHECK (length(current_wallet_id) = 36),
    server_seed       BLOB NOT NULL CHECK (length(server_seed) = 32),
    client_seed       TEXT NOT NULL,
    nonce             INTEGER NOT NULL CHECK (nonce >= 0),
    round             TEXT CHECK (round IS NULL OR json_valid(round)),
    observation       TEXT NOT NULL CHECK (json_valid(observation)),
    last_seq          INTEGER NOT NULL CHECK (last_seq >= 0),
    chain_head        BLOB NOT NULL CHECK (length(chain_head) = 32),
    idle_check_at     TEXT CHECK (length(idle_check_at) = 24),
    created_at        TEXT NOT NULL CHECK (length(created_at) = 24),
    updated_at        TEXT NOT NULL CHECK (length(updated_at) = 24),
    PRIMARY KEY (shard, session_id),
    CHECK ((state = 'suspended') = (suspended_from IS NOT NULL)),
    CHECK (state <> 'bet_placed' OR round IS NOT NULL),
    CHECK (state <> 'free_games' OR round IS NOT NULL),
    CHECK (length(session_id) = 36),
    CHECK (shard = (instr('0123456789abcdef', substr(session_id, 16, 1)) - 1) * 256
                 + (instr('0123456789abcdef', substr(session_id, 17, 1)) - 1) * 16
                 + (instr('0123456789abcdef', substr(session_id, 18, 1)) - 1))
) STRICT;
CREATE INDEX sessions_session_id_idx ON sessions (session_id);
CREATE INDEX sessions_game_id_idx ON sessions (game_id, session_id);
CREATE INDEX sessions_current_wallet_id_idx ON sessions (current_wallet_id, session_id);
CREATE INDEX sessions_idle_check_at_idx ON sessions (idle_check_at) WHERE idle_check_at IS NOT NULL;

CREATE TABLE gameplay_events (
    event_id    TEXT NOT NULL,
    session_id  TEXT NOT NULL,
    shard       INTEGER NOT NULL,
    seq         INTEGER NOT NULL CHECK (seq > 0),
    action      TEXT NOT NULL CHECK (json_valid(action)),
    result      TEXT NOT NULL CHECK (json_valid(result)),
    "timestamp" TEXT NOT NULL CHECK (length("timestamp") = 24),
    reward      REAL NOT NULL,
    hash        BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (event_id, shard, "timestamp"),
    FOREIGN KEY (shard, session_id) REFERENCES sessions (shard, session_id),
    CHECK (length(event_id) = 36),
    CHECK (shard = (instr('0123456789abcdef', substr(event_id, 16, 1)) - 1) * 256
                 + (instr('0123456789abcdef', substr(event_id, 17, 1)) - 1) * 16
                 + (instr('0123456789abcdef', substr(event_id, 18, 1)) - 1))
) STRICT;
CREATE INDEX gameplay_events_session_id_timestamp_idx ON gameplay_events (session_id, "timestamp", seq);

CREATE TABLE rl_store (
    id          TEXT NOT NULL,
    session_id  TEXT NOT NULL CHECK (length(session_id) = 36),
    shard       INTEGER NOT NULL,
    seq         INTEGER NOT NULL CHECK (seq > 0),
    state       TEXT NOT NULL CHECK (json_valid(state)),
    action      TEXT NOT NULL CHECK (json_valid(action)),
    reward      REAL NOT NULL,
    next_state  TEXT NOT NULL CHECK (json_valid(next_state)),
    done        INTEGER NOT NULL CHECK (done IN (0, 1) AND done = (terminated OR truncated)),
    terminated  INTEGER NOT NULL CHECK (terminated IN (0, 1)),
    truncated   INTEGER NOT NULL CHECK (truncated IN (0, 1) AND NOT (terminated AND truncated)),
    created_at  TEXT NOT NULL CHECK (length(created_at) = 24),
    PRIMARY KEY (id, shard, created_at),
    CHECK (length(id) = 36),
    CHECK (shard = (instr('0123456789abcdef', substr(id, 16, 1)) - 1) * 256
                 + (instr('0123456789abcdef', substr(id, 17, 1)) - 1) * 16
                 + (instr('0123456789abcdef', substr(id, 18, 1)) - 1))
) STRICT;
CREATE INDEX rl_store_session_id_created_at_idx ON rl_store (session_id, created_at, seq);

CREATE TABLE wallet_operations (
    operation_id TEXT NOT NULL,
    wallet_id    TEXT NOT NULL,
    shard        INTEGER NOT NULL,
    type         TEXT NOT NULL CHECK (type IN ('deposit', 'withdraw', 'set_daily_limit')),
    amount       INTEGER NOT NULL CHECK (amount >= 0),
    "timestamp"  TEXT NOT NULL CHECK (length("timestamp") = 24),
    PRIMARY KEY (operation_id, shard),
    FOREIGN KEY (shard, wallet_id) REFERENCES wallets (shard, wallet_id),
    CHECK (length(operation_id) = 36),
    CHECK (shard = (instr('0123456789abcdef', substr(operation_id, 16, 1)) - 1) * 256
                 + (instr('0123456789abcdef', substr(operation_id, 17, 1)) - 1) * 16
                 + (instr('0123456789abcdef', substr(operation_id, 18, 1)) - 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX wallet_operations_wallet_id_idx ON wallet_operations (wallet_id);

-- An entry is both sides of a double entry: `amount` to the wallet, `-amount` to the account.
CREATE TABLE ledger_entries (
    entry_id       TEXT NOT NULL,
    wallet_id      TEXT NOT NULL,
    shard          INTEGER NOT NULL,
    seq            INTEGER NOT NULL CHECK (seq > 0),
    account        TEXT NOT NULL CHECK (account IN ('house', 'fees', 'cashier')),
    kind           TEXT NOT NULL CHECK (kind IN ('stake', 'payout', 'refund', 'fee', 'deposit', 'withdrawal')),
    amount         INTEGER NOT NULL CHECK (amount <> 0),
    balance_before INTEGER NOT NULL CHECK (balance_before >= 0),
    balance_after  INTEGER NOT NULL CHECK (balance_after >= 0 AND balance_after = balance_before + amount),
    event_id       TEXT CHECK (length(event_id) = 36),
    operation_id   TEXT CHECK (length(operation_id) = 36),
    "timestamp"    TEXT NOT NULL CHECK (length("timestamp") = 24),
    PRIMARY KEY (shard, wallet_id, seq),
    FOREIGN KEY (shard, wallet_id) REFERENCES wallets (shard, wallet_id),
    CHECK ((event_id IS NULL) <> (operation_id IS NULL)),
    CHECK (length(entry_id) = 36),
    CHECK (shard = (instr('0123456789abcdef', substr(entry_id, 16, 1)) - 1) * 256
                 + (instr('0123456789abcdef', substr(entry_id, 17, 1)) - 1) * 16
                 + (instr('0123456789abcdef', substr(entry_id, 18, 1)) - 1))
) STRICT, WITHOUT ROWID;

-- `value` is an exact decimal in text, since SQLite's own numbers would round a large amount: a count
-- such as 42, or credits such as 12.5000. CAST(value AS REAL) makes a number of it for a chart.
CREATE TABLE metrics (
    session_id  TEXT NOT NULL,
    shard       INTEGER NOT NULL,
    key         TEXT NOT NULL,
    value       TEXT NOT NULL CHECK (value GLOB '*[0-9]' AND ltrim(value, '-') NOT GLOB '*[^0-9.]*'),
    recorded_at TEXT NOT NULL CHECK (length(recorded_at) = 24),
    PRIMARY KEY (shard, session_id, key, recorded_at),
    CHECK (length(session_id) = 36),
    CHECK (shard = (instr('0123456789abcdef', substr(session_id, 16, 1)) - 1) * 256
                 + (instr('0123456789abcdef', substr(session_id, 17, 1)) - 1) * 16
                 + (instr('0123456789abcdef', substr(session_id, 18, 1)) - 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency_keys (
    key        TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    shard      INTEGER NOT NULL CHECK (shard BETWEEN 0 AND 4095),
    request    BLOB NOT NULL CHECK (length(request) = 32),
    answer     TEXT NOT NULL CHECK (json_valid(answer)),
    created_at TEXT NOT NULL CHECK (length(created_at) = 24),
    PRIMARY KEY (shard, key),
    CONSTRAINT idempotency_keys_key_unique UNIQUE (key)
) STRICT;

CREATE TRIGGER gameplay_events_append_only_update BEFORE UPDATE ON gameplay_events
BEGIN
    SELECT RAISE(ABORT, 'gameplay_events is append-only: UPDATE refused');
END;

CREATE TRIGGER gameplay_events_append_only_delete BEFORE DELETE ON gameplay_events
BEGIN
    SELECT RAISE(ABORT, 'gameplay_events is append-only: DELETE refused');
END;

CREATE TRIGGER rl_store_append_only_update BEFORE UPDATE ON rl_store
BEGIN
    SELECT RAISE(ABORT, 'rl_store is append-only: UPDATE refused');
END;

CREATE TRIGGER rl_store_append_only_delete BEFORE DELETE ON rl_store
BEGIN
    SELECT RAISE(ABORT, 'rl_store is append-only: DELETE refused');
END;

CREATE TRIGGER ledger_entries_append_only_update BEFORE UPDATE ON ledger_entries
BEGIN
    SELECT RAISE(ABORT, 'ledger_entries is append-only: UPDATE refused');
END;

CREATE TRIGGER ledger_entries_append_only_delete BEFORE DELETE ON ledger_entries
BEGIN
    SELECT RAISE(ABORT, 'ledger_entries is append-only: DELETE refused');
END;

CREATE TRIGGER wallet_operations_append_only_update BEFORE UPDATE ON wallet_operations
BEGIN
    SELECT RAISE(ABORT, 'wallet_operations is append-only: UPDATE refused');
END;

CREATE TRIGGER wallet_operations_append_only_delete BEFORE DELETE ON wallet_operations
BEGIN
    SELECT RAISE(ABORT, 'wallet_operations is append-only: DELETE refused');
END;
