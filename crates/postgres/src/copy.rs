//! Reads the binary form of COPY: rows of fields, each with its length before it.

use reelhouse_domain::Timestamp;
use reelhouse_domain::ports::StoreError;
use reelhouse_domain::time::from_millis;
use uuid::Uuid;

use crate::error::corrupt;

/// What a binary copy starts with; eight bytes of flags and of an extension's length follow.
const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0";

/// How many bytes stand before the first row.
const HEADER: usize = SIGNATURE.len() + 8;

/// The header of a copy that is written: no flags, no extension.
pub(crate) const HEADER_BYTES: &[u8; HEADER] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// Milliseconds from the Unix epoch to that of PostgreSQL, the first of January 2000.
const EPOCH: i64 = 946_684_800_000;

/// Takes the bytes of a copy as they come, and gives its rows.
#[derive(Default)]
pub(crate) struct CopyReader {
    bytes: Vec<u8>,
    /// How many of the bytes are read.
    read: usize,
    started: bool,
}

impl CopyReader {
    /// Takes bytes in, and hands every row that is whole to `row`.
    pub(crate) fn take(
        &mut self,
        bytes: &[u8],
        mut row: impl FnMut(Fields<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.bytes.extend_from_slice(bytes);
        if !self.started {
            let Some(header) = self.bytes.get(..HEADER) else {
                return Ok(());
            };
            if !header.starts_with(SIGNATURE) {
                return Err(corrupt("a copy", "it does not start as one"));
            }
            self.started = true;
            self.read = HEADER;
        }
        while let Some(length) = row_length(&self.bytes[self.read..]) {
            row(Fields { rest: &self.bytes[self.read + 2..self.read + length] })?;
            self.read += length;
        }
        self.bytes.drain(..self.read);
        self.read = 0;
        Ok(())
    }
}

/// How long the first row of the bytes is; `None` for the end of the copy and for a row that is not whole.
fn row_length(bytes: &[u8]) -> Option<usize> {
    let (count, mut rest) = bytes.split_first_chunk::<2>()?;
    let count = i16::from_be_bytes(*count);
    if count < 0 {
        return None;
    }
    for _ in 0..count {
        let (length, after) = rest.split_first_chunk::<4>()?;
        // A null has the length -1 and no bytes.
        let length = usize::try_from(i32::from_be_bytes(*length)).unwrap_or(0);
        rest = after.get(length..)?;
    }
    Some(bytes.len() - rest.len())
}

/// The fields of a row, to be read in their order.
pub(crate) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    /// The bytes of the next field; `None` for null.
    pub(crate) fn field(&mut self) -> Result<Option<&'a [u8]>, StoreError> {
        let short = || corrupt("a copy", "a row has fewer fields than were asked for");
        let (length, rest) = self.rest.split_first_chunk::<4>().ok_or_else(short)?;
        let Ok(length) = usize::try_from(i32::from_be_bytes(*length)) else {
            self.rest = rest;
            return Ok(None);
        };
        let (field, rest) = rest.split_at_checked(length).ok_or_else(short)?;
        self.rest = rest;
        Ok(Some(field))
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], StoreError> {
        let field = self.field()?.and_then(|field| field.try_into().ok());
        field.ok_or_else(|| corrupt("a copy", format_args!("a field of {N} bytes was expected")))
    }

    pub(crate) fn uuid(&mut self) -> Result<Uuid, StoreError> {
        self.fixed().map(Uuid::from_bytes)
    }

    pub(crate) fn long(&mut self) -> Result<i64, StoreError> {
        self.fixed().map(i64::from_be_bytes)
    }

    pub(crate) fn double(&mut self) -> Result<f64, StoreError> {
        self.fixed().map(f64::from_be_bytes)
    }

    pub(crate) fn flag(&mut self) -> Result<bool, StoreError> {
        self.fixed::<1>().map(|[flag]| flag != 0)
    }

    /// An instant, to the millisecond.
    pub(crate) fn instant(&mut self) -> Result<Timestamp, StoreError> {
        let micros = self.long()?;
        let millis = micros.div_euclid(1000).checked_add(EPOCH);
        millis.and_then(from_millis).ok_or_else(|| corrupt("a copy", "an instant is out of range"))
    }

    /// The text of a `jsonb` that may be null.
    pub(crate) fn json(&mut self) -> Result<Option<&'a str>, StoreError> {
        match self.field()? {
            None => Ok(None),
            // The version of the binary form is 1.
            Some([1, text @ ..]) => std::str::from_utf8(text).map(Some).map_err(|error| corrupt("a copy", error)),
            Some(_) => Err(corrupt("a copy", "a jsonb of another version than 1")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy() -> Vec<u8> {
        let mut bytes = SIGNATURE.to_vec();
        bytes.extend([0; 8]);
        for number in [7_i64, -7] {
            bytes.extend(2_i16.to_be_bytes());
            bytes.extend(8_i32.to_be_bytes());
            bytes.extend(number.to_be_bytes());
            bytes.extend((-1_i32).to_be_bytes());
        }
        bytes.extend((-1_i16).to_be_bytes());
        bytes
    }

    #[test]
    fn rows_are_read_however_the_bytes_are_cut() {
        for size in [1, 3, 1000] {
            let (mut reader, mut rows) = (CopyReader::default(), vec![]);
            for piece in copy().chunks(size) {
                reader
                    .take(piece, |mut fields| {
                        rows.push((fields.long()?, fields.json()?.map(str::to_owned)));
                        Ok(())
                    })
                    .unwrap();
            }
            assert_eq!(rows, [(7, None), (-7, None)]);
        }
    }

    #[test]
    fn what_is_no_copy_is_refused() {
        let mut reader = CopyReader::default();
        assert!(reader.take(&[b'x'; HEADER], |_| Ok(())).is_err());
    }
}
