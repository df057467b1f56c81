//! The JSON Schemas of the documents that a game is made of.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use reelhouse_domain::game::schemas;
use serde::Serialize;
use utoipa::ToSchema;

use crate::common::ok;
use crate::problem::{Code, Problem, shorten};

/// The media type of a JSON Schema.
const SCHEMA_JSON: &str = "application/schema+json";

/// The published schemas.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SchemaList)]
pub(crate) struct SchemaListBody {
    /// All of them.
    items: Vec<SchemaBody>,
}

/// Where a schema is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SchemaLink)]
struct SchemaBody {
    /// The field of a game whose document it describes.
    #[schema(example = "symbol_map")]
    name: &'static str,
    /// Its path.
    #[schema(example = "/schemas/symbol_map")]
    href: String,
}

/// List the schemas
///
/// The JSON Schemas, draft 2020-12, of the documents that a game is made of.
#[utoipa::path(
    get, path = "/schemas", tag = "description", operation_id = "schema_list",
    responses((status = 200, description = "The schemas.", body = SchemaListBody))
)]
pub(crate) async fn list() -> HttpResponse {
    let link = |name| SchemaBody { name, href: format!("/schemas/{name}") };
    ok(&SchemaListBody { items: schemas().map(|schema| link(schema.name)).into() })
}

/// Read a schema
///
/// What fields a document of a game has, and what each may hold. The server checks more: names, lengths against
/// the grid, and what a game may come to.
#[utoipa::path(
    get, path = "/schemas/{name}", tag = "description", operation_id = "schema_find",
    params(("name" = String, Path, description = "`rng_signature` or `symbol_map`.")),
    responses((status = 200, description = "The schema.", body = Object, content_type = "application/schema+json"))
)]
pub(crate) async fn find(name: web::Path<String>) -> Result<HttpResponse, Problem> {
    let found = schemas().into_iter().find(|schema| schema.name == *name);
    let schema = found.ok_or_else(|| {
        let known = schemas().map(|schema| schema.name).join(", ");
        Problem::new(Code::NotFound, format!("there is no schema {:?}; there are: {known}", shorten(&name)))
    })?;
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CONTENT_TYPE, SCHEMA_JSON));
    response.insert_header((header::CACHE_CONTROL, "public, max-age=3600"));
    Ok(response.body(schema.document))
}
