ALTER TABLE sessions DROP COLUMN training;
ALTER TABLE sessions DROP COLUMN reward;
