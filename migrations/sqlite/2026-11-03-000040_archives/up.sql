-- A SQLite file has no partitions, so nothing of it is archived.
SELECT 1;
