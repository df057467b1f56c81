DROP TRIGGER games_immutable;
DROP TABLE jobs;
