//! The guard: a second process that stops a cluster when the first is gone, however it went.
//!
//! A destructor does not run when a process is interrupted or killed, and a signal handler needs unsafe code. The
//! guard needs neither: it reads a pipe whose other end the first process holds, and the end of the pipe is the end of
//! that process.

use crate::home;
use anyhow::{Context as _, Result};
use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long a postmaster may take over a clean shutdown, which writes everything to disk.
const CLEAN_STOP: Duration = Duration::from_secs(60);
/// How long it may take to abandon everything.
const IMMEDIATE_STOP: Duration = Duration::from_secs(10);

/// What the guard is told when it starts; the postmaster's process id follows through the pipe.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The directory of the cluster.
    dir: PathBuf,
    /// Stop cleanly and keep the directory, rather than at once and remove it.
    #[arg(long)]
    keep: bool,
}

/// The guard process's body: waits, stops the postmaster, cleans up.
pub(crate) fn guard(args: &Args) -> Result<()> {
    let mut told = String::new();
    std::io::stdin().read_to_string(&mut told)?;
    // A postmaster that was killed and started again is another one than was told, if one was told.
    let running = home::postmaster(&args.dir).map(|found| found.pid);
    if let Some(pid) = running.or_else(|| told.lines().last().and_then(|line| line.parse().ok())) {
        stop(pid, &args.dir, args.keep);
    }
    if !args.keep {
        remove(&args.dir)?;
    }
    Ok(())
}

/// The first process's handle on its guard.
pub(crate) struct Guard {
    child: Child,
    pipe: Option<ChildStdin>,
}

impl Guard {
    /// Starts a guard over a cluster's directory.
    pub(crate) fn start(dir: &Path, keep: bool) -> Result<Self> {
        let own = std::env::current_exe().context("could not find this program's own file")?;
        let mut command = Command::new(own);
        command.arg("guard").arg(dir).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        if keep {
            command.arg("--keep");
        }
        // A process group of its own: Ctrl-C must end this process and leave the guard.
        let mut child = command.process_group(0).spawn().context("could not start the guard of the cluster")?;
        let pipe = child.stdin.take();
        Ok(Self { child, pipe })
    }

    /// Tells the guard which process to stop.
    pub(crate) fn watch(&mut self, pid: u32) -> Result<()> {
        let pipe = self.pipe.as_mut().context("the guard has no pipe")?;
        writeln!(pipe, "{pid}").context("the guard of the cluster has gone")
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // The same path as after a kill, so that it is used every day.
        self.pipe = None;
        if let Err(error) = self.child.wait() {
            eprintln!("could not wait for the guard of the cluster: {error}");
        }
    }
}

/// Stops the postmaster of a cluster, and insists.
pub(crate) fn stop(pid: u32, dir: &Path, cleanly: bool) {
    let steps: &[(&str, Duration)] =
        if cleanly { &[("INT", CLEAN_STOP), ("QUIT", IMMEDIATE_STOP)] } else { &[("QUIT", IMMEDIATE_STOP)] };
    for (signal, patience) in steps.iter().chain(&[("KILL", IMMEDIATE_STOP)]) {
        send(signal, pid, dir);
        if gone(pid, dir, *patience) {
            return;
        }
    }
}

/// Waits for the postmaster of a cluster to go.
pub(crate) fn gone(pid: u32, dir: &Path, patience: Duration) -> bool {
    let start = Instant::now();
    while serves(pid, dir) {
        if start.elapsed() > patience {
            return false;
        }
        sleep(Duration::from_millis(20));
    }
    true
}

/// Whether a process is alive and serves this cluster. A number from an old file may since have been given to another
/// process, so its command line is looked at too.
pub(crate) fn serves(pid: u32, dir: &Path) -> bool {
    let dir = dir.to_string_lossy();
    let command_line = if Path::new("/proc/self").exists() {
        fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default()
    } else {
        let ps = Command::new("ps").args(["-ww", "-o", "command=", "-p", &pid.to_string()]).output();
        ps.map(|output| output.stdout).unwrap_or_default()
    };
    String::from_utf8_lossy(&command_line).contains(&*dir)
}

fn send(signal: &str, pid: u32, dir: &Path) {
    if serves(pid, dir) {
        // The shell's own `kill`, because a small image has no other. A failure shows in the wait that follows.
        let script = r#"kill -s "$0" "$1""#;
        drop(Command::new("sh").args(["-c", script, signal, &pid.to_string()]).status());
    }
}

/// Removes a directory in which the last processes may still be writing.
pub(crate) fn remove(dir: &Path) -> Result<()> {
    for _ in 0..50 {
        if fs::remove_dir_all(dir).is_ok() || !dir.exists() {
            return Ok(());
        }
        sleep(Duration::from_millis(100));
    }
    fs::remove_dir_all(dir).with_context(|| format!("could not remove {}", dir.display()))
}

#[cfg(test)]
mod tests {
    use super::{gone, serves, stop};
    use std::path::Path;
    use std::process::Command;
    use std::time::Duration;

    #[test]
    fn another_process_with_the_number_is_not_the_postmaster() {
        assert!(!serves(std::process::id(), Path::new("/nowhere/cluster")));
    }

    #[test]
    fn process_that_names_the_directory_is_stopped() {
        let mut child = Command::new("sh").args(["-c", "sleep 30; true", "/nowhere/mine"]).spawn().unwrap();
        // For an instant after the start the system does not show the new command line.
        for _ in 0..100 {
            if serves(child.id(), Path::new("/nowhere/mine")) {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        assert!(serves(child.id(), Path::new("/nowhere/mine")));
        stop(child.id(), Path::new("/nowhere/mine"), false);
        assert!(gone(child.id(), Path::new("/nowhere/mine"), Duration::ZERO));
        child.wait().unwrap();
    }
}
