CREATE INDEX gameplay_events_session_id_timestamp_idx ON gameplay_events (session_id, "timestamp", seq);
DROP INDEX gameplay_events_session_id_seq_timestamp_idx;
CREATE INDEX rl_store_session_id_created_at_idx ON rl_store (session_id, created_at, seq);
DROP INDEX rl_store_session_id_seq_created_at_idx;
