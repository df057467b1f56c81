-- How many rows each update of a batch has changed, if it is as many as expected. Else somebody else has written one
-- of them since its writer saw it, and the batch is to be decided anew.
CREATE FUNCTION check_updated(updated bigint[], expected bigint[]) RETURNS bigint[] LANGUAGE plpgsql AS $$
BEGIN
    IF updated <> expected THEN
        RAISE EXCEPTION '% rows were there to be updated where % were expected', updated, expected
            USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN updated;
END
$$;
