//! Completions, manual pages, and the reference in `docs/cli.md`: all of them from the same description.

use std::io;
use std::path::Path;

use clap::CommandFactory as _;
use clap_complete::Shell;
use clap_mangen::Man;

use crate::args::Cli;
use crate::failure::Failure;
use crate::output::{Output, note};

pub(crate) fn completions(shell: Shell, output: &mut Output) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "reel", &mut script);
    output.raw(&script)
}

pub(crate) fn pages(into: Option<&Path>, output: &mut Output) -> Result<(), Failure> {
    let Some(folder) = into else {
        let mut page = Vec::new();
        Man::new(Cli::command()).render(&mut page)?;
        return output.raw(&page);
    };
    let failed = |error: io::Error| Failure::Other(format!("{}: {error}", folder.display()));
    std::fs::create_dir_all(folder).map_err(failed)?;
    clap_mangen::generate_to(Cli::command(), folder).map_err(failed)?;
    note(format!("written to {}; read them with `man -M` or `man -l {0}/reel.1`", folder.display()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::{Arg, Command};

    use super::*;

    /// Behind this line `docs/cli.md` is written by the test below.
    const MARK: &str = "<!-- From here on this is what `--help` prints. -->\n";

    /// The help of a command and of those below it, which leave off what all of them take.
    fn write_help(command: &mut Command, path: &str, text: &mut String) {
        let mut shown = command.clone();
        if path != "reel" {
            let is_global = |arg: &Arg| arg.get_help_heading() == Some("Global options");
            shown = shown.mut_args(|arg| if is_global(&arg) { arg.hide(true) } else { arg });
        }
        let help = shown.render_help().to_string();
        let help: Vec<&str> = help.trim_end().lines().map(str::trim_end).collect();
        text.push_str(&format!("\n## {path}\n\n```text\n{}\n```\n", help.join("\n")));
        for below in command.get_subcommands_mut() {
            let path = format!("{path} {}", below.get_name());
            write_help(below, &path, text);
        }
    }

    #[test]
    fn the_reference_is_up_to_date() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/cli.md");
        let page = std::fs::read_to_string(path).unwrap();
        let (preface, written) = page.split_once(MARK).unwrap();
        let mut command = Cli::command().term_width(100);
        command.build();
        let mut now = String::new();
        write_help(&mut command, "reel", &mut now);
        if std::env::var_os("UPDATE_CLI_DOCS").is_some() {
            std::fs::write(path, format!("{preface}{MARK}{now}")).unwrap();
            return;
        }
        assert!(written == now, "docs/cli.md is stale: run the test with UPDATE_CLI_DOCS=1");
    }

    #[test]
    fn the_description_is_sound() {
        Cli::command().debug_assert();
    }
}
