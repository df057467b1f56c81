//! Tests across the whole: HTTP to database.
