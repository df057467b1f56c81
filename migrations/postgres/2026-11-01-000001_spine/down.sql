DROP TABLE idempotency_keys, metrics, ledger_entries, wallet_operations, rl_store, gameplay_events, sessions, wallets, games;
DROP FUNCTION refuse_change();
DROP TYPE session_state;
