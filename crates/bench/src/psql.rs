//! PostgreSQL as the bench sees it from outside: `psql`, and databases that are dropped after the run.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use url::Url;

/// One database, asked through `psql`.
#[derive(Clone)]
pub(crate) struct Psql {
    program: PathBuf,
    url: Url,
}

impl Psql {
    /// The database of the URL, with the `psql` that lies beside `pgbench`, or the one on the path.
    pub(crate) fn new(pgbench: Option<&Path>, url: &str) -> Result<Self> {
        let beside = pgbench.and_then(Path::parent).map(|dir| dir.join("psql")).filter(|file| file.is_file());
        let program = beside.unwrap_or_else(|| PathBuf::from("psql"));
        Ok(Self { program, url: Url::parse(url).context("--database-url is not a URL")? })
    }

    /// The database's URL.
    pub(crate) fn url(&self) -> &str {
        self.url.as_str()
    }

    /// The same server's database of another name.
    fn sibling(&self, name: &str) -> Self {
        let mut url = self.url.clone();
        url.set_path(name);
        Self { program: self.program.clone(), url }
    }

    /// Runs statements, one transaction each, and returns what they say, a line for each row.
    pub(crate) fn run(&self, statements: &[&str]) -> Result<String> {
        let mut command = Command::new(&self.program);
        command.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", self.url.as_str()]);
        for statement in statements {
            command.args(["-c", statement]);
        }
        let output = command.env("PGAPPNAME", "reelhouse-bench").output();
        let output = output.with_context(|| format!("could not start {}", self.program.display()))?;
        if !output.status.success() {
            bail!("psql failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8(output.stdout).context("psql wrote something that is not UTF-8")?.trim().to_owned())
    }

    /// Loads the rows of a query into a table with COPY.
    pub(crate) fn copy(&self, query: &str, table: &str) -> Result<()> {
        let psql = |statement: String| {
            let mut command = Command::new(&self.program);
            command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.url.as_str(), "-c", &statement]);
            command
        };
        let mut from = psql(format!("COPY ({query}) TO STDOUT (FORMAT binary)"));
        let mut from = from.stdout(Stdio::piped()).spawn().context("could not start psql")?;
        let rows = from.stdout.take().context("psql has no output")?;
        let into = psql(format!("COPY {table} FROM STDIN (FORMAT binary)")).stdin(rows).status();
        let (into, from) = (into.context("could not start psql")?, from.wait()?);
        if !(into.success() && from.success()) {
            bail!("psql could not load the rows");
        }
        Ok(())
    }

    /// Runs a query whose answer is one JSON document.
    pub(crate) fn json(&self, query: &str) -> Result<Value> {
        let text = self.run(&[query])?;
        serde_json::from_str(&text).with_context(|| format!("psql answered {text:?}, which is not JSON"))
    }

    /// Runs a query whose answer is one number.
    pub(crate) fn number(&self, query: &str) -> Result<u64> {
        let text = self.run(&[query])?;
        text.parse().with_context(|| format!("psql answered {text:?}, which is not a number"))
    }

    /// How far the log has been written, in bytes.
    pub(crate) fn log_position(&self) -> Result<u64> {
        self.number("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')")
    }
}

/// A database of this run's own. Dropping it drops the database.
pub(crate) struct Scratch {
    server: Psql,
    name: String,
    /// The database.
    pub(crate) psql: Psql,
}

impl Scratch {
    /// Makes an empty database, or a copy of another that nobody is connected to.
    pub(crate) fn create(server: &Psql, what: &str, template: Option<&Self>) -> Result<Self> {
        let name = format!("reelhouse_bench_{}_{what}", std::process::id());
        let from = template.map(|from| format!(" TEMPLATE {}", from.name)).unwrap_or_default();
        server.run(&[&format!("CREATE DATABASE {name}{from}")]).context("a database could not be made")?;
        Ok(Self { psql: server.sibling(&name), server: server.clone(), name })
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = self.server.run(&[&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)]) {
            eprintln!("the database {} is left over: {error:#}", self.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sibling_differs_in_its_name_alone() {
        let psql = Psql::new(None, "postgres://me:secret@127.0.0.1:5433/postgres?sslmode=disable").unwrap();
        assert_eq!(psql.sibling("other").url(), "postgres://me:secret@127.0.0.1:5433/other?sslmode=disable");
        assert!(Psql::new(None, "nonsense").is_err());
    }

    #[test]
    fn psql_beside_pgbench_is_preferred() {
        let dir = tempfile::tempdir().unwrap();
        let pgbench = dir.path().join("pgbench");
        assert_eq!(Psql::new(Some(&pgbench), "postgres://h/d").unwrap().program, Path::new("psql"));
        std::fs::write(dir.path().join("psql"), "").unwrap();
        assert_eq!(Psql::new(Some(&pgbench), "postgres://h/d").unwrap().program, dir.path().join("psql"));
    }
}
