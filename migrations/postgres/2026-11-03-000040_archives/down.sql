-- Without the table nobody would know that rows are elsewhere.
DO $$
BEGIN
    IF EXISTS (SELECT FROM archives) THEN
        RAISE EXCEPTION 'months are archived: restore them first' USING ERRCODE = 'restrict_violation';
    END IF;
END
$$;
DROP TABLE archives;
DROP FUNCTION refuse_late_row() CASCADE;
