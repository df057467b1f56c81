-- Months of gameplay_events and rl_store that were moved to files. Few, so there is no shard: on a distributed
-- database every machine has them.

CREATE TABLE archives (
    month       date PRIMARY KEY CHECK (extract(day FROM month) = 1),
    -- The manifest's file in the folder of archives, and its digest: no other file is taken for it.
    manifest    text NOT NULL,
    sha256      bytea NOT NULL CHECK (octet_length(sha256) = 32),
    rows        bigint NOT NULL CHECK (rows >= 0),
    archived_at timestamptz NOT NULL
);

-- A partition takes no more rows while it is written to files. The code says to try again: once it is dropped,
-- such a row goes to the default partition.
CREATE FUNCTION refuse_late_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is being archived and takes no more rows', TG_TABLE_NAME USING ERRCODE = 'lock_not_available';
END
$$;
