//! Which server to call, and with which key: flags before environment before the profile file.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use reelhouse_client::{Client, Patience};
use serde::Deserialize;

use crate::args::Common;
use crate::failure::Failure;
use crate::output::note;

/// Where a server is when nothing else is said.
const DEFAULT_SERVER: &str = "http://127.0.0.1:8080";

/// Where the profile is below the folder of configurations.
const PROFILE: &str = "reelhouse/reel.toml";

/// The file's lines.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Profile {
    server: Option<String>,
    key: Option<String>,
}

/// The server that commands talk to; it is looked for when the first of them needs it.
pub(crate) struct Connection {
    common: Common,
    client: OnceCell<Client>,
}

impl Connection {
    pub(crate) const fn new(common: Common) -> Self {
        Self { common, client: OnceCell::new() }
    }

    /// The client of the server.
    pub(crate) fn client(&self) -> Result<&Client, Failure> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = self.open(Patience::default())?;
        Ok(self.client.get_or_init(|| client))
    }

    /// A client with a patience of its own.
    pub(crate) fn open(&self, patience: Patience) -> Result<Client, Failure> {
        let profile = self.profile()?;
        let server = self.common.server.clone().or(profile.server).unwrap_or_else(|| DEFAULT_SERVER.to_owned());
        let key = self.common.key.clone().or(profile.key);
        let client = Client::new(&server, key.as_deref())?.with_patience(patience);
        Ok(client.on_retry(|error, wait| note(format!("{error}; again in {} s", wait.as_secs().max(1)))))
    }

    fn profile(&self) -> Result<Profile, Failure> {
        match &self.common.profile {
            Some(path) => read(path),
            None => match default_path().filter(|path| path.is_file()) {
                Some(path) => read(&path),
                None => Ok(Profile::default()),
            },
        }
    }
}

/// Where the profile is when nothing else is said.
fn default_path() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let configurations = folder("XDG_CONFIG_HOME").or_else(|| folder("HOME").map(|home| home.join(".config")))?;
    Some(configurations.join(PROFILE))
}

fn read(path: &Path) -> Result<Profile, Failure> {
    let usage = |why: String| Failure::Usage(format!("the profile {}: {why}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| usage(error.to_string()))?;
    // The whole error would show the line, which may hold the key.
    toml::from_str(&text).map_err(|error| usage(error.message().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(text: &str) -> Result<Profile, Failure> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("reel.toml");
        std::fs::write(&path, text).unwrap();
        read(&path)
    }

    #[test]
    fn a_profile_has_a_server_and_a_key() {
        let read = profile("server = \"http://host\"\nkey = \"reel_x\"\n").unwrap();
        assert_eq!((read.server.as_deref(), read.key.as_deref()), (Some("http://host"), Some("reel_x")));
        assert_eq!(profile("").unwrap(), Profile::default());
    }

    #[test]
    fn a_line_that_does_not_read_is_told_without_the_key() {
        for text in ["keys = \"secret\"", "key = secret", "key = [\"secret\"]"] {
            let Failure::Usage(why) = profile(text).unwrap_err() else { panic!("{text}") };
            assert!(why.contains("reel.toml") && !why.contains("secret"), "{why}");
        }
    }
}
