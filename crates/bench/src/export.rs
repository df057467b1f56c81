//! `reelhouse-bench export`: the Arrow export over HTTP, beside PostgreSQL's own binary COPY of the same rows.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::notebook::say;
use crate::psql::{Psql, Scratch};
use crate::server::Server;
use crate::setup;

/// How an answer in chunks ends. One that was broken off lacks it.
const END: &[u8] = b"\r\n0\r\n\r\n";

/// How many sessions play at the same time in the rows that are made.
const AT_ONCE: u32 = 64;

/// What is measured.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The server that is measured.
    #[arg(long, value_name = "PATH")]
    server_binary: PathBuf,
    /// A PostgreSQL whose user may make databases; the run makes its own and drops it.
    #[arg(long, value_name = "URL")]
    database_url: String,
    /// The psql beside this program is used.
    #[arg(long, value_name = "PATH")]
    pgbench: Option<PathBuf>,
    /// Rows of `rl_store` to export.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    rows: u64,
    /// Steps of each session.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
    steps: u32,
    /// How often each is measured, in turns; the fastest of each counts.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    turns: u32,
    /// The format that is exported.
    #[arg(long, default_value = "arrow")]
    format: String,
    /// Where the server runs.
    #[arg(long, value_name = "DIR", default_value = "/var/tmp")]
    dir: PathBuf,
}

/// Measures and prints.
pub(crate) async fn export(args: &Args) -> Result<()> {
    let dir = tempfile::Builder::new().prefix("reelhouse-bench-").tempdir_in(&args.dir);
    let dir = dir.with_context(|| format!("cannot write to {}", args.dir.display()))?;
    let scratch = Scratch::create(&Psql::new(args.pgbench.as_deref(), &args.database_url)?, "export", None)?;
    let server = Server::start(&args.server_binary, scratch.psql.url(), dir.path())?;
    setup::seats(server.address, 1, 1).await?;
    let rows = fill(&scratch.psql, args)?;
    let (mut copies, mut exports, mut bytes) = (vec![], vec![], 0);
    for _ in 0..args.turns {
        copies.push(copy(&scratch.psql)?);
        let (took, read) = download(server.address, &args.format).with_context(|| server.tail())?;
        exports.push(took);
        bytes = read;
    }
    let peak = server.peak_memory();
    print(args, rows, fastest(&copies), fastest(&exports), bytes, peak);
    server.stop()
}

fn fastest(times: &[Duration]) -> Duration {
    times.iter().copied().min().unwrap_or_default()
}

#[allow(clippy::cast_precision_loss)]
fn print(args: &Args, rows: u64, copy: Duration, export: Duration, bytes: u64, peak: Option<u64>) {
    let speed = |took: Duration| rows as f64 / took.as_secs_f64();
    say!("{rows} rows of rl_store in sessions of {} steps; the fastest of {} turns", args.steps, args.turns);
    say!("{:<44} {:>10} {:>12}", "", "seconds", "rows/s");
    let line = |what: &str, took: Duration| {
        say!("{what:<44} {:>10.2} {:>12.0}", took.as_secs_f64(), speed(took));
    };
    line("COPY (SELECT * FROM rl_store) TO STDOUT", copy);
    line(&format!("GET /rl/export?format={}", args.format), export);
    say!("ratio {:.2} (0.70 is asked for)", speed(export) / speed(copy));
    say!("{:.0} MB sent; peak memory of the server {}", bytes as f64 / 1e6, megabytes(peak));
}

#[allow(clippy::cast_precision_loss)]
fn megabytes(bytes: Option<u64>) -> String {
    bytes.map_or_else(|| "unknown".to_owned(), |bytes| format!("{:.0} MB (200 MB is allowed)", bytes as f64 / 1e6))
}

/// PostgreSQL's own copy, thrown away by the server's client.
fn copy(psql: &Psql) -> Result<Duration> {
    let started = Instant::now();
    psql.run(&["\\copy (SELECT * FROM rl_store) TO '/dev/null' (FORMAT binary)"])?;
    Ok(started.elapsed())
}

/// The whole export and its bytes, those of the head and the chunks' lengths among them.
fn download(address: SocketAddr, format: &str) -> Result<(Duration, u64)> {
    let started = Instant::now();
    let mut stream = TcpStream::connect(address).context("cannot connect to the server")?;
    write!(stream, "GET /rl/export?format={format} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let (mut buffer, mut read, mut tail) = (vec![0; 1 << 18], 0_u64, Vec::new());
    loop {
        let count = stream.read(&mut buffer).context("the export broke off")?;
        if count == 0 {
            break;
        }
        if read == 0 && !buffer.starts_with(b"HTTP/1.1 200") {
            bail!("the export was refused: {}", String::from_utf8_lossy(&buffer[..count]));
        }
        read += count as u64;
        tail.extend_from_slice(&buffer[count.saturating_sub(END.len())..count]);
        tail.drain(..tail.len().saturating_sub(END.len()));
    }
    if tail != END {
        bail!("the export is not whole: {read} bytes came");
    }
    Ok((started.elapsed(), read))
}

/// Makes sessions and their steps out of the one that was opened, in the order in which play would.
fn fill(psql: &Psql, args: &Args) -> Result<u64> {
    let steps = args.steps;
    let sessions = args.rows.div_ceil(u64::from(steps));
    let id = |millis: &str, number: &str| {
        format!("(lpad(to_hex({millis}), 12, '0') || '70018' || lpad(to_hex({number}), 15, '0'))::uuid")
    };
    let session = id(&format!("1767268800000 + (s / {AT_ONCE}) * {steps}"), "s");
    let event = id(&format!("1767268800000 + (s / {AT_ONCE}) * {steps} + q"), &format!("s::bigint * {steps} + q"));
    let at = format!("to_timestamp((1767268800000 + (s / {AT_ONCE}) * {steps} + q) / 1000.0)");
    let seen = |q: &str| {
        format!(
            "jsonb_build_object('version', 2, 'state', 'playing', 'balance', to_char(100 - {q} * 0.25, 'FM99990.0000'),
             'balance_start', '100.0000', 'spend_left', to_char(50 - {q} * 0.1, 'FM99990.0000'), 'stake', '1.0000',
             'last_payout', to_char(({q} % 7) * 0.5, 'FM99990.0000'), 'dry_run', {q} % 11, 'free_games_left', 0,
             'spins', {q}, 'net', to_char({q} * -0.25, 'FM99990.0000'), 'fee', '0.0100', 'max_bet', null)"
        )
    };
    let (before, after) = (seen("(q - 1)"), seen("q"));
    psql.run(&[
        &format!(
            "INSERT INTO sessions
             SELECT n.* FROM (SELECT * FROM sessions LIMIT 1) one, generate_series(0, {sessions} - 1) s,
             LATERAL jsonb_populate_record(NULL::sessions, to_jsonb(one) || jsonb_build_object('session_id', {session}, 'shard', 1,
                 'last_seq', {steps}, 'idle_check_at', null)) n"
        ),
        &format!(
            "INSERT INTO rl_store (id, session_id, shard, seq, state, action, reward, next_state, done, terminated,
                                   truncated, created_at)
             SELECT {event}, {session}, 1, q, {before},
                    jsonb_build_object('type', 'spin', 'amount', '1.0000', 'version', 1),
                    -1.01 + q % 7 * 0.5, {after}, false, false, false, {at}
             FROM generate_series(0, ({sessions} - 1) / {AT_ONCE}) b, generate_series(1, {steps}) q,
                  generate_series(b * {AT_ONCE}, least((b + 1) * {AT_ONCE}, {sessions}) - 1) s"
        ),
        "VACUUM ANALYZE rl_store",
        "VACUUM ANALYZE sessions",
        "CHECKPOINT",
    ])
    .context("the rows could not be made")?;
    psql.number("SELECT count(*) FROM rl_store")
}
