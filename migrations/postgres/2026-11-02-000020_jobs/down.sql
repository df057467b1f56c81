DROP TRIGGER immutable ON games;
DROP FUNCTION refuse_change_of_game();
DROP TABLE jobs;
DROP FUNCTION refuse_change_of_ended_job();
