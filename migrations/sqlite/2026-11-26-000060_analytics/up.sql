-- What each game came to by hour, by day and in all, and what each session came to, as far as events were counted.
--
-- Both are written with the observation that the same events were counted for. What was counted before knew
-- neither, so it is counted anew from the events.

DELETE FROM game_observations;

DROP TABLE session_observations;
CREATE TABLE session_observations (
    session_id TEXT NOT NULL,
    shard      INTEGER NOT NULL,
    seq        INTEGER NOT NULL CHECK (seq > 0),
    tally      TEXT NOT NULL CHECK (json_valid(tally)),
    PRIMARY KEY (shard, session_id),
    CHECK (length(session_id) = 36),
    CHECK (shard = (instr('0123456789abcdef', substr(session_id, 16, 1)) - 1) * 256
                 + (instr('0123456789abcdef', substr(session_id, 17, 1)) - 1) * 16
                 + (instr('0123456789abcdef', substr(session_id, 18, 1)) - 1))
) STRICT;

CREATE TABLE game_tallies (
    game_id   TEXT NOT NULL REFERENCES games (game_id) CHECK (length(game_id) = 36),
    span      TEXT NOT NULL CHECK (span IN ('hour', 'day', 'all')),
    starts_at TEXT NOT NULL CHECK (length(starts_at) = 24),
    tally     TEXT NOT NULL CHECK (json_valid(tally)),
    PRIMARY KEY (game_id, span, starts_at)
) STRICT, WITHOUT ROWID;
