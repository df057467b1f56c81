//! Writes the file of a table's month: Parquet, in the order in which the rows come.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use arrow_schema::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use reelhouse_domain::archive::{ArchivedTable, Cell, Column, Manifest, Month, RowName, RowsDigest, Table};
use reelhouse_domain::{EventId, SessionId};

use crate::columns;
use crate::error::ArchiveError;
use crate::folder::{Folder, sync_folder};

/// How many rows are handed on at once.
const BATCH: usize = 2048;

/// How many rows a row group has. Whoever looks for a session reads one group, or as many as it is long.
const ROW_GROUP: usize = 8 * BATCH;

/// The level of compression: archives are written once and kept for long.
const LEVEL: i32 = 6;

/// The file of a table's month while it is written; it takes its name when it is whole.
pub struct TableWriter {
    file: ArrowWriter<BufWriter<File>>,
    schema: SchemaRef,
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
    group: usize,
    digest: RowsDigest,
    first: Option<RowName>,
    last: Option<RowName>,
    table: Table,
    name: String,
    unfinished: PathBuf,
    path: PathBuf,
}

impl TableWriter {
    /// Begins the file of a table's month in the folder.
    ///
    /// # Errors
    /// [`ArchiveError::Io`].
    pub fn create(folder: &Folder, table: Table, month: Month, columns: Vec<Column>) -> Result<Self, ArchiveError> {
        let name = Manifest::table_file(table, month);
        let path = folder.path(&name)?;
        let unfinished = path.with_extension("parquet.part");
        let sink = File::create(&unfinished).map_err(ArchiveError::io(&unfinished))?;
        let schema = columns::schema(&columns);
        let file = begin(sink, &unfinished, &schema)?;
        Ok(Self {
            file,
            schema,
            columns,
            rows: Vec::with_capacity(BATCH),
            group: 0,
            digest: RowsDigest::default(),
            first: None,
            last: None,
            table,
            name,
            unfinished,
            path,
        })
    }

    /// Adds a row.
    ///
    /// # Errors
    /// [`ArchiveError::Io`]; [`ArchiveError::Differs`] for a row that does not have the columns' kinds.
    pub fn row(&mut self, cells: Vec<Cell>) -> Result<(), ArchiveError> {
        let name = self.name_of(&cells);
        self.first = self.first.or(name);
        self.last = name.or(self.last);
        self.digest.row(&cells);
        self.rows.push(cells);
        if self.rows.len() >= BATCH { self.flush() } else { Ok(()) }
    }

    fn name_of(&self, cells: &[Cell]) -> Option<RowName> {
        let cell = |name| self.columns.iter().position(|column| column.name == name).and_then(|at| cells.get(at));
        match (cell("session_id"), cell("seq"), cell(self.table.id())) {
            (Some(Cell::Uuid(session_id)), Some(&Cell::Long(seq)), Some(Cell::Uuid(id))) => {
                Some(RowName { session_id: SessionId(*session_id), seq, id: EventId(*id) })
            }
            _ => None,
        }
    }

    fn flush(&mut self) -> Result<(), ArchiveError> {
        let fail = ArchiveError::differs(&self.unfinished);
        let batch = columns::batch(&self.schema, &self.columns, &self.rows).map_err(fail)?;
        let written = self.file.write(&batch);
        written.map_err(|error| self.broken(error))?;
        self.group += self.rows.len();
        self.rows.clear();
        if self.group >= ROW_GROUP {
            self.group = 0;
            let flushed = self.file.flush();
            flushed.map_err(|error| self.broken(error))?;
        }
        Ok(())
    }

    fn broken(&self, error: ParquetError) -> ArchiveError {
        let path = self.unfinished.clone();
        let error = match error {
            ParquetError::External(error) => match error.downcast::<std::io::Error>() {
                Ok(error) => *error,
                Err(error) => std::io::Error::other(error.to_string()),
            },
            other => std::io::Error::other(other.to_string()),
        };
        ArchiveError::Io { path, error }
    }

    /// Ends the file: it is on the disk, and under its name, when this returns.
    ///
    /// # Errors
    /// [`ArchiveError::Io`].
    pub fn finish(mut self) -> Result<ArchivedTable, ArchiveError> {
        self.flush()?;
        let finished = self.file.finish();
        finished.map_err(|error| self.broken(error))?;
        let sink = self.file.inner_mut();
        let synced = sink.flush().and_then(|()| sink.get_ref().sync_all());
        synced.map_err(ArchiveError::io(&self.unfinished))?;
        std::fs::rename(&self.unfinished, &self.path).map_err(ArchiveError::io(&self.path))?;
        sync_folder(&self.path)?;
        let (bytes, sha256) = crate::folder::measure(&self.path)?;
        Ok(ArchivedTable {
            table: self.table,
            file: self.name,
            bytes,
            sha256,
            rows: self.digest.rows(),
            rows_sha256: self.digest.finish(),
            first: self.first,
            last: self.last,
            columns: self.columns,
        })
    }
}

/// Begins the Parquet of a schema.
fn begin(sink: File, path: &Path, schema: &SchemaRef) -> Result<ArrowWriter<BufWriter<File>>, ArchiveError> {
    let level = ZstdLevel::try_new(LEVEL).map_err(ArchiveError::differs(path))?;
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(level)).build();
    let writer = ArrowWriter::try_new(BufWriter::new(sink), schema.clone(), Some(properties));
    writer.map_err(ArchiveError::differs(path))
}
