-- Keys, and whose wallets and sessions are.
--
-- Few and looked at as a whole, so there is no shard here: like `games`, this is a table that a distributed
-- database would have whole on every node. A key is never deleted, so that what it owns stays its own.

CREATE TABLE api_keys (
    key_id     uuid PRIMARY KEY,
    name       text NOT NULL CHECK (name <> ''),
    role       text NOT NULL CHECK (role IN ('read', 'play', 'admin')),
    -- SHA-256 of the token, which is nowhere else than with whoever it was shown to.
    digest     bytea NOT NULL CHECK (octet_length(digest) = 32),
    created_at timestamptz NOT NULL,
    expires_at timestamptz CHECK (expires_at > created_at),
    revoked_at timestamptz,
    CONSTRAINT api_keys_digest_unique UNIQUE (digest)
);

CREATE FUNCTION refuse_change_of_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.revoked_at IS NULL
        AND (NEW.key_id, NEW.name, NEW.role, NEW.digest, NEW.created_at, NEW.expires_at)
            IS NOT DISTINCT FROM
            (OLD.key_id, OLD.name, OLD.role, OLD.digest, OLD.created_at, OLD.expires_at)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a key never changes but to be revoked, once: % refused', TG_OP
        USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER keys_stay BEFORE UPDATE OR DELETE ON api_keys FOR EACH ROW EXECUTE FUNCTION refuse_change_of_key();

-- The play key that opened it; none for what is older than keys, or of nobody in particular.
ALTER TABLE wallets
    ADD COLUMN owner uuid REFERENCES api_keys (key_id);
ALTER TABLE sessions
    ADD COLUMN owner uuid REFERENCES api_keys (key_id);

CREATE INDEX wallets_owner_idx ON wallets (owner, wallet_id) WHERE owner IS NOT NULL;
CREATE INDEX sessions_owner_idx ON sessions (owner, session_id) WHERE owner IS NOT NULL;
