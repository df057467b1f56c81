//! Where a cluster lives: a directory that the account can reach, locked by the process that uses it.

use crate::account::Account;
use crate::{guard, run};
use anyhow::{Context as _, Result, bail};
use std::fs::{self, File, OpenOptions, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A cluster's directory. The lock lasts as long as the process, however it ends.
pub(crate) struct Home {
    /// Holds the data, the log and the lock.
    pub(crate) dir: PathBuf,
    _lock: File,
}

impl Home {
    /// A new directory for one run, after clearing away those of runs that were killed.
    pub(crate) fn throwaway(account: &Account, durable: bool) -> Result<Self> {
        first_reachable(account, durable, |parent| {
            let base = parent.join("postgres");
            make_dir(&base)?;
            let _turn = turn(&base)?;
            sweep(&base);
            let dir = unused(&base);
            fs::create_dir(&dir)?;
            Self::claim(dir.clone(), account).inspect_err(|_| drop(fs::remove_dir_all(&dir)))
        })
    }

    /// The directory that is kept between runs.
    pub(crate) fn kept(account: &Account) -> Result<Self> {
        first_reachable(account, true, |parent| {
            let dir = parent.join("postgres-dev");
            make_dir(&dir)?;
            Self::claim(dir, account)
        })
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.dir.join("data")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.dir.join("log")
    }

    fn claim(dir: PathBuf, account: &Account) -> Result<Self> {
        account.own(&dir)?;
        fs::set_permissions(&dir, Permissions::from_mode(0o700))?;
        if !account.reaches(&dir) {
            bail!("{} cannot be reached by {}", dir.display(), account.other().unwrap_or("this account"));
        }
        let lock = lock_file(&dir.join("lock"))?;
        if lock.try_lock().is_err() {
            return Err(InUse { dir }.into());
        }
        Ok(Self { dir, _lock: lock })
    }
}

/// Another process uses the directory; no other directory will do instead.
#[derive(Debug)]
pub(crate) struct InUse {
    pub(crate) dir: PathBuf,
}

impl std::fmt::Display for InUse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "another process uses {}", self.dir.display())
    }
}

impl std::error::Error for InUse {}

/// What postmaster.pid says.
pub(crate) struct Postmaster {
    pub(crate) pid: u32,
    pub(crate) port: u16,
    pub(crate) ready: bool,
}

/// Reads the postmaster.pid of a cluster, which may be half written or left over.
pub(crate) fn postmaster(dir: &Path) -> Option<Postmaster> {
    let text = fs::read_to_string(dir.join("data/postmaster.pid")).ok()?;
    let mut lines = text.lines();
    let pid = lines.next()?.trim().parse().ok()?;
    let port = lines.nth(2)?.trim().parse().ok()?;
    // The eighth line is the one that `pg_ctl --wait` waits for.
    let ready = lines.nth(3).is_some_and(|status| status.trim() == "ready");
    Some(Postmaster { pid, port, ready })
}

/// Tries `target/`, then the system's directory for temporary files, which everyone can enter.
fn first_reachable(account: &Account, durable: bool, make: impl Fn(&Path) -> Result<Home>) -> Result<Home> {
    let target = run::target_dir();
    let first = match fs::create_dir_all(&target).map_err(Into::into).and_then(|()| make(&target)) {
        Err(error) if !error.is::<InUse>() => error,
        settled => return settled,
    };
    let second = fallback(account, durable).and_then(|parent| make(&parent));
    if let Ok(home) = &second {
        println!("{first:#}; using {}", home.dir.display());
    }
    second.map_err(|error| if error.is::<InUse>() { error } else { error.context(format!("{first:#}")) })
}

/// This checkout's directory among the temporary files. The name is predictable, so it is checked that another
/// account did not make it first.
fn fallback(account: &Account, durable: bool) -> Result<PathBuf> {
    let kept = Path::new("/var/tmp");
    // Temporary files often live in memory, where fsync costs nothing and means nothing.
    let temp = if durable && kept.is_dir() { kept.to_path_buf() } else { std::env::temp_dir() };
    let root = run::root();
    let checkout: Vec<_> = root.iter().filter_map(|part| part.to_str()).filter(|part| *part != "/").collect();
    let dir = temp.join(format!("reelhouse-{}-{}", account.uid(), checkout.join("-")));
    make_dir(&dir).with_context(|| format!("could not make {}", dir.display()))?;
    let found = fs::symlink_metadata(&dir)?;
    if !found.is_dir() || found.uid() != account.uid() {
        bail!("{} belongs to another account", dir.display());
    }
    fs::set_permissions(&dir, Permissions::from_mode(0o755))?;
    Ok(dir)
}

/// Makes a directory that others can enter, unless it is there.
fn make_dir(dir: &Path) -> Result<()> {
    match fs::create_dir(dir) {
        // The caller's umask may be one that keeps others out.
        Ok(()) => fs::set_permissions(dir, Permissions::from_mode(0o755))?,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error).with_context(|| format!("could not make {}", dir.display())),
    }
    Ok(())
}

/// Waits for this process's turn to add and remove directories.
fn turn(base: &Path) -> Result<File> {
    let lock = lock_file(&base.join("lock"))?;
    lock.lock().with_context(|| format!("could not lock {}", base.display()))?;
    Ok(lock)
}

fn lock_file(path: &Path) -> Result<File> {
    let opened = OpenOptions::new().create(true).truncate(false).write(true).open(path);
    opened.with_context(|| format!("could not open {}", path.display()))
}

/// Removes the directories of runs whose process and postmaster are both gone.
fn sweep(base: &Path) {
    for entry in fs::read_dir(base).into_iter().flatten().flatten() {
        let dir = entry.path();
        if !entry.file_name().to_string_lossy().starts_with("run-") {
            continue;
        }
        let in_use = lock_file(&dir.join("lock")).is_ok_and(|lock| lock.try_lock().is_err());
        if in_use {
            continue;
        }
        match postmaster(&dir).filter(|found| !guard::gone(found.pid, &dir, Duration::from_secs(1))) {
            Some(found) => println!("{} is still served by process {}; left alone", dir.display(), found.pid),
            None => drop(fs::remove_dir_all(&dir)),
        }
    }
}

/// A name no other run uses; process ids repeat across containers that share the checkout.
fn unused(base: &Path) -> PathBuf {
    let pid = std::process::id();
    let mut dir = base.join(format!("run-{pid}"));
    let mut again = 1;
    while dir.exists() {
        again += 1;
        dir = base.join(format!("run-{pid}-{again}"));
    }
    dir
}

#[cfg(test)]
mod tests {
    use super::{lock_file, postmaster, sweep};
    use std::fs;
    use std::path::PathBuf;

    fn scratch(name: &str) -> PathBuf {
        let dir = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        dir
    }

    #[test]
    fn sweep_spares_what_is_locked_and_what_is_not_a_run() {
        let base = scratch("sweep");
        for name in ["run-1", "run-2", "other"] {
            fs::create_dir_all(base.join(name).join("data")).unwrap();
        }
        // The stale file names this test, which does not serve that directory.
        let stale = format!("{}\n/x\n1\n5432\n\n127.0.0.1\n1 2\nready   \n", std::process::id());
        fs::write(base.join("run-2/data/postmaster.pid"), stale).unwrap();
        let lock = lock_file(&base.join("run-1/lock")).unwrap();
        lock.try_lock().unwrap();
        sweep(&base);
        assert!(base.join("run-1").exists() && base.join("other").exists());
        assert!(!base.join("run-2").exists());
        fs::remove_dir_all(base).unwrap();
    }

    #[test]
    fn postmaster_file_may_be_half_written() {
        let dir = scratch("postmaster");
        fs::create_dir_all(dir.join("data")).unwrap();
        let file = dir.join("data/postmaster.pid");
        fs::write(&file, "12\n/data\n").unwrap();
        assert!(postmaster(&dir).is_none());
        fs::write(&file, "12\n/data\n1700000000\n5433\n\n127.0.0.1\n").unwrap();
        assert!(postmaster(&dir).is_some_and(|found| found.pid == 12 && found.port == 5433 && !found.ready));
        fs::write(&file, "12\n/data\n1700000000\n5433\n\n127.0.0.1\n  1  2\nready   \n").unwrap();
        assert!(postmaster(&dir).is_some_and(|found| found.ready));
        fs::remove_dir_all(dir).unwrap();
    }
}
