-- Entries lie in the order in which they were written, and their key finds them.
--
-- In the order of their key, the entries of one batch of actions lie on as many pages as it has wallets, few on a page,
-- and every one of these pages is written for each.

CREATE TABLE ledger_entries_new (
    entry_id       TEXT NOT NULL,
    wallet_id      TEXT NOT NULL,
    shard          INTEGER NOT NULL,
    seq            INTEGER NOT NULL CHECK (seq > 0),
    account        TEXT NOT NULL CHECK (account IN ('house', 'fees', 'cashier')),
    kind           TEXT NOT NULL CHECK (kind IN ('stake', 'payout', 'refund', 'fee', 'deposit', 'withdrawal')),
    amount         INTEGER NOT NULL CHECK (amount <> 0),
    balance_before INTEGER NOT NULL CHECK (balance_before >= 0),
    balance_after  INTEGER NOT NULL CHECK (balance_after >= 0 AND balance_after = balance_before + amount),
    event_id       TEXT CHECK (length(event_id) = 36),
    operation_id   TEXT CHECK (length(operation_id) = 36),
    "timestamp"    TEXT NOT NULL CHECK (length("timestamp") = 24),
    PRIMARY KEY (shard, wallet_id, seq),
    FOREIGN KEY (shard, wallet_id) REFERENCES wallets (shard, wallet_id),
    CHECK ((event_id IS NULL) <> (operation_id IS NULL)),
    CHECK (length(entry_id) = 36),
    CHECK (shard = (instr('0123456789abcdef', substr(entry_id, 16, 1)) - 1) * 256
                 + (instr('0123456789abcdef', substr(entry_id, 17, 1)) - 1) * 16
                 + (instr('0123456789abcdef', substr(entry_id, 18, 1)) - 1))
) STRICT;
INSERT INTO ledger_entries_new SELECT * FROM ledger_entries ORDER BY "timestamp", shard, wallet_id, seq;
DROP TABLE ledger_entries;
ALTER TABLE ledger_entries_new RENAME TO ledger_entries;

CREATE TRIGGER ledger_entries_append_only_update BEFORE UPDATE ON ledger_entries
BEGIN
    SELECT RAISE(ABORT, 'ledger_entries is append-only: UPDATE refused');
END;

CREATE TRIGGER ledger_entries_append_only_delete BEFORE DELETE ON ledger_entries
BEGIN
    SELECT RAISE(ABORT, 'ledger_entries is append-only: DELETE refused');
END;
