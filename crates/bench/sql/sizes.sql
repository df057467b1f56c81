-- How large the rows of each table are, with their indexes, and how much of it is indexes. Run it after real play, and
-- after a VACUUM: psql "$DATABASE_URL" -f crates/bench/sql/sizes.sql
WITH tables (name) AS (
    VALUES ('wallets'), ('sessions'), ('gameplay_events'), ('rl_store'), ('ledger_entries'), ('wallet_operations'),
           ('metrics'), ('idempotency_keys'), ('session_observations')
), stored (name, part) AS (
    -- A table is stored in its partitions, or in itself.
    SELECT name, name::regclass FROM tables UNION SELECT name, relid FROM tables, pg_partition_tree(name::regclass)
), sizes AS (
    SELECT name, sum(pg_total_relation_size(part)) AS bytes, sum(pg_indexes_size(part)) AS index_bytes,
           sum((xpath('/row/n/text()',
                      query_to_xml('SELECT count(*) AS n FROM ONLY ' || part, false, true, '')))[1]::text::bigint) AS rows
    FROM stored GROUP BY name
)
SELECT name AS "table", rows, pg_size_pretty(bytes) AS size,
       round(bytes / nullif(rows, 0)) AS "bytes a row", round(index_bytes / nullif(rows, 0)) AS "of them indexes"
FROM sizes ORDER BY bytes DESC;
