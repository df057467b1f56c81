//! `reelhouse-bench play`: Reelhouse under load, a lone client, and pgbench beside them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;

use crate::cpu::{self, Busy, Sample};
use crate::load::{self, Length, Seat, Tables, Tally, Target};
use crate::notebook::say;
use crate::pgbench::{self, Baseline, Run, Script};
use crate::psql::{Psql, Scratch};
use crate::report::{self, Row};
use crate::server::Server;
use crate::{machine, setup};

/// How many rows there are of what spins append.
const ROWS: &str = "SELECT json_build_object('events', (SELECT count(*) FROM gameplay_events), \
                    'rl', (SELECT count(*) FROM rl_store), 'entries', (SELECT count(*) FROM ledger_entries))";

/// How many cores may be busy with something else.
const QUIET: f64 = 0.1;

/// What is measured, and how long.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The server that is measured.
    #[arg(long, value_name = "PATH")]
    server_binary: PathBuf,
    /// A PostgreSQL whose user may make databases; the run makes its own and drops them.
    #[arg(long, value_name = "URL", required_if_eq("store", "postgres"))]
    database_url: Option<String>,
    /// Measure beside it what pgbench reaches, on PostgreSQL.
    #[arg(long, value_name = "PATH")]
    pgbench: Option<PathBuf>,
    /// What the server stores to.
    #[arg(long, value_enum, default_value = "postgres")]
    store: StoreKind,
    /// Keep-alive connections, each with one action under way at a time.
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..))]
    clients: u16,
    /// Sessions, each with a wallet of its own.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..))]
    sessions: u32,
    /// Seconds of load, and of each run of pgbench.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    seconds: u64,
    /// Seconds that a lone client plays; 0 leaves it out.
    #[arg(long, default_value_t = 3)]
    lone_seconds: u64,
    /// Seconds of lists of actions; 0 leaves them out.
    #[arg(long, default_value_t = 10)]
    list_seconds: u64,
    /// How many spins a list asks for.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u16).range(1..=1000))]
    list: u16,
    /// Connections that send lists.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..))]
    list_clients: u16,
    /// Seconds before each measurement that are not measured.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..))]
    warm_up_seconds: u64,
    /// Turns of b and d, one right after the other: a machine whose speed changes bends a ratio of runs that lie apart.
    #[arg(long, default_value_t = 3)]
    turns: u32,
    /// Connections of pgbench.
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..))]
    pgbench_clients: u32,
    /// The stake of each paid spin, in credits.
    #[arg(long, default_value = "1.00")]
    stake: String,
    /// Where SQLite's file and the scripts go for the run: on the disk that is to be measured.
    #[arg(long, value_name = "DIR", default_value = "/var/tmp")]
    dir: PathBuf,
}

/// What the server stores to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum StoreKind {
    Postgres,
    Sqlite,
}

impl StoreKind {
    fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Sqlite => "sqlite",
        }
    }
}

impl Args {
    /// The section of the docs that the run writes.
    pub(crate) fn section(&self) -> &'static str {
        match self.store {
            StoreKind::Postgres => "play",
            StoreKind::Sqlite => "play on SQLite",
        }
    }
}

/// Measures and prints.
pub(crate) async fn play(args: &Args) -> Result<()> {
    if args.sessions < u32::from(args.clients) {
        bail!("each of the {} clients needs a session of its own", args.clients);
    }
    let dir = tempfile::Builder::new().prefix("reelhouse-bench-").tempdir_in(&args.dir);
    let dir = dir.with_context(|| format!("cannot write to {}", args.dir.display()))?;
    print_facts(args, dir.path());
    if let Some(busy) = cpu::before().await.filter(|busy| *busy > QUIET) {
        say!("warning: {busy:.2} cores were busy before the run began, so the figures are too low");
    }
    match args.store {
        StoreKind::Postgres => on_postgres(args, dir.path()).await,
        StoreKind::Sqlite => on_sqlite(args, dir.path()).await,
    }
}

fn print_facts(args: &Args, dir: &Path) {
    if args.store == StoreKind::Sqlite {
        let kind = machine::file_system(dir).unwrap_or_else(|| "unknown".to_owned());
        say!("SQLite on a file system of kind {kind}");
        if matches!(kind.as_str(), "tmpfs" | "ramfs") {
            say!("warning: that is in memory, so commits do not wait for a disk; choose another --dir");
        }
    }
}

async fn on_sqlite(args: &Args, dir: &Path) -> Result<()> {
    let file = dir.join("reelhouse.db");
    let url = format!("sqlite://{}", file.to_str().context("--dir is not text")?);
    let server = Server::start(&args.server_binary, &url, dir)?;
    let seated = Seated::make(args, &server).await?;
    let played = measure(args, server, seated, None, None).await?;
    played.print(&[]);
    played.check()
}

async fn on_postgres(args: &Args, dir: &Path) -> Result<()> {
    let url = args.database_url.as_deref().context("--database-url is needed")?;
    let psql = Psql::new(args.pgbench.as_deref(), url)?;
    print_settings(&psql)?;
    let house = Scratch::create(&psql, "house", None)?;
    let server = Server::start(&args.server_binary, house.psql.url(), dir)?;
    let seated = Seated::make(args, &server).await?;
    // A database is copied while nobody is connected to it.
    server.stop()?;
    let copy = args.pgbench.as_ref().map(|_| Scratch::create(&psql, "pgbench", Some(&house))).transpose()?;
    let copied = args.pgbench.as_deref().zip(copy.as_ref());
    let baseline = copied.map(|(program, copy)| Baseline::prepare(program, &copy.psql, dir)).transpose()?;
    let baselines = baseline.as_ref().map(|baseline| run_pgbench(args, baseline)).transpose()?.unwrap_or_default();
    house.psql.run(&["VACUUM (ANALYZE)"])?;
    let before = house.psql.json(ROWS)?;
    let server = Server::start(&args.server_binary, house.psql.url(), dir)?;
    let played = measure(args, server, seated, Some(&house.psql), baseline.as_ref()).await?;
    played.print(&baselines);
    let after = house.psql.json(ROWS)?;
    let more = |what: &str| after[what].as_u64().unwrap_or(0).saturating_sub(before[what].as_u64().unwrap_or(0));
    let (events, acknowledged) = (more("events"), played.acknowledged);
    let rows = (more("events") + more("rl") + more("entries")) as f64 / (events as f64).max(1.0) + 2.0;
    say!("rows per action: {rows:.2} (session and wallet updated; event, RL row, ledger entries appended)");
    say!("acknowledged actions: {acknowledged}; events in the database: {events}");
    if events != acknowledged && played.unanswered == 0 {
        bail!("the events in the database are not the actions that were acknowledged");
    }
    played.check()
}

fn print_settings(psql: &Psql) -> Result<()> {
    let settings = pgbench::settings(psql).context("PostgreSQL does not answer")?;
    let settings = settings.as_object().context("settings are an object")?;
    let text = |name: &str| settings.get(name).and_then(|value| value.as_str()).unwrap_or("?").to_owned();
    let others = settings.keys().filter(|name| *name != "server_version").map(|name| format!("{name} {}", text(name)));
    say!("PostgreSQL {}: {}", text("server_version"), others.collect::<Vec<_>>().join(", "));
    if ["fsync", "synchronous_commit", "full_page_writes"].iter().any(|name| text(name) == "off") {
        say!("warning: commits do not wait for the disk, its figures are not to be kept");
    }
    Ok(())
}

/// The baselines, each with its letter, in the order that the ratios name them.
fn run_pgbench(args: &Args, baseline: &Baseline<'_>) -> Result<Vec<Row>> {
    let warm_up = Duration::from_secs(args.warm_up_seconds);
    let time = Duration::from_secs(args.seconds);
    let clients = args.pgbench_clients;
    let mut rows = Vec::new();
    for (what, run) in [
        ("a pgbench, ten statements", Run { script: Script::Ten, schema: "public", clients }),
        ("b pgbench, one statement", one_statement(args)),
        ("b' as b, bare tables", Run { script: Script::One, schema: "bare", clients }),
        ("c pgbench, 512 spins in one", Run { script: Script::Many, schema: "public", clients: 1 }),
        ("c' as c, bare tables", Run { script: Script::Many, schema: "bare", clients: 1 }),
    ] {
        let figures = baseline.run(&run, warm_up, time)?;
        rows.push(Row::pgbench(what, run.clients as usize, &figures));
    }
    Ok(rows)
}

/// What b runs.
fn one_statement(args: &Args) -> Run {
    Run { script: Script::One, schema: "public", clients: args.pgbench_clients }
}

/// Who plays and where.
struct Seated {
    stake: String,
    tables: Tables,
}

impl Seated {
    /// Makes wallets and sessions, and plays one spin in each.
    async fn make(args: &Args, server: &Server) -> Result<Self> {
        let clients = usize::from(args.clients);
        let seats = setup::seats(server.address, args.sessions as usize, clients).await;
        let seats = seats.with_context(|| server.tail())?;
        let mut seated = Self { stake: args.stake.clone(), tables: load::deal(seats, clients) };
        let tally = load::play(&seated.target(server), &mut seated.tables, Length::Once).await?;
        if tally.actions != u64::from(args.sessions) {
            let error = tally.first_error.as_deref().unwrap_or_default();
            bail!("{} of {} first spins were acknowledged; {error}", tally.actions, args.sessions);
        }
        Ok(seated)
    }

    fn target(&self, server: &Server) -> Target {
        Target { address: server.address, stake: self.stake.clone(), list: None }
    }
}

/// What playing came to.
struct Played {
    loaded: Row,
    lone: Option<Row>,
    lists: Option<Row>,
    /// d / b of each turn.
    turns: Vec<f64>,
    busy: Option<Busy>,
    peak_memory: Option<u64>,
    acknowledged: u64,
    unanswered: u64,
    first_error: Option<String>,
    /// Whether the server stopped in good order.
    stopped: Result<()>,
}

/// Where phases are played, and what all of them came to.
struct Phases<'a> {
    store: &'static str,
    psql: Option<&'a Psql>,
    acknowledged: u64,
    unanswered: u64,
    first_error: Option<String>,
}

impl Phases<'_> {
    /// Plays.
    async fn play(&mut self, target: &Target, tables: &mut [Vec<Seat>], length: Length) -> Result<Tally> {
        let mut tally = load::play(target, tables, length).await?;
        self.acknowledged += tally.actions;
        self.unanswered += tally.broken;
        self.first_error = self.first_error.take().or(tally.first_error.take());
        Ok(tally)
    }

    /// Plays for a time, as a row of the table; for no time there is none.
    async fn row(&mut self, what: &str, target: &Target, tables: &mut [Vec<Seat>], time: u64) -> Result<Option<Row>> {
        if time == 0 || tables.is_empty() {
            return Ok(None);
        }
        let before = start_of_log(self.psql)?;
        let tally = self.play(target, tables, Length::Time(Duration::from_secs(time))).await?;
        let log = self.psql.map(Psql::log_position).transpose()?.zip(before).map(|(now, then)| now - then);
        Row::played(what, self.store, tables.len(), &tally, log).map(Some)
    }
}

/// Warms up, measures the load, a lone client and lists, and stops the server.
async fn measure(
    args: &Args,
    server: Server,
    mut seated: Seated,
    psql: Option<&Psql>,
    baseline: Option<&Baseline<'_>>,
) -> Result<Played> {
    let mut phases = Phases { store: args.store.name(), psql, acknowledged: 0, unanswered: 0, first_error: None };
    let target = seated.target(&server);
    // The server has just started, and loads every session once.
    phases.play(&target, &mut seated.tables, Length::Once).await?;
    phases.play(&target, &mut seated.tables, Length::Time(Duration::from_secs(args.warm_up_seconds))).await?;

    let sample = Sample::take(server.id());
    let loaded = phases.row("d Reelhouse over HTTP", &target, &mut seated.tables, args.seconds).await?;
    let busy = Sample::take(server.id()).zip(sample).map(|(now, then)| now.since(&then));

    let mut turns = Vec::new();
    for baseline in (0..args.turns).filter_map(|_| baseline) {
        let time = Duration::from_secs(args.seconds);
        let rate = baseline.run(&one_statement(args), Duration::from_secs(1), time)?.rate;
        let turn = phases.row("d", &target, &mut seated.tables, args.seconds).await?;
        turns.extend(turn.map(|row| row.rate / rate));
    }

    let lone = seated.tables.get_mut(..1).unwrap_or_default();
    let lone = phases.row("d with a lone client", &target, lone, args.lone_seconds).await?;
    let listed = Target { list: Some(args.list), ..target };
    let senders = usize::from(args.list_clients).min(seated.tables.len());
    let what = format!("e as d, lists of {}", args.list);
    let lists = seated.tables.get_mut(..senders).unwrap_or_default();
    let lists = phases.row(&what, &listed, lists, args.list_seconds).await?;
    let peak_memory = server.peak_memory();
    Ok(Played {
        stopped: server.stop(),
        loaded: loaded.context("there was no time for the load")?,
        lone,
        lists,
        turns,
        busy,
        peak_memory,
        acknowledged: phases.acknowledged,
        unanswered: phases.unanswered,
        first_error: phases.first_error,
    })
}

/// How far the log is written, after a checkpoint, so that each side pays for its own full-page images.
fn start_of_log(psql: Option<&Psql>) -> Result<Option<u64>> {
    let Some(psql) = psql else { return Ok(None) };
    psql.run(&["CHECKPOINT"])?;
    psql.log_position().map(Some)
}

impl Played {
    fn print(&self, baselines: &[Row]) {
        let rows: Vec<Row> =
            baselines.iter().chain([&self.loaded]).chain(&self.lone).chain(&self.lists).cloned().collect();
        say!("\n{}", report::table(&rows));
        let ratios = ["d / a", "d / b", "d / b'", "d / c", "d / c'"].iter().zip(baselines);
        let mut ratios: Vec<String> = ratios.map(|(name, under)| report::ratio(name, &self.loaded, under)).collect();
        // The baselines come in the order of their letters: a, b, b', c, c'.
        let floors = ["e / c", "e / c'"].into_iter().zip(baselines.iter().skip(3));
        ratios
            .extend(self.lists.iter().flat_map(|lists| floors.clone().map(|(name, c)| report::ratio(name, lists, c))));
        if !ratios.is_empty() {
            say!("{}", ratios.join(", "));
        }
        let mut turns = self.turns.clone();
        turns.sort_by(f64::total_cmp);
        if let Some(median) = turns.get(turns.len() / 2) {
            let each: Vec<_> = self.turns.iter().map(|turn| format!("{turn:.2}")).collect();
            say!("d / b, one right after the other: {}; median {median:.2}", each.join(", "));
        }
        say!("closed loop: a client sends its next action when the last one is answered; no Idempotency-Key is sent");
        if let Some(busy) = &self.busy {
            say!("{}", report::busy(busy));
        }
        if let Some(bytes) = self.peak_memory {
            say!("peak memory of the server: {:.1} MB", bytes as f64 / 1e6);
        }
    }

    /// A run with errors has been printed, and fails.
    fn check(self) -> Result<()> {
        if let Some(error) = self.first_error {
            bail!("not every action was acknowledged; the first that was not: {error}");
        }
        self.stopped
    }
}
