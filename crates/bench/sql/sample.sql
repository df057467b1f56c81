-- The documents of one real spin of six rows, of middling size: what pgbench writes over and over.
WITH spins AS (
    SELECT e.action, e.result, e.reward, e.hash, s.metrics, s.observation, r.state, r.action AS rl_action, r.next_state,
        octet_length(e.result::text) AS size
    FROM gameplay_events e
    JOIN rl_store r ON r.id = e.event_id
    JOIN sessions s ON s.session_id = e.session_id AND s.last_seq = e.seq
    WHERE s.state = 'playing' AND (SELECT count(*) FROM ledger_entries l WHERE l.event_id = e.event_id) = 2
)
SELECT json_build_object(
    'action', action::text, 'result', result::text, 'reward', reward::text, 'hash', hash::text,
    'metrics', metrics::text, 'observation', observation::text,
    'state', state::text, 'rl_action', rl_action::text, 'next_state', next_state::text)
FROM spins ORDER BY size OFFSET (SELECT count(*) / 2 FROM spins) LIMIT 1
