//! Diesel table definitions of both databases, alone, so that a query edit rebuilds little.

pub mod postgres;
pub mod sqlite;
