ALTER TABLE sessions DROP COLUMN owner;
ALTER TABLE wallets DROP COLUMN owner;
DROP TABLE api_keys;
DROP FUNCTION refuse_change_of_key();
