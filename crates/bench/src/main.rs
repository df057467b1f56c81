//! `reelhouse-bench`: the load generator and the measurements behind `cargo xtask bench`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "printing is what this program is for")]

mod client;
mod coverage;
mod cpu;
mod draws;
mod load;
mod machine;
mod maths;
mod pgbench;
mod play;
mod psql;
mod report;
mod server;
mod setup;
mod simulate;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Measures Reelhouse.
#[derive(Parser)]
#[command(name = "reelhouse-bench", version, about)]
struct Cli {
    #[command(subcommand)]
    what: What,
}

/// What can be measured.
#[derive(Subcommand)]
enum What {
    /// The play path, from HTTP to the disk, beside what pgbench reaches on the same PostgreSQL.
    Play(play::Args),
    /// The exact mathematics, beside a plain loop over all stops and a simulation.
    Maths(maths::Args),
    /// The speed of simulation per core, from tables and by the engine.
    Simulate(simulate::Args),
    /// How often the interval of a simulated RTP holds the exact one, over many seeds.
    Coverage(coverage::Args),
    /// The quality of draws: final stop positions of the fair stream under tests at 99 %.
    Draws(draws::Args),
}

/// One thread: what the load generator takes, the server and the database do not have.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let outcome = match Cli::parse().what {
        What::Maths(args) => maths::maths(&args),
        What::Simulate(args) => simulate::simulate_games(&args),
        What::Coverage(args) => coverage::coverage(&args),
        What::Draws(args) => draws::draws(&args),
        What::Play(args) => tokio::select! {
            outcome = play::play(&args) => outcome,
            // Dropping the run stops its server and drops its databases.
            _ = tokio::signal::ctrl_c() => Err(anyhow::anyhow!("interrupted")),
        },
    };
    match outcome {
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
