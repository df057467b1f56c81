-- Readies a played database for more events of the same kind: an id for each, and one spin to copy.
CREATE SCHEMA bench;

CREATE FUNCTION bench.id(shard smallint, bits bigint) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(shard::int), 3, '0')
        || '8' || lpad(to_hex(bits), 15, '0'))::uuid
$$;

CREATE TABLE bench.spin AS
SELECT e.action, e.result, e.reward, e.hash FROM gameplay_events e
ORDER BY octet_length(e.result::text) OFFSET (SELECT count(*) / 2 FROM gameplay_events) LIMIT 1;

CREATE SEQUENCE bench.bits;

-- Rounds of events, one of each session in turn, as they come when all are played at once. Their hashes are no chain:
-- this database is measured and dropped. Called stable, so that the planner takes it apart and nothing is piled up first.
CREATE FUNCTION bench.events(rounds bigint) RETURNS TABLE (
    event_id uuid, session_id uuid, shard smallint, seq bigint, action jsonb, result jsonb, "timestamp" timestamptz,
    reward float8, hash bytea
) LANGUAGE sql STABLE AS $$
    SELECT bench.id(s.shard, nextval('bench.bits')), s.session_id, s.shard, s.seq, spin.action, spin.result,
        date_trunc('milliseconds', now()), spin.reward, spin.hash
    FROM bench.spin, generate_series(1, rounds) AS t (turn)
    CROSS JOIN LATERAL (SELECT session_id, shard, last_seq + t.turn AS seq FROM sessions OFFSET 0) AS s
$$;
