DROP TABLE session_observations;
DROP TABLE game_observations;
