//! `reel`: the command line of the HTTP API. It knows the client, and of the domain what is pure.

mod analytics;
mod args;
mod behaviour;
mod export;
mod failure;
mod game;
mod health;
mod manual;
mod metadata;
mod output;
mod par_sheet;
mod play;
mod profile;
mod session;
mod simulate;
mod spin;
mod verify;
mod wallet;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Cli, Command};
use failure::Failure;
use output::Output;
use profile::Connection;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut output = Output::new(cli.common.format());
    let done = run(cli, &mut output);
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.tell();
            ExitCode::from(failure.code())
        }
    }
}

fn run(cli: Cli, output: &mut Output) -> Result<(), Failure> {
    let connection = Connection::new(cli.common);
    match cli.command {
        Command::Game(command) => game::run(command, &connection, output),
        Command::Wallet(command) => wallet::run(command, &connection, output),
        Command::Session(command) => session::run(command, &connection, output),
        Command::Simulate(arguments) => simulate::run(*arguments, &connection, output),
        Command::Export(arguments) => export::run(&arguments, &connection, output),
        Command::Analytics(command) => analytics::run(command, &connection, output),
        Command::Verify(arguments) => verify::run(&arguments, output),
        Command::Metadata(arguments) => metadata::run(&arguments, &connection, output),
        Command::Health => health::run(&connection, output),
        Command::Completions { shell } => manual::completions(shell, output),
        Command::Man { into } => manual::pages(into.as_deref(), output),
    }
}
