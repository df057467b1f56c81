//! Traces: the spans of requests and batches, exported to an OpenTelemetry collector by OTLP over HTTP.
//!
//! Nothing waits for the collector: ended spans go into a bounded queue, from which a thread of its own sends them, and
//! what finds no room is dropped. Without an endpoint there is no exporter, no layer and no span beside those of log lines.

use std::env;
use std::fmt;
use std::time::Duration;

use anyhow::{Context as _, bail};
use async_trait::async_trait;
use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::{SpanKind, Status, TracerProvider as _};
use opentelemetry::{Key, KeyValue, Value};
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter};
use tracing::{Level, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{FilterFn, LevelFilter};
use tracing_subscriber::registry::LookupSpan;
use ureq::Agent;
use ureq::http::Uri;

use crate::config::Config;

/// How long a stopping server waits for its last spans to be taken.
const FLUSH: Duration = Duration::from_secs(5);

/// How long the collector may take for one export when nothing else is said, in milliseconds.
const TIMEOUT: u64 = 10_000;

/// What the targets of this program's own spans start with.
const OWN: &str = "reelhouse";

/// The exporter of this process, if there is one.
#[derive(Debug, Default)]
pub struct Telemetry(Option<SdkTracerProvider>);

impl Telemetry {
    /// Starts the exporter if an endpoint is configured: the server's own option before the variables of OpenTelemetry.
    ///
    /// # Errors
    /// When the endpoint is none, or another protocol is asked for.
    pub(crate) fn start(config: &Config) -> anyhow::Result<Self> {
        let named = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"].map(variable);
        let off = variable("OTEL_SDK_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true"))
            || variable("OTEL_TRACES_EXPORTER").is_some_and(|value| value == "none");
        if off || config.otlp_endpoint.is_none() && named.iter().all(Option::is_none) {
            return Ok(Self::default());
        }
        let protocols = ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"].map(variable);
        if let Some(other) = protocols.into_iter().flatten().next().filter(|name| name != "http/protobuf") {
            bail!("OTEL_EXPORTER_OTLP_PROTOCOL: {other:?} is not spoken here, http/protobuf is");
        }
        let exporter = opentelemetry_otlp::SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_http_client(Courier::new());
        let exporter = match &config.otlp_endpoint {
            Some(url) => exporter.with_endpoint(traces_url(url)?),
            None => exporter,
        };
        let exporter = Conventional(exporter.build().context("cannot export traces")?);
        let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource());
        Ok(Self(Some(provider.build())))
    }

    /// The layer that makes spans of OpenTelemetry, if they are exported.
    pub(crate) fn layer<S>(&self) -> Option<impl Layer<S> + use<S>>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        let tracer = self.0.as_ref()?.tracer(OWN);
        let layer = tracing_opentelemetry::layer()
            .with_tracer(tracer)
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false);
        let own = FilterFn::new(|metadata| {
            let most = if metadata.is_span() { Level::DEBUG } else { Level::WARN };
            metadata.target().starts_with(OWN) && *metadata.level() <= most
        });
        Some(layer.with_filter(own.with_max_level_hint(LevelFilter::DEBUG)))
    }

    /// What takes the place of a caller's span in its trace, if spans are exported.
    pub(crate) fn trace_parents(&self) -> Option<reelhouse_http::TraceParents> {
        self.0.as_ref().map(|_| adopt as reelhouse_http::TraceParents)
    }

    /// Sends what is left, and ends; a collector that does not take it is waited for a few seconds.
    pub async fn flush(self) {
        let Some(provider) = self.0 else { return };
        let flushed = tokio::task::spawn_blocking(move || provider.shutdown_with_timeout(FLUSH)).await;
        match flushed {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the last spans were not exported"),
            Err(error) => tracing::warn!(%error, "the last spans were not exported"),
        }
    }
}

/// A variable of the environment that is set to something.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// Where spans go below the address of a collector.
fn traces_url(endpoint: &str) -> anyhow::Result<String> {
    let uri = endpoint.parse::<Uri>().ok();
    let known = uri.filter(|uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some());
    if known.is_none() {
        bail!("--otlp-endpoint: {endpoint:?} is not the address of a collector, such as http://127.0.0.1:4318");
    }
    Ok(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
}

/// Who exports: what the variables of OpenTelemetry say, and the program's name and version where they do not.
fn resource() -> Resource {
    let said = Resource::builder().build();
    let name = said.get(&Key::from_static_str("service.name")).map(|name| name.to_string());
    let builder = Resource::builder().with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")));
    // What the kit calls a program that nobody named.
    if name.is_none_or(|name| name.starts_with("unknown_service")) {
        return builder.with_service_name(OWN).build();
    }
    builder.build()
}

/// Puts the span of a request below the caller's, as the W3C's `traceparent` and `tracestate` name it.
fn adopt(span: &tracing::Span, traceparent: &str, tracestate: &str) {
    struct Headers<'a>([(&'static str, &'a str); 2]);
    impl Extractor for Headers<'_> {
        fn get(&self, key: &str) -> Option<&str> {
            self.0.iter().find(|(name, _)| *name == key).map(|(_, value)| *value)
        }
        fn keys(&self) -> Vec<&str> {
            self.0.iter().map(|(name, _)| *name).collect()
        }
    }
    let headers = Headers([("traceparent", traceparent), ("tracestate", tracestate)]);
    let context = TraceContextPropagator::new().extract_with_context(&opentelemetry::Context::new(), &headers);
    // A span that is not exported has no parent to be given.
    drop(span.set_parent(context));
}

/// An exporter that calls things as OpenTelemetry's conventions for HTTP servers do, which log lines do not.
#[derive(Debug)]
struct Conventional<E>(E);

impl<E: SpanExporter> SpanExporter for Conventional<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.0.export(batch.into_iter().map(conventional).collect()).await
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.0.set_resource(resource);
    }
}

/// The span of a request under the names of the conventions; any other as it is.
fn conventional(mut span: SpanData) -> SpanData {
    if span.name != "request" {
        return span;
    }
    let text = |name: &str| {
        let found = span.attributes.iter().find(|attribute| attribute.key.as_str() == name);
        found.map(|attribute| attribute.value.as_str().into_owned()).unwrap_or_default()
    };
    let (method, route) = (text("method"), text("route"));
    span.name = if route.starts_with('/') { format!("{method} {route}") } else { method }.into();
    span.span_kind = SpanKind::Server;
    for attribute in &mut span.attributes {
        attribute.key = Key::from_static_str(match attribute.key.as_str() {
            "method" => "http.request.method",
            "route" => "http.route",
            "request_id" => "reelhouse.request_id",
            "status" => {
                if matches!(attribute.value, Value::I64(500..)) {
                    span.status = Status::error("");
                }
                "http.response.status_code"
            }
            _ => continue,
        });
    }
    span.attributes.retain(|attribute| attribute.key.as_str() != "http.route" || route.starts_with('/'));
    span
}

/// Brings exports to the collector, from the exporter's own thread.
struct Courier(Agent);

impl Courier {
    fn new() -> Self {
        let asked = ["OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"].map(variable);
        let asked = asked.into_iter().flatten().find_map(|text| text.parse().ok());
        let timeout = Duration::from_millis(asked.unwrap_or(TIMEOUT));
        let config = Agent::config_builder().http_status_as_error(false).max_redirects(0).timeout_global(Some(timeout));
        Self(config.build().into())
    }
}

impl fmt::Debug for Courier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Courier").finish_non_exhaustive()
    }
}

#[async_trait]
impl HttpClient for Courier {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (parts, mut body) = self.0.run(request.map(Vec::from))?.into_parts();
        Ok(Response::from_parts(parts, body.read_to_vec()?.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_go_below_the_address_of_a_collector() {
        let url = |endpoint: &str| traces_url(endpoint).ok();
        assert_eq!(url("http://127.0.0.1:4318").as_deref(), Some("http://127.0.0.1:4318/v1/traces"));
        assert_eq!(url("https://host/otlp/").as_deref(), Some("https://host/otlp/v1/traces"));
        for endpoint in ["", "127.0.0.1:4318", "grpc://host:4317", "http://", "a b"] {
            assert_eq!(url(endpoint), None, "{endpoint}");
        }
    }
}
