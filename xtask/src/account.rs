//! The account a cluster runs under: this one, or an unprivileged one when this is root.

use crate::run;
use anyhow::{Context as _, Result, bail};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

/// The account that runs initdb and postgres.
pub(crate) struct Account {
    /// Set when this process is root: PostgreSQL refuses to run as root.
    switch: Option<Switch>,
    uid: u32,
}

struct Switch {
    name: &'static str,
    uid: u32,
    gid: u32,
}

impl Account {
    /// The current account, or `postgres`, or `nobody`.
    pub(crate) fn find() -> Result<Self> {
        let uid = id(&["-u"])?;
        if uid != 0 {
            return Ok(Self { switch: None, uid });
        }
        for name in ["postgres", "nobody"] {
            if let (Ok(uid), Ok(gid)) = (id(&["-u", name]), id(&["-g", name])) {
                return Ok(Self { switch: Some(Switch { name, uid, gid }), uid: 0 });
            }
        }
        bail!("PostgreSQL does not run as root, and there is no account `postgres` or `nobody` to run it as")
    }

    /// The user id of this process.
    pub(crate) fn uid(&self) -> u32 {
        self.uid
    }

    /// Whether this process is root.
    pub(crate) fn is_root(&self) -> bool {
        self.uid == 0
    }

    /// The name of the other account, when there is one.
    pub(crate) fn other(&self) -> Option<&'static str> {
        self.switch.as_ref().map(|switch| switch.name)
    }

    /// The user and group to switch to, when there is another account.
    pub(crate) fn ids(&self) -> Option<(u32, u32)> {
        self.switch.as_ref().map(|switch| (switch.uid, switch.gid))
    }

    /// A command that runs as this account, with nothing of PostgreSQL's own variables in its environment.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        // A PGDATA or PGPORT meant for another server must not reach this one; and the caller's directory may be
        // one that the other account cannot enter, which initdb treats as an error.
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PG")) {
            command.env_remove(name);
        }
        command.env("LC_ALL", "C").current_dir("/");
        if let Some(switch) = &self.switch {
            // The standard library clears the supplementary groups when root sets another user.
            command.env("HOME", "/").uid(switch.uid).gid(switch.gid);
        }
        command
    }

    /// Gives a path to this account.
    pub(crate) fn own(&self, path: &Path) -> Result<()> {
        if let Some(switch) = &self.switch {
            chown(path, Some(switch.uid), Some(switch.gid))
                .with_context(|| format!("could not give {} to {}", path.display(), switch.name))?;
        }
        Ok(())
    }

    /// Whether this account can enter a directory and write in it. Asked by trying, because the answer depends on
    /// every directory above it.
    pub(crate) fn reaches(&self, dir: &Path) -> bool {
        let script = r#"test -x "$0" && test -w "$0""#;
        let mut command = self.command(Path::new("sh"));
        command.args(["-c", script]).arg(dir).status().is_ok_and(|status| status.success())
    }
}

fn id(args: &[&str]) -> Result<u32> {
    let text = run::quiet(Command::new("id").args(args))?;
    text.trim().parse().with_context(|| format!("`id` answered {text:?}"))
}
