//! Rows as an archive keeps them: cells of a few kinds, and a digest over all of them.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::canonical::Digest;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A UUID.
    Uuid,
    /// A whole number of 16 bits.
    Short,
    /// A whole number of 64 bits.
    Long,
    /// A float of 64 bits.
    Double,
    /// True or false.
    Flag,
    /// An instant, in microseconds from the Unix epoch.
    Instant,
    /// The text of a JSON document, as the database gives it.
    Json,
    /// Any text.
    Text,
    /// Any bytes.
    Bytes,
}

/// A column of an archived table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its name in the table and in the file.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// A value of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// No value.
    Null,
    /// Of a [`Kind::Uuid`].
    Uuid(Uuid),
    /// Of a [`Kind::Short`].
    Short(i16),
    /// Of a [`Kind::Long`].
    Long(i64),
    /// Of a [`Kind::Double`].
    Double(f64),
    /// Of a [`Kind::Flag`].
    Flag(bool),
    /// Of a [`Kind::Instant`], in microseconds from the Unix epoch.
    Instant(i64),
    /// Of a [`Kind::Json`].
    Json(String),
    /// Of a [`Kind::Text`].
    Text(String),
    /// Of a [`Kind::Bytes`].
    Bytes(Vec<u8>),
}

/// A SHA-256 over rows: equal for the same cells in the same order, and for nothing else.
#[derive(Clone, Debug, Default)]
pub struct RowsDigest {
    hasher: Sha256,
    rows: u64,
}

impl RowsDigest {
    /// Takes the next row in.
    pub fn row(&mut self, cells: &[Cell]) {
        for cell in cells {
            match cell {
                Cell::Null => self.cell(0, &[]),
                Cell::Uuid(id) => self.cell(1, id.as_bytes()),
                Cell::Short(number) => self.cell(2, &number.to_be_bytes()),
                Cell::Long(number) => self.cell(3, &number.to_be_bytes()),
                Cell::Double(number) => self.cell(4, &number.to_bits().to_be_bytes()),
                Cell::Flag(flag) => self.cell(5, &[u8::from(*flag)]),
                Cell::Instant(micros) => self.cell(6, &micros.to_be_bytes()),
                Cell::Json(text) => self.cell(7, text.as_bytes()),
                Cell::Text(text) => self.cell(8, text.as_bytes()),
                Cell::Bytes(bytes) => self.cell(9, bytes),
            }
        }
        self.rows += 1;
    }

    /// What a cell is, how long, and its bytes: no two lists of cells come to the same.
    fn cell(&mut self, kind: u8, bytes: &[u8]) {
        self.hasher.update([kind]);
        self.hasher.update((bytes.len() as u64).to_be_bytes());
        self.hasher.update(bytes);
    }

    /// How many rows it took in.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// The digest.
    #[must_use]
    pub fn finish(self) -> Digest {
        Digest(self.hasher.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(rows: &[&[Cell]]) -> Digest {
        let mut digest = RowsDigest::default();
        rows.iter().for_each(|row| digest.row(row));
        digest.finish()
    }

    #[test]
    fn the_digest_tells_rows_apart() {
        let text = |text: &str| Cell::Text(text.to_owned());
        let all = [
            digest(&[]),
            digest(&[&[text("ab"), text("c")]]),
            digest(&[&[text("a"), text("bc")]]),
            digest(&[&[Cell::Json("ab".to_owned()), text("c")]]),
            digest(&[&[Cell::Null, text("c")]]),
            digest(&[&[text(""), text("c")]]),
            digest(&[&[Cell::Double(0.0)]]),
            digest(&[&[Cell::Double(-0.0)]]),
            digest(&[&[Cell::Long(0)]]),
        ];
        for (place, one) in all.iter().enumerate() {
            assert!(all[place + 1..].iter().all(|other| other != one), "{place}");
        }
    }
}
