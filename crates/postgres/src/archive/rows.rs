//! Rows of a partition as cells, from the binary form of COPY and back.

use reelhouse_domain::archive::{Cell, Column, Kind};
use reelhouse_domain::ports::StoreError;
use uuid::Uuid;

use crate::copy::{Fields, HEADER_BYTES};
use crate::error::corrupt;

/// Microseconds from the Unix epoch to that of PostgreSQL, the first of January 2000.
const EPOCH: i64 = 946_684_800_000_000;

/// What a type of PostgreSQL is to an archive; `None` for one that it cannot keep.
pub(super) fn kind(type_name: &str) -> Option<Kind> {
    Some(match type_name {
        "uuid" => Kind::Uuid,
        "int2" => Kind::Short,
        "int8" => Kind::Long,
        "float8" => Kind::Double,
        "bool" => Kind::Flag,
        "timestamptz" => Kind::Instant,
        "jsonb" => Kind::Json,
        "text" => Kind::Text,
        "bytea" => Kind::Bytes,
        _ => return None,
    })
}

/// Reads a row of the columns.
pub(super) fn read(mut fields: Fields<'_>, columns: &[Column]) -> Result<Vec<Cell>, StoreError> {
    columns.iter().map(|column| cell(fields.field()?, column)).collect()
}

fn cell(field: Option<&[u8]>, column: &Column) -> Result<Cell, StoreError> {
    let Some(field) = field else { return Ok(Cell::Null) };
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_owned()).ok();
    let cell = match column.kind {
        Kind::Uuid => field.try_into().ok().map(|bytes| Cell::Uuid(Uuid::from_bytes(bytes))),
        Kind::Short => field.try_into().ok().map(|bytes| Cell::Short(i16::from_be_bytes(bytes))),
        Kind::Long => field.try_into().ok().map(|bytes| Cell::Long(i64::from_be_bytes(bytes))),
        Kind::Double => field.try_into().ok().map(|bytes| Cell::Double(f64::from_be_bytes(bytes))),
        Kind::Flag => field.first().map(|flag| Cell::Flag(*flag != 0)),
        Kind::Instant => {
            let micros = field.try_into().ok().map(i64::from_be_bytes);
            // Infinity lies at the ends of the range, and leaves it here.
            micros.and_then(|micros| micros.checked_add(EPOCH)).map(Cell::Instant)
        }
        // The version of the binary form is 1.
        Kind::Json => field.strip_prefix(&[1]).and_then(text).map(Cell::Json),
        Kind::Text => text(field).map(Cell::Text),
        Kind::Bytes => Some(Cell::Bytes(field.to_owned())),
    };
    cell.ok_or_else(|| corrupt(&column.name, format_args!("it is no {:?}", column.kind)))
}

/// Writes rows in the binary form of COPY.
pub(super) struct Rows(Vec<u8>);

impl Rows {
    /// The start of a copy.
    pub(super) fn start() -> Self {
        Self(HEADER_BYTES.to_vec())
    }

    /// Adds a row.
    pub(super) fn row(&mut self, cells: &[Cell]) -> Result<(), StoreError> {
        let count = i16::try_from(cells.len()).map_err(|error| corrupt("a row", error))?;
        self.0.extend(count.to_be_bytes());
        cells.iter().try_for_each(|cell| self.cell(cell))
    }

    /// Ends the copy.
    pub(super) fn end(&mut self) {
        self.0.extend((-1_i16).to_be_bytes());
    }

    /// How many bytes wait to be sent.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Takes the bytes out.
    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.0)
    }

    fn cell(&mut self, cell: &Cell) -> Result<(), StoreError> {
        match cell {
            Cell::Null => {
                self.0.extend((-1_i32).to_be_bytes());
                Ok(())
            }
            Cell::Uuid(id) => self.field(&[id.as_bytes()]),
            Cell::Short(number) => self.field(&[&number.to_be_bytes()]),
            Cell::Long(number) => self.field(&[&number.to_be_bytes()]),
            Cell::Double(number) => self.field(&[&number.to_be_bytes()]),
            Cell::Flag(flag) => self.field(&[&[u8::from(*flag)]]),
            Cell::Instant(micros) => {
                let micros = micros.checked_sub(EPOCH).ok_or_else(|| corrupt("an instant", "it is out of range"))?;
                self.field(&[&micros.to_be_bytes()])
            }
            Cell::Json(text) => self.field(&[&[1], text.as_bytes()]),
            Cell::Text(text) => self.field(&[text.as_bytes()]),
            Cell::Bytes(bytes) => self.field(&[bytes]),
        }
    }

    fn field(&mut self, parts: &[&[u8]]) -> Result<(), StoreError> {
        let length = parts.iter().map(|part| part.len()).sum::<usize>();
        let length = i32::try_from(length).map_err(|error| corrupt("a field", error))?;
        self.0.extend(length.to_be_bytes());
        parts.iter().for_each(|part| self.0.extend_from_slice(part));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::copy::CopyReader;

    #[test]
    fn every_kind_of_cell_is_read_back_as_it_was_written() {
        let cells = [
            (Kind::Uuid, Cell::Uuid(Uuid::from_u128(7))),
            (Kind::Short, Cell::Short(-7)),
            (Kind::Long, Cell::Long(i64::MIN)),
            (Kind::Double, Cell::Double(-0.5)),
            (Kind::Flag, Cell::Flag(true)),
            (Kind::Instant, Cell::Instant(1_767_225_600_123_456)),
            (Kind::Json, Cell::Json(r#"{"a": 1.50}"#.to_owned())),
            (Kind::Text, Cell::Text(String::new())),
            (Kind::Bytes, Cell::Bytes(vec![0, 255])),
            (Kind::Bytes, Cell::Null),
        ];
        let columns: Vec<_> = cells.iter().map(|(kind, _)| Column { name: "x".to_owned(), kind: *kind }).collect();
        let cells: Vec<_> = cells.into_iter().map(|(_, cell)| cell).collect();
        let mut rows = Rows::start();
        rows.row(&cells).unwrap();
        rows.end();
        let mut found = Vec::new();
        let read = |fields: Fields<'_>| {
            found.push(read(fields, &columns)?);
            Ok(())
        };
        CopyReader::default().take(&rows.take(), read).unwrap();
        assert_eq!(found, [cells]);
    }

    #[test]
    fn what_a_kind_cannot_hold_is_refused() {
        for (kind, field) in [(Kind::Long, [1_u8; 4].as_slice()), (Kind::Json, b"{}"), (Kind::Text, &[0xff])] {
            let column = Column { name: "x".to_owned(), kind };
            assert!(cell(Some(field), &column).is_err(), "{kind:?}");
        }
        let infinity = Column { name: "x".to_owned(), kind: Kind::Instant };
        assert!(cell(Some(&i64::MAX.to_be_bytes()), &infinity).is_err());
    }
}
