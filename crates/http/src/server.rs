//! The server: an actix `HttpServer` around the routes.

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::{App, HttpServer};
use reelhouse_application::House;

use crate::gate::{AccessSettings, Gate};
use crate::limits::HttpLimits;
use crate::routes::configure;
use crate::watch::TraceParents;

/// How the server serves.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// Who may call, from where and how often; its address is that of the listener, whatever it says.
    pub access: AccessSettings,
    /// What puts the span of a request into its caller's trace; none where spans are not exported.
    pub trace_parents: Option<TraceParents>,
    /// What one request may take.
    pub limits: HttpLimits,
    /// How many threads serve; none for one per core.
    pub workers: Option<usize>,
    /// The time in which the headers of a request must have arrived.
    pub header_timeout: Duration,
    /// How long a connection may stay open between requests.
    pub keep_alive: Duration,
    /// How many connections each worker holds before new ones wait.
    pub max_connections: usize,
    /// How long a stopping server waits for the requests in work.
    pub shutdown_timeout: Duration,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            access: AccessSettings::at((Ipv4Addr::LOCALHOST, 0).into()),
            trace_parents: None,
            limits: HttpLimits::default(),
            workers: None,
            header_timeout: Duration::from_secs(10),
            keep_alive: Duration::from_secs(75),
            max_connections: 10_000,
            shutdown_timeout: Duration::from_secs(30),
        }
    }
}

/// A server on a bound listener. It runs while the returned future is polled; its
/// handle stops it. Signals are the caller's to handle.
///
/// # Errors
/// When the listener cannot be used.
pub fn server(listener: TcpListener, house: &House, settings: HttpSettings) -> io::Result<Server> {
    let access = AccessSettings { address: listener.local_addr()?, ..settings.access };
    let gate = Arc::new(Gate::new(house, access).with_trace_parents(settings.trace_parents));
    let mut server = HttpServer::new(move || {
        let gate = Arc::clone(&gate);
        App::new().configure(|app| configure(app, gate, settings.limits))
    })
    .client_request_timeout(settings.header_timeout)
    .keep_alive(settings.keep_alive)
    .max_connections(settings.max_connections)
    .shutdown_timeout(settings.shutdown_timeout.as_secs())
    .disable_signals();
    if let Some(workers) = settings.workers {
        server = server.workers(workers.max(1));
    }
    Ok(server.listen(listener)?.run())
}
