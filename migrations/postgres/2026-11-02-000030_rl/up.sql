-- What a session's events are worth, and whether its caller chose the seed of its draws.
ALTER TABLE sessions
    ADD COLUMN reward text NOT NULL DEFAULT 'net' CHECK (reward IN ('net', 'net_per_stake', 'log_bankroll', 'spins')),
    ADD COLUMN training boolean NOT NULL DEFAULT false;
