//! Reads the rows of some sessions out of a file, and as little else as its order allows.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Int64Type, TimestampMicrosecondType};
use arrow_array::{BooleanArray, RecordBatch};
use arrow_schema::ArrowError;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowPredicateFn, ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowFilter,
};
use parquet::file::metadata::{PageIndexPolicy, RowGroupMetaData};
use reelhouse_domain::archive::{ArchivedTable, Cell, Column};
use uuid::Uuid;

use crate::columns;
use crate::error::ArchiveError;

/// Which rows to read.
#[derive(Clone, Debug)]
pub(crate) struct Selection {
    pub(crate) sessions: BTreeSet<Uuid>,
    pub(crate) above: i64,
    pub(crate) upto: i64,
    /// Microseconds from the Unix epoch: rows from then on.
    pub(crate) from: i64,
    /// Rows before then.
    pub(crate) to: i64,
}

/// A file whose hash was checked, with its footer.
pub(crate) struct OpenTable {
    path: PathBuf,
    columns: Vec<Column>,
    time: &'static str,
    metadata: ArrowReaderMetadata,
}

impl OpenTable {
    /// Reads the footer of a file.
    pub(crate) fn open(path: &Path, archived: &ArchivedTable) -> Result<Self, ArchiveError> {
        let file = File::open(path).map_err(ArchiveError::io(path))?;
        let options = ArrowReaderOptions::new().with_offset_index_policy(PageIndexPolicy::Optional);
        let metadata = ArrowReaderMetadata::load(&file, options).map_err(ArchiveError::differs(path))?;
        let (path, columns, time) = (path.to_owned(), archived.columns.clone(), archived.table.time());
        Ok(Self { path, columns, time, metadata })
    }

    /// Its columns.
    pub(crate) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The rows that are selected, in their order.
    pub(crate) fn select(&self, selection: &Selection) -> Result<Vec<Vec<Cell>>, ArchiveError> {
        let place = |name| self.columns.iter().position(|column| column.name == name);
        let (Some(session), Some(seq), Some(time)) = (place("session_id"), place("seq"), place(self.time)) else {
            let why = "it has no session, seq or time".to_owned();
            return Err(ArchiveError::Differs { path: self.path.clone(), why });
        };
        let groups = self.metadata.metadata().row_groups().iter().enumerate();
        let groups = groups.filter(|(_, group)| may_hold(group, session, selection)).map(|(at, _)| at).collect();
        let mask = ProjectionMask::roots(self.metadata.parquet_schema(), [session, seq, time]);
        // A projected batch keeps the order of the file.
        let mut order = [session, seq, time];
        order.sort_unstable();
        let order = [session, seq, time].map(|wanted| order.iter().position(|at| *at == wanted).unwrap_or_default());
        let wanted = Arc::new(selection.clone());
        let filter = ArrowPredicateFn::new(mask, move |batch| wanted.passes(&batch, order));
        let file = File::open(&self.path).map_err(ArchiveError::io(&self.path))?;
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
            .with_row_groups(groups)
            .with_row_filter(RowFilter::new(vec![Box::new(filter)]))
            .build()
            .map_err(ArchiveError::differs(&self.path))?;
        let mut rows = Vec::new();
        for batch in reader {
            let batch = batch.and_then(|batch| columns::rows(&self.columns, &batch));
            rows.extend(batch.map_err(ArchiveError::differs(&self.path))?);
        }
        Ok(rows)
    }
}

/// Whether a row group may hold any of the sessions; one without statistics may.
fn may_hold(group: &RowGroupMetaData, session: usize, selection: &Selection) -> bool {
    let bounds = group.column(session).statistics().and_then(|statistics| {
        let first = Uuid::from_slice(statistics.min_bytes_opt()?).ok()?;
        let last = Uuid::from_slice(statistics.max_bytes_opt()?).ok()?;
        (first <= last).then_some(first..=last)
    });
    bounds.is_none_or(|bounds| selection.sessions.range(bounds).next().is_some())
}

impl Selection {
    /// Which rows pass of a batch of sessions, `seq` and time, whose places are given.
    fn passes(&self, batch: &RecordBatch, [session, seq, time]: [usize; 3]) -> Result<BooleanArray, ArrowError> {
        let other = || ArrowError::SchemaError("the file has other columns than its manifest".to_owned());
        let sessions = batch.column(session).as_fixed_size_binary_opt().ok_or_else(other)?;
        let seqs = batch.column(seq).as_primitive_opt::<Int64Type>().ok_or_else(other)?;
        let times = batch.column(time).as_primitive_opt::<TimestampMicrosecondType>().ok_or_else(other)?;
        let passes = (0..batch.num_rows()).map(|row| {
            let (seq, time) = (seqs.value(row), times.value(row));
            let within = seq > self.above && seq <= self.upto && time >= self.from && time < self.to;
            within && Uuid::from_slice(sessions.value(row)).is_ok_and(|session| self.sessions.contains(&session))
        });
        Ok(passes.map(Some).collect())
    }
}
