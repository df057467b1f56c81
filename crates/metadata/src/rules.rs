//! The rules for editors, `.cursor/rules/*.mdc`: what to know of a domain while its files are open.

use std::fmt::Write as _;

use crate::domains::domains;
use crate::model::{Domain, Kind};

/// A file under `.cursor/rules`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The file's name.
    pub file: String,
    /// What is in it.
    pub text: String,
}

/// What always holds, whichever file is open.
const ALWAYS: &[&str] = &[
    "The domain crate does no I/O, reads no clock and makes no random numbers: they come in through ports.",
    "Money is `Money`, 64 bits of 0.0001 credits. No float touches it, and nothing is rounded.",
    "SQL is in the adapters and `migrations/` alone, HTTP statuses in `crates/http` alone.",
    "There is one way to write: a command through the group committer into a unit of work. A rule decides before anything is written.",
    "`gameplay_events`, `rl_store`, `ledger_entries` and `wallet_operations` are append-only.",
    "Stored JSON documents carry a version and are upcast on read. A change of one raises its version.",
    "A change of the schema is a new migration of one name for both databases; those that have landed are never edited.",
    "Nothing that a client sends may end in a panic or a 500.",
];

/// Every rule: one that always applies, and one for each domain.
#[must_use]
pub fn rules() -> Vec<Rule> {
    let mut rules = vec![Rule { file: "reelhouse.mdc".to_owned(), text: overview() }];
    rules.extend(domains().iter().map(|domain| Rule { file: format!("{}.mdc", domain.name), text: text(domain) }));
    rules
}

fn head(description: &str, globs: &[&str], always: bool) -> String {
    format!("---\ndescription: {description}\nglobs: {}\nalwaysApply: {always}\n---\n", globs.join(","))
}

fn list(title: &str, items: impl Iterator<Item = String>) -> String {
    let items: String = items.map(|item| format!("- {item}\n")).collect();
    if items.is_empty() { String::new() } else { format!("\n{title}\n\n{items}") }
}

fn overview() -> String {
    let mut text = head("What always holds in Reelhouse, and where to read on", &[], true);
    text.push_str(
        "\n# Reelhouse\n\nA system of record for simulated slot play. `ARCHITECTURE.md` has the map of the code.\n",
    );
    text.push_str(&list("What always holds:", ALWAYS.iter().map(|rule| (*rule).to_owned())));
    let line = |domain: &&Domain| format!("`{}`: {}", domain.name, domain.about);
    let title = "The data domains; `.cursor/rules/NAME.mdc` and `GET /metadata/NAME` have more of each:";
    text.push_str(&list(title, domains().iter().map(line)));
    text
}

fn text(domain: &Domain) -> String {
    let mut globs = domain.globs.to_vec();
    globs.push("migrations/**");
    let mut text = head(domain.about.trim_end_matches('.'), &globs, false);
    // Writing to a text cannot fail.
    let _ = write!(text, "\n# {}\n\n{}", domain.name, domain.about);
    if !domain.tables.is_empty() {
        let _ = write!(text, " Stored in `{}`.", domain.tables.join("`, `"));
    }
    let _ = writeln!(
        text,
        " `{}` says more; `GET /metadata/{}/FIELD` has the schema of a field.",
        domain.page, domain.name
    );
    text.push_str(&list("What always holds:", domain.invariants.iter().map(|rule| (*rule).to_owned())));
    text.push_str("\n| field | holds | meaning |\n|---|---|---|\n");
    for field in domain.fields {
        let version = match field.kind {
            Kind::Document(document) => format!(", version {}", document.newest()),
            _ => String::new(),
        };
        let absent = if field.nullable { " or nothing" } else { "" };
        let _ = writeln!(text, "| `{}` | {}{version}{absent} | {} |", field.name, field.kind.name(), field.about);
    }
    text.push_str(&list("Endpoints:", domain.endpoints.iter().map(|end| format!("`{} {}`", end.0, end.1))));
    text
}
