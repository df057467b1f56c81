//! Data domains, their fields, and the documents that some fields hold.

use serde_json::{Value, json};

/// A part of what is stored that is thought of as one thing.
#[derive(Debug)]
pub struct Domain {
    /// The name, as it stands in `/metadata/{domain}`.
    pub name: &'static str,
    /// What it is, in a line.
    pub about: &'static str,
    /// The tables that hold it; none where it is made on request.
    pub tables: &'static [&'static str],
    /// Whether SQLite has those tables as well.
    pub on_sqlite: bool,
    /// Its fields, in the order of the columns.
    pub fields: &'static [Field],
    /// What always holds.
    pub invariants: &'static [&'static str],
    /// The endpoints that read or write it.
    pub endpoints: &'static [Endpoint],
    /// The schemas of the API that show it, each with its members that no field of the same name stands behind.
    pub shown_as: &'static [(&'static str, &'static [&'static str])],
    /// The files that are about it, as patterns of `.cursor/rules`.
    pub globs: &'static [&'static str],
    /// The page of the documentation that says more.
    pub page: &'static str,
}

/// A method and a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endpoint(pub &'static str, pub &'static str);

/// A field of a domain.
#[derive(Debug)]
pub struct Field {
    /// The name, which is the column's.
    pub name: &'static str,
    /// The tables of the domain that have it; empty for all of them.
    pub tables: &'static [&'static str],
    /// What it holds.
    pub kind: Kind,
    /// Whether it may be absent.
    pub nullable: bool,
    /// Whether the API never shows it.
    pub hidden: bool,
    /// What it means, with its unit.
    pub about: &'static str,
}

impl Field {
    /// A field that is always there and is shown.
    pub(crate) const fn new(name: &'static str, kind: Kind, about: &'static str) -> Self {
        Self { name, tables: &[], kind, nullable: false, hidden: false, about }
    }

    /// The same, but it may be absent.
    pub(crate) const fn nullable(self) -> Self {
        Self { nullable: true, ..self }
    }

    /// The same, but the API does not show it.
    pub(crate) const fn hidden(self) -> Self {
        Self { hidden: true, ..self }
    }

    /// The same, but in these tables of the domain alone.
    pub(crate) const fn of(self, tables: &'static [&'static str]) -> Self {
        Self { tables, ..self }
    }
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A UUID of version 7 with a shard in it.
    Id,
    /// A UUID that carries nothing.
    Token,
    /// The shard of an id, 0 to 4095.
    Shard,
    /// Text.
    Text,
    /// One of some words.
    Words(&'static [&'static str]),
    /// The state of a session, an enum of PostgreSQL.
    State(&'static [&'static str]),
    /// An amount of test credits, exact to 0.0001.
    Money,
    /// A change of an amount, with a sign where it is negative.
    Change,
    /// A whole number from zero on.
    Count,
    /// A number that is an amount or a count.
    Figure,
    /// A number with binary fractions.
    Float,
    /// Yes or no.
    Flag,
    /// An instant in UTC, to the millisecond.
    Instant,
    /// A day of the wallet's time zone.
    Day,
    /// 32 bytes.
    Digest,
    /// A versioned JSON document.
    Document(&'static Document),
    /// A JSON document whose form is the program's own affair.
    Opaque,
}

/// A versioned JSON document.
#[derive(Debug)]
pub struct Document {
    /// The name, for the schema's title.
    pub name: &'static str,
    /// The JSON Schema of the newest version.
    pub schema: &'static str,
    /// Every version, from the oldest to the newest, which is what is written now.
    pub versions: &'static [Version],
}

/// A version of a document.
#[derive(Debug)]
pub struct Version {
    /// The number in `version`.
    pub number: u64,
    /// What sets it apart from the version before.
    pub about: &'static str,
    /// A document as this version writes it.
    pub example: &'static str,
}

impl Document {
    /// The number of the version that is written now.
    #[must_use]
    pub fn newest(&self) -> u64 {
        self.versions.last().map_or(0, |version| version.number)
    }
}

impl Kind {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Token => "token",
            Self::Shard => "shard",
            Self::Text => "text",
            Self::Words(_) | Self::State(_) => "word",
            Self::Money | Self::Change => "amount",
            Self::Count => "count",
            Self::Figure => "figure",
            Self::Float => "float",
            Self::Flag => "flag",
            Self::Instant => "instant",
            Self::Day => "day",
            Self::Digest => "bytes",
            Self::Document(_) | Self::Opaque => "document",
        }
    }

    /// The type of the column on PostgreSQL.
    #[must_use]
    pub const fn postgres(self) -> &'static str {
        match self {
            Self::Id | Self::Token => "uuid",
            Self::Shard => "smallint",
            Self::Text | Self::Words(_) => "text",
            Self::State(_) => "session_state",
            Self::Money | Self::Change => "numeric(20,4)",
            Self::Count => "bigint",
            Self::Figure => "numeric",
            Self::Float => "double precision",
            Self::Flag => "boolean",
            Self::Instant => "timestamp with time zone",
            Self::Day => "date",
            Self::Digest => "bytea",
            Self::Document(_) | Self::Opaque => "jsonb",
        }
    }

    /// The type of the column on SQLite.
    #[must_use]
    pub const fn sqlite(self) -> &'static str {
        match self {
            Self::Shard | Self::Money | Self::Change | Self::Count | Self::Flag => "INTEGER",
            Self::Float => "REAL",
            Self::Digest => "BLOB",
            _ => "TEXT",
        }
    }

    /// The JSON Schema of what the API shows of it, and for a document of what is stored.
    #[must_use]
    pub fn schema(self) -> Value {
        match self {
            Self::Id | Self::Token => json!({"type": "string", "format": "uuid"}),
            Self::Shard => json!({"type": "integer", "minimum": 0, "maximum": 4095}),
            Self::Text => json!({"type": "string"}),
            Self::Words(words) | Self::State(words) => json!({"type": "string", "enum": words}),
            Self::Money => json!({"type": "string", "pattern": "^(0|[1-9][0-9]*)\\.[0-9]{4}$"}),
            Self::Change => json!({"type": "string", "pattern": "^-?(0|[1-9][0-9]*)\\.[0-9]{4}$"}),
            Self::Count => json!({"type": "integer", "minimum": 0}),
            Self::Figure | Self::Float => json!({"type": "number"}),
            Self::Flag => json!({"type": "boolean"}),
            Self::Instant => json!({"type": "string", "format": "date-time"}),
            Self::Day => json!({"type": "string", "format": "date"}),
            Self::Digest => json!({"type": "string", "pattern": "^[0-9a-f]{64}$"}),
            Self::Document(document) => serde_json::from_str(document.schema).unwrap_or_default(),
            Self::Opaque => json!({"type": "object"}),
        }
    }

    /// Values as the API shows them, and for a document as they are stored.
    #[must_use]
    pub fn examples(self) -> Vec<Value> {
        let example = match self {
            Self::Id => json!("01976e3c-9f00-7abc-8000-000000000000"),
            Self::Token => json!("7f1f3c60-2b7e-4c1e-9d5f-0c6c3d9a4b11"),
            Self::Shard => json!(2748),
            Self::Words(words) | Self::State(words) => return words.iter().map(|word| json!(word)).collect(),
            Self::Money => json!("12.5000"),
            Self::Change => json!("-1.0000"),
            Self::Count => json!(12),
            Self::Figure => json!(0.9572),
            Self::Float => json!(-1.0),
            Self::Flag => json!(true),
            Self::Instant => json!("2026-01-02T03:04:05.678Z"),
            Self::Day => json!("2026-01-02"),
            Self::Digest => json!("8a51226d29150396e91f6ae12be79b5f31ca6e0bfa1d5c669746032f80651e47"),
            Self::Document(document) => {
                let newest = document.versions.last().map(|version| version.example);
                return newest.and_then(|example| serde_json::from_str(example).ok()).into_iter().collect();
            }
            Self::Text | Self::Opaque => return Vec::new(),
        };
        vec![example]
    }
}
