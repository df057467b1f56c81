//! The rules for editors, as they are committed, and what they point to.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use reelhouse_metadata::rules::rules;
use reelhouse_metadata::{domain, domains};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn the_committed_rules_are_up_to_date() {
    let folder = root().join(".cursor/rules");
    if std::env::var_os("UPDATE_METADATA").is_some() {
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir_all(&folder).unwrap();
        for rule in rules() {
            fs::write(folder.join(rule.file), rule.text).unwrap();
        }
    }
    let entries = fs::read_dir(&folder).unwrap();
    let committed: BTreeSet<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    let expected: BTreeSet<String> = rules().into_iter().map(|rule| rule.file).collect();
    assert_eq!(committed, expected, "`cargo xtask metadata` writes the files under .cursor/rules");
    for rule in rules() {
        let text = fs::read_to_string(folder.join(&rule.file)).unwrap();
        assert!(text == rule.text, ".cursor/rules/{} is stale: `cargo xtask metadata` writes it", rule.file);
    }
}

#[test]
fn what_a_rule_points_to_is_there() {
    for domain in domains() {
        assert!(root().join(domain.page).is_file(), "{}: {}", domain.name, domain.page);
        for glob in domain.globs {
            let place = glob.trim_end_matches('*').trim_end_matches('/');
            assert!(root().join(place).exists(), "{}: {glob}", domain.name);
        }
    }
}

#[test]
fn names_are_unique_and_nothing_is_left_empty() {
    let mut tables = BTreeSet::new();
    for each in domains() {
        assert!(std::ptr::eq(domain(each.name).unwrap(), *each), "two domains are named {}", each.name);
        assert!(!each.about.is_empty() && !each.invariants.is_empty() && !each.fields.is_empty(), "{}", each.name);
        for table in each.tables {
            assert!(tables.insert(*table), "{table} belongs to two domains");
        }
        for field in each.fields {
            assert!(
                std::ptr::eq(each.field(field.name).unwrap(), field),
                "{}.{} is there twice",
                each.name,
                field.name
            );
            assert!(field.about.ends_with('.'), "{}.{}", each.name, field.name);
        }
    }
}
