-- One spin as a transaction of ten plain statements. Each client has seats of its own, as each HTTP client has.
\set n :client_id + :clients * random(0, :per_client - 1)
\set bits random(0, 1152921504606846973)
\set bits1 :bits + 1
\set bits2 :bits + 2
BEGIN;
SELECT b.session_id, b.wallet_id, b.shard, s.last_seq + 1 AS seq, bench.id(b.shard, :bits) AS event_id, bench.id(b.shard, :bits1) AS stake_id, bench.id(b.shard, :bits2) AS fee_id FROM bench.seats b JOIN sessions s ON s.shard = b.shard AND s.session_id = b.session_id WHERE b.n = :n FOR UPDATE OF s \gset
SELECT balance, ledger_seq FROM wallets WHERE shard = :shard AND wallet_id = :wallet_id FOR UPDATE \gset
UPDATE sessions SET state = 'playing', metrics = :metrics, nonce = nonce + 1, round = NULL, observation = :observation, last_seq = :seq, chain_head = :hash, updated_at = now() WHERE shard = :shard AND session_id = :session_id;
UPDATE wallets SET balance = balance - 1.01, spent = spent + 1.01, ledger_seq = ledger_seq + 2, updated_at = now() WHERE shard = :shard AND wallet_id = :wallet_id;
INSERT INTO gameplay_events (event_id, session_id, shard, seq, action, result, "timestamp", reward, hash) VALUES (:event_id, :session_id, :shard, :seq, :action, :result, now(), :reward, :hash);
INSERT INTO rl_store (id, session_id, shard, seq, state, action, reward, next_state, done, terminated, truncated, created_at) VALUES (:event_id, :session_id, :shard, :seq, :state, :rl_action, :reward, :next_state, false, false, false, now());
INSERT INTO ledger_entries (entry_id, wallet_id, shard, seq, account, kind, amount, balance_before, balance_after, event_id, "timestamp") VALUES (:stake_id, :wallet_id, :shard, :ledger_seq + 1::bigint, 'house', 'stake', -1.00, :balance, :balance - 1.00, :event_id, now());
INSERT INTO ledger_entries (entry_id, wallet_id, shard, seq, account, kind, amount, balance_before, balance_after, event_id, "timestamp") VALUES (:fee_id, :wallet_id, :shard, :ledger_seq + 2::bigint, 'fees', 'fee', -0.01, :balance - 1.00, :balance - 1.01, :event_id, now());
COMMIT;
