//! Chores that the server's own code does: migrations, seed data, the OpenAPI document, the rules for editors.

use crate::run;
use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;
use std::fs;
use std::path::PathBuf;

/// Arguments of `migrate`.
#[derive(clap::Args)]
pub(crate) struct MigrateArgs {
    action: Action,
    #[command(flatten)]
    passed: Passed,
}

#[derive(Clone, Copy, ValueEnum)]
enum Action {
    /// Apply the migrations that are missing.
    Up,
    /// Revert the last one.
    Down,
    /// List them.
    Status,
}

/// Arguments that are not looked at here.
#[derive(clap::Args)]
pub(crate) struct Passed {
    /// Arguments to the server, such as --database-url.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<String>,
}

/// Migrates the database that DATABASE_URL or `--database-url` names.
pub(crate) fn migrate(args: &MigrateArgs) -> Result<()> {
    let action = match args.action {
        Action::Up => "up",
        Action::Down => "down",
        Action::Status => "status",
    };
    run::run(run::cargo(&["run", "--quiet", "-p", "reelhouse-app", "--", "migrate", action]).args(&args.passed.args))
}

/// Seeds the database that DATABASE_URL or `--database-url` names.
pub(crate) fn seed(passed: &Passed) -> Result<()> {
    run::run(run::cargo(&["run", "--quiet", "-p", "reelhouse-app", "--", "seed"]).args(&passed.args))
}

/// Distributes the database that DATABASE_URL or `--database-url` names.
pub(crate) fn distribute(passed: &Passed) -> Result<()> {
    run::run(run::cargo(&["run", "--quiet", "-p", "reelhouse-app", "--", "distribute"]).args(&passed.args))
}

/// Archives months of the database that DATABASE_URL or `--database-url` names.
pub(crate) fn archive(passed: &Passed) -> Result<()> {
    run::run(run::cargo(&["run", "--quiet", "-p", "reelhouse-app", "--", "archive"]).args(&passed.args))
}

/// Writes openapi.json.
pub(crate) fn openapi_write() -> Result<()> {
    let file = openapi_file();
    fs::write(&file, openapi()?).with_context(|| format!("could not write {}", file.display()))?;
    println!("wrote {}", file.display());
    Ok(())
}

/// Writes the rules for editors, by the test that compares them.
pub(crate) fn metadata_write() -> Result<()> {
    let mut command = run::cargo(&["test", "--quiet", "-p", "reelhouse-metadata", "--test", "rules"]);
    run::run(command.env("UPDATE_METADATA", "1"))
}

/// Fails when openapi.json is not what the routes say.
pub(crate) fn openapi_check() -> Result<()> {
    let file = openapi_file();
    let committed = fs::read_to_string(&file);
    let committed = committed.context("could not read openapi.json; `cargo xtask openapi` writes it")?;
    if let Some(line) = first_difference(&committed, &openapi()?) {
        bail!("openapi.json:{line}: differs from what the server says; `cargo xtask openapi` writes it anew");
    }
    Ok(())
}

fn openapi_file() -> PathBuf {
    run::root().join("openapi.json")
}

fn openapi() -> Result<String> {
    run::capture(&mut run::cargo(&["run", "--quiet", "-p", "reelhouse-app", "--", "openapi"]))
}

/// The number of the first line in which two texts differ.
fn first_difference(left: &str, right: &str) -> Option<usize> {
    if left == right {
        return None;
    }
    let same = left.split('\n').zip(right.split('\n')).take_while(|(left, right)| left == right).count();
    Some(same + 1)
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn difference_is_found_in_the_middle_and_at_the_end() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\nc\n", "a\nx\nc\n"), Some(2));
        assert_eq!(first_difference("a\n", "a\nb\n"), Some(2));
        assert_eq!(first_difference("a", "a\n"), Some(2));
    }
}
