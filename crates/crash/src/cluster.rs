//! A PostgreSQL cluster that is killed and started again on the same port.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tokio::process::{Child, Command};

use crate::server::tail;

/// How long a start may take, recovery included.
const START: Duration = Duration::from_secs(60);

/// How a postmaster is started, every time in the same way.
#[derive(Clone)]
pub(crate) struct Launch {
    /// The directory of PostgreSQL's programs.
    pub(crate) bin: PathBuf,
    /// A cluster that initdb made.
    pub(crate) data: PathBuf,
    /// Whom to run it as, where this process is root.
    pub(crate) account: Option<(u32, u32)>,
}

/// A cluster with its postmaster. Dropping it kills the postmaster.
pub(crate) struct Cluster {
    launch: Launch,
    postmaster: Child,
    pub(crate) port: u16,
}

impl Cluster {
    /// Starts a postmaster on a free port.
    pub(crate) async fn start(launch: Launch) -> Result<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let postmaster = run(&launch, port).await?;
        Ok(Self { launch, postmaster, port })
    }

    /// The URL of the cluster, or of what stands in front of it on another port.
    pub(crate) fn url(port: u16) -> String {
        format!("postgres://postgres@127.0.0.1:{port}/postgres")
    }

    /// SIGKILL to the postmaster; its backends notice, and end by themselves.
    pub(crate) async fn kill(&mut self) -> Result<()> {
        self.postmaster.kill().await.context("cannot kill the postmaster")
    }

    /// Starts the postmaster again, and waits until it has recovered.
    pub(crate) async fn restart(&mut self) -> Result<()> {
        self.postmaster = run(&self.launch, self.port).await?;
        Ok(())
    }

    /// The postmaster's process, while it runs.
    pub(crate) fn id(&self) -> Option<u32> {
        self.postmaster.id()
    }
}

/// Starts a postmaster. While backends of a killed one still go, it refuses: then it is asked again.
async fn run(launch: &Launch, port: u16) -> Result<Child> {
    let started = Instant::now();
    loop {
        let mut child = spawn(launch, port)?;
        while started.elapsed() < START {
            if child.try_wait()?.is_some() {
                break;
            }
            if is_ready(&launch.data, child.id()) {
                return Ok(child);
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        if started.elapsed() >= START {
            bail!("postgres did not start; {}", tail(&log(launch)));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn spawn(launch: &Launch, port: u16) -> Result<Child> {
    let program = launch.bin.join("postgres");
    let mut command = std::process::Command::new(&program);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PG")) {
        command.env_remove(name);
    }
    command.arg("-D").arg(&launch.data).arg("-p").arg(port.to_string()).current_dir("/");
    for setting in [
        "fsync=on",
        "synchronous_commit=on",
        "full_page_writes=on",
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
    ] {
        command.arg("-c").arg(setting);
    }
    if let Some((user, group)) = launch.account {
        command.uid(user).gid(group);
    }
    let log = File::options().create(true).append(true).open(log(launch)).context("cannot make postgres's log")?;
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    let child = Command::from(command).kill_on_drop(true).spawn();
    child.with_context(|| format!("cannot start {}", program.display()))
}

/// Whether postmaster.pid is of this process, and says what `pg_ctl --wait` waits for.
fn is_ready(data: &Path, id: Option<u32>) -> bool {
    let text = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
    let mut lines = text.lines();
    let pid = lines.next().and_then(|line| line.trim().parse().ok());
    pid.is_some() && pid == id && lines.nth(6).is_some_and(|status| status.trim() == "ready")
}

fn log(launch: &Launch) -> PathBuf {
    launch.data.with_file_name("crash.log")
}
