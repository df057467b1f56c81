-- The program counts the rows of each update itself.
SELECT 1;
