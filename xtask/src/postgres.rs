//! A PostgreSQL cluster that this program starts and stops.

use crate::account::Account;
use crate::guard::{self, Guard};
use crate::home::{self, Home};
use crate::run;
use crate::tools::Tools;
use anyhow::{Context as _, Result, bail};
use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long a start may take, recovery after a kill included.
const START: Duration = Duration::from_secs(60);
/// Lines of the log to show when something fails.
const TAIL: usize = 30;

/// What a cluster is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Removed afterwards; a power cut may lose everything, so commits do not wait for the disk.
    Tests,
    /// Removed afterwards; as durable as production, or the numbers would mean nothing.
    Bench,
    /// Kept between runs, on this port if it is free.
    Development { port: u16 },
}

impl Purpose {
    fn durable(self) -> bool {
        self != Self::Tests
    }

    fn kept(self) -> bool {
        matches!(self, Self::Development { .. })
    }

    fn settings(self) -> Vec<String> {
        let durable = if self.durable() { "on" } else { "off" };
        vec![
            format!("fsync={durable}"),
            format!("synchronous_commit={durable}"),
            format!("full_page_writes={durable}"),
            // Each test has a schema and a pool of its own, and they run side by side.
            "max_connections=300".to_owned(),
            // Loopback alone: a socket in a shared directory would be open to every account.
            "listen_addresses=127.0.0.1".to_owned(),
            "unix_socket_directories=".to_owned(),
        ]
    }
}

/// A cluster that is made and not started: whoever starts its postmaster may kill it too. Dropping it stops what runs
/// there and removes it.
pub(crate) struct Dormant {
    /// The installation to start it from.
    pub(crate) tools: Tools,
    /// The account to start it as.
    pub(crate) account: Account,
    // Order matters: the guard ends before the lock on the directory does.
    _guard: Guard,
    home: Home,
}

impl Dormant {
    /// Finds or installs PostgreSQL, and makes a cluster.
    pub(crate) fn make() -> Result<Self> {
        let tools = Tools::find_or_install(&Account::find()?)?;
        // Asked again, because an installation brings the account `postgres`.
        let account = Account::find()?;
        let home = Home::throwaway(&account, true)?;
        let guard = Guard::start(&home.dir, false)?;
        init(&tools, &account, &home, Purpose::Bench)?;
        Ok(Self { tools, account, _guard: guard, home })
    }

    /// What initdb made.
    pub(crate) fn data(&self) -> PathBuf {
        self.home.data()
    }
}

/// A running cluster. Dropping it stops it and removes it, unless it is one that is kept.
pub(crate) struct Cluster {
    postmaster: Child,
    port: u16,
    /// The installation it runs from.
    pub(crate) tools: Tools,
    // Order matters: the guard ends before the lock on the directory does.
    guard: Option<Guard>,
    home: Home,
}

impl Cluster {
    /// Finds or installs PostgreSQL, and starts a cluster.
    pub(crate) fn start(purpose: Purpose) -> Result<Self> {
        let tools = Tools::find_or_install(&Account::find()?)?;
        // Asked again, because an installation brings the account `postgres`.
        let account = Account::find()?;
        let home = if purpose.kept() { Home::kept(&account) } else { Home::throwaway(&account, purpose.durable()) }?;
        let mut guard = Guard::start(&home.dir, purpose.kept())?;
        if purpose.kept() {
            outlive(&home);
        }
        init(&tools, &account, &home, purpose)?;
        let (postmaster, port) = start_postmaster(&tools, &account, &home, purpose, &mut guard)?;
        if purpose == Purpose::Bench {
            warn_of_memory(&home.dir);
        }
        Ok(Self { postmaster, port, tools, guard: Some(guard), home })
    }

    /// The URL of its default database.
    pub(crate) fn url(&self) -> String {
        url(self.port)
    }

    /// Where its files are.
    pub(crate) fn dir(&self) -> &Path {
        &self.home.dir
    }

    /// Waits until the postmaster ends, which it does not do unless someone ends it.
    pub(crate) fn wait(&mut self) -> Result<()> {
        let status = self.postmaster.wait().context("could not wait for the postmaster")?;
        bail!("the postmaster ended ({status})\n{}", tail(&self.home.log()))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.guard = None;
        if let Err(error) = self.postmaster.wait() {
            eprintln!("could not wait for the postmaster: {error}");
        }
    }
}

/// The URL of the cluster on a port.
pub(crate) fn url(port: u16) -> String {
    format!("postgres://postgres@127.0.0.1:{port}/postgres")
}

/// Waits for the guard of a killed run to stop its postmaster, or stops it.
fn outlive(home: &Home) {
    if let Some(found) = home::postmaster(&home.dir)
        && !guard::gone(found.pid, &home.dir, Duration::from_secs(10))
    {
        guard::stop(found.pid, &home.dir, true);
    }
}

/// Makes the data directory, unless it is there.
fn init(tools: &Tools, account: &Account, home: &Home, purpose: Purpose) -> Result<()> {
    let data = home.data();
    if let Ok(version) = fs::read_to_string(data.join("PG_VERSION")) {
        let (version, major) = (version.trim(), tools.major);
        if version != major.to_string() {
            bail!("{} was made by PostgreSQL {version}, and this is {major}: remove it", data.display());
        }
        return Ok(());
    }
    // Renamed when it is whole, so that a run killed in the middle does not leave half a cluster.
    let half = home.dir.join("data.new");
    if half.exists() {
        guard::remove(&half)?;
    }
    let mut initdb = account.command(&tools.program("initdb"));
    initdb.arg("--pgdata").arg(&half);
    initdb.args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale"]);
    if !purpose.durable() {
        initdb.arg("--no-sync");
    }
    run::quiet(&mut initdb).context("could not make a cluster")?;
    fs::rename(&half, &data).with_context(|| format!("could not rename {}", half.display()))
}

/// Starts the postmaster; another process may take the port first, and then tries again.
fn start_postmaster(
    tools: &Tools,
    account: &Account,
    home: &Home,
    purpose: Purpose,
    guard: &mut Guard,
) -> Result<(Child, u16)> {
    for _ in 0..5 {
        let port = free_port(purpose)?;
        let mut command = account.command(&tools.program("postgres"));
        command.arg("-D").arg(home.data()).arg("-p").arg(port.to_string());
        for setting in purpose.settings() {
            command.arg("-c").arg(setting);
        }
        let log = File::create(home.log()).context("could not make the log")?;
        command.stdin(Stdio::null()).stderr(log.try_clone()?).stdout(log);
        // A process group of its own: on Ctrl-C the guard decides how it stops.
        let mut child = command.process_group(0).spawn().context("could not start postgres")?;
        guard.watch(child.id())?;
        match wait_ready(&mut child, home)? {
            None => return Ok((child, port)),
            Some(_) if !is_free(port) => {}
            Some(status) => bail!("postgres did not start ({status})\n{}", tail(&home.log())),
        }
    }
    bail!("every port that was tried was taken by another process")
}

/// Waits until the postmaster accepts connections; its exit status if it ends instead.
fn wait_ready(child: &mut Child, home: &Home) -> Result<Option<ExitStatus>> {
    let start = Instant::now();
    while start.elapsed() < START {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if home::postmaster(&home.dir).is_some_and(|found| found.pid == child.id() && found.ready) {
            return Ok(None);
        }
        sleep(Duration::from_millis(20));
    }
    bail!("postgres was not ready after {} s\n{}", START.as_secs(), tail(&home.log()))
}

fn free_port(purpose: Purpose) -> Result<u16> {
    if let Purpose::Development { port } = purpose
        && is_free(port)
    {
        return Ok(port);
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("there is no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// The last lines of a log.
fn tail(log: &PathBuf) -> String {
    let text = fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let last = lines.get(lines.len().saturating_sub(TAIL)..).unwrap_or_default();
    format!("The last lines of {}:\n{}", log.display(), last.join("\n"))
}

/// Says so when fsync has nothing to write to, because a measurement there is too good.
fn warn_of_memory(dir: &Path) {
    let found = run::quiet(Command::new("stat").args(["-f", "-c", "%T"]).arg(dir)).unwrap_or_default();
    if matches!(found.trim(), "tmpfs" | "ramfs") {
        eprintln!("warning: {} is in memory, so commits do not wait for a disk", dir.display());
    }
}

#[cfg(test)]
mod tests {
    use super::Purpose;

    #[test]
    fn tests_alone_do_without_durability() {
        assert!(Purpose::Tests.settings().contains(&"fsync=off".to_owned()));
        for purpose in [Purpose::Bench, Purpose::Development { port: 1 }] {
            let settings = purpose.settings();
            assert!(settings.contains(&"fsync=on".to_owned()));
            assert!(settings.contains(&"synchronous_commit=on".to_owned()));
        }
    }
}
