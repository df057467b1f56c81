//! Why an archive was not written or read.

use std::io;
use std::path::{Path, PathBuf};

use reelhouse_domain::ports::StoreError;

/// Why an archive was not written or read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// A file of the archive is not where it should be.
    #[error("{} is missing", .0.display())]
    Missing(PathBuf),
    /// A file is not the one that was archived, or it was changed since.
    #[error("{} is not what was archived: {why}", path.display())]
    Differs {
        /// The file.
        path: PathBuf,
        /// In what.
        why: String,
    },
    /// The folder did not take or give what it was asked for.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

impl ArchiveError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        |error| match error.kind() {
            io::ErrorKind::NotFound => Self::Missing(path.to_owned()),
            _ => Self::Io { path: path.to_owned(), error },
        }
    }

    pub(crate) fn differs<E: std::fmt::Display>(path: &Path) -> impl Fn(E) -> Self + '_ {
        |why| Self::Differs { path: path.to_owned(), why: why.to_string() }
    }

    /// What it means to whoever reads through a port; `manifest` is the one of the archive. Files are named without
    /// their folder, which is no business of such a reader.
    pub(crate) fn stored(self, manifest: &str) -> StoreError {
        let name = |path: &Path| Path::new(path.file_name().unwrap_or_default()).display().to_string();
        let why = match &self {
            Self::Missing(path) => format!("and {} is not in the server's folder of archives", name(path)),
            Self::Differs { path, .. } => {
                tracing::error!(error = %self, "an archive cannot be read");
                format!("and {} is not what was archived", name(path))
            }
            Self::Io { .. } => return StoreError::Unavailable(self.to_string()),
        };
        StoreError::Archived { manifest: manifest.to_owned(), why }
    }
}
