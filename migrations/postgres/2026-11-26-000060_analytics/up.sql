-- What each game came to by hour, by day and in all, and what each session came to, as far as events were counted.
--
-- Both are written with the observation that the same events were counted for. What was counted before knew
-- neither, so it is counted anew from the events.

DELETE FROM session_observations;
DELETE FROM game_observations;

ALTER TABLE session_observations
    ADD COLUMN tally jsonb NOT NULL;

CREATE TABLE game_tallies (
    game_id   uuid NOT NULL REFERENCES games (game_id),
    span      text NOT NULL CHECK (span IN ('hour', 'day', 'all')),
    starts_at timestamptz NOT NULL,
    tally     jsonb NOT NULL,
    PRIMARY KEY (game_id, span, starts_at)
);
