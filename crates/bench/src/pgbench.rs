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

/// How a spin is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Script {
    /// A transaction of ten plain statements.
    Ten,
    /// One statement.
    One,
}

impl Script {
    fn text(self) -> &'static str {
        match self {
            Self::Ten => include_str!("../sql/ten.sql"),
            Self::One => include_str!("../sql/one.sql"),
        }
    }
}

/// What a run came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Figures {
    /// Transactions, each a spin.
    pub(crate) spins: u64,
    /// Spins in a second, without the time that connecting took.
    pub(crate) rate: f64,
    /// Mean latency.
    pub(crate) mean_ms: f64,
    /// Transactions that failed.
    pub(crate) failed: u64,
    /// Bytes of the write-ahead log.
    pub(crate) log_bytes: u64,
}

/// A database that is ready to be written to by pgbench.
pub(crate) struct Baseline<'a> {
    program: &'a Path,
    psql: Psql,
    dir: PathBuf,
    clients: u32,
    /// The documents of a spin, as variables of pgbench.
    sample: Vec<(String, String)>,
    per_client: u64,
}

impl<'a> Baseline<'a> {
    /// Readies the database, which holds sessions that have each played a spin.
    pub(crate) fn prepare(program: &'a Path, psql: &Psql, dir: &Path, clients: u32) -> Result<Self> {
        psql.run(&[PREPARE]).context("the copy could not be readied for pgbench")?;
        psql.run(&["VACUUM (ANALYZE)"])?;
        let sample = psql.json(SAMPLE).context("no spin with six rows was found to copy")?;
        let sample = sample.as_object().context("a sample is an object")?.iter();
        let sample =
            sample.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned())).collect();
        let per_client = psql.number("SELECT count(*) FROM bench.seats")? / u64::from(clients.max(1));
        if per_client == 0 {
            bail!("there are fewer sessions than the {clients} clients of pgbench");
        }
        Ok(Self { program, psql: psql.clone(), dir: dir.to_owned(), clients, sample, per_client })
    }

    /// Writes spins for a time, after a warm-up, to the tables of a schema.
    pub(crate) fn run(&self, script: Script, schema: &str, warm_up: Duration, time: Duration) -> Result<Figures> {
        let file = self.dir.join("script.sql");
        fs::write(&file, script.text()).context("the script could not be written")?;
        self.pgbench(&file, schema, warm_up)?;
        // Each side pays for its own full-page images from the same start.
        self.psql.run(&["CHECKPOINT"])?;
        let before = self.psql.log_position()?;
        let mut figures = parse(&self.pgbench(&file, schema, time)?)?;
        figures.log_bytes = self.psql.log_position()? - before;
        Ok(figures)
    }

    fn pgbench(&self, file: &Path, schema: &str, time: Duration) -> Result<String> {
        let mut command = Command::new(self.program);
        command.args(["-n", "-M", "prepared", "-j", "1", "-c", &self.clients.to_string()]);
        command.args(["-T", &time.as_secs().max(1).to_string()]).arg("-f").arg(file);
        for (name, value) in &self.sample {
            command.arg("-D").arg(format!("{name}={value}"));
        }
        command.args(["-D", &format!("clients={}", self.clients), "-D", &format!("per_client={}", self.per_client)]);
        command.arg(self.psql.url()).env("PGOPTIONS", format!("-c search_path={schema},public"));
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
    }
}
