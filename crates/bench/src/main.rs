//! `reelhouse-bench`: the load generator and the measurements behind `cargo xtask bench`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "printing is what this program is for")]

mod client;
mod coverage;
mod cpu;
mod draws;
mod export;
mod growth;
mod load;
mod machine;
mod maths;
mod notebook;
mod overload;
mod pgbench;
mod play;
mod psql;
mod report;
mod server;
mod setup;
mod simulate;
mod skew;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Measures Reelhouse.
#[derive(Parser)]
#[command(name = "reelhouse-bench", version, about)]
struct Cli {
    #[command(subcommand)]
    what: What,
    /// A file of sections to write what was printed into, when the run went well.
    #[arg(long, global = true, value_name = "FILE")]
    write_to: Option<PathBuf>,
}

/// What can be measured.
#[derive(Subcommand)]
enum What {
    /// The play path, from HTTP to the disk, beside what pgbench reaches on the same PostgreSQL.
    Play(play::Args),
    /// What grows with the data: an action, a page of events and a session read at few and at many rows.
    Growth(growth::Args),
    /// Far more clients than the server can serve, and clients that stall.
    Overload(overload::Args),
    /// The Arrow export, beside PostgreSQL's own binary COPY of the same rows.
    Export(export::Args),
    /// The exact mathematics, beside a plain loop over all stops and a simulation.
    Maths(maths::Args),
    /// The speed of simulation per core, from tables and by the engine.
    Simulate(simulate::Args),
    /// How often the interval of a simulated RTP holds the exact one, over many seeds.
    Coverage(coverage::Args),
    /// The quality of draws: final stop positions of the fair stream under tests at 99 %.
    Draws(draws::Args),
}

impl What {
    async fn measure(&self) -> Result<()> {
        match self {
            Self::Play(args) => play::play(args).await,
            Self::Growth(args) => growth::growth(args).await,
            Self::Overload(args) => overload::overload(args).await,
            Self::Export(args) => export::export(args).await,
            Self::Maths(args) => maths::maths(args),
            Self::Simulate(args) => simulate::simulate_games(args),
            Self::Coverage(args) => coverage::coverage(args),
            Self::Draws(args) => draws::draws(args),
        }
    }

    /// The section of the docs that the run writes.
    fn section(&self) -> &'static str {
        match self {
            Self::Play(args) => args.section(),
            Self::Growth(_) => "growth",
            Self::Overload(_) => "overload",
            Self::Export(_) => "export",
            Self::Maths(_) => "maths",
            Self::Simulate(_) => "simulate",
            Self::Coverage(_) => "coverage",
            Self::Draws(_) => "draws",
        }
    }
}

/// One thread: what the load generator takes, the server and the database do not have.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Cli { what, write_to } = Cli::parse();
    notebook::open();
    let outcome = tokio::select! {
        outcome = what.measure() => outcome,
        // Dropping the run stops its server and drops its databases.
        _ = tokio::signal::ctrl_c() => Err(anyhow::anyhow!("interrupted")),
    };
    let written = outcome.and_then(|()| match &write_to {
        Some(path) => notebook::write(path, what.section()),
        None => Ok(()),
    });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
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
