//! The crash harness: real processes, killed under load, and a checker that counts what was lost or done twice.
//!
//! `cargo xtask crash` builds the server, makes a cluster and runs this.
#![allow(clippy::print_stdout, reason = "the table is what this program is for")]

mod check;
mod cluster;
mod disk;
mod http;
mod journal;
mod plan;
mod player;
mod proxy;
mod report;
mod run;
mod server;
mod site;
mod syncs;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::{Parser, ValueEnum};

use crate::plan::Store;

/// Kills the server and its database under load, and counts what was lost or done twice.
#[derive(Parser)]
#[command(name = "cargo xtask crash")]
struct Options {
    /// The server.
    #[arg(long)]
    server_binary: PathBuf,
    /// The directory of PostgreSQL's programs.
    #[arg(long)]
    postgres_bin: Option<PathBuf>,
    /// A cluster that initdb made.
    #[arg(long)]
    postgres_data: Option<PathBuf>,
    /// Whom to run PostgreSQL as, user and group, where this program is root.
    #[arg(long, num_args = 2, value_names = ["UID", "GID"])]
    postgres_account: Option<Vec<u32>>,
    /// How many kills in all.
    #[arg(long, default_value_t = 50)]
    kills: u32,
    /// How many clients play at once.
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=1000))]
    clients: u16,
    /// What the faults, their times and the clients' choices follow from; a new one when not given.
    #[arg(long)]
    seed: Option<u64>,
    /// Begin no fault after so many seconds on each store.
    #[arg(long)]
    seconds: Option<u64>,
    /// The store to run on.
    #[arg(long, value_enum, default_value_t = Stores::Both)]
    store: Stores,
    /// Kill nothing; count with strace the syncs before the acknowledgements of so many lone actions.
    #[arg(long, value_name = "ACTIONS")]
    fsync: Option<usize>,
    /// Keep the journals, logs and the SQLite file here.
    #[arg(long)]
    keep: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Stores {
    Sqlite,
    Postgres,
    Both,
}

#[tokio::main]
async fn main() -> Result<()> {
    let options = Options::parse();
    if let Some(actions) = options.fsync {
        return count_syncs(&options, actions).await;
    }
    let seed = options.seed.unwrap_or_else(new_seed);
    println!("seed {seed}: --seed {seed} repeats the faults of this run");
    let mut clean = true;
    for (store, kills) in options.stores() {
        let folder = tempfile::Builder::new().prefix("reelhouse-crash-").tempdir()?;
        let dir = match &options.keep {
            Some(keep) => keep.join(store.to_string()),
            None => folder.path().to_owned(),
        };
        std::fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
        let run = run::Options {
            store,
            seed,
            kills,
            clients: usize::from(options.clients),
            limit: options.seconds.map(Duration::from_secs),
            binary: options.binary()?,
            postgres: options.postgres(),
        };
        let report = run::run(&run, &dir).await;
        match &report {
            Ok(report) => print!("\n{report}"),
            Err(error) => println!("\n  {store}: {error:#}"),
        }
        if !report.is_ok_and(|report| report.is_clean()) {
            clean = false;
            println!("  {}", server::tail(&dir.join("server.log")));
            println!("  its files stay in {}", folder.keep().display());
        }
    }
    if !clean {
        bail!("something was lost, doubled or wrong");
    }
    Ok(())
}

/// Counts the syncs on each store.
async fn count_syncs(options: &Options, actions: usize) -> Result<()> {
    let mut durable = true;
    for (store, _) in options.stores() {
        let dir = tempfile::Builder::new().prefix("reelhouse-syncs-").tempdir()?;
        let counted = match store {
            Store::Sqlite => syncs::sqlite(options.binary()?, dir.path(), actions).await?,
            Store::Postgres => {
                let launch = options.postgres().context("--postgres-bin and --postgres-data are needed")?;
                syncs::postgres(options.binary()?, launch, dir.path(), actions).await?
            }
        };
        println!("{counted}");
        durable &= counted.is_durable();
    }
    if !durable {
        bail!("an acknowledgement came without a sync before it");
    }
    Ok(())
}

impl Options {
    fn binary(&self) -> Result<PathBuf> {
        std::fs::canonicalize(&self.server_binary).context("there is no server")
    }

    fn stores(&self) -> Vec<(Store, u32)> {
        match self.store {
            Stores::Sqlite => vec![(Store::Sqlite, self.kills)],
            Stores::Postgres => vec![(Store::Postgres, self.kills)],
            Stores::Both => vec![(Store::Sqlite, self.kills / 2), (Store::Postgres, self.kills.div_ceil(2))],
        }
    }

    fn postgres(&self) -> Option<cluster::Launch> {
        let account = self.postgres_account.as_deref().and_then(|ids| Some((*ids.first()?, *ids.get(1)?)));
        Some(cluster::Launch { bin: self.postgres_bin.clone()?, data: self.postgres_data.clone()?, account })
    }
}

/// A seed that differs from run to run.
fn new_seed() -> u64 {
    use std::hash::{BuildHasher as _, Hasher as _};
    std::collections::hash_map::RandomState::new().build_hasher().finish() % 1_000_000
}
