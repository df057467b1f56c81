//! Writers of reinforcement-learning datasets: NDJSON, Arrow, Parquet, npz and Minari.
//!
//! A [`Writer`] takes rows episode by episode and writes to a sink as it goes. None holds more than a batch
//! or an episode in memory; npz, whose arrays say their length first, is spooled to temporary files.

mod arrow;
mod columns;
mod error;
mod format;
mod manifest;
mod minari;
mod ndjson;
mod npz;
mod parquet;
mod row;

pub use error::WriteError;
pub use format::{Format, NpzKeys};
pub use manifest::{ContentHash, DatasetGame, Filter, Manifest, Origin};
pub use row::Row;

use std::io::Write;

/// Where a dataset is written to.
pub type Sink = Box<dyn Write + Send>;

/// Writes a dataset of one format.
pub trait Writer: Send {
    /// Takes the next row in.
    ///
    /// # Errors
    /// When the sink or a temporary file does not take what is written.
    fn row(&mut self, row: &Row<'_>) -> Result<(), WriteError>;

    /// Writes what is still missing. A format that has a place for it keeps the manifest.
    ///
    /// # Errors
    /// As [`Self::row`].
    fn finish(self: Box<Self>, manifest: &Manifest) -> Result<(), WriteError>;
}

/// A writer of this format, to this sink.
///
/// # Errors
/// When the sink does not take the head, or no temporary file can be made.
pub fn writer(format: Format, origin: &Origin, sink: Sink) -> Result<Box<dyn Writer>, WriteError> {
    Ok(match format {
        Format::Ndjson => Box::new(ndjson::NdjsonWriter::new(sink)),
        Format::Arrow => Box::new(arrow::ArrowWriter::new(sink, origin)?),
        Format::Parquet => Box::new(parquet::ParquetWriter::new(sink)?),
        Format::Npz(keys) => Box::new(npz::NpzWriter::new(sink, keys)?),
        Format::Minari => Box::new(minari::MinariWriter::new(sink, origin)),
    })
}

#[cfg(test)]
mod tests;
