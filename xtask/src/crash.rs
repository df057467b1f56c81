//! `cargo xtask crash`: builds the server, makes a cluster to be killed, and delegates.

use crate::postgres::Dormant;
use crate::run;
use anyhow::Result;
use std::process::Command;

/// Arguments of `crash`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Arguments to reelhouse-crash, such as --kills 1000, --store sqlite or --seed 7; --help lists them.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) args: Vec<String>,
}

/// Runs the crash harness. Its database is always one of its own, as it is killed.
pub(crate) fn crash(args: &[String]) -> Result<()> {
    run::run(&mut run::cargo(&["build", "-p", "reelhouse-app", "-p", "reelhouse-crash"]))?;
    let debug = run::target_dir().join("debug");
    let mut command = Command::new(debug.join("reelhouse-crash"));
    command.current_dir(run::root()).env_remove("DATABASE_URL");
    command.arg("--server-binary").arg(debug.join("reelhouse"));
    let cluster = if needs_postgres(args) { Some(Dormant::make()?) } else { None };
    if let Some(cluster) = &cluster {
        command.arg("--postgres-bin").arg(cluster.tools.bin()).arg("--postgres-data").arg(cluster.data());
        if let Some((user, group)) = cluster.account.ids() {
            command.arg("--postgres-account").args([user.to_string(), group.to_string()]);
        }
    }
    run::run(command.args(args))
}

fn needs_postgres(args: &[String]) -> bool {
    !args.iter().any(|arg| arg == "sqlite" || arg == "--store=sqlite" || arg == "--help")
}
