//! The figures as they are served, for Prometheus and what reads as it does.

use actix_web::http::header;
use actix_web::{HttpResponse, web};

use crate::extract::Query;
use crate::gate::Gate;
use crate::problem::{Code, Problem};

/// The text format of OpenMetrics, version 1.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Read the server's figures
///
/// In the text format of OpenMetrics, as Prometheus scrapes it: latencies by route and status, batches and queues,
/// connections, refusals by code, play and its return by game, alarms of drift, jobs, streams. They are of this
/// process since it was started, but for what is observed of games, which is in the store. `docs/watching.md` lists
/// them all.
#[utoipa::path(
    get, path = "/metrics", tag = "health", operation_id = "server_metrics",
    responses((
        status = 200, description = "The figures.", body = String, content_type = "application/openmetrics-text",
        example = "# HELP reelhouse_spins Paid spins.\n# TYPE reelhouse_spins counter\n\
                   reelhouse_spins_total{game_id=\"01976e3c-9f00-7abc-8000-000000000007\",game=\"Plums\"} 12\n# EOF\n",
    ))
)]
pub(crate) async fn metrics(gate: web::Data<Gate>, query: Query) -> Result<HttpResponse, Problem> {
    query.only(&[])?;
    gate.house().read_gauges();
    let text = gate.figures().text();
    let text = text.map_err(|error| Problem::new(Code::Internal, format!("the figures were not written: {error}")))?;
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, OPEN_METRICS)).body(text))
}
