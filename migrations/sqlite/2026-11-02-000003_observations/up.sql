-- What was counted of each game's events, and how far each session has been read for it. Both are written in one
-- transaction, so that every event counts once; both can be counted anew from the events.

CREATE TABLE game_observations (
    game_id        TEXT NOT NULL PRIMARY KEY REFERENCES games (game_id) CHECK (length(game_id) = 36),
    -- Goes up by one with every write: a writer that knows an older one is too late.
    revision       INTEGER NOT NULL CHECK (revision > 0),
    tally          TEXT NOT NULL CHECK (json_valid(tally)),
    -- The session to go on after: sessions are read in turn.
    after_session  TEXT CHECK (length(after_session) = 36),
    as_of          TEXT NOT NULL CHECK (length(as_of) = 24),
    -- When the return was last found to drift.
    drift_alarm_at TEXT CHECK (length(drift_alarm_at) = 24)
) STRICT;

-- No reference to sessions, as on PostgreSQL.
CREATE TABLE session_observations (
    session_id TEXT NOT NULL,
    shard      INTEGER NOT NULL,
    seq        INTEGER NOT NULL CHECK (seq > 0),
    PRIMARY KEY (shard, session_id),
    CHECK (length(session_id) = 36),
    CHECK (shard = (instr('0123456789abcdef', substr(session_id, 16, 1)) - 1) * 256
                 + (instr('0123456789abcdef', substr(session_id, 17, 1)) - 1) * 16
                 + (instr('0123456789abcdef', substr(session_id, 18, 1)) - 1))
) STRICT;
