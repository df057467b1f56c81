-- What a session's events are worth, and whether its caller chose the seed of its draws.
ALTER TABLE sessions ADD COLUMN reward TEXT NOT NULL DEFAULT 'net'
    CHECK (reward IN ('net', 'net_per_stake', 'log_bankroll', 'spins'));
ALTER TABLE sessions ADD COLUMN training INTEGER NOT NULL DEFAULT 0 CHECK (training IN (0, 1));
