//! Liveness and readiness.

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::common::ok;
use crate::gate::Gate;
use crate::problem::Problem;

/// How the server is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Health)]
pub(crate) struct HealthBody {
    /// `ok` or `ready`.
    #[schema(examples("ok"))]
    status: &'static str,
}

/// Whether the process answers
///
/// Always, as long as it does. It does not look at the store.
#[utoipa::path(
    get, path = "/healthz", tag = "health", operation_id = "healthz",
    responses((status = 200, description = "The process answers.", body = HealthBody))
)]
pub(crate) async fn healthz() -> HttpResponse {
    ok(&HealthBody { status: "ok" })
}

/// Whether the server can take work
///
/// It can when the store answers, and it was not told to stop.
#[utoipa::path(
    get, path = "/readyz", tag = "health", operation_id = "readyz",
    responses((status = 200, description = "It can.", body = HealthBody))
)]
pub(crate) async fn readyz(gate: web::Data<Gate>) -> Result<HttpResponse, Problem> {
    gate.house().ready().await?;
    Ok(ok(&HealthBody { status: "ready" }))
}
