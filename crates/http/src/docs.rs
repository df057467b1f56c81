//! The API's description and the pages that show it, served from this program alone.

use std::sync::{Arc, LazyLock};

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use utoipa_swagger_ui::Config;

use crate::openapi::openapi_json;
use crate::problem::{Code, Problem, shorten};

/// The page: paths in it are absolute, so that it is the same with and without a slash behind `/docs`.
const PAGE: &str = r##"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Reelhouse API</title>
<link rel="icon" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script>
SwaggerUIBundle({ url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true, tryItOutEnabled: true });
</script>
</body>
</html>
"##;

/// The API's description
///
/// This document.
#[utoipa::path(
    get, path = "/openapi.json", tag = "description", operation_id = "openapi",
    responses((status = 200, description = "OpenAPI 3.1.", body = Object, content_type = "application/json"))
)]
pub(crate) async fn openapi_document() -> HttpResponse {
    static DOCUMENT: LazyLock<String> = LazyLock::new(openapi_json);
    HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "application/json")).body(DOCUMENT.as_str())
}

/// The API's description for people
#[utoipa::path(
    get, path = "/docs", tag = "description", operation_id = "docs",
    responses((status = 200, description = "A page that needs nothing from elsewhere.", content_type = "text/html", body = String))
)]
pub(crate) async fn page() -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8")).body(PAGE)
}

/// A file that the page needs.
pub(crate) async fn asset(file: web::Path<String>) -> Result<HttpResponse, Problem> {
    let missing = || Problem::new(Code::NotFound, format!("there is no file {:?} here", shorten(&file)));
    let found = utoipa_swagger_ui::serve(&file, Arc::new(Config::from("/openapi.json")));
    let found = found.map_err(|_| missing())?.ok_or_else(missing)?;
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CONTENT_TYPE, found.content_type));
    response.insert_header((header::CACHE_CONTROL, "public, max-age=86400"));
    if found.gzpipped {
        response.insert_header((header::CONTENT_ENCODING, "gzip"));
    }
    Ok(response.body(found.bytes.into_owned()))
}
