//! The three steps in which metadata is told: an index, a domain, a field.

use serde::Serialize;
use serde_json::Value;

use crate::model::{Document, Domain, Field, Kind};

/// The data domains in a line each.
#[derive(Clone, Debug, Serialize)]
pub struct Index {
    /// The domains.
    pub domains: Vec<DomainLine>,
}

/// A domain in a line.
#[derive(Clone, Debug, Serialize)]
pub struct DomainLine {
    /// The name.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Where the next step is.
    pub href: String,
}

/// A domain with its fields in a line each.
#[derive(Clone, Debug, Serialize)]
pub struct DomainView {
    /// The name.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// The tables that hold it; none where it is made on request.
    pub tables: Vec<&'static str>,
    /// Its fields.
    pub fields: Vec<FieldLine>,
    /// What always holds.
    pub invariants: Vec<&'static str>,
    /// The endpoints that read or write it, as method and path.
    pub endpoints: Vec<String>,
    /// The page of the documentation that says more.
    pub page: &'static str,
}

/// A field in a line.
#[derive(Clone, Debug, Serialize)]
pub struct FieldLine {
    /// The name.
    pub name: &'static str,
    /// What it holds, in a word.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Whether it may be absent.
    pub nullable: bool,
    /// What it means.
    pub about: &'static str,
    /// Where the next step is.
    pub href: String,
}

/// A field with all there is to know of it.
#[derive(Clone, Debug, Serialize)]
pub struct FieldView {
    /// The domain.
    pub domain: &'static str,
    /// The name.
    pub name: &'static str,
    /// What it holds, in a word.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Whether it may be absent.
    pub nullable: bool,
    /// What it means.
    pub about: &'static str,
    /// Whether the API shows it.
    pub shown: bool,
    /// How it is stored.
    pub storage: Vec<Storage>,
    /// The JSON Schema, of the newest version where there are versions.
    pub schema: Value,
    /// Every version that may be stored, from the oldest to the newest, which is what is written now.
    pub versions: Vec<VersionView>,
    /// Values.
    pub examples: Vec<Value>,
}

/// A column.
#[derive(Clone, Debug, Serialize)]
pub struct Storage {
    /// The table.
    pub table: &'static str,
    /// Its type on PostgreSQL.
    pub postgresql: &'static str,
    /// Its type on SQLite; none where SQLite has no such table.
    pub sqlite: Option<&'static str>,
}

/// A version of a document.
#[derive(Clone, Debug, Serialize)]
pub struct VersionView {
    /// The number in `version`.
    pub version: u64,
    /// What sets it apart from the version before.
    pub about: &'static str,
    /// A document as this version wrote it.
    pub example: Value,
}

impl Index {
    /// The index of these domains.
    #[must_use]
    pub fn of(domains: &[&'static Domain]) -> Self {
        let line =
            |domain: &&'static Domain| DomainLine { name: domain.name, about: domain.about, href: domain.href() };
        Self { domains: domains.iter().map(line).collect() }
    }
}

impl Domain {
    fn href(&self) -> String {
        format!("/metadata/{}", self.name)
    }

    /// The domain with its fields in a line each.
    #[must_use]
    pub fn view(&self) -> DomainView {
        DomainView {
            name: self.name,
            about: self.about,
            tables: self.tables.to_vec(),
            fields: self.fields.iter().map(|field| field.line(self)).collect(),
            invariants: self.invariants.to_vec(),
            endpoints: self.endpoints.iter().map(|endpoint| format!("{} {}", endpoint.0, endpoint.1)).collect(),
            page: self.page,
        }
    }

    /// The field of that name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The tables that have a field.
    #[must_use]
    pub fn tables_of(&self, field: &Field) -> &'static [&'static str] {
        if field.tables.is_empty() { self.tables } else { field.tables }
    }
}

impl Field {
    fn line(&self, domain: &Domain) -> FieldLine {
        FieldLine {
            name: self.name,
            kind: self.kind.name(),
            nullable: self.nullable,
            about: self.about,
            href: format!("{}/{}", domain.href(), self.name),
        }
    }

    /// All there is to know of the field.
    #[must_use]
    pub fn view(&self, domain: &Domain) -> FieldView {
        let column = |table: &&'static str| Storage {
            table,
            postgresql: self.kind.postgres(),
            sqlite: domain.on_sqlite.then(|| self.kind.sqlite()),
        };
        FieldView {
            domain: domain.name,
            name: self.name,
            kind: self.kind.name(),
            nullable: self.nullable,
            about: self.about,
            shown: !self.hidden,
            storage: domain.tables_of(self).iter().map(column).collect(),
            schema: self.kind.schema(),
            versions: match self.kind {
                Kind::Document(document) => versions(document),
                _ => Vec::new(),
            },
            examples: self.kind.examples(),
        }
    }
}

fn versions(document: &Document) -> Vec<VersionView> {
    let view = |version: &crate::model::Version| VersionView {
        version: version.number,
        about: version.about,
        example: serde_json::from_str(version.example).unwrap_or_default(),
    };
    document.versions.iter().map(view).collect()
}
