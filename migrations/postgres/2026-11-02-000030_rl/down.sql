ALTER TABLE sessions DROP COLUMN training, DROP COLUMN reward;
