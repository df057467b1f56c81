-- Jobs: long computations that run beside play. Few and looked at as a whole, so there is no shard here.

CREATE TABLE jobs (
    job_id      TEXT NOT NULL PRIMARY KEY CHECK (length(job_id) = 36),
    game_id     TEXT NOT NULL REFERENCES games (game_id),
    kind        TEXT NOT NULL CHECK (kind IN ('simulation', 'profile')),
    request     TEXT NOT NULL CHECK (json_valid(request)),
    state       TEXT NOT NULL CHECK (state IN ('queued', 'running', 'completed', 'failed', 'cancelled')),
    progress    TEXT NOT NULL CHECK (json_valid(progress)),
    checkpoint  TEXT CHECK (json_valid(checkpoint)),
    result      TEXT CHECK (json_valid(result)),
    failure     TEXT CHECK (json_valid(failure)),
    lapses      INTEGER NOT NULL CHECK (lapses >= 0),
    -- The token of the claim, new for each, so that a worker that another one has followed writes nothing.
    lease_owner TEXT CHECK (length(lease_owner) = 36),
    lease_until TEXT CHECK (length(lease_until) = 24),
    created_at  TEXT NOT NULL CHECK (length(created_at) = 24),
    updated_at  TEXT NOT NULL CHECK (length(updated_at) = 24),
    CHECK ((state = 'running') = (lease_owner IS NOT NULL)),
    CHECK ((lease_owner IS NULL) = (lease_until IS NULL)),
    CHECK (result IS NULL OR state = 'completed'),
    CHECK ((state = 'failed') = (failure IS NOT NULL))
) STRICT;
CREATE INDEX jobs_kind_job_id_idx ON jobs (kind, job_id);
CREATE INDEX jobs_game_id_idx ON jobs (game_id, kind, job_id);
CREATE INDEX jobs_open_idx ON jobs (kind, job_id) WHERE state IN ('queued', 'running');

CREATE TRIGGER jobs_ended_stay BEFORE UPDATE ON jobs
WHEN OLD.state IN ('completed', 'failed', 'cancelled')
BEGIN
    SELECT RAISE(ABORT, 'a job that has ended never changes: UPDATE refused');
END;

-- A game never changes, but for the profile that takes the place of one that says it is still to come
-- (`pending`) or that the declared one was wrong (`rejected`).
CREATE TRIGGER games_immutable BEFORE UPDATE ON games
WHEN OLD.statistical_profile ->> 'method' IS NOT 'pending' AND OLD.statistical_profile ->> 'method' IS NOT 'rejected'
    OR NEW.game_id IS NOT OLD.game_id OR NEW.name IS NOT OLD.name
    OR NEW.rng_signature IS NOT OLD.rng_signature OR NEW.symbol_map IS NOT OLD.symbol_map
    OR NEW.fingerprint IS NOT OLD.fingerprint OR NEW.created_at IS NOT OLD.created_at
BEGIN
    SELECT RAISE(ABORT, 'games are immutable: UPDATE refused');
END;
