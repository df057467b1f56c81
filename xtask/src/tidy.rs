//! `cargo xtask tidy`: rules that the compiler does not check, each problem as `file:line: what is wrong`.

use crate::{layers, links, run};
use anyhow::{Context as _, Result, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The longest a source file may be, in lines.
const LONGEST: usize = 500;
/// Words that mark work left undone; in two parts, so that this file passes.
const MARKERS: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
/// Kinds of file in which the words are looked for.
const KINDS: [&str; 6] = ["rs", "toml", "sql", "md", "py", "ts"];
/// Where the workspace's own Rust lives.
const SOURCES: [&str; 3] = ["crates", "xtask", "tests"];
/// Directories, by name, that hold nothing written by hand.
const SKIPPED: [&str; 5] = [".git", ".venv", "target", "node_modules", "dist"];

/// One broken rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Problem {
    /// Relative to the root.
    pub(crate) file: PathBuf,
    /// From 1.
    pub(crate) line: usize,
    pub(crate) what: String,
}

impl Problem {
    pub(crate) fn new(file: impl Into<PathBuf>, line: usize, what: impl Into<String>) -> Self {
        Self { file: file.into(), line, what: what.into() }
    }
}

/// Checks everything, and prints all that is wrong.
pub(crate) fn tidy() -> Result<()> {
    let root = run::root();
    let mut problems = text_problems(&root)?;
    problems.extend(layers::problems(&root)?);
    problems.extend(migration_problems(&root.join("migrations"))?);
    problems.sort();
    for Problem { file, line, what } in &problems {
        println!("{}:{line}: {what}", file.display());
    }
    match problems.len() {
        0 => Ok(()),
        1 => bail!("there is 1 problem"),
        count => bail!("there are {count} problems"),
    }
}

fn text_problems(root: &Path) -> Result<Vec<Problem>> {
    let mut files = Vec::new();
    // What the server writes when it is run here is not ours to check.
    walk(root, &mut files, &|dir| dir == root.join("data"))?;
    let (mut problems, mut pages) = (Vec::new(), BTreeMap::new());
    for file in files {
        let name = file.strip_prefix(root).unwrap_or(&file).to_path_buf();
        let kind = file.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
        if !KINDS.contains(&kind) {
            continue;
        }
        let text = fs::read_to_string(&file).with_context(|| format!("could not read {}", name.display()))?;
        let own = SOURCES.iter().any(|dir| name.starts_with(dir));
        problems.extend(check_text(&name, &text, kind == "rs" && own));
        if kind == "md" {
            pages.insert(name, text);
        }
    }
    problems.extend(links::problems(root, &pages));
    Ok(problems)
}

/// The rules about one file's text.
fn check_text(name: &Path, text: &str, source: bool) -> Vec<Problem> {
    let mut problems = Vec::new();
    if source && !text.starts_with("//! ") {
        problems.push(Problem::new(name, 1, "the file does not open with a `//!` line that says what lives here"));
    }
    let lines = text.lines().count();
    if source && lines > LONGEST {
        problems.push(Problem::new(name, LONGEST + 1, format!("the file has {lines} lines, over {LONGEST}: split it")));
    }
    for (index, line) in text.lines().enumerate() {
        if let Some(marker) = marker(line) {
            problems.push(Problem::new(name, index + 1, format!("{marker}: do it, or open an issue")));
        }
    }
    problems
}

/// The marker that stands in a line as a word of its own.
fn marker(line: &str) -> Option<&str> {
    line.split(|letter: char| !letter.is_alphanumeric() && letter != '_').find(|word| MARKERS.contains(word))
}

fn walk(dir: &Path, files: &mut Vec<PathBuf>, skip: &dyn Fn(&Path) -> bool) -> Result<()> {
    for entry in fs::read_dir(dir).with_context(|| format!("could not read {}", dir.display()))? {
        let entry = entry?;
        // The kind of the entry itself: a link is not followed, as it could lead round in a circle.
        let kind = entry.file_type()?;
        let path = entry.path();
        if kind.is_file() {
            files.push(path);
        } else if kind.is_dir() && !SKIPPED.iter().any(|name| entry.file_name() == *name) && !skip(&path) {
            walk(&path, files, skip)?;
        }
    }
    Ok(())
}

/// Both databases have the same migrations, each with a way up and a way down.
fn migration_problems(dir: &Path) -> Result<Vec<Problem>> {
    const STORES: [&str; 2] = ["postgres", "sqlite"];
    let mut problems = Vec::new();
    let mut sets: Vec<BTreeSet<String>> = Vec::new();
    for store in STORES {
        let mut names = BTreeSet::new();
        let folder = dir.join(store);
        for entry in fs::read_dir(&folder).with_context(|| format!("could not read {}", folder.display()))? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                names.insert(entry.file_name().to_string_lossy().into_owned());
            }
        }
        for (name, file) in names.iter().flat_map(|name| ["up.sql", "down.sql"].map(|file| (name, file))) {
            if !folder.join(name).join(file).is_file() {
                let place = Path::new("migrations").join(store).join(name).join(file);
                problems.push(Problem::new(place, 1, "the file is missing"));
            }
        }
        sets.push(names);
    }
    for (here, there) in [(0, 1), (1, 0)] {
        for name in sets[here].difference(&sets[there]) {
            let place = Path::new("migrations").join(STORES[here]).join(name);
            problems.push(Problem::new(place, 1, format!("there is no migration of this name for {}", STORES[there])));
        }
    }
    Ok(problems)
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, MARKERS, check_text, marker, migration_problems};
    use std::fs;
    use std::path::Path;

    fn lines(text: &str) -> Vec<usize> {
        check_text(Path::new("crates/x/src/lib.rs"), text, true).iter().map(|problem| problem.line).collect()
    }

    #[test]
    fn file_opens_with_its_subject() {
        assert!(lines("//! Reels.\n").is_empty());
        assert_eq!(lines("use std::fs;\n//! Reels.\n"), [1]);
        assert_eq!(lines(""), [1]);
        assert_eq!(lines("//!\n"), [1]);
        assert!(check_text(Path::new("README.md"), "# Reels\n", false).is_empty());
    }

    #[test]
    fn file_is_not_too_long() {
        let fits = format!("//! Reels.\n{}", "\n".repeat(LONGEST - 1));
        assert!(lines(&fits).is_empty());
        assert_eq!(lines(&format!("{fits}\n")), [LONGEST + 1]);
    }

    #[test]
    fn markers_are_found_as_words() {
        for word in MARKERS {
            assert_eq!(marker(&format!("// {word}: later")), Some(word));
            assert_eq!(marker(&format!("({word})")), Some(word));
            assert_eq!(marker(&format!("{word}S and {word}_LIST")), None);
            assert_eq!(marker(&word.to_lowercase()), None);
            assert_eq!(lines(&format!("//! Reels.\n\n// {word}\n")), [3]);
        }
    }

    #[test]
    fn migrations_come_in_pairs() {
        let root = std::env::temp_dir().join(format!("xtask-migrations-{}", std::process::id()));
        for file in
            ["postgres/1/up.sql", "postgres/1/down.sql", "sqlite/1/up.sql", "sqlite/2/up.sql", "sqlite/2/down.sql"]
        {
            let file = root.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "").unwrap();
        }
        let found: Vec<String> =
            migration_problems(&root).unwrap().iter().map(|problem| problem.file.display().to_string()).collect();
        assert_eq!(found, ["migrations/sqlite/1/down.sql", "migrations/sqlite/2"]);
        fs::remove_dir_all(root).unwrap();
    }
}
