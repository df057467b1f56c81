-- Entries lie in the order in which they were written already.
SELECT 1;
