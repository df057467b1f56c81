//! Watching requests: each gets an id and a span for its log lines, and is counted by how it was answered.

mod figures;
pub(crate) mod metrics;
pub(crate) mod request_id;

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::HeaderValue;
use actix_web::middleware::Next;
use actix_web::web;
use tracing::Instrument as _;

use crate::gate::Gate;
use crate::problem::Code;
pub(crate) use figures::Figures;
use request_id::{CURRENT, X_REQUEST_ID};

/// Watches each request, as the outermost middleware.
pub(crate) async fn watch<B: MessageBody + 'static>(
    gate: web::Data<Gate>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let id = match request_id::sent(request.headers()) {
        Some(id) => id.clone(),
        None => HeaderValue::try_from(gate.house().request_id().to_string())?,
    };
    let method = figures::method(request.method());
    let route = request.match_pattern().unwrap_or_else(|| figures::NO_ROUTE.to_owned());
    // At the highest level, so that a filter that lets any line pass lets the id pass with it.
    let span = tracing::error_span!("request", request_id = request_id::text(&id), method, route);
    let visit = gate.figures().visit();
    let begun = Instant::now();
    let answering = CURRENT.scope(id.clone(), next.call(request).instrument(span.clone()));
    let mut response = answering.await?;
    let (took, status) = (begun.elapsed(), response.status().as_u16());
    span.in_scope(|| tracing::debug!(status, microseconds = took.as_micros(), "answered"));
    let code = response.response().extensions().get::<Code>().copied();
    visit.answered(figures::Answered { method, route, status }, code, took);
    response.headers_mut().insert(X_REQUEST_ID, id);
    Ok(response)
}
