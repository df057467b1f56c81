//! The server under measurement: started as a process of its own, stopped with SIGTERM.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};

/// How long a start may take, migrations included.
const START: Duration = Duration::from_secs(60);

/// How long a stop may take.
const STOP: Duration = Duration::from_secs(30);

/// Lines of the server's log to show when something fails.
const TAIL: usize = 20;

/// A running server. Dropping it kills it.
pub(crate) struct Server {
    child: Child,
    log: PathBuf,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Starts the server in `dir`, so that no configuration file of the caller's is read.
    pub(crate) fn start(binary: &Path, database_url: &str, dir: &Path) -> Result<Self> {
        let log = dir.join("server.log");
        let binary = fs::canonicalize(binary).with_context(|| format!("there is no server at {}", binary.display()))?;
        let mut command = Command::new(&binary);
        command.args(["--listen", "127.0.0.1:0"]).current_dir(dir).env("DATABASE_URL", database_url);
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("REELHOUSE_")) {
            // What is measured is the server as it comes.
            command.env_remove(name);
        }
        let file = File::options().create(true).append(true).open(&log).context("could not make the server's log")?;
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(file);
        let child = command.spawn().with_context(|| format!("could not start {}", binary.display()))?;
        // From here on, leaving early kills the child.
        let mut server = Self { child, log, address: SocketAddr::from(([127, 0, 0, 1], 0)) };
        let stdout = server.child.stdout.take().context("the server has no output")?;
        let line = first_line(stdout).with_context(|| server.tail())?;
        server.address = address_of(&line).with_context(|| server.tail())?;
        Ok(server)
    }

    /// The server's process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The most memory that the server ever held, in bytes, where the system tells.
    pub(crate) fn peak_memory(&self) -> Option<u64> {
        peak_memory(&fs::read_to_string(format!("/proc/{}/status", self.id())).ok()?)
    }

    /// Stops the server in good order; one that does not stop, or fails while stopping, is an error.
    pub(crate) fn stop(mut self) -> Result<()> {
        let kill = Command::new("kill").args(["-TERM", &self.id().to_string()]).status();
        if !kill.context("could not run kill")?.success() {
            bail!("the server could not be signalled\n{}", self.tail());
        }
        let asked = Instant::now();
        while asked.elapsed() < STOP {
            match self.child.try_wait().context("could not wait for the server")? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => bail!("the server ended with {status}\n{}", self.tail()),
                None => thread::sleep(Duration::from_millis(20)),
            }
        }
        bail!("the server did not stop within {} s of SIGTERM\n{}", STOP.as_secs(), self.tail())
    }

    /// The last lines of the server's log.
    pub(crate) fn tail(&self) -> String {
        let text = fs::read(&self.log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let last = lines.get(lines.len().saturating_sub(TAIL)..).unwrap_or_default();
        format!("the server's last words:\n{}", last.join("\n"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only for a server that has ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The first line that the server writes; what follows is read and forgotten, so that the pipe does not fill.
fn first_line(stdout: ChildStdout) -> Result<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            // Nobody waits for the second line.
            drop(sender.send(line));
        }
    });
    receiver.recv_timeout(START).map_err(|error| match error {
        mpsc::RecvTimeoutError::Timeout => anyhow!("the server did not say where it listens in {} s", START.as_secs()),
        mpsc::RecvTimeoutError::Disconnected => anyhow!("the server ended before it said where it listens"),
    })
}

/// Where the server says it listens.
fn address_of(line: &str) -> Result<SocketAddr> {
    line.split_once(" listens on http://")
        .and_then(|(_, rest)| rest.split_ascii_whitespace().next()?.parse().ok())
        .ok_or_else(|| anyhow!("{line:?} does not say where the server listens"))
}

fn peak_memory(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    /// A shell script in place of the server.
    fn script(dir: &Path, text: &str) -> PathBuf {
        let path = dir.join("server");
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    #[test]
    fn the_first_line_says_where() {
        let line = "Reelhouse 0.1.0 listens on http://127.0.0.1:4711 (simulated play, test credits only)";
        assert_eq!(address_of(line).unwrap().port(), 4711);
        assert!(address_of("Reelhouse 0.1.0 listens on http://nowhere (x)").is_err());
        assert!(address_of("").is_err());
    }

    #[test]
    fn memory_is_read_in_bytes() {
        assert_eq!(peak_memory("Name:\tx\nVmHWM:\t    2048 kB\nVmRSS:\t 1 kB\n"), Some(2 << 20));
        assert_eq!(peak_memory("Name:\tx\n"), None);
    }

    #[test]
    fn a_server_is_started_and_stopped() {
        let dir = tempfile::tempdir().unwrap();
        let text = "trap 'echo $DATABASE_URL > stopped; exit 0' TERM\necho \"R listens on http://127.0.0.1:1 (x)\"\n\
                    while :; do sleep 0.05; done";
        let server = Server::start(&script(dir.path(), text), "sqlite://here", dir.path()).unwrap();
        assert_eq!(server.address.port(), 1);
        server.stop().unwrap();
        assert_eq!(fs::read_to_string(dir.path().join("stopped")).unwrap(), "sqlite://here\n");
    }

    #[test]
    fn a_server_that_ends_is_reported_with_its_log() {
        let dir = tempfile::tempdir().unwrap();
        let path = script(dir.path(), "echo no database >&2; exit 1");
        let error = Server::start(&path, "x", dir.path()).err().map(|error| format!("{error:#}")).unwrap();
        assert!(error.contains("no database") && error.contains("ended before"), "{error}");
    }
}
