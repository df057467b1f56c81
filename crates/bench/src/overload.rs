//! `reelhouse-bench overload`: far more clients than the server can serve, and clients that stall.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow};
use hdrhistogram::Histogram;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::client::{Connection, request};
use crate::load::{self, Length, Tables, Tally, Target};
use crate::notebook::say;
use crate::psql::{Psql, Scratch};
use crate::server::Server;
use crate::setup;

/// Clients that the server can serve without refusing any.
const CLIENTS: usize = 64;

/// How often the health check is asked for.
const PROBE: Duration = Duration::from_millis(20);

/// How a stalled client's request goes on: with a head that does not end, or a body that does not.
const STALLED: [&str; 2] = ["", "Content-Length: 100\r\n\r\n{"];

/// What is measured, and how long.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The server that is measured.
    #[arg(long, value_name = "PATH")]
    server_binary: PathBuf,
    /// A PostgreSQL whose user may make databases; the run makes its own and drops it.
    #[arg(long, value_name = "URL")]
    database_url: String,
    /// Where pgbench lies, and psql beside it.
    #[arg(long, value_name = "PATH")]
    pgbench: Option<PathBuf>,
    /// Clients of the overload, each with one request under way at a time; refused, it waits 50 ms.
    #[arg(long, default_value_t = 4096, value_parser = clap::value_parser!(u16).range(64..))]
    clients: u16,
    /// Clients that stall.
    #[arg(long, default_value_t = 500)]
    stalled: u16,
    /// Seconds of each phase.
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u64).range(1..))]
    seconds: u64,
    /// Where the server's log goes.
    #[arg(long, value_name = "DIR", default_value = "/var/tmp")]
    dir: PathBuf,
}

/// Measures and prints.
pub(crate) async fn overload(args: &Args) -> Result<()> {
    let dir = tempfile::Builder::new().prefix("reelhouse-bench-").tempdir_in(&args.dir)?;
    let psql = Psql::new(args.pgbench.as_deref(), &args.database_url)?;
    say!("PostgreSQL {}", psql.run(&["SHOW server_version"])?);
    let scratch = Scratch::create(&psql, "overload", None)?;
    let server = Server::start(&args.server_binary, scratch.psql.url(), dir.path())?;
    let target = Target { address: server.address, stake: "1.00".to_owned(), list: None };
    let seats = setup::seats(server.address, usize::from(args.clients), CLIENTS).await?;
    let few = setup::seats(server.address, CLIENTS, CLIENTS).await?;
    let (mut few, mut many) = (load::deal(few, CLIENTS), load::deal(seats, usize::from(args.clients)));
    let time = Length::Time(Duration::from_secs(args.seconds));

    say!(
        "\n| phase                     | clients | done/s | done p99 ms | 503/s | 503 max ms | other | /healthz p99 ms | max ms |"
    );
    say!(
        "|---------------------------|--------:|-------:|------------:|------:|-----------:|------:|----------------:|-------:|"
    );
    phase("warm-up", &target, &mut few, time).await?;
    phase("normal", &target, &mut few, time).await?;
    phase("overload", &target, &mut many, time).await?;
    recover(&target, &mut few).await?;
    let stalled = stall(server.address, usize::from(args.stalled)).await?;
    phase(&format!("{} clients stall", stalled.len()), &target, &mut few, time).await?;
    drop(stalled);
    if let Some(bytes) = server.peak_memory() {
        say!("\npeak memory of the server: {:.1} MB", bytes as f64 / 1e6);
    }
    server.stop()
}

/// Plays with the health check asked for beside it.
async fn phase(what: &str, target: &Target, tables: &mut Tables, time: Length) -> Result<Tally> {
    let prober = Prober::start(target.address);
    let tally = load::play(target, tables, time).await?;
    let health = prober.stop()?;
    let ms = |micros: u64| micros as f64 / 1000.0;
    let per_second = |count: u64| count as f64 / tally.elapsed.as_secs_f64().max(f64::EPSILON);
    let busy = tally.refused.get(&503).copied().unwrap_or(0);
    let other = tally.refused.values().sum::<u64>() - busy + tally.broken;
    say!(
        "| {what:<25} | {:>7} | {:>6.0} | {:>11.1} | {:>5.0} | {:>10.1} | {other:>5} | {:>15.1} | {:>6.1} |",
        tables.len(),
        per_second(tally.actions),
        ms(tally.histogram()?.value_at_quantile(0.99)),
        per_second(busy),
        ms(u64::from(tally.slowest_refusal)),
        ms(health.value_at_quantile(0.99)),
        ms(health.max()),
    );
    if other > 0 {
        let statuses: Vec<u16> = tally.refused.keys().copied().collect();
        say!(
            "statuses {statuses:?}, no answer {}, the first: {}",
            tally.broken,
            tally.first_error.as_deref().unwrap_or("")
        );
    }
    Ok(tally)
}

/// Plays second by second until none is refused and the wait is as short as before.
async fn recover(target: &Target, tables: &mut Tables) -> Result<()> {
    let begun = Instant::now();
    for second in 1..=30 {
        let tally = load::play(target, tables, Length::Time(Duration::from_secs(1))).await?;
        let p99 = tally.histogram()?.value_at_quantile(0.99);
        if tally.refused.is_empty() && p99 < 50_000 {
            let took = begun.elapsed().as_secs_f64();
            say!("back to normal in second {second} ({took:.1} s): none refused, p99 {:.1} ms", p99 as f64 / 1000.0);
            return Ok(());
        }
    }
    Err(anyhow!("the server was not back to normal after 30 seconds"))
}

/// Connections that begin a request and never end it.
async fn stall(address: SocketAddr, count: usize) -> Result<Vec<TcpStream>> {
    let head = format!("POST /wallets HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n");
    let mut streams = Vec::with_capacity(count);
    for rest in STALLED.iter().cycle().take(count) {
        let mut stream = TcpStream::connect(address).await.context("a stalled client could not connect")?;
        stream.write_all(format!("{head}{rest}").as_bytes()).await?;
        streams.push(stream);
    }
    Ok(streams)
}

/// Asks for the health check over and over, from a thread of its own, so that a busy load generator is no part of it.
struct Prober {
    stop: Arc<AtomicBool>,
    thread: thread::JoinHandle<Result<Histogram<u64>>>,
}

impl Prober {
    fn start(address: SocketAddr) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(probe(address, &stopped))
        });
        Self { stop, thread }
    }

    fn stop(self) -> Result<Histogram<u64>> {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().map_err(|_| anyhow!("the prober panicked"))?
    }
}

async fn probe(address: SocketAddr, stop: &AtomicBool) -> Result<Histogram<u64>> {
    let mut histogram = Histogram::new(3).context("a histogram could not be made")?;
    let mut connection = Connection::open(address).await?;
    let asked = request("GET", "/healthz", address, "");
    while !stop.load(Ordering::Relaxed) {
        let sent = Instant::now();
        let answer = connection.send(&asked).await.context("the health check was not answered")?;
        let took = sent.elapsed();
        if !answer.is_success() {
            return Err(anyhow!("the health check was answered {}", answer.status));
        }
        histogram.record(u64::try_from(took.as_micros())?)?;
        tokio::time::sleep(PROBE).await;
    }
    Ok(histogram)
}
