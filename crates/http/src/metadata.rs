//! Metadata, step by step: the data domains, one of them, a field of it.

use actix_web::{HttpResponse, web};
use reelhouse_metadata::{Domain, Index, domain, domains};
use serde_json::Value;
use utoipa::ToSchema;

use crate::common::ok;
use crate::problem::{Code, Problem, shorten};

/// The data domains.
#[derive(ToSchema)]
#[schema(as = MetadataIndex)]
#[allow(dead_code, reason = "it describes what the metadata write by themselves")]
pub(crate) struct IndexBody {
    /// All of them.
    domains: Vec<DomainLineBody>,
}

/// A data domain in a line.
#[derive(ToSchema)]
#[schema(as = MetadataDomainLine)]
#[allow(dead_code, reason = "as above")]
struct DomainLineBody {
    /// The name.
    #[schema(example = "wallets")]
    name: String,
    /// What it is.
    about: String,
    /// Where its fields are.
    #[schema(example = "/metadata/wallets")]
    href: String,
}

/// A data domain.
#[derive(ToSchema)]
#[schema(as = MetadataDomain)]
#[allow(dead_code, reason = "as above")]
pub(crate) struct DomainBody {
    /// The name.
    #[schema(example = "wallets")]
    name: String,
    /// What it is.
    about: String,
    /// The tables that hold it; none where it is made on request.
    tables: Vec<String>,
    /// Its fields.
    fields: Vec<FieldLineBody>,
    /// What always holds.
    invariants: Vec<String>,
    /// The endpoints that read or write it.
    #[schema(example = json!(["GET /wallets/{id}"]))]
    endpoints: Vec<String>,
    /// The page of the documentation that says more.
    page: String,
}

/// A field in a line.
#[derive(ToSchema)]
#[schema(as = MetadataFieldLine)]
#[allow(dead_code, reason = "as above")]
struct FieldLineBody {
    /// The name.
    #[schema(example = "cost_rate")]
    name: String,
    /// What it holds, in a word.
    #[schema(example = "document")]
    r#type: String,
    /// Whether it may be absent.
    nullable: bool,
    /// What it means.
    about: String,
    /// Where its schema is.
    #[schema(example = "/metadata/wallets/cost_rate")]
    href: String,
}

/// A field.
#[derive(ToSchema)]
#[schema(as = MetadataField)]
#[allow(dead_code, reason = "as above")]
pub(crate) struct FieldBody {
    /// The domain.
    #[schema(example = "wallets")]
    domain: String,
    /// The name.
    #[schema(example = "cost_rate")]
    name: String,
    /// What it holds, in a word.
    #[schema(example = "document")]
    r#type: String,
    /// Whether it may be absent.
    nullable: bool,
    /// What it means.
    about: String,
    /// Whether answers show it.
    shown: bool,
    /// The columns that hold it.
    storage: Vec<StorageBody>,
    /// The JSON Schema, draft 2020-12, of the newest version where there are versions.
    #[schema(value_type = Object)]
    schema: Value,
    /// Every version that may be stored, from the oldest to the newest, which is what is written now.
    versions: Vec<VersionBody>,
    /// Values.
    #[schema(value_type = Vec<Value>)]
    examples: Vec<Value>,
}

/// A column.
#[derive(ToSchema)]
#[schema(as = MetadataStorage)]
#[allow(dead_code, reason = "as above")]
struct StorageBody {
    /// The table.
    table: String,
    /// Its type on PostgreSQL.
    #[schema(example = "jsonb")]
    postgresql: String,
    /// Its type on SQLite; null where SQLite has no such table.
    #[schema(example = "TEXT")]
    sqlite: Option<String>,
}

/// A version of a document.
#[derive(ToSchema)]
#[schema(as = MetadataVersion)]
#[allow(dead_code, reason = "as above")]
struct VersionBody {
    /// The number in the document's `version`.
    version: u64,
    /// What sets it apart from the version before.
    about: String,
    /// A document as this version wrote it.
    #[schema(value_type = Object)]
    example: Value,
}

/// List the data domains
///
/// What is stored, in a line each. The next step is a domain, the one after that a field.
#[utoipa::path(
    get, path = "/metadata", tag = "description", operation_id = "metadata_index",
    responses((status = 200, description = "The domains.", body = IndexBody))
)]
pub(crate) async fn index() -> HttpResponse {
    ok(&Index::of(domains()))
}

/// Read a data domain
///
/// Its fields in a line each, what always holds, and the endpoints that read or write it.
#[utoipa::path(
    get, path = "/metadata/{domain}", tag = "description", operation_id = "metadata_domain",
    params(("domain" = String, Path, description = "The domain's name.", example = "wallets")),
    responses((status = 200, description = "The domain.", body = DomainBody))
)]
pub(crate) async fn find(name: web::Path<String>) -> Result<HttpResponse, Problem> {
    Ok(ok(&named(&name)?.view()))
}

/// Read a field of a data domain
///
/// Its JSON Schema, how it is stored, every version of its document, and examples.
#[utoipa::path(
    get, path = "/metadata/{domain}/{field}", tag = "description", operation_id = "metadata_field",
    params(
        ("domain" = String, Path, description = "The domain's name.", example = "wallets"),
        ("field" = String, Path, description = "The field's name.", example = "cost_rate"),
    ),
    responses((status = 200, description = "The field.", body = FieldBody))
)]
pub(crate) async fn field(names: web::Path<(String, String)>) -> Result<HttpResponse, Problem> {
    let (domain, field) = names.into_inner();
    let domain = named(&domain)?;
    let found = domain.field(&field).ok_or_else(|| {
        let known: Vec<&str> = domain.fields.iter().map(|field| field.name).collect();
        unknown("field", &field, &known)
    })?;
    Ok(ok(&found.view(domain)))
}

fn named(name: &str) -> Result<&'static Domain, Problem> {
    domain(name).ok_or_else(|| {
        let known: Vec<&str> = domains().iter().map(|domain| domain.name).collect();
        unknown("domain", name, &known)
    })
}

fn unknown(what: &str, name: &str, known: &[&str]) -> Problem {
    let detail = format!("there is no {what} {:?}; there are: {}", shorten(name), known.join(", "));
    Problem::new(Code::NotFound, detail)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::openapi::openapi_json;

    /// What is about no data of its own.
    const ABOUT_NOTHING: &[&str] = &[
        "/docs",
        "/healthz",
        "/metadata",
        "/metadata/{domain}",
        "/metadata/{domain}/{field}",
        "/metrics",
        "/openapi.json",
        "/readyz",
    ];

    fn document() -> Value {
        serde_json::from_str(&openapi_json()).unwrap()
    }

    #[test]
    fn every_endpoint_belongs_to_a_domain_and_is_there() {
        let document = document();
        let mut described = BTreeSet::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            if !ABOUT_NOTHING.contains(&path.as_str()) {
                described.extend(item.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone())));
            }
        }
        let told: BTreeSet<(String, String)> = domains()
            .iter()
            .flat_map(|domain| domain.endpoints)
            .map(|endpoint| (endpoint.0.to_owned(), endpoint.1.to_owned()))
            .collect();
        assert_eq!(told, described, "crates/metadata/src/domains against the routes");
    }

    #[test]
    fn fields_are_shown_under_their_names() {
        let document = document();
        for domain in domains() {
            let mut shown = BTreeSet::new();
            for (schema, derived) in domain.shown_as {
                let members = document["components"]["schemas"][schema]["properties"].as_object();
                let members = members.unwrap_or_else(|| panic!("{}: there is no schema {schema}", domain.name));
                for member in members.keys() {
                    let known = domain.field(member).is_some_and(|field| !field.hidden);
                    assert!(known != derived.contains(&member.as_str()), "{}: {schema}.{member}", domain.name);
                    shown.insert(member.clone());
                }
                for name in *derived {
                    assert!(members.contains_key(*name), "{}: {schema} has no {name}", domain.name);
                }
            }
            for field in domain.fields.iter().filter(|_| !domain.shown_as.is_empty()) {
                assert_eq!(shown.contains(field.name), !field.hidden, "{}.{}", domain.name, field.name);
            }
        }
    }

    #[test]
    fn what_is_described_is_what_is_written() {
        let document = document();
        let members = |schema: &str| -> BTreeSet<String> {
            document["components"]["schemas"][schema]["properties"].as_object().unwrap().keys().cloned().collect()
        };
        let keys = |value: Value| -> BTreeSet<String> { value.as_object().unwrap().keys().cloned().collect() };
        let wallets = domain("wallets").unwrap();
        let field = wallets.field("cost_rate").unwrap().view(wallets);
        assert_eq!(keys(serde_json::to_value(&field.storage[0]).unwrap()), members("MetadataStorage"));
        assert_eq!(keys(serde_json::to_value(&field.versions[0]).unwrap()), members("MetadataVersion"));
        assert_eq!(keys(serde_json::to_value(&field).unwrap()), members("MetadataField"));
        let view = wallets.view();
        assert_eq!(keys(serde_json::to_value(&view.fields[0]).unwrap()), members("MetadataFieldLine"));
        assert_eq!(keys(serde_json::to_value(&view).unwrap()), members("MetadataDomain"));
        let index = Index::of(domains());
        assert_eq!(keys(serde_json::to_value(&index.domains[0]).unwrap()), members("MetadataDomainLine"));
        assert_eq!(keys(serde_json::to_value(&index).unwrap()), members("MetadataIndex"));
    }
}
