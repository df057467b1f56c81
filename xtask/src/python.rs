//! The Python package's checks, in a virtual environment under `target/`.

use crate::run;
use anyhow::{Context as _, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest Python that the package supports.
const OLDEST: (u32, u32) = (3, 10);
/// Where the package lives.
const PACKAGE: &str = "python/reelhouse-gym";
/// More Python to look over, from there.
const EXAMPLES: &str = "../../examples";

/// Installs the package with what its tests need, and runs linter, type checker and tests.
pub(crate) fn check() -> Result<()> {
    let package = run::root().join(PACKAGE);
    let python = environment()?;
    run::run(&mut run::cargo(&["build", "-p", "reelhouse-app"]))?;
    let server = run::target_dir().join("debug").join("reelhouse");
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--editable", ".[test]"];
    let lint = ["-m", "ruff", "check", ".", EXAMPLES];
    let format = ["-m", "ruff", "format", "--check", ".", EXAMPLES];
    for args in [&pip[..], &lint, &format, &["-m", "mypy"]] {
        run::run(Command::new(&python).args(args).current_dir(&package))?;
    }
    run::run(Command::new(&python).args(["-m", "pytest", "-q"]).current_dir(&package).env("REELHOUSE_BIN", server))
}

/// The interpreter of the virtual environment, which is made when it is not there.
fn environment() -> Result<PathBuf> {
    let folder = run::target_dir().join("python");
    let inside = folder.join("bin").join("python");
    if inside.is_file() {
        return Ok(inside);
    }
    let python = run::on_path("python3").context("python3 was not found: install Python 3.10 or newer")?;
    check_version(&python)?;
    let made = run::quiet(Command::new(&python).args(["-m", "venv"]).arg(&folder));
    if let Err(error) = made {
        // A half-made one would be taken for a whole one the next time.
        std::fs::remove_dir_all(&folder).ok();
        return Err(error.context("python3 cannot make virtual environments: on Debian, install python3-venv"));
    }
    Ok(inside)
}

fn check_version(python: &Path) -> Result<()> {
    let script = "import sys; print(*sys.version_info[:2])";
    let printed = run::quiet(Command::new(python).args(["-c", script]))?;
    match version(&printed) {
        Some(found) if found >= OLDEST => Ok(()),
        Some((major, minor)) => {
            bail!("python3 is Python {major}.{minor}; the package needs {}.{} or newer", OLDEST.0, OLDEST.1)
        }
        None => bail!("python3 does not tell its version: {printed:?}"),
    }
}

/// Major and minor version from a line such as `3 11`.
fn version(line: &str) -> Option<(u32, u32)> {
    let (major, minor) = line.trim().split_once(' ')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{OLDEST, version};

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(version("3 11\n"), Some((3, 11)));
        assert!(version("3 9").unwrap() < OLDEST && version("3 10").unwrap() >= OLDEST);
        assert!(version("4 0").unwrap() > OLDEST);
        assert_eq!(version("Python"), None);
    }
}
