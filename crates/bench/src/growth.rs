//! `reelhouse-bench growth`: an action, a page of events and a session read, at few rows and at many.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use hdrhistogram::Histogram;

use crate::client::{Connection, request};
use crate::load::{self, Length, Seat, Target};
use crate::notebook::say;
use crate::psql::{Psql, Scratch};
use crate::server::Server;
use crate::setup;

/// Readies the database for more events.
const PREPARE: &str = include_str!("../sql/growth.sql");

/// How many events one COPY loads, about.
const CHUNK: u64 = 500_000;

/// How many clients make sessions, and play under load.
const CLIENTS: usize = 64;

/// Seats are taken at strides of this, a prime, so that neighbours in time are none in the tables.
const STRIDE: usize = 7919;

/// How many events a page has.
const PAGE: u64 = 100;

/// What is loaded and measured.
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
    /// Events at the end: so many of each session.
    #[arg(long, default_value_t = 10_000_000)]
    events: u64,
    /// Sessions at the end.
    #[arg(long, default_value_t = 10_000)]
    sessions: u64,
    /// Events at the start.
    #[arg(long, default_value_t = 10_000)]
    few_events: u64,
    /// Sessions at the start.
    #[arg(long, default_value_t = 100)]
    few_sessions: u64,
    /// How often each request is made, by a lone client at sessions taken in turn.
    #[arg(long, default_value_t = 3000)]
    requests: u64,
    /// Seconds of load by 64 clients, for the memory of the server.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Where the server's log goes.
    #[arg(long, value_name = "DIR", default_value = "/var/tmp")]
    dir: PathBuf,
}

/// Loads, measures and prints.
pub(crate) async fn growth(args: &Args) -> Result<()> {
    if args.few_events / args.few_sessions.max(1) < PAGE || args.events / args.sessions.max(1) < PAGE {
        bail!("a page has {PAGE} events, so each session needs as many");
    }
    let dir = tempfile::Builder::new().prefix("reelhouse-bench-").tempdir_in(&args.dir)?;
    let psql = Psql::new(args.pgbench.as_deref(), &args.database_url)?;
    say!("PostgreSQL {}", psql.run(&["SHOW server_version"])?);
    let scratch = Scratch::create(&psql, "growth", None)?;
    let server = Server::start(&args.server_binary, scratch.psql.url(), dir.path())?;
    let mut house = House { server, psql: &scratch.psql, seats: Vec::new() };

    house.grow(args.few_sessions, args.few_events).await.context("the few events could not be loaded")?;
    let few = house.measure(args.requests).await?;
    house.grow(args.sessions, args.events).await.context("the many events could not be loaded")?;
    let many = house.measure(args.requests).await?;
    print(&few, &many);
    house.load(args.seconds).await?;
    house.server.stop()
}

/// The server with its sessions.
struct House<'a> {
    server: Server,
    psql: &'a Psql,
    seats: Vec<Seat>,
}

/// What was measured at a size: how many rows there were, and microseconds of each kind of request.
struct Measured {
    events: u64,
    bytes: u64,
    requests: Vec<(&'static str, Histogram<u64>)>,
}

impl House<'_> {
    /// Makes sessions over HTTP, plays a spin in each, and loads events up to a number with COPY. Then it plays each
    /// session once more: the server was not told that its rows were changed.
    async fn grow(&mut self, sessions: u64, events: u64) -> Result<()> {
        let more = usize::try_from(sessions)?.saturating_sub(self.seats.len());
        let fresh = setup::seats(self.server.address, more, CLIENTS).await?;
        let first = self.seats.is_empty();
        let fresh = self.play_once(fresh).await?;
        self.seats.extend(fresh);
        if first {
            self.psql.run(&[PREPARE])?;
        }
        let begun = Instant::now();
        let missing = events.saturating_sub(self.events()?);
        let mut rounds = missing.div_ceil(sessions.max(1));
        while rounds > 0 {
            let some = rounds.min((CHUNK / sessions.max(1)).max(1));
            let rows = format!("SELECT * FROM bench.events({some})");
            let columns = r#"event_id, session_id, shard, seq, action, result, "timestamp", reward, hash"#;
            self.psql.copy(&rows, &format!("gameplay_events ({columns})"))?;
            self.psql.run(&[&format!("UPDATE sessions SET last_seq = last_seq + {some}")])?;
            rounds -= some;
        }
        let seats = std::mem::take(&mut self.seats);
        self.seats = self.play_once(seats).await?;
        self.psql.run(&["VACUUM (ANALYZE)", "CHECKPOINT"])?;
        say!("{} events in {} sessions, loaded in {:.0} s", self.events()?, sessions, begun.elapsed().as_secs_f64());
        Ok(())
    }

    async fn play_once(&self, seats: Vec<Seat>) -> Result<Vec<Seat>> {
        let clients = CLIENTS.min(seats.len().max(1));
        let mut tables = load::deal(seats, clients);
        load::play(&self.target(), &mut tables, Length::Once).await?;
        Ok(tables.into_iter().flatten().collect())
    }

    fn events(&self) -> Result<u64> {
        self.psql.number("SELECT count(*) FROM gameplay_events")
    }

    fn target(&self) -> Target {
        Target { address: self.server.address, stake: "1.00".to_owned(), list: None }
    }

    /// Times each kind of request, one after another by a lone client.
    async fn measure(&mut self, requests: u64) -> Result<Measured> {
        let mut connection = Connection::open(self.server.address).await?;
        let read = |seat: &Seat, path: &str| {
            request("GET", &format!("/sessions/{}{path}", seat.session_id), self.server.address, "")
        };
        let sessions: Vec<_> = self.taken(requests).map(|seat| read(seat, "")).collect();
        let firsts: Vec<_> = self.taken(requests).map(|seat| read(seat, "/events?limit=100")).collect();
        let mut lasts = Vec::new();
        for seat in self.taken(requests / 10) {
            let cursor = late_cursor(&mut connection, self.server.address, seat).await?;
            lasts.push(read(seat, &format!("/events?limit=100&cursor={cursor}")));
        }
        let mut measured = vec![("an action", self.time_actions(&mut connection, requests).await?)];
        for (what, requests) in [("a session", sessions), ("a first page", firsts), ("a last page", lasts)] {
            measured.push((what, time_reads(&mut connection, &requests).await?));
        }
        let bytes = self.psql.number("SELECT pg_database_size(current_database())")?;
        Ok(Measured { events: self.events()?, bytes, requests: measured })
    }

    /// So many seats, spread over all of them.
    fn taken(&self, count: u64) -> impl Iterator<Item = &Seat> {
        let places = (0..count as usize).map(|number| number.wrapping_mul(STRIDE));
        places.filter_map(|place| self.seats.get(place % self.seats.len().max(1)))
    }

    async fn time_actions(&mut self, connection: &mut Connection, requests: u64) -> Result<Histogram<u64>> {
        let target = self.target();
        let mut histogram = histogram()?;
        let mut asked = Vec::new();
        let count = self.seats.len().max(1);
        for number in 0..requests as usize {
            let seat = self.seats.get_mut(number.wrapping_mul(STRIDE) % count).context("there are no sessions")?;
            target.write(seat, &mut asked);
            let body = timed(connection, &asked, &mut histogram).await?;
            seat.free = load::free_games(&body);
        }
        Ok(histogram)
    }

    /// Plays with many clients at once, and tells the most memory that the server ever held.
    async fn load(&mut self, seconds: u64) -> Result<()> {
        let mut tables = load::deal(self.seats.clone(), CLIENTS);
        let tally = load::play(&self.target(), &mut tables, Length::Time(Duration::from_secs(seconds))).await?;
        let rate = tally.actions as f64 / tally.elapsed.as_secs_f64().max(f64::EPSILON);
        say!("{CLIENTS} clients at that size: {rate:.0} actions/s");
        match self.server.peak_memory() {
            Some(bytes) => say!("peak memory of the server: {:.1} MB", bytes as f64 / 1e6),
            None => say!("the system does not tell the memory of the server"),
        }
        Ok(())
    }
}

/// A cursor to the last page, which is full.
async fn late_cursor(connection: &mut Connection, address: SocketAddr, seat: &Seat) -> Result<String> {
    let path = format!("/sessions/{}", seat.session_id);
    let session = setup::ask(connection, &request("GET", &path, address, "")).await?;
    let before = session["last_seq"].as_u64().context("a session has no last_seq")?.saturating_sub(PAGE);
    let path = format!("{path}/events?limit={}", before.clamp(1, 1000));
    let page = setup::ask(connection, &request("GET", &path, address, "")).await?;
    page["next_cursor"].as_str().map(str::to_owned).context("a long list has one page")
}

async fn time_reads(connection: &mut Connection, requests: &[Vec<u8>]) -> Result<Histogram<u64>> {
    let mut histogram = histogram()?;
    for asked in requests {
        timed(connection, asked, &mut histogram).await?;
    }
    Ok(histogram)
}

async fn timed(connection: &mut Connection, asked: &[u8], histogram: &mut Histogram<u64>) -> Result<Vec<u8>> {
    let sent = Instant::now();
    let answer = connection.send(asked).await?;
    let took = sent.elapsed();
    if !answer.is_success() {
        bail!("a request was answered {}: {}", answer.status, String::from_utf8_lossy(answer.body));
    }
    histogram.record(u64::try_from(took.as_micros())?)?;
    Ok(answer.body.to_vec())
}

fn histogram() -> Result<Histogram<u64>> {
    Histogram::new(3).context("a histogram could not be made")
}

fn print(few: &Measured, many: &Measured) {
    let size = |at: &Measured| format!("{} events, {:.1} GB", at.events, at.bytes as f64 / 1e9);
    say!("few: {}; many: {}; a page has {PAGE} events; one client", size(few), size(many));
    say!("\n| milliseconds of | few p50 | few p99 | many p50 | many p99 | p50 ratio |");
    say!("|-----------------|--------:|--------:|---------:|---------:|----------:|");
    for ((what, few), (_, many)) in few.requests.iter().zip(&many.requests) {
        let ms = |histogram: &Histogram<u64>, quantile| histogram.value_at_quantile(quantile) as f64 / 1000.0;
        let (slow, fast) = (ms(many, 0.5), ms(few, 0.5));
        let ratio = slow / fast.max(f64::EPSILON);
        say!(
            "| {what:<15} | {fast:>7.3} | {:>7.3} | {slow:>8.3} | {:>8.3} | {ratio:>9.2} |",
            ms(few, 0.99),
            ms(many, 0.99)
        );
    }
}
