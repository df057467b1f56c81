-- Many spins, each of another session, in one statement: the floor of what their rows cost.
\set first random(0, :seats - :spins)
\set last :first + :spins - 1
\set bits random(0, 1152921504506846976)
WITH s AS (
    UPDATE sessions s SET state = 'playing', metrics = :metrics, nonce = s.nonce + 1, round = NULL,
        observation = :observation, last_seq = s.last_seq + 1, chain_head = :hash, updated_at = now()
    FROM bench.seats b
    WHERE b.n BETWEEN :first AND :last AND s.shard = b.shard AND s.session_id = b.session_id
    RETURNING s.shard, s.session_id, b.wallet_id, s.last_seq AS seq, b.n,
        bench.id(s.shard, :bits::bigint + b.n * 3) AS event_id
), w AS (
    UPDATE wallets w SET balance = w.balance - 1.01, spent = w.spent + 1.01, ledger_seq = w.ledger_seq + 2,
        updated_at = now()
    FROM s
    WHERE w.shard = s.shard AND w.wallet_id = s.wallet_id
    RETURNING w.shard, w.wallet_id, w.balance, w.ledger_seq, s.n, s.event_id
), e AS (
    INSERT INTO gameplay_events (event_id, session_id, shard, seq, action, result, "timestamp", reward, hash)
    SELECT event_id, session_id, shard, seq, :action::jsonb, :result::jsonb, now(), :reward::float8, :hash::bytea FROM s
), r AS (
    INSERT INTO rl_store (id, session_id, shard, seq, state, action, reward, next_state, done, terminated, truncated,
        created_at)
    SELECT event_id, session_id, shard, seq, :state::jsonb, :rl_action::jsonb, :reward::float8, :next_state::jsonb,
        false, false, false, now()
    FROM s
)
INSERT INTO ledger_entries (entry_id, wallet_id, shard, seq, account, kind, amount, balance_before, balance_after,
    event_id, "timestamp")
SELECT bench.id(w.shard, :bits::bigint + w.n * 3 + 1), w.wallet_id, w.shard, w.ledger_seq - 1, 'house', 'stake', -1.00,
    w.balance + 1.01, w.balance + 0.01, w.event_id, now()
FROM w
UNION ALL
SELECT bench.id(w.shard, :bits::bigint + w.n * 3 + 2), w.wallet_id, w.shard, w.ledger_seq, 'fees', 'fee', -0.01,
    w.balance + 0.01, w.balance, w.event_id, now()
FROM w;
