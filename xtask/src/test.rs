//! `cargo xtask test`: the tests, with a PostgreSQL for those that need one.

use crate::postgres::{Cluster, Purpose};
use crate::run;
use anyhow::Result;
use std::env;

/// The package whose tests start the server's binary.
const WHOLE: &str = "reelhouse-tests";

/// Arguments of `test`.
#[derive(clap::Args, Default)]
pub(crate) struct Args {
    /// Test this package alone; may be given more than once.
    #[arg(long, short)]
    package: Vec<String>,
    /// Arguments to the test harness, after `--`.
    #[arg(last = true)]
    harness: Vec<String>,
}

/// Runs the tests against the database that DATABASE_URL names, or against one that lasts as long as they do.
pub(crate) fn test(args: &Args) -> Result<()> {
    if let Some(url) = env::var("DATABASE_URL").ok().filter(|url| is_postgres(url)) {
        println!("using the PostgreSQL that DATABASE_URL names");
        return cargo_test(args, &url);
    }
    let cluster = Cluster::start(Purpose::Tests)?;
    println!("PostgreSQL {} for these tests is {}", cluster.tools.major, cluster.url());
    cargo_test(args, &cluster.url())
}

fn cargo_test(args: &Args, url: &str) -> Result<()> {
    if args.package.is_empty() || args.package.iter().any(|package| package == WHOLE) {
        // Cargo builds the binaries of the package under test alone, and these tests belong to another package.
        run::run(&mut run::cargo(&["build", "-p", "reelhouse-app", "-p", "reelhouse-cli"]))?;
    }
    let mut command = run::cargo(&["test"]);
    if args.package.is_empty() {
        command.arg("--workspace");
    }
    for package in &args.package {
        command.args(["-p", package]);
    }
    if !args.harness.is_empty() {
        command.arg("--").args(&args.harness);
    }
    run::run(command.env("DATABASE_URL", url))
}

fn is_postgres(url: &str) -> bool {
    ["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::is_postgres;

    #[test]
    fn other_databases_are_not_used() {
        assert!(is_postgres("postgres://localhost/x") && is_postgres("postgresql://localhost/x"));
        assert!(!is_postgres("sqlite://data/reelhouse.db") && !is_postgres(""));
    }
}
