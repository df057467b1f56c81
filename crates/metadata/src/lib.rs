//! What is stored, told step by step: the data domains in a line each, the fields of one, the schema of a field.
//!
//! [`domains`] is the one source. `GET /metadata`, `reel metadata` and the rules under `.cursor/rules` are written from
//! it, and tests compare it with the catalogues of both databases, with the API's description and with the versions that
//! the code writes.

mod documents;
mod domains;
mod model;
pub mod rules;
mod view;

pub use domains::{domain, domains};
pub use model::{Document, Domain, Endpoint, Field, Kind, Version};
pub use view::{DomainLine, DomainView, FieldLine, FieldView, Index, Storage, VersionView};
