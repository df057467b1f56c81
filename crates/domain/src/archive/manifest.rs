//! The manifest of an archived month, and what the database keeps about it.

use serde::{Deserialize, Serialize};

use super::{Column, Month};
use crate::canonical::Digest;
use crate::id::{EventId, SessionId};
use crate::time::{Timestamp, millis_format};

/// A table that is archived by the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Table {
    /// What happened in sessions.
    GameplayEvents,
    /// What is learnt from.
    RlStore,
}

impl Table {
    /// Every table that is archived.
    pub const ALL: [Self; 2] = [Self::GameplayEvents, Self::RlStore];

    /// Its name in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::GameplayEvents => "gameplay_events",
            Self::RlStore => "rl_store",
        }
    }

    /// The column that its partitions are cut by.
    #[must_use]
    pub const fn time(self) -> &'static str {
        match self {
            Self::GameplayEvents => "timestamp",
            Self::RlStore => "created_at",
        }
    }

    /// The column that names its rows.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::GameplayEvents => "event_id",
            Self::RlStore => "id",
        }
    }
}

/// Which row of an archived table: both tables name a row by its event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowName {
    /// The session.
    pub session_id: SessionId,
    /// The row's place in it.
    pub seq: i64,
    /// The row's id.
    pub id: EventId,
}

/// What is in the file of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArchivedTable {
    /// The table.
    pub table: Table,
    /// The file, beside the manifest.
    pub file: String,
    /// The file's length.
    pub bytes: u64,
    /// The file's SHA-256.
    pub sha256: Digest,
    /// How many rows it has, which are in the order of session and `seq`.
    pub rows: u64,
    /// The digest of the rows themselves, by [`super::RowsDigest`].
    pub rows_sha256: Digest,
    /// The first row.
    pub first: Option<RowName>,
    /// The last row.
    pub last: Option<RowName>,
    /// The columns, in their order in the table.
    pub columns: Vec<Column>,
}

/// What is in the files of a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version of the manifest, which is [`Manifest::VERSION`].
    pub version: u32,
    /// The month.
    pub month: Month,
    /// Rows from this instant on.
    #[serde(with = "millis_format")]
    pub from: Timestamp,
    /// Rows before this instant.
    #[serde(with = "millis_format")]
    pub to: Timestamp,
    /// The last migration of the schema that the rows were in.
    pub schema: String,
    /// When the files were written.
    #[serde(with = "millis_format")]
    pub written_at: Timestamp,
    /// The tables.
    pub tables: Vec<ArchivedTable>,
}

impl Manifest {
    /// The version that is written now.
    pub const VERSION: u32 = 1;

    /// The manifest's file of a month.
    #[must_use]
    pub fn file(month: Month) -> String {
        format!("{month}.json")
    }

    /// The file of a table's month.
    #[must_use]
    pub fn table_file(table: Table, month: Month) -> String {
        format!("{}_{month}.parquet", table.name())
    }

    /// What it says of a table; `None` when the month had no partition of it.
    #[must_use]
    pub fn table(&self, table: Table) -> Option<&ArchivedTable> {
        self.tables.iter().find(|archived| archived.table == table)
    }

    /// How many rows the month has in all tables.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }
}

/// A month that was archived, as the database knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archive {
    /// The month.
    pub month: Month,
    /// The manifest's file, in the folder of archives.
    pub manifest: String,
    /// The SHA-256 of the manifest.
    pub sha256: Digest,
    /// How many rows were archived.
    pub rows: i64,
    /// When.
    pub archived_at: Timestamp,
}
