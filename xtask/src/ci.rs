//! `cargo xtask ci`: every check, each under its heading; the first failure ends it.

use crate::{crash, dashboard, python, run, server, test, tidy};
use anyhow::{Context as _, Result};
use std::process::Command;
use std::time::Instant;

/// Runs every check.
pub(crate) fn ci() -> Result<()> {
    let start = Instant::now();
    step("format", || run::run(&mut run::cargo(&["fmt", "--all", "--check"])))?;
    step("tidy", tidy::tidy)?;
    step("clippy", || run::run(&mut run::cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])))?;
    step("documentation", || {
        run::run(run::cargo(&["doc", "--no-deps", "--workspace"]).env("RUSTDOCFLAGS", "-D warnings"))
    })?;
    step("tests", || test::test(&test::Args::default()))?;
    step("crashes", || {
        crash::crash(&["--kills".to_owned(), "50".to_owned(), "--clients".to_owned(), "16".to_owned()])
    })?;
    step("OpenAPI document", server::openapi_check)?;
    step("agents", agents)?;
    step("dashboard", dashboard::check)?;
    step("Python package", python::check)?;
    println!("\neverything passed in {:.1} s", start.elapsed().as_secs_f64());
    Ok(())
}

fn step(name: &str, check: impl FnOnce() -> Result<()>) -> Result<()> {
    println!("\n== {name}");
    let start = Instant::now();
    let result = check().with_context(|| format!("the step `{name}` failed"));
    let word = if result.is_ok() { "passed" } else { "failed" };
    println!("== {name} {word} in {:.1} s", start.elapsed().as_secs_f64());
    result
}

/// The TypeScript side.
fn agents() -> Result<()> {
    let dir = run::root().join("agents");
    if !dir.exists() {
        println!("there is no agents/ in this checkout");
        return Ok(());
    }
    let npm = run::on_path("npm").context("npm was not found: install Node.js 20 or newer (https://nodejs.org)")?;
    for args in [&["ci"][..], &["test"], &["run", "check"]] {
        run::run(Command::new(&npm).args(args).current_dir(&dir))?;
    }
    Ok(())
}
