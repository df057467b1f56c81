//! `cargo xtask db`: a PostgreSQL for development, in the foreground.

use crate::home::{self, InUse};
use crate::postgres::{self, Cluster, Purpose};
use anyhow::{Error, Result, anyhow};

/// Arguments of `db`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The port to listen on; when it is taken, any free one is used.
    #[arg(long, default_value_t = 54329)]
    port: u16,
}

/// Starts the cluster, says how to reach it, and stays.
pub(crate) fn db(args: &Args) -> Result<()> {
    let mut cluster = Cluster::start(Purpose::Development { port: args.port }).map_err(say_where)?;
    println!("PostgreSQL {} runs until Ctrl-C; its files stay in {}", cluster.tools.major, cluster.dir().display());
    println!("export DATABASE_URL={}", cluster.url());
    cluster.wait()
}

/// When it already runs, the URL is what the caller wanted to know.
fn say_where(error: Error) -> Error {
    let found = error.downcast_ref::<InUse>().and_then(|in_use| home::postmaster(&in_use.dir));
    match found {
        Some(found) => anyhow!("it already runs: export DATABASE_URL={}", postgres::url(found.port)),
        None => error,
    }
}
