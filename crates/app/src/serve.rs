//! Serving: open the store, migrate, seed, listen, and stop in good order.

use std::io::Write as _;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use reelhouse_application::{House, WorkSettings, Workers};
use reelhouse_domain::time::Clock as _;
use reelhouse_http::{AccessSettings, HttpSettings, Rate};

use crate::config::Config;
use crate::store::{self, Store};
use crate::system::{self, SystemClock};
use crate::telemetry::Telemetry;
use crate::{migrate, seed};

/// How often sessions left idle are looked for.
const SWEEP_PERIOD: Duration = Duration::from_secs(60);

/// How often events are counted that nobody has counted yet.
const OBSERVE_PERIOD: Duration = Duration::from_secs(5);

/// How often partitions are made ahead.
const PARTITION_PERIOD: Duration = Duration::from_secs(24 * 60 * 60);

/// How many months ahead partitions are made.
const PARTITION_MONTHS: u32 = 3;

/// Serves until a signal says stop.
///
/// # Errors
/// When the store cannot be used or the address cannot be listened on.
pub async fn serve(config: &Config, telemetry: &Telemetry) -> anyhow::Result<()> {
    // Before anything is said: whoever reads that it listens may already ask it to stop.
    let stop = StopSignal::listen()?;
    let listener = TcpListener::bind(config.listen).with_context(|| format!("cannot listen on {}", config.listen))?;
    let address = listener.local_addr()?;
    let store = store::open(config).await?;
    migrate::up(&store).await?;
    if let Store::Postgres(store) = &store {
        reelhouse_postgres::partitions::ensure(store, SystemClock.now(), PARTITION_MONTHS).await?;
    }
    let reads = store::open_reads(config, &store).await?;
    let house = Arc::new(store.house(config, reads)?);
    require_keys(address, &house).await?;
    seed::games(&house).await?;

    let server = reelhouse_http::server(listener, &house, http_settings(config, address, telemetry))
        .with_context(|| format!("cannot listen on {address}"))?;
    let handle = server.handle();
    let background = start_background(&store, &house);
    let closing = Arc::clone(&house);
    let workers = Workers::start(&house, work_settings(config));
    greet(&format!("http://{address}"), &store.describe(config), &house).await?;
    let delay = config.drain;
    let stopper = tokio::spawn(async move {
        stop.received().await;
        tracing::info!(seconds = delay.as_secs(), "stopping: open requests are answered first");
        // A stream would be waited for until the time-out.
        closing.close();
        let drained = async {
            // Whoever asks whether it is ready learns that it is not, while others are answered still.
            tokio::time::sleep(delay).await;
            handle.stop(true).await;
        };
        // Jobs are given back at once, whatever the open requests take.
        tokio::join!(drained, workers.stop());
    });
    server.await.context("the server failed")?;
    stopper.await.context("stopping failed")?;
    for task in background {
        task.abort();
    }
    drop(house);
    store.close().await;
    Ok(())
}

/// Refuses to be reached from other machines as long as nobody could manage the keys that callers then need.
async fn require_keys(address: SocketAddr, house: &House) -> anyhow::Result<()> {
    if address.ip().is_loopback() || house.has_admin_key().await? {
        return Ok(());
    }
    bail!(
        "--listen: {address} can be reached from other machines, and there is no admin key yet to tell callers apart.\n\
         Make one, which prints it once, and start again:\n\n    \
         reelhouse key create --role admin --name \"$USER\"\n\n\
         with the same --database-url. Or listen on a loopback address such as 127.0.0.1:8080, which needs none."
    )
}

/// How the server serves.
fn http_settings(config: &Config, address: SocketAddr, telemetry: &Telemetry) -> HttpSettings {
    let access = AccessSettings {
        address,
        allowed_hosts: config.allowed_hosts.clone(),
        key_rate: Rate::per_second(config.key_rate),
        address_rate: Rate::per_second(config.address_rate),
    };
    HttpSettings { access, trace_parents: telemetry.trace_parents(), ..HttpSettings::default() }
}

/// How background jobs are worked on.
fn work_settings(config: &Config) -> WorkSettings {
    WorkSettings { threads: config.job_threads, on_thread: system::lower_priority, ..WorkSettings::default() }
}

/// Starts what runs beside the requests.
fn start_background(store: &Store, house: &Arc<House>) -> Vec<tokio::task::JoinHandle<()>> {
    let mut tasks = vec![
        tokio::spawn(reelhouse_application::sweep(Arc::clone(house), SWEEP_PERIOD)),
        tokio::spawn(reelhouse_application::observe(Arc::clone(house), OBSERVE_PERIOD)),
    ];
    if let Store::Postgres(store) = store {
        tasks.push(tokio::spawn(keep_partitions_ahead(store.clone())));
    }
    tasks
}

async fn keep_partitions_ahead(store: reelhouse_postgres::PostgresStore) {
    loop {
        tokio::time::sleep(PARTITION_PERIOD).await;
        let made = reelhouse_postgres::partitions::ensure(&store, SystemClock.now(), PARTITION_MONTHS).await;
        if let Err(error) = made {
            tracing::error!(%error, "partitions could not be made ahead");
        }
    }
}

/// The first lines: where it listens, which store, the public key, who may call, where the docs are, and a first
/// request.
async fn greet(url: &str, store: &str, house: &House) -> anyhow::Result<()> {
    let (callers, header) = match house.has_keys().await? {
        true => ("whoever has a key", " -H \"authorization: Bearer $REELHOUSE_KEY\""),
        false => ("this machine, without a key", ""),
    };
    let mut out = std::io::stdout().lock();
    writeln!(out, "Reelhouse {} listens on {url} (simulated play, test credits only)", env!("CARGO_PKG_VERSION"))?;
    writeln!(out, "store: {store}")?;
    writeln!(out, "key:   {} (Ed25519, signs what ended sessions came to)", house.public_key())?;
    writeln!(out, "open:  to {callers}")?;
    writeln!(out, "docs:  {url}/docs")?;
    writeln!(out, "try:   curl -s{header} '{url}/games?limit=1'")?;
    Ok(out.flush()?)
}

/// Ctrl-C, or a request to terminate. From [`StopSignal::listen`] on neither ends the process by itself.
struct StopSignal {
    #[cfg(unix)]
    signals: [tokio::signal::unix::Signal; 2],
}

impl StopSignal {
    #[cfg(unix)]
    fn listen() -> anyhow::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let listen = |kind| signal(kind).context("cannot listen for the signals that stop the server");
        Ok(Self { signals: [listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?] })
    }

    #[cfg(not(unix))]
    fn listen() -> anyhow::Result<Self> {
        Ok(Self {})
    }

    #[cfg(unix)]
    async fn received(mut self) {
        let [interrupt, terminate] = &mut self.signals;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }

    #[cfg(not(unix))]
    async fn received(self) {
        drop(tokio::signal::ctrl_c().await);
    }
}

/// Prints the OpenAPI document.
///
/// # Errors
/// When standard output is closed.
pub fn print_openapi() -> anyhow::Result<()> {
    Ok(std::io::stdout().write_all(reelhouse_http::openapi_json().as_bytes())?)
}
