//! The server under test, a process that is killed and started again.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::http::HOST;

/// How long a start may take at most.
const START: Duration = Duration::from_secs(30);

/// Lines of the log to show when something fails.
const TAIL: usize = 15;

/// How the server is started, every time in the same way.
pub(crate) struct Launch {
    pub(crate) binary: PathBuf,
    pub(crate) database_url: String,
    /// Where it runs and logs.
    pub(crate) dir: PathBuf,
    /// Further environment.
    pub(crate) environment: Vec<(&'static str, PathBuf)>,
}

impl Launch {
    /// The server's log.
    pub(crate) fn log(&self) -> PathBuf {
        self.dir.join("server.log")
    }

    /// A command that runs the server, with nothing of the caller's own configuration.
    pub(crate) fn command(&self) -> Result<std::process::Command> {
        self.prepare(std::process::Command::new(&self.binary))
    }

    /// As [`Self::command`], under another program that runs it.
    pub(crate) fn prepare(&self, mut command: std::process::Command) -> Result<std::process::Command> {
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("REELHOUSE_")) {
            command.env_remove(name);
        }
        command.args(["--listen", "127.0.0.1:0", "--allowed-hosts", HOST, "--log", "warn"]).current_dir(&self.dir);
        command.env("DATABASE_URL", &self.database_url).env("REELHOUSE_SIGNING_KEY", self.dir.join("signing.key"));
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        let log = File::options().create(true).append(true).open(self.log()).context("cannot make the server's log")?;
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        Ok(command)
    }
}

/// A running server. Dropping it kills it.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Starts it, and waits until it says where it listens.
    pub(crate) async fn start(launch: &Launch) -> Result<Self> {
        Self::run(launch, launch.command()?).await
    }

    /// Runs a command that [`Launch`] made.
    pub(crate) async fn run(launch: &Launch, command: std::process::Command) -> Result<Self> {
        let mut child = Command::from(command)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", launch.binary.display()))?;
        let stdout = child.stdout.take().context("the server has no output")?;
        let mut lines = BufReader::new(stdout).lines();
        let line = tokio::time::timeout(START, lines.next_line()).await;
        let line = line.with_context(|| format!("the server did not start; {}", tail(&launch.log())))??;
        let line = line.with_context(|| format!("the server ended as it started; {}", tail(&launch.log())))?;
        let address = line.split_once("http://").and_then(|(_, rest)| rest.split(' ').next()?.parse().ok());
        let address = address.with_context(|| format!("{line:?} does not say where the server listens"))?;
        // What it says further is read and forgotten, so that the pipe does not fill.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self { child, address })
    }

    /// SIGKILL.
    pub(crate) async fn kill(mut self) -> Result<()> {
        self.child.kill().await.context("cannot kill the server")
    }

    /// An error when it has ended by itself.
    pub(crate) fn check_alive(&mut self, launch: &Launch) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => bail!("the server ended by itself ({status}); {}", tail(&launch.log())),
        }
    }

    /// The server's process, while it runs.
    pub(crate) fn id(&self) -> Option<u32> {
        self.child.id()
    }
}

/// The last lines of a log.
pub(crate) fn tail(log: &Path) -> String {
    let text = std::fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let last = lines.get(lines.len().saturating_sub(TAIL)..).unwrap_or_default();
    format!("the last lines of {}:\n{}", log.display(), last.join("\n"))
}
