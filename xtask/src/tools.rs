//! Finding PostgreSQL's programs, or installing them.

use crate::account::Account;
use crate::run;
use anyhow::{Context as _, Result, anyhow, bail};
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest major version that is tested.
const OLDEST: u32 = 15;

/// Where packages put each major version: a directory, what its versions' names start with, and what lies below.
const PLACES: [(&str, &str, &str); 4] = [
    ("usr/lib/postgresql", "", "bin"),
    ("opt/homebrew/opt", "postgresql@", "bin"),
    ("usr/local/opt", "postgresql@", "bin"),
    ("usr", "pgsql-", "bin"),
];

const HELP: &str = "Install it and run this again:
  Debian, Ubuntu   apt-get install postgresql
  macOS            brew install postgresql@16
Or set POSTGRES_BIN to the directory that holds initdb and postgres.";

/// The programs of one installation of PostgreSQL.
pub(crate) struct Tools {
    bin: PathBuf,
    /// The major version.
    pub(crate) major: u32,
}

impl Tools {
    /// Finds an installation; on Debian and Ubuntu, as root, installs one when there is none.
    pub(crate) fn find_or_install(account: &Account) -> Result<Self> {
        if let Some(bin) = env::var_os("POSTGRES_BIN") {
            let bin = PathBuf::from(bin);
            return Self::at(&bin, account).with_context(|| format!("POSTGRES_BIN is {}", bin.display()));
        }
        let missing = match Self::find(account) {
            Ok(tools) => return Ok(tools),
            Err(missing) => missing,
        };
        let Some(apt) = run::on_path("apt-get").filter(|_| account.is_root()) else {
            bail!("{missing:#}\n{HELP}");
        };
        println!("{missing:#}; installing it");
        install(&apt).map_err(|error| anyhow!("{error:#}\n{HELP}"))?;
        Self::find(account).map_err(|missing| anyhow!("{missing:#}, even after `apt-get install postgresql`\n{HELP}"))
    }

    /// The file of one program of the installation.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }

    /// The directory of the programs.
    pub(crate) fn bin(&self) -> &Path {
        &self.bin
    }

    /// pgbench, which some packages keep apart from the server.
    pub(crate) fn pgbench(&self) -> Result<PathBuf> {
        let beside = self.program("pgbench");
        if beside.is_file() {
            return Ok(beside);
        }
        run::on_path("pgbench").with_context(|| format!("there is no pgbench in {} or on PATH", self.bin.display()))
    }

    fn find(account: &Account) -> Result<Self> {
        let path = env::var_os("PATH").unwrap_or_default();
        let mut refused = String::new();
        for bin in candidates(&path, Path::new("/")) {
            match Self::at(&bin, account) {
                Ok(tools) => return Ok(tools),
                Err(error) => refused.push_str(&format!("\n  {}: {error:#}", bin.display())),
            }
        }
        let places: Vec<String> =
            PLACES.iter().map(|(dir, prefix, below)| format!("/{dir}/{prefix}*/{below}")).collect();
        bail!("PostgreSQL {OLDEST} or newer was not found on PATH or in {}{refused}", places.join(", "))
    }

    fn at(bin: &Path, account: &Account) -> Result<Self> {
        for name in ["initdb", "postgres"] {
            if !bin.join(name).is_file() {
                bail!("there is no {name}");
            }
        }
        // Asked as the account that will run it, which may not be able to enter the directory.
        let text = run::quiet(account.command(&bin.join("postgres")).arg("--version"))?;
        let major = major_version(&text).with_context(|| format!("`postgres --version` says {text:?}"))?;
        if major < OLDEST {
            bail!("this is version {major}, and {OLDEST} is the oldest that is tested");
        }
        Ok(Self { bin: bin.to_path_buf(), major })
    }
}

/// The directories to try, best first: those on PATH, then those of packages, newest version first.
fn candidates(path: &OsStr, root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for dir in env::split_paths(path) {
        // Followed through links, so that the rest of the installation is found beside it.
        if let Ok(initdb) = fs::canonicalize(dir.join("initdb"))
            && let Some(bin) = initdb.parent()
        {
            found.push(bin.to_path_buf());
        }
    }
    let mut packaged: Vec<(u32, PathBuf)> = Vec::new();
    for (dir, prefix, below) in PLACES {
        for entry in fs::read_dir(root.join(dir)).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let version = name.to_str().and_then(|name| name.strip_prefix(prefix)).and_then(leading_number);
            let bin = entry.path().join(below);
            if let Some(version) = version.filter(|_| bin.is_dir()) {
                packaged.push((version, bin));
            }
        }
    }
    packaged.sort_by(|left, right| right.cmp(left));
    for (_, bin) in packaged {
        if !found.contains(&bin) {
            found.push(bin);
        }
    }
    found
}

/// The major version in what `postgres --version` prints, such as `postgres (PostgreSQL) 16.2 (Debian 16.2-1)`.
fn major_version(text: &str) -> Option<u32> {
    leading_number(text.split("(PostgreSQL)").nth(1)?.trim_start())
}

fn leading_number(text: &str) -> Option<u32> {
    let digits = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    text.get(..digits)?.parse().ok()
}

fn install(apt: &Path) -> Result<()> {
    prevent_default_cluster().context("could not write createcluster.conf")?;
    let apt_get = |args: &[&str]| {
        let mut command = Command::new(apt);
        command.env("DEBIAN_FRONTEND", "noninteractive").args(args);
        run::run(&mut command)
    };
    apt_get(&["update"])?;
    // The option keeps the file written above without a question.
    let keep = "Dpkg::Options::=--force-confold";
    apt_get(&["install", "-y", "--no-install-recommends", "-o", keep, "postgresql"])
}

/// Debian's package starts a cluster of its own on port 5432, which nobody asked for.
fn prevent_default_cluster() -> Result<()> {
    let dir = Path::new("/etc/postgresql-common");
    let file = dir.join("createcluster.conf");
    if !file.exists() {
        fs::create_dir_all(dir)?;
        fs::write(file, "create_main_cluster = false\n")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{candidates, major_version};
    use std::ffi::OsStr;
    use std::fs;
    use std::path::PathBuf;

    #[test]
    fn version_is_read_from_every_form() {
        assert_eq!(major_version("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n"), Some(15));
        assert_eq!(major_version("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(major_version("postgres (PostgreSQL) 9.6.24"), Some(9));
        assert_eq!(major_version("initdb: error"), None);
    }

    #[test]
    fn newest_package_comes_first_as_a_number_and_path_before_it() {
        let root = std::env::temp_dir().join(format!("xtask-candidates-{}", std::process::id()));
        let path = root.join("path");
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("initdb"), "").unwrap();
        for dir in ["usr/lib/postgresql/9/bin", "usr/lib/postgresql/16/bin", "opt/homebrew/opt/postgresql@17/bin"] {
            fs::create_dir_all(root.join(dir)).unwrap();
        }
        fs::create_dir_all(root.join("usr/lib/postgresql/common/bin")).unwrap();
        let found = candidates(path.as_os_str(), &root);
        let expected: Vec<PathBuf> = [
            fs::canonicalize(&path).unwrap(),
            root.join("opt/homebrew/opt/postgresql@17/bin"),
            root.join("usr/lib/postgresql/16/bin"),
            root.join("usr/lib/postgresql/9/bin"),
        ]
        .into();
        assert_eq!(found, expected);
        assert!(candidates(OsStr::new(""), &root.join("nowhere")).is_empty());
        fs::remove_dir_all(root).unwrap();
    }
}
