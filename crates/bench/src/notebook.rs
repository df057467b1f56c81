//! What a run says: printed line by line, and kept so that it can be written into the docs as it was printed.

use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result};

use crate::machine;

static KEPT: Mutex<String> = Mutex::new(String::new());

/// Prints a line and keeps it.
macro_rules! say {
    ($($text:tt)*) => { $crate::notebook::keep(&format!($($text)*)) };
}
pub(crate) use say;

/// Prints a line and keeps it.
pub(crate) fn keep(line: &str) {
    println!("{line}");
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    kept.push_str(line);
    kept.push('\n');
}

/// Says what is run, and on what.
pub(crate) fn open() {
    say!("$ {}", command_line(std::env::args().skip(1)));
    say!("machine: {}", machine::describe());
    if cfg!(debug_assertions) {
        say!("warning: this is a debug build, its figures are not to be kept");
    }
}

/// Writes what was said into a file of sections, in place of what the section held.
pub(crate) fn write(path: &Path, section: &str) -> Result<()> {
    let kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let old = fs::read_to_string(path).unwrap_or_default();
    let new = with_section(&old, section, kept.trim());
    fs::write(path, new).with_context(|| format!("cannot write {}", path.display()))
}

/// The command that a reader gives for the same run: what `cargo xtask` adds of its own is left out.
fn command_line(arguments: impl Iterator<Item = String>) -> String {
    let own = ["--server-binary", "--database-url", "--pgbench", "--write-to"];
    let mut command = "cargo xtask bench".to_owned();
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        if own.contains(&argument.as_str()) {
            arguments.next();
        } else {
            command.push(' ');
            command.push_str(&argument);
        }
    }
    command
}

fn with_section(file: &str, section: &str, text: &str) -> String {
    let (start, end) = (format!("<!-- {section} -->\n"), format!("<!-- end of {section} -->\n"));
    let body = format!("{start}```text\n{text}\n```\n{end}");
    let places = file.find(&start).zip(file.find(&end)).filter(|(start, end)| start < end);
    match places {
        Some((from, to)) => format!("{}{body}{}", &file[..from], &file[to + end.len()..]),
        None => format!("{file}\n## {section}\n\n{body}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_takes_the_place_of_its_last_text() {
        let file = with_section("# Title\n", "play", "one");
        let file = with_section(&file, "growth", "two");
        assert!(file.starts_with("# Title\n\n## play\n\n<!-- play -->\n```text\none\n```\n"));
        let again = with_section(&file, "play", "three");
        assert_eq!(again, file.replace("one", "three"));
        assert!(again.ends_with("two\n```\n<!-- end of growth -->\n"), "{again}");
    }

    #[test]
    fn the_command_is_the_one_that_a_reader_gives() {
        let words = ["play", "--server-binary", "/x/y", "--store", "sqlite", "--write-to", "z"];
        assert_eq!(command_line(words.into_iter().map(str::to_owned)), "cargo xtask bench play --store sqlite");
    }
}
