//! Archived months: Parquet files with a manifest, written and verified here, and read beside the live store.
//!
//! The readers stand before a live store's repositories and give the rows of both in one order, so that nobody
//! else has to know where a row is.

mod columns;
mod error;
mod experience;
mod folder;
mod library;
mod record;
mod select;
mod sessions;
#[cfg(test)]
mod tests;
mod writer;

pub use error::ArchiveError;
pub use experience::ArchivedExperience;
pub use folder::Folder;
pub use library::Library;
pub use sessions::ArchivedSessions;
pub use writer::TableWriter;
