//! Markdown: links point to what is there, every page of the book is in its table of contents, and code that is said to be
//! a file is that file.

use crate::tidy::Problem;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

/// The folder of the book: its pages are read on their own as well, so a link must not leave it.
const BOOK: &str = "docs";
/// The table of contents of the book.
const SUMMARY: &str = "docs/SUMMARY.md";

/// A page: where its links point to, and the anchors of its headings.
#[derive(Debug, Default)]
struct Page {
    /// The line, from 1, and the target as it is written.
    links: Vec<(usize, String)>,
    anchors: BTreeSet<String>,
    copies: Vec<Copy>,
}

/// A block of code that is said to be a file, by ```` ```rust,file=crates/… ````.
#[derive(Debug)]
struct Copy {
    line: usize,
    file: String,
    code: String,
}

/// Checks the links of all Markdown files of the checkout, named from its root. Links to other sites are not followed.
pub(crate) fn problems(root: &Path, files: &BTreeMap<PathBuf, String>) -> Vec<Problem> {
    let pages: BTreeMap<&Path, Page> = files.iter().map(|(name, text)| (name.as_path(), page(text))).collect();
    let mut problems = Vec::new();
    for (name, page) in &pages {
        for (line, target) in &page.links {
            if let Err(what) = check(root, &pages, name, target) {
                problems.push(Problem::new(*name, *line, format!("the link to {target} {what}")));
            }
        }
        for Copy { line, file, code } in &page.copies {
            if fs::read_to_string(root.join(file)).ok().as_ref() != Some(code) {
                problems.push(Problem::new(*name, *line, format!("the code is not what {file} holds")));
            }
        }
    }
    problems.extend(unlisted(&pages));
    problems
}

fn check(root: &Path, pages: &BTreeMap<&Path, Page>, from: &Path, target: &str) -> Result<(), &'static str> {
    // `https:`, `mailto:` and their like; and what a renderer for the web would take for another host.
    if target.split(['/', '#']).next().is_some_and(|start| start.contains(':')) || target.starts_with("//") {
        return Ok(());
    }
    let (path, anchor) = target.split_once('#').map_or((target, None), |(path, anchor)| (path, Some(anchor)));
    let place = if path.is_empty() { from.to_path_buf() } else { beside(from, path).ok_or("leaves the checkout")? };
    if from.starts_with(BOOK) && !place.starts_with(BOOK) {
        return Err("leaves the book: name the file instead");
    }
    if !root.join(&place).exists() {
        return Err("points to nothing");
    }
    match (anchor, pages.get(place.as_path())) {
        (Some(anchor), Some(page)) if !page.anchors.contains(anchor) => Err("has an anchor that no heading makes"),
        _ => Ok(()),
    }
}

/// The place that a relative path names, seen from a file; none outside of the root.
fn beside(from: &Path, path: &str) -> Option<PathBuf> {
    let mut place = from.parent().map(Path::to_path_buf).unwrap_or_default();
    for part in Path::new(path).components() {
        match part {
            Component::Normal(name) => place.push(name),
            Component::CurDir => {}
            Component::ParentDir if place.pop() => {}
            _ => return None,
        }
    }
    Some(place)
}

/// The pages of the book that its table of contents leaves out.
fn unlisted(pages: &BTreeMap<&Path, Page>) -> Vec<Problem> {
    let Some(summary) = pages.get(Path::new(SUMMARY)) else { return Vec::new() };
    let listed: BTreeSet<PathBuf> =
        summary.links.iter().filter_map(|(_, target)| beside(Path::new(SUMMARY), target)).collect();
    let own = pages.keys().filter(|name| name.starts_with(BOOK) && **name != Path::new(SUMMARY));
    own.filter(|name| !listed.contains(**name))
        .map(|name| Problem::new(*name, 1, format!("the page is not in {SUMMARY}")))
        .collect()
}

fn page(text: &str) -> Page {
    let mut page = Page::default();
    let mut heading: Option<String> = None;
    let mut copying = false;
    let mut repeats: BTreeMap<String, usize> = BTreeMap::new();
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        let line = || text.get(..range.start).unwrap_or_default().matches('\n').count() + 1;
        match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                page.links.push((line(), dest_url.into_string()));
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                if let Some(file) = info.split(',').find_map(|word| word.strip_prefix("file=")) {
                    page.copies.push(Copy { line: line(), file: file.to_owned(), code: String::new() });
                    copying = true;
                }
            }
            Event::Text(code) if copying => {
                if let Some(copy) = page.copies.last_mut() {
                    copy.code.push_str(&code);
                }
            }
            Event::End(TagEnd::CodeBlock) => copying = false,
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::Text(words) | Event::Code(words) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&words);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                let anchor = anchor(&heading.take().unwrap_or_default());
                let times = repeats.entry(anchor.clone()).or_default();
                page.anchors.insert(if *times == 0 { anchor } else { format!("{anchor}-{times}") });
                *times += 1;
            }
            _ => {}
        }
    }
    page
}

/// The anchor that a heading gets: lower-case words with hyphens between.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase).map(|letter| if letter == ' ' { '-' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::{anchor, page, problems};
    use std::collections::BTreeMap;
    use std::path::{Path, PathBuf};

    fn complaints(files: &[(&str, &str)]) -> Vec<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let files: BTreeMap<PathBuf, String> =
            files.iter().map(|(name, text)| (PathBuf::from(name), (*text).to_owned())).collect();
        let problems = problems(&root, &files);
        problems
            .iter()
            .map(|problem| format!("{}:{}: {}", problem.file.display(), problem.line, problem.what))
            .collect()
    }

    #[test]
    fn links_to_what_is_there_pass() {
        let text = "# A *heading*, twice\n\n# A heading, twice\n\n[a](#a-heading-twice-1) [b](docs/cli.md#exit-codes) \
                    [c](https://example.org/x) ![d](Cargo.toml)\n";
        assert!(complaints(&[("README.md", text), ("docs/cli.md", "## Exit codes\n")]).is_empty());
    }

    #[test]
    fn links_to_nothing_are_found_with_their_line() {
        let found = complaints(&[("README.md", "One.\n\nTwo [a](nowhere.md).\n[b](#no) [c](../../etc)\n")]);
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].starts_with("README.md:3: the link to nowhere.md points to nothing"), "{found:?}");
        assert!(found[1].contains("anchor") && found[2].contains("leaves the checkout"), "{found:?}");
    }

    #[test]
    fn the_book_is_whole_and_by_itself() {
        let pages = [("docs/SUMMARY.md", "[a](cli.md)"), ("docs/cli.md", "[x](../README.md)"), ("docs/rl.md", "")];
        let found = complaints(&pages);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("leaves the book") && found[1].contains("docs/rl.md:1"), "{found:?}");
    }

    #[test]
    fn code_is_not_searched_for_links() {
        assert!(page("`[a](b)`\n\n```sh\n[c](d)\n```\n").links.is_empty());
    }

    #[test]
    fn code_of_a_file_is_compared_with_it() {
        let own = include_str!("../Cargo.toml");
        let text = |code: &str| format!("Text.\n\n```toml,file=xtask/Cargo.toml\n{code}```\n");
        assert!(complaints(&[("README.md", &text(own))]).is_empty());
        let found = complaints(&[("README.md", &text("[package]\n"))]);
        assert_eq!(found, ["README.md:3: the code is not what xtask/Cargo.toml holds"]);
    }

    #[test]
    fn anchors_are_those_of_the_renderers() {
        assert_eq!(anchor("`reel`, the command line"), "reel-the-command-line");
        assert_eq!(anchor("1. Commitment, seeds, nonce"), "1-commitment-seeds-nonce");
    }
}
