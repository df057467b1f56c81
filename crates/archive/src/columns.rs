//! Cells as Arrow columns and back: nothing is rounded, renamed or put in another order.

use std::sync::Arc;

use arrow_array::builder::FixedSizeBinaryBuilder;
use arrow_array::cast::AsArray as _;
use arrow_array::types::{Float64Type, Int16Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{
    Array, ArrayRef, BinaryArray, BooleanArray, Float64Array, Int16Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef, TimeUnit};
use reelhouse_domain::archive::{Cell, Column, Kind};
use uuid::Uuid;

/// The zone of instants.
const ZONE: &str = "UTC";

/// The bytes of a UUID.
const UUID_BYTES: i32 = 16;

/// The schema of a file of the columns.
pub(crate) fn schema(columns: &[Column]) -> SchemaRef {
    let fields: Vec<Field> =
        columns.iter().map(|column| Field::new(&column.name, data_type(column.kind), true)).collect();
    Arc::new(Schema::new(fields))
}

fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Uuid => DataType::FixedSizeBinary(UUID_BYTES),
        Kind::Short => DataType::Int16,
        Kind::Long => DataType::Int64,
        Kind::Double => DataType::Float64,
        Kind::Flag => DataType::Boolean,
        Kind::Instant => DataType::Timestamp(TimeUnit::Microsecond, Some(ZONE.into())),
        Kind::Json | Kind::Text => DataType::Utf8,
        Kind::Bytes => DataType::Binary,
    }
}

/// The rows as a batch of the schema.
///
/// # Errors
/// When a row does not have the columns' kinds.
pub(crate) fn batch(schema: &SchemaRef, columns: &[Column], rows: &[Vec<Cell>]) -> Result<RecordBatch, ArrowError> {
    let arrays = columns.iter().enumerate().map(|(place, column)| {
        let cells = rows.iter().map(|row| row.get(place).unwrap_or(&Cell::Null));
        array(column, cells)
    });
    RecordBatch::try_new(Arc::clone(schema), arrays.collect::<Result<_, _>>()?)
}

fn array<'a>(column: &Column, cells: impl Iterator<Item = &'a Cell>) -> Result<ArrayRef, ArrowError> {
    /// Gathers the values of one variant; any other but null is an error.
    macro_rules! gather {
        ($array:ident, $($variant:ident)|+, $value:ident => $read:expr) => {
            Arc::new(
                cells
                    .map(|cell| match cell {
                        Cell::Null => Ok(None),
                        $(Cell::$variant($value) => Ok(Some($read)),)+
                        other => Err(misfit(column, other)),
                    })
                    .collect::<Result<$array, _>>()?,
            )
        };
    }
    Ok(match column.kind {
        Kind::Short => gather!(Int16Array, Short, value => *value),
        Kind::Long => gather!(Int64Array, Long, value => *value),
        Kind::Double => gather!(Float64Array, Double, value => *value),
        Kind::Flag => gather!(BooleanArray, Flag, value => *value),
        Kind::Json => gather!(StringArray, Json, value => value.as_str()),
        Kind::Text => gather!(StringArray, Text, value => value.as_str()),
        Kind::Bytes => gather!(BinaryArray, Bytes, value => value.as_slice()),
        Kind::Instant => {
            let micros = cells.map(|cell| match cell {
                Cell::Null => Ok(None),
                Cell::Instant(micros) => Ok(Some(*micros)),
                other => Err(misfit(column, other)),
            });
            Arc::new(micros.collect::<Result<TimestampMicrosecondArray, _>>()?.with_timezone(ZONE))
        }
        Kind::Uuid => {
            let mut ids = FixedSizeBinaryBuilder::new(UUID_BYTES);
            for cell in cells {
                match cell {
                    Cell::Null => ids.append_null(),
                    Cell::Uuid(id) => ids.append_value(id.as_bytes())?,
                    other => return Err(misfit(column, other)),
                }
            }
            Arc::new(ids.finish())
        }
    })
}

fn misfit(column: &Column, cell: &Cell) -> ArrowError {
    ArrowError::SchemaError(format!("{} is of the kind {:?} and has a {cell:?}", column.name, column.kind))
}

/// The rows of a batch, which must have been made of the columns.
///
/// # Errors
/// When its schema is another one.
pub(crate) fn rows(columns: &[Column], batch: &RecordBatch) -> Result<Vec<Vec<Cell>>, ArrowError> {
    if batch.schema().fields() != schema(columns).fields() {
        return Err(ArrowError::SchemaError("the file has other columns than its manifest".to_owned()));
    }
    let row =
        |place| columns.iter().zip(batch.columns()).map(|(column, array)| cell(column.kind, array, place)).collect();
    Ok((0..batch.num_rows()).map(row).collect())
}

/// A value; the array is of the kind.
fn cell(kind: Kind, array: &ArrayRef, place: usize) -> Cell {
    if array.is_null(place) {
        return Cell::Null;
    }
    match kind {
        Kind::Uuid => {
            let bytes = array.as_fixed_size_binary().value(place);
            Uuid::from_slice(bytes).map_or(Cell::Null, Cell::Uuid)
        }
        Kind::Short => Cell::Short(array.as_primitive::<Int16Type>().value(place)),
        Kind::Long => Cell::Long(array.as_primitive::<Int64Type>().value(place)),
        Kind::Double => Cell::Double(array.as_primitive::<Float64Type>().value(place)),
        Kind::Flag => Cell::Flag(array.as_boolean().value(place)),
        Kind::Instant => Cell::Instant(array.as_primitive::<TimestampMicrosecondType>().value(place)),
        Kind::Json => Cell::Json(array.as_string::<i32>().value(place).to_owned()),
        Kind::Text => Cell::Text(array.as_string::<i32>().value(place).to_owned()),
        Kind::Bytes => Cell::Bytes(array.as_binary::<i32>().value(place).to_owned()),
    }
}
