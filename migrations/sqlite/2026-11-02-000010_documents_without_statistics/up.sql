-- SQLite gathers statistics only when it is told to, and nobody tells it.
SELECT 1;
