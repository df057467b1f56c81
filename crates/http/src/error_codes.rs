//! The page of error codes in the documentation, written from the table of codes and the API's description.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use crate::openapi::{openapi_json, resolve};
use crate::problem::{Code, status};

/// Where a code is answered by more operations than this, the page tells how many and not which.
const NAMED: usize = 6;

const HEAD: &str = "\
# Error codes

Every error is `application/problem+json` with one of these in `code`, and the status that it stands under. Codes never change their
meaning and never go; new ones may come. [The API](api.md#refusals) says what a problem looks like and what to do about each status.

The page is written from the server's own table by a test; see [Contributing](contributing.md#what-is-written-by-programs).
";

/// The operations that answer each code, as method and path.
fn places() -> BTreeMap<String, Vec<String>> {
    let document: Value = serde_json::from_str(&openapi_json()).unwrap();
    let mut places = BTreeMap::<String, Vec<String>>::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            for response in operation["responses"].as_object().unwrap().values() {
                let examples =
                    resolve(&document, response)["content"]["application/problem+json"]["examples"].as_object();
                for code in examples.into_iter().flat_map(|examples| examples.keys()) {
                    places.entry(code.clone()).or_default().push(format!("`{} {path}`", method.to_uppercase()));
                }
            }
        }
    }
    places
}

fn place(places: Option<&Vec<String>>) -> String {
    match places {
        None => "any path".to_owned(),
        Some(places) if places.len() > NAMED => format!("{} operations", places.len()),
        Some(places) => places.join(", "),
    }
}

fn page() -> String {
    let mut by_status = BTreeMap::<u16, Vec<Code>>::new();
    for &code in Code::ALL {
        by_status.entry(status(code).as_u16()).or_default().push(code);
    }
    let places = places();
    let mut page = HEAD.to_owned();
    for (number, codes) in by_status {
        let reason = status(codes[0]).canonical_reason().unwrap();
        write!(page, "\n## {number} {reason}\n\n| code | meaning | where |\n|---|---|---|\n").unwrap();
        for code in codes {
            writeln!(page, "| `{}` | {} | {} |", code.name(), code.meaning(), place(places.get(code.name()))).unwrap();
        }
    }
    page
}

#[test]
fn the_page_of_error_codes_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/errors.md");
    let now = page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &now).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let stale = "docs/errors.md is stale: UPDATE_DOCS=1 cargo test -p reelhouse-http --lib error_codes";
    assert!(committed == now, "{stale}");
}
