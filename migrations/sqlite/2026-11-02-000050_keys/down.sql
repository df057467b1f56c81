DROP INDEX sessions_owner_idx;
DROP INDEX wallets_owner_idx;
ALTER TABLE sessions DROP COLUMN owner;
ALTER TABLE wallets DROP COLUMN owner;
DROP TRIGGER api_keys_are_kept;
DROP TABLE api_keys;
