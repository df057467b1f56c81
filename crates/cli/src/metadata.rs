//! `reel metadata`: the data domains, one of them, a field of it.

use clap::Args;
use serde_json::Value;

use crate::failure::Failure;
use crate::output::{Column, Format, Output};
use crate::profile::Connection;

/// How far to go.
#[derive(Debug, Args)]
pub(crate) struct MetadataArguments {
    /// The domain to show [default: all domains, in a line each].
    domain: Option<String>,
    /// The field of it to show, with its schema.
    #[arg(requires = "domain")]
    field: Option<String>,
}

pub(crate) fn run(arguments: &MetadataArguments, connection: &Connection, output: &mut Output) -> Result<(), Failure> {
    let steps: Vec<&str> = arguments.domain.iter().chain(&arguments.field).map(String::as_str).collect();
    let answer = connection.client()?.metadata(&steps)?;
    match (output.format, steps.len()) {
        (Format::Json, _) => output.json(&answer.json),
        (Format::Ids, 0) => names(&answer.body["domains"], output),
        (Format::Ids, 1) => names(&answer.body["fields"], output),
        (Format::Ids, _) => output.line(text(&answer.body["name"])),
        (Format::Text, 0) => index(&answer.body, output),
        (Format::Text, 1) => domain(&answer.body, output),
        (Format::Text, _) => field(&answer.body, output),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn names(list: &Value, output: &mut Output) -> Result<(), Failure> {
    items(list).iter().try_for_each(|item| output.line(text(&item["name"])))
}

fn index(body: &Value, output: &mut Output) -> Result<(), Failure> {
    let rows = items(&body["domains"]).iter().map(|domain| vec![text(&domain["name"]), text(&domain["about"])]);
    output.table(&[Column::Left("DOMAIN"), Column::Left("WHAT IT IS")], rows.collect())
}

fn domain(body: &Value, output: &mut Output) -> Result<(), Failure> {
    output.line(text(&body["about"]))?;
    let row = |field: &Value| {
        let absent = if field["nullable"] == true { "yes" } else { "" };
        vec![text(&field["name"]), text(&field["type"]), absent.to_owned(), text(&field["about"])]
    };
    let columns = ["FIELD", "HOLDS", "ABSENT", "MEANING"].map(Column::Left);
    output.line("")?;
    output.table(&columns, items(&body["fields"]).iter().map(row).collect())?;
    for (title, list) in [("What always holds:", "invariants"), ("Endpoints:", "endpoints")] {
        if !items(&body[list]).is_empty() {
            output.line(format!("\n{title}"))?;
            items(&body[list]).iter().try_for_each(|item| output.line(format!("- {}", text(item))))?;
        }
    }
    Ok(())
}

fn field(body: &Value, output: &mut Output) -> Result<(), Failure> {
    output.line(text(&body["about"]))?;
    for column in items(&body["storage"]) {
        let [table, postgresql] = ["table", "postgresql"].map(|name| text(&column[name]));
        let sqlite = column["sqlite"].as_str().map(|kind| format!(", {kind} on SQLite")).unwrap_or_default();
        output.line(format!("Stored in {table}: {postgresql} on PostgreSQL{sqlite}"))?;
    }
    for version in items(&body["versions"]) {
        output.line(format!("Version {}: {}", version["version"], text(&version["about"])))?;
    }
    output.line(format!("\nSchema:\n{:#}", body["schema"]))?;
    for example in items(&body["examples"]).iter().take(1) {
        output.line(format!("\nExample:\n{example:#}"))?;
    }
    Ok(())
}
