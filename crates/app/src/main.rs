//! The reelhouse binary.

use clap::Parser as _;
use reelhouse_app::config::{Cli, Command, Config};
use reelhouse_app::{analytics, archive, distribute, keys, logging, migrate, seed, serve};

/// Play makes and drops many small documents; with the system's allocator that was a fifth of the server's time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    if matches!(cli.command, Some(Command::Openapi)) {
        return serve::print_openapi();
    }
    let config = Config::load(cli.options)?;
    let telemetry = logging::start(&config)?;
    let done = match cli.command {
        None | Some(Command::Serve) => serve::serve(&config, &telemetry).await,
        Some(Command::Migrate { direction }) => migrate::run(&config, direction).await,
        Some(Command::Seed) => seed::run(&config).await,
        Some(Command::Distribute { parts }) => distribute::run(&config, parts).await,
        Some(Command::Key { command }) => keys::run(&config, command).await,
        Some(Command::Analytics(command)) => analytics::run(&config, command).await,
        Some(Command::Archive(args)) => archive::run(&config, &args).await,
        Some(Command::Openapi) => Ok(()),
    };
    telemetry.flush().await;
    done
}
