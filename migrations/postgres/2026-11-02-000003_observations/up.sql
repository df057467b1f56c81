-- What was counted of each game's events, and how far each session has been read for it. Both are written in one
-- transaction, so that every event counts once; both can be counted anew from the events.

CREATE TABLE game_observations (
    game_id        uuid PRIMARY KEY REFERENCES games (game_id),
    -- Goes up by one with every write: a writer that knows an older one is too late.
    revision       bigint NOT NULL CHECK (revision > 0),
    tally          jsonb NOT NULL,
    -- The session to go on after: sessions are read in turn.
    after_session  uuid,
    as_of          timestamptz NOT NULL,
    -- When the return was last found to drift.
    drift_alarm_at timestamptz
);

-- No reference to sessions: its check would lock the row of a session against its own actions.
CREATE TABLE session_observations (
    session_id uuid NOT NULL,
    shard      smallint NOT NULL,
    seq        bigint NOT NULL CHECK (seq > 0),
    PRIMARY KEY (shard, session_id),
    CHECK (shard = (get_byte(uuid_send(session_id), 6) & 15) * 256 + get_byte(uuid_send(session_id), 7))
) WITH (fillfactor = 70);
