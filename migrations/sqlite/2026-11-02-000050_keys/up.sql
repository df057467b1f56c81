-- Keys, and whose wallets and sessions are. A key is never deleted, so that what it owns stays its own.

CREATE TABLE api_keys (
    key_id     TEXT NOT NULL PRIMARY KEY CHECK (length(key_id) = 36),
    name       TEXT NOT NULL CHECK (name <> ''),
    role       TEXT NOT NULL CHECK (role IN ('read', 'play', 'admin')),
    -- SHA-256 of the token, which is nowhere else than with whoever it was shown to.
    digest     BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    created_at TEXT NOT NULL CHECK (length(created_at) = 24),
    expires_at TEXT CHECK (length(expires_at) = 24 AND expires_at > created_at),
    revoked_at TEXT CHECK (length(revoked_at) = 24)
) STRICT;

CREATE TRIGGER api_keys_stay BEFORE UPDATE ON api_keys
WHEN OLD.revoked_at IS NOT NULL
    OR NEW.key_id IS NOT OLD.key_id OR NEW.name IS NOT OLD.name OR NEW.role IS NOT OLD.role
    OR NEW.digest IS NOT OLD.digest OR NEW.created_at IS NOT OLD.created_at OR NEW.expires_at IS NOT OLD.expires_at
BEGIN
    SELECT RAISE(ABORT, 'a key never changes but to be revoked, once: UPDATE refused');
END;

CREATE TRIGGER api_keys_are_kept BEFORE DELETE ON api_keys
BEGIN
    SELECT RAISE(ABORT, 'a key never changes but to be revoked, once: DELETE refused');
END;

-- The play key that opened it; none for what is older than keys, or of nobody in particular.
ALTER TABLE wallets ADD COLUMN owner TEXT REFERENCES api_keys (key_id);
ALTER TABLE sessions ADD COLUMN owner TEXT REFERENCES api_keys (key_id);

CREATE INDEX wallets_owner_idx ON wallets (owner, wallet_id) WHERE owner IS NOT NULL;
CREATE INDEX sessions_owner_idx ON sessions (owner, session_id) WHERE owner IS NOT NULL;
