//! The house's signing key: a file that only its owner may read, made when it is not there.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use anyhow::{Context as _, bail};
use reelhouse_domain::fairness::Ed25519Signer;

/// Loads the key, or makes one when the file is not there.
///
/// The file holds the 32 bytes of an Ed25519 secret key as 64 hexadecimal digits. Programs that share a
/// database must share the file, or each would sign with a key of its own.
///
/// # Errors
/// When the file cannot be read or made, or holds something else.
pub fn load(path: &Path) -> anyhow::Result<Ed25519Signer> {
    let shown = path.display();
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            make(path).with_context(|| format!("--signing-key: cannot make {shown}"))?;
            // Read back: another program may have been first.
            fs::read_to_string(path).with_context(|| format!("--signing-key: cannot read {shown}"))?
        }
        Err(error) => return Err(error).with_context(|| format!("--signing-key: cannot read {shown}")),
    };
    warn_of_readers(path);
    let mut secret = [0; 32];
    if decode(text.trim(), &mut secret).is_none() {
        bail!("--signing-key: {shown} does not hold a key, 64 hexadecimal digits");
    }
    Ok(Ed25519Signer::new(&secret))
}

/// Makes the file whole under another name and links it in, so that nobody reads half of a key and
/// no key that is there is written over.
fn make(path: &Path) -> anyhow::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    let mut secret = [0; 32];
    getrandom::fill(&mut secret)
        .map_err(|error| anyhow::anyhow!("the operating system gave no randomness: {error}"))?;
    let digits: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    let written = write_private(&draft, &format!("{digits}\n")).and_then(|()| match fs::hard_link(&draft, path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    });
    let removed = fs::remove_file(&draft);
    written?;
    Ok(removed?)
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Says so when others than the owner may read the key.
fn warn_of_readers(path: &Path) {
    #[cfg(unix)]
    if let Ok(about) = fs::metadata(path)
        && std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o077 != 0
    {
        tracing::warn!(path = %path.display(), "others may read the signing key: chmod 600 it");
    }
    #[cfg(not(unix))]
    let _ = path;
}

fn decode(digits: &str, secret: &mut [u8; 32]) -> Option<()> {
    if digits.len() != 64 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    for (at, byte) in secret.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use reelhouse_domain::fairness::HeadSigner as _;

    #[test]
    fn a_key_is_made_once_and_loaded_ever_after() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/signing.key");
        let made = load(&path).unwrap().public_key();
        assert_eq!(load(&path).unwrap().public_key(), made);
        let other = load(&folder.path().join("other.key")).unwrap().public_key();
        assert_ne!(made, other);
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "the draft is gone");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn programs_that_start_at_once_share_one_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signing.key");
        write_private(&path, &format!("{}\n", "42".repeat(32))).unwrap();
        make(&path).unwrap();
        let expected = Ed25519Signer::new(&[0x42; 32]).public_key();
        assert_eq!(load(&path).unwrap().public_key(), expected);
    }

    #[test]
    fn a_file_that_holds_something_else_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signing.key");
        for text in ["", "42", &"zz".repeat(32), &"é".repeat(32)] {
            fs::write(&path, text).unwrap();
            let error = format!("{:#}", load(&path).unwrap_err());
            assert!(error.contains("--signing-key") && error.contains("signing.key"), "{error}");
        }
    }
}
