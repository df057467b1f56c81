DROP TABLE game_tallies;
ALTER TABLE session_observations DROP COLUMN tally;
