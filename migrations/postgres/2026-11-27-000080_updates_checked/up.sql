-- How many rows the updates of a batch found, if it is as many as expected. Else somebody else has written one of
-- them since its writer saw it, and the batch is to be decided anew.
CREATE FUNCTION check_updated(found bigint[], expected bigint[]) RETURNS bigint[] LANGUAGE plpgsql AS $$
BEGIN
    IF found <> expected THEN
        RAISE EXCEPTION '% rows were there to be updated where % were expected', found, expected
            USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN found;
END
$$;
