//! Which crate may depend on which: read from the manifests, so that a wall cannot move unseen.

use crate::run;
use crate::tidy::Problem;
use anyhow::{Context as _, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// The prefix of the workspace's own crates; their folders drop it.
const OURS: &str = "reelhouse-";

/// For each crate, the crates of the workspace it may depend on; `None` is a crate that wires others together.
/// Development dependencies are free.
const WALLS: [(&str, Option<&[&str]>); 17] = [
    ("domain", Some(&[])),
    ("schema", Some(&[])),
    ("metadata", Some(&[])),
    ("application", Some(&["domain", "dataset"])),
    ("dataset", Some(&["domain"])),
    ("archive", Some(&["domain"])),
    ("postgres", Some(&["domain", "schema"])),
    ("sqlite", Some(&["domain", "schema"])),
    ("memory", Some(&["domain"])),
    ("contract", Some(&["domain", "mocks"])),
    ("mocks", Some(&["domain"])),
    ("http", Some(&["domain", "application", "metadata"])),
    ("client", Some(&["domain"])),
    ("cli", Some(&["client", "domain"])),
    ("app", None),
    ("bench", None),
    ("crash", None),
];

/// Libraries, by what their names start with, and the only crates that may depend on them.
const KEEPERS: [(&str, &[&str]); 6] = [
    ("diesel", &["schema", "postgres", "sqlite"]),
    ("libsqlite3-sys", &["sqlite"]),
    ("tokio-postgres", &["postgres"]),
    ("actix", &["http", "app"]),
    ("opentelemetry", &["app"]),
    ("tracing-opentelemetry", &["app"]),
];

/// What the domain does without, directly or through anything it depends on. A name that ends in `*` is a prefix.
const NOT_IN_DOMAIN: [&str; 6] = ["tokio", "diesel*", "actix*", "rand", "getrandom", "reqwest"];

/// Checks every manifest under `crates/`, and what the domain brings in.
pub(crate) fn problems(root: &Path) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for entry in fs::read_dir(root.join("crates")).context("could not read crates/")? {
        let folder = entry?.file_name().to_string_lossy().into_owned();
        let name = Path::new("crates").join(&folder).join("Cargo.toml");
        if let Ok(manifest) = fs::read_to_string(root.join(&name)) {
            problems.extend(check_manifest(&folder, &name, &manifest));
        }
    }
    problems.extend(check_domain_tree()?);
    Ok(problems)
}

fn check_manifest(folder: &str, file: &Path, manifest: &str) -> Vec<Problem> {
    let Some((_, allowed)) = WALLS.iter().find(|(name, _)| *name == folder) else {
        return vec![Problem::new(file, 1, "the crate has no row in WALLS of xtask/src/layers.rs: add one")];
    };
    let mut problems = Vec::new();
    for Dependency { name, line } in dependencies(manifest) {
        let ours = name.strip_prefix(OURS);
        if let (Some(ours), Some(allowed)) = (ours, allowed)
            && !allowed.contains(&ours)
        {
            problems.push(Problem::new(file, line, format!("{folder} must not depend on {name}")));
        }
        let keepers = KEEPERS.iter().find(|(library, _)| name.starts_with(library));
        if let Some((_, keepers)) = keepers.filter(|(_, keepers)| !keepers.contains(&folder)) {
            let what = format!("{folder} must not depend on {name}; only {} may", keepers.join(", "));
            problems.push(Problem::new(file, line, what));
        }
        if folder == "domain" && keepers.is_none() && is_kept_out(&name) {
            problems.push(Problem::new(file, line, format!("the domain must not depend on {name}")));
        }
    }
    problems
}

/// A manifest can be clean and its features not: the tree shows what comes in with them.
fn check_domain_tree() -> Result<Vec<Problem>> {
    let args = ["tree", "--quiet", "-p", "reelhouse-domain", "-e", "normal", "--prefix", "none", "--format", "{p}"];
    let tree = run::capture(&mut run::cargo(&args))?;
    let manifest = PathBuf::from("crates/domain/Cargo.toml");
    let mut names: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    names.sort_unstable();
    names.dedup();
    let bad = names.into_iter().filter(|name| is_kept_out(name));
    Ok(bad
        .map(|name| Problem::new(&manifest, 1, format!("the domain brings in {name}; see `cargo tree -i`")))
        .collect())
}

fn is_kept_out(name: &str) -> bool {
    NOT_IN_DOMAIN.iter().any(|banned| match banned.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => name == *banned,
    })
}

#[derive(Debug, PartialEq, Eq)]
struct Dependency {
    name: String,
    line: usize,
}

/// The normal and build dependencies of a manifest, in any of the forms this workspace would write: a key of
/// `[dependencies]`, a dotted key, a table of its own, and each of these under `[target.…]`. A renamed one counts
/// under its real name.
fn dependencies(manifest: &str) -> Vec<Dependency> {
    let mut found: Vec<Dependency> = Vec::new();
    let mut inside = false;
    for (index, line) in manifest.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim();
        let number = index + 1;
        if let Some(table) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            let own = ["dependencies.", "build-dependencies."].iter().find_map(|kind| {
                let at =
                    table.find(kind).filter(|at| *at == 0 || table.get(..*at).is_some_and(|all| all.ends_with('.')))?;
                table.get(at + kind.len()..)
            });
            inside = is_dependencies(table);
            found.extend(own.map(|name| Dependency { name: unquote(name), line: number }));
            continue;
        }
        let Some((key, value)) = line.split_once('=') else { continue };
        let renamed = value.split("package").nth(1).and_then(|rest| rest.split('"').nth(1));
        if inside {
            let key = key.split('.').next().unwrap_or_default();
            found.push(Dependency { name: renamed.map_or_else(|| unquote(key), str::to_owned), line: number });
        }
    }
    found
}

fn is_dependencies(table: &str) -> bool {
    ["dependencies", "build-dependencies"]
        .iter()
        .any(|kind| table == *kind || table.starts_with("target.") && table.ends_with(&format!(".{kind}")))
}

fn unquote(name: &str) -> String {
    name.trim().trim_matches(['"', '\'']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{check_manifest, dependencies};
    use std::path::Path;

    fn names(manifest: &str) -> Vec<(String, usize)> {
        dependencies(manifest).into_iter().map(|found| (found.name, found.line)).collect()
    }

    fn complaints(folder: &str, dependency: &str) -> usize {
        let manifest = format!("[dependencies]\n{dependency} = {{ workspace = true }}\n");
        check_manifest(folder, Path::new("Cargo.toml"), &manifest).len()
    }

    #[test]
    fn every_form_of_dependency_is_seen() {
        let manifest = r#"[package]
name = "x"
[dependencies]
a = "1"
b.workspace = true # A comment.
"c" = { package = "real", version = "1" }
[dev-dependencies]
no = "1"
[dependencies.d]
version = "1"
[target.'cfg(unix)'.dependencies]
e = "1"
[dev-dependencies.nor]
version = "1"
"#;
        let expected = [("a", 4), ("b", 5), ("real", 6), ("d", 9), ("e", 12)];
        assert_eq!(names(manifest), expected.map(|(name, line)| (name.to_owned(), line)));
    }

    #[test]
    fn walls_stand() {
        assert_eq!(complaints("application", "reelhouse-domain"), 0);
        assert_eq!(complaints("application", "reelhouse-postgres"), 1);
        assert_eq!(complaints("postgres", "reelhouse-application"), 1);
        assert_eq!(complaints("memory", "reelhouse-http"), 1);
        assert_eq!(complaints("http", "reelhouse-sqlite"), 1);
        assert_eq!(complaints("app", "reelhouse-sqlite"), 0);
        assert_eq!(complaints("unheard-of", "serde"), 1);
    }

    #[test]
    fn libraries_stay_with_their_keepers() {
        for library in ["tokio", "diesel", "diesel-async", "actix-web", "rand", "getrandom", "reqwest"] {
            assert_eq!(complaints("domain", library), 1, "{library}");
        }
        assert_eq!(complaints("domain", "serde"), 0);
        assert_eq!(complaints("domain", "rand_core"), 0);
        assert_eq!(complaints("http", "diesel"), 1);
        assert_eq!(complaints("schema", "diesel"), 0);
        assert_eq!(complaints("application", "actix-web"), 1);
    }
}
