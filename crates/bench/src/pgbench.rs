//! The same rows without Reelhouse: pgbench scripts over a copy of the played database.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::psql::Psql;

/// Readies the copy.
const PREPARE: &str = include_str!("../sql/prepare.sql");

/// Finds what is written.
const SAMPLE: &str = include_str!("../sql/sample.sql");

/// How many spins one statement of [`Script::Many`] writes, if there are as many sessions.
const SPINS: u64 = 512;

/// How a spin is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Script {
    /// A transaction of ten plain statements.
    Ten,
    /// One statement.
    One,
    /// One statement for [`SPINS`] spins.
    Many,
}

impl Script {
    fn text(self) -> &'static str {
        match self {
            Self::Ten => include_str!("../sql/ten.sql"),
            Self::One => include_str!("../sql/one.sql"),
            Self::Many => include_str!("../sql/many.sql"),
        }
    }
}

/// What a run came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Figures {
    /// Spins that were written.
    pub(crate) spins: u64,
    /// Spins in a second, without the time that connecting took.
    pub(crate) rate: f64,
    /// Mean latency of a transaction.
    pub(crate) mean_ms: f64,
    /// Transactions that failed.
    pub(crate) failed: u64,
    /// Bytes of the write-ahead log.
    pub(crate) log_bytes: u64,
}

/// One run of pgbench.
#[derive(Clone, Copy)]
pub(crate) struct Run {
    /// How a spin is written.
    pub(crate) script: Script,
    /// The schema of the tables: `public`, as the server has them, or `bare`.
    pub(crate) schema: &'static str,
    /// Connections.
    pub(crate) clients: u32,
}

/// A database that is ready to be written to by pgbench.
pub(crate) struct Baseline<'a> {
    program: &'a Path,
    psql: Psql,
    dir: PathBuf,
    /// The documents of a spin, as variables of pgbench.
    sample: Vec<(String, String)>,
    seats: u64,
}

impl<'a> Baseline<'a> {
    /// Readies the database, which holds sessions that have each played a spin.
    pub(crate) fn prepare(program: &'a Path, psql: &Psql, dir: &Path) -> Result<Self> {
        psql.run(&[PREPARE]).context("the copy could not be readied for pgbench")?;
        psql.run(&["VACUUM (ANALYZE)"])?;
        let sample = psql.json(SAMPLE).context("no spin with six rows was found to copy")?;
        let sample = sample.as_object().context("a sample is an object")?.iter();
        let sample =
            sample.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned())).collect();
        let seats = psql.number("SELECT count(*) FROM bench.seats")?;
        Ok(Self { program, psql: psql.clone(), dir: dir.to_owned(), sample, seats })
    }

    /// Writes spins for a time, after a warm-up.
    pub(crate) fn run(&self, run: &Run, warm_up: Duration, time: Duration) -> Result<Figures> {
        let file = self.dir.join("script.sql");
        fs::write(&file, run.script.text()).context("the script could not be written")?;
        self.pgbench(&file, run, warm_up)?;
        // Each side pays for its own full-page images from the same start.
        self.psql.run(&["CHECKPOINT"])?;
        let before = self.psql.log_position()?;
        let figures = parse(&self.pgbench(&file, run, time)?)?;
        let log_bytes = self.psql.log_position()? - before;
        let spins = if run.script == Script::Many { self.batch() } else { 1 };
        Ok(Figures { spins: figures.spins * spins, rate: figures.rate * spins as f64, log_bytes, ..figures })
    }

    /// The spins of one statement, at one session each.
    fn batch(&self) -> u64 {
        SPINS.min(self.seats)
    }

    fn pgbench(&self, file: &Path, run: &Run, time: Duration) -> Result<String> {
        let per_client = self.seats / u64::from(run.clients.max(1));
        if per_client == 0 {
            bail!("there are fewer sessions than the {} clients of pgbench", run.clients);
        }
        let mut command = Command::new(self.program);
        command.args(["-n", "-M", "prepared", "-j", "1", "-c", &run.clients.to_string()]);
        command.args(["-T", &time.as_secs().max(1).to_string()]).arg("-f").arg(file);
        for (name, value) in &self.sample {
            command.arg("-D").arg(format!("{name}={value}"));
        }
        let numbers = [
            ("clients", u64::from(run.clients)),
            ("per_client", per_client),
            ("seats", self.seats),
            ("spins", self.batch()),
        ];
        for (name, value) in numbers {
            command.arg("-D").arg(format!("{name}={value}"));
        }
        command.arg(self.psql.url()).env("PGOPTIONS", format!("-c search_path={},public", run.schema));
        let output = command.output().with_context(|| format!("could not start {}", self.program.display()))?;
        if !output.status.success() {
            bail!("pgbench failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        String::from_utf8(output.stdout).context("pgbench wrote something that is not UTF-8")
    }
}

/// The settings that a figure from PostgreSQL means nothing without.
pub(crate) fn settings(psql: &Psql) -> Result<Value> {
    psql.json(
        "SELECT json_object_agg(name, current_setting(name)) FROM pg_settings WHERE name IN ('server_version', 'fsync', \
         'synchronous_commit', 'full_page_writes', 'wal_sync_method', 'shared_buffers', 'max_wal_size')",
    )
}

fn parse(output: &str) -> Result<Figures> {
    Ok(Figures {
        spins: number(output, "number of transactions actually processed: ")?,
        rate: number(output, "tps = ")?,
        mean_ms: number(output, "latency average = ")?,
        failed: number(output, "number of failed transactions: ")?,
        log_bytes: 0,
    })
}

/// The number behind a label.
fn number<N: std::str::FromStr>(output: &str, label: &str) -> Result<N> {
    let rest = output.lines().find_map(|line| line.strip_prefix(label));
    rest.and_then(|rest| rest.split([' ', '/']).next()?.parse().ok())
        .with_context(|| format!("pgbench did not say {label:?}:\n{output}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "pgbench (15.10)
transaction type: script.sql
scaling factor: 1
query mode: prepared
number of clients: 16
number of threads: 1
maximum number of tries: 1
duration: 10 s
number of transactions actually processed: 35712
number of failed transactions: 0 (0.000%)
latency average = 4.481 ms
initial connection time = 21.006 ms
tps = 3570.123456 (without initial connection time)
";

    #[test]
    fn figures_are_read_from_what_pgbench_says() {
        let figures = parse(OUTPUT).unwrap();
        assert_eq!(figures, Figures { spins: 35712, rate: 3_570.123_456, mean_ms: 4.481, failed: 0, log_bytes: 0 });
        let error = parse(&OUTPUT.replace("tps", "spt")).unwrap_err().to_string();
        assert!(error.contains("tps"), "{error}");
    }

    #[test]
    fn a_spin_is_ten_statements_or_one() {
        let statements = |script: Script| {
            let text: String = script.text().lines().filter(|line| !line.starts_with(['-', '\\'])).collect();
            text.matches([';']).count() + text.matches("\\gset").count()
        };
        assert_eq!(statements(Script::Ten), 10);
        assert_eq!(statements(Script::One), 1);
        assert_eq!(statements(Script::Many), 1);
    }
}
