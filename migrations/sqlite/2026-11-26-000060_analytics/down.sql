DROP TABLE game_tallies;
DELETE FROM game_observations;
DROP TABLE session_observations;
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
