//! The folder that archives are in: manifests and the files that they tell of.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use reelhouse_domain::Digest;
use reelhouse_domain::archive::{ArchivedTable, Cell, Manifest, RowsDigest};
use sha2::{Digest as _, Sha256};

use crate::columns;
use crate::error::ArchiveError;

/// How many bytes are read at once to be hashed.
const PIECE: usize = 1 << 20;

/// A folder of archives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// The folder at a path; it need not be there yet.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Makes the folder, unless it is there.
    ///
    /// # Errors
    /// [`ArchiveError::Io`].
    pub fn create(&self) -> Result<(), ArchiveError> {
        fs::create_dir_all(&self.path).map_err(ArchiveError::io(&self.path))
    }

    /// The path of a file in the folder.
    ///
    /// # Errors
    /// [`ArchiveError::Differs`] for a name that leads anywhere else.
    pub(crate) fn path(&self, name: &str) -> Result<PathBuf, ArchiveError> {
        let path = self.path.join(name);
        match Path::new(name).file_name() {
            Some(plain) if plain == name => Ok(path),
            _ => Err(ArchiveError::Differs { path, why: "its name is no plain file name".to_owned() }),
        }
    }

    /// Reads a manifest, with the digest of its file.
    ///
    /// # Errors
    /// [`ArchiveError`].
    pub fn manifest(&self, name: &str) -> Result<(Manifest, Digest), ArchiveError> {
        let path = self.path(name)?;
        let text = fs::read(&path).map_err(ArchiveError::io(&path))?;
        let fail = ArchiveError::differs(&path);
        let manifest: Manifest = serde_json::from_slice(&text).map_err(fail)?;
        if manifest.version != Manifest::VERSION {
            let why = format!("it is of version {}, this program reads {}", manifest.version, Manifest::VERSION);
            return Err(ArchiveError::Differs { path, why });
        }
        Ok((manifest, Digest::of(&[&text])))
    }

    /// Writes a manifest and gives its digest. It is on the disk when this returns.
    ///
    /// # Errors
    /// [`ArchiveError::Io`].
    pub fn write_manifest(&self, manifest: &Manifest) -> Result<Digest, ArchiveError> {
        let path = self.path(&Manifest::file(manifest.month))?;
        let unfinished = path.with_extension("json.part");
        let fail = ArchiveError::differs(&path);
        let text = serde_json::to_string_pretty(manifest).map_err(fail)? + "\n";
        let written = File::create(&unfinished).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
        written.map_err(ArchiveError::io(&unfinished))?;
        fs::rename(&unfinished, &path).map_err(ArchiveError::io(&path))?;
        sync_folder(&path)?;
        Ok(Digest::of(&[text.as_bytes()]))
    }

    /// Checks that a file is the one that the manifest tells of, and gives its path.
    ///
    /// # Errors
    /// [`ArchiveError`].
    pub fn check_file(&self, archived: &ArchivedTable) -> Result<PathBuf, ArchiveError> {
        let path = self.path(&archived.file)?;
        let length = fs::metadata(&path).map_err(ArchiveError::io(&path))?.len();
        if length != archived.bytes {
            let why = format!("it has {length} bytes, not {}", archived.bytes);
            return Err(ArchiveError::Differs { path, why });
        }
        let (_, sha256) = measure(&path)?;
        if sha256 != archived.sha256 {
            let why = format!("its SHA-256 is {sha256}, not {}", archived.sha256);
            return Err(ArchiveError::Differs { path, why });
        }
        Ok(path)
    }

    /// Checks a file, and reads all of its rows back to check those too.
    ///
    /// # Errors
    /// [`ArchiveError`].
    pub fn verify(&self, archived: &ArchivedTable) -> Result<(), ArchiveError> {
        let path = self.check_file(archived)?;
        let mut digest = RowsDigest::default();
        for batch in self.rows(archived)? {
            batch?.iter().for_each(|cells| digest.row(cells));
        }
        if digest.rows() != archived.rows || digest.finish() != archived.rows_sha256 {
            return Err(ArchiveError::Differs {
                path,
                why: "its rows read otherwise than they were written".to_owned(),
            });
        }
        Ok(())
    }

    /// Reads all rows of a file, a batch at a time.
    ///
    /// # Errors
    /// [`ArchiveError`].
    pub fn rows(
        &self,
        archived: &ArchivedTable,
    ) -> Result<impl Iterator<Item = Result<Vec<Vec<Cell>>, ArchiveError>>, ArchiveError> {
        let path = self.path(&archived.file)?;
        let file = File::open(&path).map_err(ArchiveError::io(&path))?;
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).and_then(ParquetRecordBatchReaderBuilder::build);
        let reader = reader.map_err(ArchiveError::differs(&path))?;
        let columns = archived.columns.clone();
        Ok(reader.map(move |batch| {
            let batch = batch.and_then(|batch| columns::rows(&columns, &batch));
            batch.map_err(ArchiveError::differs(&path))
        }))
    }
}

/// The length and the SHA-256 of a file.
pub(crate) fn measure(path: &Path) -> Result<(u64, Digest), ArchiveError> {
    let mut file = File::open(path).map_err(ArchiveError::io(path))?;
    let (mut hasher, mut piece, mut length) = (Sha256::new(), vec![0; PIECE], 0);
    loop {
        let read = file.read(&mut piece).map_err(ArchiveError::io(path))?;
        if read == 0 {
            return Ok((length, Digest(hasher.finalize().into())));
        }
        hasher.update(&piece[..read]);
        length += read as u64;
    }
}

/// Has the name of a file on the disk, not only what is in it.
pub(crate) fn sync_folder(path: &Path) -> Result<(), ArchiveError> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(ArchiveError::io(folder))
}
