//! Archives: months of the append-only tables, moved from the database to files.
//!
//! A manifest tells what is in the files of a month. The database keeps the manifest's digest, so that a file
//! that was changed, or belongs to another database, is never taken for what was archived.

mod manifest;
mod month;
mod row;

pub use manifest::{Archive, ArchivedTable, Manifest, RowName, Table};
pub use month::{Month, MonthError};
pub use row::{Cell, Column, Kind, RowsDigest};
