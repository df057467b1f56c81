//! Configuration: flags before environment before file before defaults.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};
use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, Utc};
use clap::{Args, Parser, Subcommand, ValueEnum};
use reelhouse_domain::access::Role;
use reelhouse_domain::{GameId, KeyId, Timestamp};
use serde::Deserialize;

/// Where the server listens when nothing else is said.
const DEFAULT_LISTEN: &str = "127.0.0.1:8080";

/// Where the data is when nothing else is said.
const DEFAULT_DATABASE_URL: &str = "sqlite://data/reelhouse.db";

/// The file that is read when it is there and no other was named.
const DEFAULT_FILE: &str = "reelhouse.toml";

/// The most threads of a background job when nothing else is said.
const MAX_DEFAULT_JOB_THREADS: usize = 2;

/// Which log lines are written when nothing else is said: the web server's own start is no news, and what a client sends
/// that is no HTTP is no error of the server.
const DEFAULT_LOG: &str = "info,actix_server=warn,actix_http::h1=off";

/// Reelhouse: a system of record for simulated slot play with test credits.
#[derive(Debug, Parser)]
#[command(name = "reelhouse", version, about)]
pub struct Cli {
    /// What to do; serves when nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// What every command reads.
    #[command(flatten)]
    pub options: Options,
}

/// What the binary does.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the API (the default).
    Serve,
    /// Bring the database's schema up to date, take its last migration back, or show both.
    Migrate {
        /// Which way.
        #[arg(value_enum)]
        direction: Direction,
    },
    /// Load the reference games and a demo wallet; doing it again changes nothing.
    Seed,
    /// Make, list and revoke keys of the API.
    Key {
        /// What to do.
        #[command(subcommand)]
        command: KeyCommand,
    },
    /// Look after what was counted of games and sessions.
    #[command(subcommand)]
    Analytics(AnalyticsCommand),
    /// Print the OpenAPI document.
    Openapi,
    /// Move old months of events and RL rows from PostgreSQL to files, verify and list these, and bring months back.
    Archive(ArchiveArgs),
    /// Spread the tables over the machines of a Citus cluster; stop the servers first. Doing it again changes nothing.
    Distribute {
        /// How many parts each table gets [default: what Citus says, 32].
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..=4096))]
        parts: Option<u32>,
    },
}

/// What is done to keys.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make a key and print it. It is shown this once: only its digest is stored.
    Create {
        /// What it is for: `read` sees everything, `play` plays from wallets of its own, `admin` does everything.
        #[arg(long, value_parser = read_role)]
        role: Role,
        /// What people call it, such as whose it is.
        #[arg(long)]
        name: String,
        /// When it stops to be good: a day such as 2036-01-31, or an instant such as 2036-01-31T12:00:00Z
        /// [default: never].
        #[arg(long, value_parser = read_expiry, value_name = "WHEN")]
        expires: Option<Timestamp>,
    },
    /// List the keys, expired and revoked ones too.
    List,
    /// Revoke a key: servers refuse it within a second.
    Revoke {
        /// The key's id, as `key list` prints it.
        id: KeyId,
    },
}

fn read_role(name: &str) -> Result<Role, String> {
    Role::named(name).ok_or_else(|| format!("one of {} was expected", Role::ALL.map(Role::name).join(", ")))
}

/// A day means its start, in UTC.
fn read_expiry(text: &str) -> Result<Timestamp, String> {
    let day = text.parse::<NaiveDate>().ok().map(|day| day.and_time(NaiveTime::MIN).and_utc());
    let at = day.or_else(|| DateTime::parse_from_rfc3339(text).ok().map(|at| at.with_timezone(&Utc)));
    at.filter(|at| (1970..=9999).contains(&at.year()))
        .ok_or_else(|| "a day such as 2036-01-31 or an instant such as 2036-01-31T12:00:00Z was expected".to_owned())
}

/// What is done with what was counted.
#[derive(Debug, Subcommand)]
pub enum AnalyticsCommand {
    /// Count all events anew, and say whether it comes to the same. Servers may go on meanwhile.
    Rebuild {
        /// Of this game only [default: all].
        #[arg(long, value_name = "ID")]
        game: Option<GameId>,
    },
}

/// What to archive, or what to do with archives.
#[derive(Clone, Debug, Args)]
#[command(args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub struct ArchiveArgs {
    /// What to do with archives; archives when nothing is said.
    #[command(subcommand)]
    pub action: Option<ArchiveAction>,
    /// Archive the whole months before this day (UTC), such as 2026-01-01.
    #[arg(long, value_name = "DATE")]
    pub before: Option<NaiveDate>,
    /// The folder that the files go to [default: what --archive-dir says].
    #[arg(long, value_name = "DIR")]
    pub to: Option<PathBuf>,
    /// Archive events that were not counted yet too: servers that have the folder count them from there.
    #[arg(long)]
    pub uncounted: bool,
}

/// What to do with archives.
#[derive(Clone, Debug, Subcommand)]
pub enum ArchiveAction {
    /// List the months that are archived.
    List,
    /// Read archives back and check them against their manifests.
    Verify {
        /// The manifests [default: all that the database knows].
        #[arg(value_name = "MANIFEST")]
        manifests: Vec<PathBuf>,
    },
    /// Bring a month back into the database; its files are left alone.
    Restore {
        /// Its manifest.
        #[arg(value_name = "MANIFEST")]
        manifest: PathBuf,
    },
}

/// Which way to migrate.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Direction {
    /// Apply every migration that is not applied yet.
    Up,
    /// Take the last applied migration back, with its tables and what is in them.
    Down,
    /// List the migrations and whether each is applied.
    Status,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// The options as flags, environment variables, or lines of the file.
#[derive(Clone, Debug, Default, Args, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// The address to listen on [default: 127.0.0.1:8080].
    #[arg(long, env = "REELHOUSE_LISTEN", global = true, value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// Where the data is: postgres://… or sqlite://path [default: sqlite://data/reelhouse.db].
    #[arg(long, env = "DATABASE_URL", global = true, value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// A replica of the PostgreSQL database, for lists and pages, which may be a moment behind [default: the database].
    #[arg(long, env = "DATABASE_READ_URL", global = true, value_name = "URL", hide_env_values = true)]
    pub database_read_url: Option<String>,
    /// How log lines look [default: text].
    #[arg(long, env = "REELHOUSE_LOG_FORMAT", global = true, value_enum)]
    pub log_format: Option<LogFormat>,
    /// Which log lines are written, such as `info` or `reelhouse_http=debug` [default: info].
    #[arg(long, env = "REELHOUSE_LOG", global = true, value_name = "FILTER")]
    pub log: Option<String>,
    /// Hours after which a session left alone expires [default: 24].
    #[arg(long, env = "REELHOUSE_SESSION_TIMEOUT_HOURS", global = true, value_name = "HOURS",
          value_parser = clap::value_parser!(u32).range(1..=8760))]
    pub session_timeout_hours: Option<u32>,
    /// Connections to PostgreSQL [default: 16].
    #[arg(long, env = "REELHOUSE_DATABASE_CONNECTIONS", global = true, value_name = "COUNT",
          value_parser = clap::value_parser!(u32).range(4..=1000))]
    pub database_connections: Option<u32>,
    /// Threads of low priority that compute for a background job [default: one for each core, at most 2].
    #[arg(long, env = "REELHOUSE_JOB_THREADS", global = true, value_name = "COUNT",
          value_parser = clap::value_parser!(u32).range(1..=64))]
    pub job_threads: Option<u32>,
    /// The file with the key that the house signs with, made when it is not there [default: signing.key
    /// beside the SQLite file, else data/signing.key].
    #[arg(long, env = "REELHOUSE_SIGNING_KEY", global = true, value_name = "FILE")]
    pub signing_key: Option<PathBuf>,
    /// A further name, with its port if it has another one, that a server on a loopback address answers to, such as
    /// that of a proxy in front of it; may be given several times [default: names of this machine alone].
    #[arg(long, env = "REELHOUSE_ALLOWED_HOSTS", global = true, value_name = "HOST", value_delimiter = ',')]
    #[serde(default)]
    pub allowed_hosts: Vec<String>,
    /// Requests a second of each key, and twice as many at once; 0 for no limit [default: 1000].
    #[arg(long, env = "REELHOUSE_KEY_RATE", global = true, value_name = "REQUESTS")]
    pub key_rate: Option<u32>,
    /// Requests a second of each address of another machine that come without a known key; 0 for no limit
    /// [default: 100].
    #[arg(long, env = "REELHOUSE_ADDRESS_RATE", global = true, value_name = "REQUESTS")]
    pub address_rate: Option<u32>,
    /// Seconds that a server which was told to stop goes on taking requests while /readyz says 503, so that whoever
    /// spreads them sees it in time [default: 0].
    #[arg(long, env = "REELHOUSE_DRAIN_SECONDS", global = true, value_name = "SECONDS",
          value_parser = clap::value_parser!(u16).range(0..=600))]
    pub drain_seconds: Option<u16>,
    /// The address of an OpenTelemetry collector that spans are exported to by OTLP over HTTP, such as
    /// http://127.0.0.1:4318; the variables OTEL_EXPORTER_OTLP_… are heeded too [default: none].
    #[arg(long, env = "REELHOUSE_OTLP_ENDPOINT", global = true, value_name = "URL", hide_env_values = true)]
    pub otlp_endpoint: Option<String>,
    /// The folder that archived months are read from, and written to [default: none].
    #[arg(long, env = "REELHOUSE_ARCHIVE_DIR", global = true, value_name = "DIR")]
    pub archive_dir: Option<PathBuf>,
    /// The file to read options from [default: reelhouse.toml, if it is there].
    #[arg(long, env = "REELHOUSE_CONFIG", global = true, value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
}

/// The configuration in force.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where the data is.
    pub database_url: String,
    /// A replica of it, for reads that may be a moment behind.
    pub database_read_url: Option<String>,
    /// How log lines look.
    pub log_format: LogFormat,
    /// Which log lines are written.
    pub log: String,
    /// Hours after which a session left alone expires.
    pub session_timeout_hours: u32,
    /// Connections to PostgreSQL.
    pub database_connections: u32,
    /// Threads that compute for a background job.
    pub job_threads: NonZeroUsize,
    /// The file with the key that the house signs with.
    pub signing_key: PathBuf,
    /// Further names that a server on a loopback address answers to.
    pub allowed_hosts: Vec<String>,
    /// Requests a second of each key; 0 for no limit.
    pub key_rate: u32,
    /// Requests a second of each address without a known key; 0 for no limit.
    pub address_rate: u32,
    /// Where spans are exported to.
    pub otlp_endpoint: Option<String>,
    /// How long a server that was told to stop goes on taking requests.
    pub drain: Duration,
    /// The folder of archives.
    pub archive_dir: Option<PathBuf>,
}

impl Config {
    /// Puts the options and the file together.
    ///
    /// # Errors
    /// When the file does not read, or an option is not what it should be.
    pub fn load(options: Options) -> anyhow::Result<Self> {
        let file = match &options.config {
            Some(path) => read_file(path)?,
            None if Path::new(DEFAULT_FILE).is_file() => read_file(Path::new(DEFAULT_FILE))?,
            None => Options::default(),
        };
        let listen = options.listen.or(file.listen).unwrap_or_else(|| DEFAULT_LISTEN.to_owned());
        let listen: SocketAddr = listen
            .parse()
            .with_context(|| format!("--listen: {listen:?} is not an address with a port, such as {DEFAULT_LISTEN}"))?;
        let hours = options.session_timeout_hours.or(file.session_timeout_hours).unwrap_or(24);
        let connections = options.database_connections.or(file.database_connections).unwrap_or(16);
        if !(1..=8760).contains(&hours) || !(4..=1000).contains(&connections) {
            bail!("session_timeout_hours is 1 to 8760 and database_connections 4 to 1000");
        }
        let database_url =
            options.database_url.or(file.database_url).unwrap_or_else(|| DEFAULT_DATABASE_URL.to_owned());
        let signing_key = options.signing_key.or(file.signing_key).unwrap_or_else(|| default_key(&database_url));
        Ok(Self {
            listen,
            database_url,
            database_read_url: options.database_read_url.or(file.database_read_url),
            signing_key,
            archive_dir: options.archive_dir.or(file.archive_dir),
            otlp_endpoint: options.otlp_endpoint.or(file.otlp_endpoint),
            drain: drain(options.drain_seconds.or(file.drain_seconds))?,
            log_format: options.log_format.or(file.log_format).unwrap_or(LogFormat::Text),
            log: options.log.or(file.log).unwrap_or_else(|| DEFAULT_LOG.to_owned()),
            session_timeout_hours: hours,
            database_connections: connections,
            job_threads: job_threads(options.job_threads.or(file.job_threads))?,
            allowed_hosts: if options.allowed_hosts.is_empty() { file.allowed_hosts } else { options.allowed_hosts },
            key_rate: options.key_rate.or(file.key_rate).unwrap_or(1000),
            address_rate: options.address_rate.or(file.address_rate).unwrap_or(100),
        })
    }
}

/// As many threads as asked for, else one for each core up to two: the rest is for play.
fn job_threads(asked: Option<u32>) -> anyhow::Result<NonZeroUsize> {
    let Some(asked) = asked else {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        return Ok(NonZeroUsize::new(cores.min(MAX_DEFAULT_JOB_THREADS)).unwrap_or(NonZeroUsize::MIN));
    };
    let threads = usize::try_from(asked).ok().filter(|threads| (1..=64).contains(threads));
    threads.and_then(NonZeroUsize::new).context("job_threads is 1 to 64")
}

/// As many seconds as asked for.
fn drain(seconds: Option<u16>) -> anyhow::Result<Duration> {
    let seconds = seconds.unwrap_or_default();
    if seconds > 600 {
        bail!("drain_seconds is 0 to 600");
    }
    Ok(Duration::from_secs(seconds.into()))
}

/// The signing key goes with the data: beside the SQLite file, else where that would be by default.
fn default_key(database_url: &str) -> PathBuf {
    let file = database_url.strip_prefix("sqlite://").filter(|path| !path.is_empty());
    let file = file.or_else(|| DEFAULT_DATABASE_URL.strip_prefix("sqlite://")).unwrap_or_default();
    Path::new(file).with_file_name("signing.key")
}

fn read_file(path: &Path) -> anyhow::Result<Options> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("{} is not a configuration file", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(arguments: &[&str]) -> Options {
        Cli::try_parse_from([&["reelhouse"], arguments].concat()).unwrap().options
    }

    #[test]
    fn a_flag_wins_over_the_file_and_the_file_over_the_default() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("house.toml");
        std::fs::write(&path, "listen = \"127.0.0.1:9\"\nlog = \"debug\"\nsession_timeout_hours = 2\n").unwrap();
        let path = path.to_str().unwrap();
        let config = Config::load(options(&["--config", path, "--log", "warn"])).unwrap();
        assert_eq!(config.listen.port(), 9);
        assert_eq!(config.log, "warn");
        assert_eq!(config.session_timeout_hours, 2);
        assert_eq!(config.database_connections, 16);
    }

    #[test]
    fn a_key_expires_at_an_instant_or_at_the_start_of_a_day() {
        let expiry = |text: &str| read_expiry(text).map(|at| at.to_rfc3339());
        assert_eq!(expiry("2036-01-31"), Ok("2036-01-31T00:00:00+00:00".to_owned()));
        assert_eq!(expiry("2036-01-31T12:00:00+02:00"), Ok("2036-01-31T10:00:00+00:00".to_owned()));
        for text in ["", "tomorrow", "2036-02-30", "2036-01-31T12:00:00", "99999-01-01"] {
            assert!(expiry(text).is_err(), "{text}");
        }
    }

    #[test]
    fn allowed_hosts_are_a_list() {
        let config = Config::load(options(&["--allowed-hosts", "a.example,b.example:81", "--key-rate", "0"])).unwrap();
        assert_eq!(config.allowed_hosts, ["a.example", "b.example:81"]);
        assert_eq!((config.key_rate, config.address_rate), (0, 100));
    }

    #[test]
    fn the_signing_key_goes_with_the_data() {
        for (url, path) in [
            ("sqlite:///srv/house.db", "/srv/signing.key"),
            ("sqlite://house.db", "signing.key"),
            ("postgres://host/db", "data/signing.key"),
        ] {
            let config = Config::load(options(&["--database-url", url])).unwrap();
            assert_eq!(config.signing_key, Path::new(path), "{url}");
        }
        let config = Config::load(options(&["--signing-key", "/run/key"])).unwrap();
        assert_eq!(config.signing_key, Path::new("/run/key"));
    }

    #[test]
    fn names_an_unknown_line_of_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("house.toml");
        std::fs::write(&path, "port = 1\n").unwrap();
        let error = format!("{:#}", Config::load(options(&["--config", path.to_str().unwrap()])).unwrap_err());
        assert!(error.contains("port"), "{error}");
    }
}
