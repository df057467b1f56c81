DROP FUNCTION check_updated(bigint[], bigint[]);
