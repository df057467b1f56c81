-- Jobs: long computations that run beside play.
--
-- Few and looked at as a whole, so there is no shard here: like `games`, this is a table that a distributed
-- database would have whole on every node.

CREATE TABLE jobs (
    job_id      uuid PRIMARY KEY,
    game_id     uuid NOT NULL REFERENCES games (game_id),
    kind        text NOT NULL CHECK (kind IN ('simulation', 'profile')),
    request     jsonb NOT NULL,
    state       text NOT NULL CHECK (state IN ('queued', 'running', 'completed', 'failed', 'cancelled')),
    progress    jsonb NOT NULL,
    checkpoint  jsonb,
    result      jsonb,
    failure     jsonb,
    lapses      bigint NOT NULL CHECK (lapses >= 0),
    -- The token of the claim, new for each, so that a worker that another one has followed writes nothing.
    lease_owner uuid,
    lease_until timestamptz,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    CHECK ((state = 'running') = (lease_owner IS NOT NULL)),
    CHECK ((lease_owner IS NULL) = (lease_until IS NULL)),
    CHECK (result IS NULL OR state = 'completed'),
    CHECK ((state = 'failed') = (failure IS NOT NULL))
);
CREATE INDEX jobs_kind_job_id_idx ON jobs (kind, job_id);
CREATE INDEX jobs_game_id_idx ON jobs (game_id, kind, job_id);
CREATE INDEX jobs_open_idx ON jobs (kind, job_id) WHERE state IN ('queued', 'running');

CREATE FUNCTION refuse_change_of_ended_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('completed', 'failed', 'cancelled') THEN
        RAISE EXCEPTION 'a job that has ended never changes: UPDATE refused' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER ended_jobs_stay BEFORE UPDATE ON jobs FOR EACH ROW EXECUTE FUNCTION refuse_change_of_ended_job();

-- A game never changes, but for the profile that takes the place of one that says it is still to come
-- (`pending`) or that the declared one was wrong (`rejected`).
CREATE FUNCTION refuse_change_of_game() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.statistical_profile ->> 'method' IN ('pending', 'rejected')
        AND (NEW.game_id, NEW.name, NEW.rng_signature, NEW.symbol_map, NEW.fingerprint, NEW.created_at)
            IS NOT DISTINCT FROM
            (OLD.game_id, OLD.name, OLD.rng_signature, OLD.symbol_map, OLD.fingerprint, OLD.created_at)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'games are immutable: UPDATE refused' USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER immutable BEFORE UPDATE ON games FOR EACH ROW EXECUTE FUNCTION refuse_change_of_game();
