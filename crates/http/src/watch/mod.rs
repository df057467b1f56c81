//! Watching requests: each gets an id and a span for its log lines, and is counted by how it was answered.

mod figures;
pub(crate) mod metrics;
pub(crate) mod request_id;

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::ConnectionType;
use actix_web::http::header::{HeaderMap, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web;
use tracing::{Instrument as _, field};

use crate::gate::Gate;
use crate::problem::Code;
pub(crate) use figures::Figures;
use request_id::{CURRENT, X_REQUEST_ID};

/// Puts a span below the one that the values of `traceparent` and `tracestate` (W3C Trace Context) name.
pub type TraceParents = fn(span: &tracing::Span, traceparent: &str, tracestate: &str);

/// Puts the span of a request into the trace that its caller names, if it names one.
fn join_trace(span: &tracing::Span, headers: &HeaderMap, adopt: TraceParents) {
    let mut parents = headers.get_all("traceparent").filter_map(|value| value.to_str().ok());
    let (Some(parent), None) = (parents.next(), parents.next()) else { return };
    let states: Vec<&str> = headers.get_all("tracestate").filter_map(|value| value.to_str().ok()).collect();
    adopt(span, parent, &states.join(","));
}

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
    let text = request_id::text(&id);
    let span = tracing::error_span!("request", request_id = text, method, route, status = field::Empty);
    if let Some(adopt) = gate.trace_parents() {
        join_trace(&span, request.headers(), adopt);
    }
    let visit = gate.figures().visit();
    let begun = Instant::now();
    let answering = CURRENT.scope(id.clone(), next.call(request).instrument(span.clone()));
    let mut response = answering.await?;
    let (took, status) = (begun.elapsed(), response.status().as_u16());
    span.in_scope(|| tracing::debug!(status, microseconds = took.as_micros(), "answered"));
    span.record("status", status);
    let code = response.response().extensions().get::<Code>().copied();
    visit.answered(figures::Answered { method, route, status }, code, took);
    if gate.house().is_closing() {
        // The client's next request goes to another server, or to this one's successor.
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    response.headers_mut().insert(X_REQUEST_ID, id);
    Ok(response)
}
