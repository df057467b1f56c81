-- Readies a copy of a played database for pgbench: numbered seats, ids, and a bare twin of the tables.

CREATE SCHEMA bench;

-- A number for each session that a paid spin may be played in.
CREATE TABLE bench.seats AS
SELECT (row_number() OVER (ORDER BY session_id) - 1)::int AS n, shard, session_id, current_wallet_id AS wallet_id
FROM sessions
WHERE state = 'playing';
ALTER TABLE bench.seats ADD PRIMARY KEY (n);

-- An id of the form that the tables check: the millisecond, version 7, the shard, and random bits.
CREATE FUNCTION bench.id(shard smallint, bits bigint) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(shard::int), 3, '0')
        || '8' || lpad(to_hex(bits), 15, '0'))::uuid
$$;

-- The same columns and primary keys with nothing else: no checks, foreign keys, triggers, partitions or further indexes.
CREATE SCHEMA bare;
CREATE TABLE bare.wallets WITH (fillfactor = 70) AS TABLE wallets;
CREATE TABLE bare.sessions WITH (fillfactor = 70) AS TABLE sessions;
CREATE TABLE bare.gameplay_events AS TABLE gameplay_events WITH NO DATA;
CREATE TABLE bare.rl_store AS TABLE rl_store WITH NO DATA;
CREATE TABLE bare.ledger_entries AS TABLE ledger_entries WITH NO DATA;
ALTER TABLE bare.wallets ADD PRIMARY KEY (shard, wallet_id);
ALTER TABLE bare.sessions ADD PRIMARY KEY (shard, session_id);
ALTER TABLE bare.gameplay_events ADD PRIMARY KEY (shard, event_id, "timestamp");
ALTER TABLE bare.rl_store ADD PRIMARY KEY (shard, id, created_at);
ALTER TABLE bare.ledger_entries ADD PRIMARY KEY (shard, wallet_id, seq);
