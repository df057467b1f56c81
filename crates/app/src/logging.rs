//! Log lines: to standard error, for people or as JSON; and the spans that are exported.

use std::io::IsTerminal as _;

use anyhow::Context as _;
use tracing::Subscriber;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer};

use crate::config::{Config, LogFormat};
use crate::telemetry::Telemetry;

/// Starts logging for the whole process, and the export of spans where that is configured.
///
/// # Errors
/// When the filter or the address of the collector does not read.
pub fn start(config: &Config) -> anyhow::Result<Telemetry> {
    let filter = EnvFilter::try_new(&config.log).with_context(|| format!("--log: {:?} is no filter", config.log))?;
    let telemetry = Telemetry::start(config)?;
    match telemetry.layer() {
        // One filter before everything costs least.
        None => tracing_subscriber::registry().with(filter).with(lines(config.log_format)).init(),
        Some(spans) => {
            tracing_subscriber::registry().with(lines(config.log_format).with_filter(filter)).with(spans).init();
        }
    }
    std::panic::set_hook(Box::new(log_panic));
    Ok(telemetry)
}

/// The layer that writes the lines.
fn lines<S>(format: LogFormat) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let colours = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let lines = tracing_subscriber::fmt::layer().with_ansi(colours).with_writer(std::io::stderr);
    match format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).boxed(),
    }
}

/// Logs a panic as any other error is. The task or thread that panicked ends; the process goes on.
fn log_panic(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let why = panic.payload_as_str().unwrap_or("it does not say why");
    tracing::error!(place, why, "the program met a defect of its own");
}
