//! What is counted of requests, and the registry of everything that is counted.

use std::time::Duration;

use actix_web::http::Method;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use reelhouse_application::House;

use crate::problem::Code;

/// What all names start with.
const PREFIX: &str = "reelhouse";

/// What stands for the route of a path that there is not: paths are the client's to make up, and each would be counted
/// for good.
pub(super) const NO_ROUTE: &str = "none";

/// A request that was answered. Its route is the template, not the path.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Answered {
    pub(super) method: &'static str,
    pub(super) route: String,
    pub(super) status: u16,
}

/// A problem that was answered.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Refused {
    code: &'static str,
}

/// What is counted of requests, and the registry in which that and the house's own meters are.
pub(crate) struct Figures {
    registry: Registry,
    requests: Family<Answered, Histogram, fn() -> Histogram>,
    problems: Family<Refused, Counter>,
    open: Gauge,
}

/// 0.5 ms to 16 s, in doubling steps.
fn durations() -> Histogram {
    Histogram::new(exponential_buckets(0.000_5, 2.0, 16))
}

impl Figures {
    /// Figures of a server in front of the house.
    pub(crate) fn new(house: &House) -> Self {
        let mut registry = Registry::with_prefix(PREFIX);
        let (open, problems) = (Gauge::default(), Family::default());
        let requests = Family::new_with_constructor(durations as fn() -> Histogram);
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The program", build);
        let help = "Seconds from the head of a request to the head of its answer";
        registry.register("http_request_duration_seconds", help, requests.clone());
        registry.register("http_requests_open", "Requests that are being answered", open.clone());
        registry.register("problems", "Problems answered, by code", problems.clone());
        house.register_meters(&mut registry);
        Self { registry, requests, problems, open }
    }

    /// Everything as OpenMetrics text, which is what Prometheus asks for first.
    pub(super) fn text(&self) -> Result<String, std::fmt::Error> {
        let mut written = String::new();
        text::encode(&mut written, &self.registry)?;
        Ok(written)
    }

    /// A request has come.
    pub(super) fn visit(&self) -> Visit<'_> {
        self.open.inc();
        Visit(self)
    }
}

/// A request that is being answered: it is not any more when this is dropped, whether it was or its client left.
pub(super) struct Visit<'a>(&'a Figures);

impl Visit<'_> {
    /// The request was answered, with a problem if there is a code.
    pub(super) fn answered(self, answered: Answered, code: Option<Code>, took: Duration) {
        self.0.requests.get_or_create(&answered).observe(took.as_secs_f64());
        if let Some(code) = code {
            self.0.problems.get_or_create(&Refused { code: code.name() }).inc();
        }
    }
}

impl Drop for Visit<'_> {
    fn drop(&mut self) {
        self.0.open.dec();
    }
}

/// The method's name. Methods that no path takes are the client's to make up, as paths are.
pub(super) fn method(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}
