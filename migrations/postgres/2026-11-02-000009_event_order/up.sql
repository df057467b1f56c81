-- Within a session the order of `seq` is that of time. With `seq` before the time, a page anywhere in a long session
-- is one stretch of the index; behind it, everything before the page had to be passed over.
CREATE INDEX gameplay_events_session_id_seq_timestamp_idx ON gameplay_events (session_id, seq, "timestamp");
DROP INDEX gameplay_events_session_id_timestamp_idx;
CREATE INDEX rl_store_session_id_seq_created_at_idx ON rl_store (session_id, seq, created_at);
DROP INDEX rl_store_session_id_created_at_idx;
