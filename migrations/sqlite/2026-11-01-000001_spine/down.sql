-- Children first: foreign keys are on. The triggers go with their tables.
DROP TABLE idempotency_keys;
DROP TABLE metrics;
DROP TABLE ledger_entries;
DROP TABLE wallet_operations;
DROP TABLE rl_store;
DROP TABLE gameplay_events;
DROP TABLE sessions;
DROP TABLE wallets;
DROP TABLE games;
