//! `cargo xtask`: the chores of the workspace, as one small program with three dependencies.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "printing is what this program is for")]

mod account;
mod bench;
mod ci;
mod crash;
mod dashboard;
mod db;
mod guard;
mod home;
mod layers;
mod links;
mod postgres;
mod python;
mod run;
mod server;
mod test;
mod tidy;
mod tools;

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Chores of the workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the tests against a throwaway PostgreSQL, or against the one DATABASE_URL names.
    Test(test::Args),
    /// Run a PostgreSQL for development until Ctrl-C; its data are kept between runs.
    Db(db::Args),
    /// Apply, revert or list the migrations of the database DATABASE_URL names.
    Migrate(server::MigrateArgs),
    /// Fill the database DATABASE_URL names with the demonstration data.
    Seed(server::Passed),
    /// Spread the tables of the database DATABASE_URL names over the machines of its Citus cluster.
    Distribute(server::Passed),
    /// Archive old months of the database DATABASE_URL names, or list, verify or restore archives.
    Archive(server::Passed),
    /// Measure.
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Kill the server and its database under load, and count what was lost or done twice.
    Crash(crash::Args),
    /// Check the rules that the compiler does not.
    Tidy,
    /// Everything a change must pass, in the order that fails soonest.
    Ci,
    /// Write openapi.json from the server's routes.
    Openapi,
    /// Write .cursor/rules from the data domains of crates/metadata; the tests check that they are up to date.
    Metadata,
    /// Stop a cluster once the process that started it has gone; started by this program alone.
    #[command(hide = true)]
    Guard(guard::Args),
}

fn main() -> ExitCode {
    match dispatch(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        // Without a backtrace: a failed check is an answer, not a fault of this program.
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: Command) -> Result<()> {
    match command {
        Command::Test(args) => test::test(&args),
        Command::Db(args) => db::db(&args),
        Command::Migrate(args) => server::migrate(&args),
        Command::Seed(args) => server::seed(&args),
        Command::Distribute(args) => server::distribute(&args),
        Command::Archive(args) => server::archive(&args),
        Command::Bench(what) => bench::bench(&what),
        Command::Crash(args) => crash::crash(&args.args),
        Command::Tidy => tidy::tidy(),
        Command::Ci => ci::ci(),
        Command::Openapi => server::openapi_write(),
        Command::Metadata => server::metadata_write(),
        Command::Guard(args) => guard::guard(&args),
    }
}

#[cfg(test)]
mod tests {
    use super::Cli;
    use clap::CommandFactory as _;

    #[test]
    fn command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
