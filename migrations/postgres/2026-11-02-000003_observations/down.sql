DROP TABLE session_observations, game_observations;
