//! A disk that fails on request: a shim between the server and its files, compiled when it is needed.
//!
//! A full file system needs root to make and cannot fail a sync, a limit on the size of files (`ulimit -f`) ends in
//! another error, so the calls themselves are made to fail, as a disk would.

use std::fs;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::plan::Fault;

/// The shim's source.
const SOURCE: &str = include_str!("shim.c");

/// The shim, and the file that tells it what to fail.
pub(crate) struct Disk {
    library: PathBuf,
    control: PathBuf,
}

impl Disk {
    /// Compiles the shim; `None` where it cannot work: elsewhere than on Linux, or without a C compiler.
    pub(crate) fn make(dir: &Path) -> Result<Option<Self>> {
        if !cfg!(target_os = "linux") {
            return Ok(None);
        }
        let (source, library, control) = (dir.join("shim.c"), dir.join("shim.so"), dir.join("shim.control"));
        fs::write(&source, SOURCE)?;
        fs::write(&control, vec![0; 4096])?;
        let mut compiler = Command::new(std::env::var_os("CC").unwrap_or_else(|| "cc".into()));
        compiler.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(&source).arg("-ldl");
        let Ok(output) = compiler.output() else { return Ok(None) };
        if !output.status.success() {
            bail!("the shim does not compile:\n{}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(Some(Self { library, control }))
    }

    /// What the server's environment needs.
    pub(crate) fn environment(&self) -> Vec<(&'static str, PathBuf)> {
        vec![("LD_PRELOAD", self.library.clone()), ("REELHOUSE_SHIM", self.control.clone())]
    }

    /// Lets calls fail from now on; `None` ends it.
    pub(crate) fn fail(&self, fault: Option<Fault>) -> Result<()> {
        let byte = match fault {
            Some(Fault::DiskFull) => 1,
            Some(Fault::WriteError) => 2,
            Some(Fault::SyncError) => 3,
            _ => 0,
        };
        let file = fs::File::options().write(true).open(&self.control).context("the shim's control file is gone")?;
        Ok(file.write_all_at(&[byte], 0)?)
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    /// What `dd` says that wrote a file under the shim.
    fn write_under(disk: &Disk, file: &Path) -> String {
        let mut command = Command::new("dd");
        command.args(["if=/dev/zero", "bs=4096", "count=1", "conv=fsync"]).arg(format!("of={}", file.display()));
        let output = command.envs(disk.environment()).env("LC_ALL", "C").output().unwrap();
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    #[test]
    fn writes_and_syncs_of_databases_fail_on_request() {
        let dir = tempfile::tempdir().unwrap();
        let disk = Disk::make(dir.path()).unwrap().expect("there is a C compiler");
        let (database, other) = (dir.path().join("a.db-wal"), dir.path().join("a.txt"));
        for (fault, says) in [
            (Some(Fault::DiskFull), "No space left on device"),
            (Some(Fault::WriteError), "Input/output error"),
            (Some(Fault::SyncError), "fsync failed"),
            (None, "4096 bytes"),
        ] {
            disk.fail(fault).unwrap();
            let said = write_under(&disk, &database);
            assert!(said.contains(says), "{fault:?}: {said}");
            assert!(write_under(&disk, &other).contains("4096 bytes"), "{fault:?}");
        }
    }
}
