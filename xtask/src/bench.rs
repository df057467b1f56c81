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
}

/// Measures. The database is always one of its own: the settings of another would be unknown.
pub(crate) fn bench(what: &Bench) -> Result<()> {
    let Bench::Play { args } = what;
    run::run(&mut run::cargo(&["build", "--release", "-p", "reelhouse-app", "-p", "reelhouse-bench"]))?;
    let cluster = Cluster::start(Purpose::Bench)?;
    let release = run::target_dir().join("release");
    let mut command = Command::new(release.join("reelhouse-bench"));
    command.current_dir(run::root()).env_remove("DATABASE_URL").arg("play");
    command.arg("--server-binary").arg(release.join("reelhouse"));
    command.arg("--database-url").arg(cluster.url());
    command.arg("--pgbench").arg(cluster.tools.pgbench()?);
    run::run(command.args(args))
}
