//! What the command line takes, and the help for it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;
use reelhouse_client::Key;
use reelhouse_domain::Money;

use crate::analytics::AnalyticsCommand;
use crate::export::ExportArguments;
use crate::game::GameCommand;
use crate::metadata::MetadataArguments;
use crate::output::Format;
use crate::session::SessionCommand;
use crate::simulate::SimulateArguments;
use crate::verify::VerifyArguments;
use crate::wallet::WalletCommand;

/// What `reel --help` ends with.
const FIRST_STEPS: &str = "\
Examples:
  reel game list                                   the games there are
  reel wallet create --balance 100 --daily-limit 50
  reel session create --game fruit --wallet WALLET
  reel session spin SESSION 1.00                   bet and spin in one step
  reel session play SESSION --rounds 500           many rounds, with a progress bar
  reel session cash-out SESSION                    end it; the server seed is revealed
  reel session proof SESSION > proof.json && reel verify proof.json
  reel export -o plays.parquet                     the record, for learning

Exit codes:
  0  done                     3  no server answers, or it cannot take work now
  1  any other error          4  there is nothing of that id or name
  2  wrong usage              5  refused by the server, or a check found faults

Data goes to standard output, messages to standard error. `--json` prints what the server sent, one document a line.
NO_COLOR turns colours off. All money is test credits: nothing here is worth anything.";

/// Plays simulated slot games at a Reelhouse server, from the command line.
#[derive(Debug, Parser)]
#[command(name = "reel", version, after_help = FIRST_STEPS, disable_help_subcommand = true)]
#[command(subcommand_required = true, arg_required_else_help = true, max_term_width = 110)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What there is to be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Games: add, list, show, par, check.
    #[command(subcommand)]
    Game(GameCommand),
    /// Wallets of test credits: create, show, list, deposit, withdraw, limit, ledger.
    #[command(subcommand)]
    Wallet(WalletCommand),
    /// Sessions: create, show, list, bet, spin, probe, cash-out, events, play, proof and more.
    #[command(subcommand)]
    Session(SessionCommand),
    /// Simulate many rounds of a game, at the server.
    Simulate(Box<SimulateArguments>),
    /// Export the record of play as a dataset: NDJSON, Arrow, Parquet, NumPy or Minari.
    Export(Box<ExportArguments>),
    /// What games and sessions came to: RTP, hit rate and volatility beside what the profile says.
    #[command(subcommand)]
    Analytics(AnalyticsCommand),
    /// Check the proof of a session, offline.
    Verify(VerifyArguments),
    /// Tell what is stored: the data domains, the fields of one, the schema of a field.
    #[command(
        after_help = "Examples:\n  reel metadata\n  reel metadata wallets\n  reel metadata sessions observation\n  \
                      reel metadata sessions observation --json | jq .schema"
    )]
    Metadata(MetadataArguments),
    /// Ask whether the server can take work.
    Health,
    /// Print what makes a shell complete this command.
    #[command(after_help = "Examples:\n  reel completions bash > ~/.local/share/bash-completion/completions/reel")]
    Completions {
        /// The shell.
        #[arg(value_enum)]
        shell: Shell,
    },
    /// Print the manual page, or write one for every command.
    #[command(after_help = "Examples:\n  reel man | man -l -\n  reel man --into ~/.local/share/man/man1")]
    Man {
        /// The folder to write the pages of all commands into.
        #[arg(long, value_name = "FOLDER")]
        into: Option<PathBuf>,
    },
}

/// What every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Common {
    /// Where the server is [default: http://127.0.0.1:8080].
    #[arg(long, global = true, env = "REELHOUSE_URL", value_name = "URL", hide_env_values = true)]
    pub(crate) server: Option<String>,
    /// The key to call with; better kept in the environment or the profile than typed.
    #[arg(long, global = true, env = "REELHOUSE_KEY", value_name = "KEY", hide_env_values = true)]
    pub(crate) key: Option<String>,
    /// The file that has `server` and `key` [default: ~/.config/reelhouse/reel.toml, if it is there].
    #[arg(long, global = true, env = "REELHOUSE_PROFILE", value_name = "FILE", hide_env_values = true)]
    pub(crate) profile: Option<PathBuf>,
    /// Print JSON as the server sent it, one document a line.
    #[arg(long, global = true, conflicts_with = "quiet")]
    pub(crate) json: bool,
    /// Print ids alone, one a line.
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
}

impl Common {
    pub(crate) const fn format(&self) -> Format {
        match (self.json, self.quiet) {
            (true, _) => Format::Json,
            (false, true) => Format::Ids,
            (false, false) => Format::Text,
        }
    }
}

/// How much of a list to print.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Length {
    /// The most items to print.
    #[arg(long, value_name = "COUNT", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// Print all of them.
    #[arg(long, conflicts_with = "limit")]
    all: bool,
}

impl Length {
    pub(crate) fn most(self) -> Option<usize> {
        (!self.all).then(|| usize::try_from(self.limit).unwrap_or(usize::MAX))
    }
}

/// What every write takes.
#[derive(Clone, Debug, Args)]
pub(crate) struct Once {
    /// A key under which a repeated command happens once [default: a fresh one].
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
}

impl Once {
    pub(crate) fn key(self) -> Key {
        self.idempotency_key.map_or_else(Key::fresh, Key::from)
    }
}

/// Reads an amount of the command line.
pub(crate) fn amount(text: &str) -> Result<Money, String> {
    text.parse::<Money>().map_err(|error| error.to_string())
}
