//! The dashboard's checks: its linter and types, its built files, and its pages in a browser.

use crate::account::Account;
use crate::run;
use anyhow::{Context as _, Result, bail};
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The names that Chromium and its kin have on PATH.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const HELP: &str = "Install it and run this again:
  Debian, Ubuntu   apt-get install chromium
  macOS            brew install --cask chromium
Or set CHROMIUM to its program.";

/// Runs every check.
pub(crate) fn check() -> Result<()> {
    let folder = run::root().join("dashboard");
    let npm = run::on_path("npm").context("npm was not found: install Node.js 20 or newer (https://nodejs.org)")?;
    let browser = find_or_install_browser()?;
    let node = |args: &[&str]| run::run(Command::new(&npm).args(args).current_dir(&folder));
    node(&["ci"])?;
    node(&["run", "check"])?;
    let fresh = run::target_dir().join("dashboard");
    node(&["run", "build", "--", "--outDir", &fresh.to_string_lossy(), "--emptyOutDir"])?;
    compare(&files(&folder.join("dist"))?, &files(&fresh)?)?;
    run::run(&mut run::cargo(&["build", "-p", "reelhouse-app"]))?;
    let server = run::target_dir().join("debug").join("reelhouse");
    let mut tests = Command::new(&npm);
    tests.arg("test").current_dir(&folder).env("CHROMIUM", browser).env("REELHOUSE_BIN", server);
    run::run(&mut tests)
}

/// The browser that CHROMIUM names, or that is on PATH; on Debian and Ubuntu, as root, it is installed when there is none.
fn find_or_install_browser() -> Result<PathBuf> {
    if let Some(named) = env::var_os("CHROMIUM") {
        let named = PathBuf::from(named);
        if !named.is_file() {
            bail!("CHROMIUM names {}, which is not there", named.display());
        }
        return Ok(named);
    }
    if let Some(found) = find_browser() {
        return Ok(found);
    }
    let Some(apt) = run::on_path("apt-get").filter(|_| Account::find().is_ok_and(|account| account.is_root())) else {
        bail!("Chromium was not found on PATH.\n{HELP}");
    };
    println!("Chromium was not found; installing it");
    for args in [&["update"][..], &["install", "-y", "--no-install-recommends", "chromium"]] {
        run::run(Command::new(&apt).args(args).env("DEBIAN_FRONTEND", "noninteractive")).context(HELP)?;
    }
    find_browser().with_context(|| format!("Chromium was not found even after `apt-get install chromium`\n{HELP}"))
}

fn find_browser() -> Option<PathBuf> {
    BROWSERS.iter().find_map(|name| run::on_path(name))
}

/// The files below a folder, by their paths in it.
fn files(folder: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).with_context(|| format!("could not read {}", next.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(folder)?.to_path_buf(), fs::read(&path)?);
            }
        }
    }
    Ok(found)
}

/// What is committed must be what the sources make.
fn compare(committed: &BTreeMap<PathBuf, Vec<u8>>, fresh: &BTreeMap<PathBuf, Vec<u8>>) -> Result<()> {
    let names = committed.keys().chain(fresh.keys());
    let mut stale: Vec<String> =
        names.filter(|name| committed.get(*name) != fresh.get(*name)).map(|name| name.display().to_string()).collect();
    stale.sort();
    stale.dedup();
    if !stale.is_empty() {
        bail!("dashboard/dist is stale ({}): run `npm run build` in dashboard/ and commit it", stale.join(", "));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::compare;
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    fn built(files: &[(&str, &str)]) -> BTreeMap<PathBuf, Vec<u8>> {
        files.iter().map(|(name, text)| (PathBuf::from(name), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn stale_files_are_named() {
        let committed = built(&[("a.js", "1"), ("b.js", "1"), ("gone.js", "1")]);
        let fresh = built(&[("a.js", "1"), ("b.js", "2"), ("new.js", "1")]);
        assert!(compare(&committed, &committed).is_ok());
        let error = compare(&committed, &fresh).unwrap_err().to_string();
        assert!(error.contains("(b.js, gone.js, new.js)"), "{error}");
    }
}
