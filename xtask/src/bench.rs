//! `cargo xtask bench`: builds what is measured as it is shipped, gives it a durable database, and delegates.

use crate::postgres::{Cluster, Purpose};
use crate::run;
use anyhow::Result;
use clap::Subcommand;
use std::process::Command;

/// What can be measured.
#[derive(Subcommand)]
pub(crate) enum Bench {
    /// The play path, from HTTP to the disk, beside what pgbench reaches on the same cluster.
    Play {
        /// Arguments to reelhouse-bench, such as --store sqlite.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// What grows with the data: an action, a page of events and a session read at 10 thousand and 10 million events.
    Growth {
        /// Arguments to reelhouse-bench, such as --events 1000000.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Far more clients than the server can serve, and clients that stall.
    Overload {
        /// Arguments to reelhouse-bench, such as --clients 4096.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// The Arrow export from PostgreSQL, beside its own binary COPY of the same rows.
    Export {
        /// Arguments to reelhouse-bench, such as --rows 10000000 or --format parquet.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// The exact mathematics, beside a plain loop over all stops and a simulation; takes no database.
    Maths {
        /// Arguments to reelhouse-bench, such as --rounds 0.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// The speed of simulation per core, from tables and by the engine; takes no database.
    Simulate {
        /// Arguments to reelhouse-bench, such as --rounds 1000000000 or --threads 2.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// How often the interval of a simulated RTP holds the exact one, over many seeds; takes no database.
    Coverage {
        /// Arguments to reelhouse-bench, such as --seeds 1000 or --rounds 1000000.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// The quality of draws: stop positions of the fair stream under tests at 99 %; takes no database.
    Draws {
        /// Arguments to reelhouse-bench, such as --game fruit-5x3 or --server-seed.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
}

/// Measures.
pub(crate) fn bench(what: &Bench) -> Result<()> {
    match what {
        Bench::Play { args } => with_server("play", args),
        Bench::Growth { args } => with_server("growth", args),
        Bench::Overload { args } => with_server("overload", args),
        Bench::Export { args } => with_server("export", args),
        Bench::Maths { args } => alone("maths", args),
        Bench::Simulate { args } => alone("simulate", args),
        Bench::Coverage { args } => alone("coverage", args),
        Bench::Draws { args } => alone("draws", args),
    }
}

/// What needs nothing but the processor.
fn alone(what: &str, args: &[String]) -> Result<()> {
    run::run(&mut run::cargo(&["build", "--release", "-p", "reelhouse-bench"]))?;
    let mut command = Command::new(run::target_dir().join("release").join("reelhouse-bench"));
    run::run(command.current_dir(run::root()).arg(what).args(args).args(docs(args)))
}

/// Where the figures go, unless the caller says where: a section of the docs.
fn docs(args: &[String]) -> &'static [&'static str] {
    if args.iter().any(|word| word.starts_with("--write-to")) { &[] } else { &["--write-to", "docs/benchmarks.md"] }
}

/// The database is always one of its own: the settings of another would be unknown.
fn with_server(what: &str, args: &[String]) -> Result<()> {
    run::run(&mut run::cargo(&["build", "--release", "-p", "reelhouse-app", "-p", "reelhouse-bench"]))?;
    let cluster = Cluster::start(Purpose::Bench)?;
    let release = run::target_dir().join("release");
    let mut command = Command::new(release.join("reelhouse-bench"));
    command.current_dir(run::root()).env_remove("DATABASE_URL").arg(what);
    command.arg("--server-binary").arg(release.join("reelhouse"));
    command.arg("--database-url").arg(cluster.url());
    command.arg("--pgbench").arg(cluster.tools.pgbench()?);
    run::run(command.args(args).args(docs(args)))
}
