//! The archives that a server reads: files are checked when they are first opened, and stay open by their footers.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use reelhouse_domain::archive::{Archive, ArchivedTable, Manifest, Table};
use reelhouse_domain::ports::{ArchiveRepository, StoreError};
use reelhouse_domain::{Digest, Timestamp};

use crate::error::ArchiveError;
use crate::folder::Folder;
use crate::record::Record;
use crate::select::{OpenTable, Selection};

/// What the manifest of an archive cannot be read from.
const NO_FOLDER: &str = "and the server was started without a folder of archives (archive_dir)";

/// The archives of a store. Clones share what is open.
#[derive(Clone)]
pub struct Library {
    archives: Arc<dyn ArchiveRepository>,
    folder: Option<Folder>,
    open: Arc<Mutex<BTreeMap<Digest, Arc<OpenArchive>>>>,
}

/// An archive whose files are the ones that were archived.
struct OpenArchive {
    tables: BTreeMap<Table, OpenTable>,
}

impl Library {
    /// The archives that the store knows, in the folder, if there is one.
    #[must_use]
    pub fn new(archives: Arc<dyn ArchiveRepository>, folder: Option<Folder>) -> Self {
        Self { archives, folder, open: Arc::default() }
    }

    /// Whether there is a folder to read from.
    pub(crate) const fn is_at_hand(&self) -> bool {
        self.folder.is_some()
    }

    /// The archives that may have rows of between two instants.
    pub(crate) async fn archives(&self, since: Timestamp, until: Timestamp) -> Result<Vec<Archive>, StoreError> {
        let mut found = self.archives.archive_list(since).await?;
        found.retain(|archive| archive.month.start() < until);
        Ok(found)
    }

    /// The rows of a table that are selected, in no order, as `read` reads them.
    pub(crate) async fn select<T: Send + 'static>(
        &self,
        archives: Vec<Archive>,
        table: Table,
        selection: Selection,
        read: fn(&Record<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let library = self.clone();
        let work = move || {
            let mut found = Vec::new();
            for archive in &archives {
                let open = library.open(archive)?;
                let Some(table) = open.tables.get(&table) else { continue };
                let rows = table.select(&selection).map_err(|error| error.stored(&archive.manifest))?;
                for row in &rows {
                    found.push(read(&Record { columns: table.columns(), cells: row })?);
                }
            }
            Ok(found)
        };
        // Reading and unpacking files is work for a thread that may wait.
        let done = tokio::task::spawn_blocking(work).await;
        done.map_err(|error| StoreError::Unavailable(format!("reading an archive failed: {error}")))?
    }

    /// What is said where an archive is not at hand.
    pub(crate) fn absent(archive: &Archive) -> StoreError {
        StoreError::Archived { manifest: archive.manifest.clone(), why: NO_FOLDER.to_owned() }
    }

    /// Opens an archive. The first time its files are hashed whole: no row is given from a file that was changed.
    fn open(&self, archive: &Archive) -> Result<Arc<OpenArchive>, StoreError> {
        let Some(folder) = &self.folder else { return Err(Self::absent(archive)) };
        // Whoever comes meanwhile waits, rather than hashing the same files.
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = open.get(&archive.sha256) {
            return Ok(Arc::clone(found));
        }
        let opened = open_archive(folder, archive).map_err(|error| error.stored(&archive.manifest))?;
        let opened = Arc::new(opened);
        open.insert(archive.sha256, Arc::clone(&opened));
        Ok(opened)
    }
}

fn open_archive(folder: &Folder, archive: &Archive) -> Result<OpenArchive, ArchiveError> {
    let (manifest, sha256): (Manifest, Digest) = folder.manifest(&archive.manifest)?;
    if sha256 != archive.sha256 {
        let why = format!("its SHA-256 is {sha256}, not {}", archive.sha256);
        return Err(ArchiveError::Differs { path: folder.path(&archive.manifest)?, why });
    }
    let open = |archived: &ArchivedTable| {
        let path = folder.check_file(archived)?;
        Ok((archived.table, OpenTable::open(&path, archived)?))
    };
    Ok(OpenArchive { tables: manifest.tables.iter().map(open).collect::<Result<_, _>>()? })
}
