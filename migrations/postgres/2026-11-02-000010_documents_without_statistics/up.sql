-- No query looks for a document by what is in it, so the planner needs to know nothing of their values. ANALYZE sorts
-- a sample of each column; sorting documents was a fifth of what the database did under load.
-- Citus does not take the command for a distributed table.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
        RETURN;
    END IF;
    ALTER TABLE wallets ALTER COLUMN cost_rate SET STATISTICS 0;
    ALTER TABLE sessions ALTER COLUMN player_profile SET STATISTICS 0, ALTER COLUMN metrics SET STATISTICS 0,
        ALTER COLUMN round SET STATISTICS 0, ALTER COLUMN observation SET STATISTICS 0;
    ALTER TABLE gameplay_events ALTER COLUMN action SET STATISTICS 0, ALTER COLUMN result SET STATISTICS 0;
    ALTER TABLE rl_store ALTER COLUMN state SET STATISTICS 0, ALTER COLUMN action SET STATISTICS 0,
        ALTER COLUMN next_state SET STATISTICS 0;
    ALTER TABLE idempotency_keys ALTER COLUMN answer SET STATISTICS 0;
END
$$;
