//! Archives: months of the append-only tables, moved to files and back, in an order that loses nothing.
//!
//! A month is sealed, read into files, and these are verified by reading them back. Only then is it dropped, in one
//! transaction that notes the manifest's digest. A run that was stopped is begun again: what it left is used where it
//! is whole, and written anew where it is not.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use chrono::{NaiveTime, SecondsFormat};
use reelhouse_archive::{ArchiveError, Folder, TableWriter};
use reelhouse_domain::archive::{Archive, ArchivedTable, Cell, Column, Manifest, Month, RowsDigest, Table};
use reelhouse_domain::ports::ArchiveRepository as _;
use reelhouse_domain::time::{Clock as _, to_millis};
use reelhouse_domain::{Digest, Timestamp};
use reelhouse_postgres::PostgresStore;
use reelhouse_postgres::archive::{Hindrances, MoveError, Mover};

use crate::config::{ArchiveAction, ArchiveArgs, Config};
use crate::migrate;
use crate::store::{self, Store};
use crate::system::SystemClock;

/// Does what the command line says.
///
/// # Errors
/// When the store is not PostgreSQL, a month stays where it is, or a file is not what it should be.
pub async fn run(config: &Config, args: &ArchiveArgs) -> anyhow::Result<()> {
    let opened = store::open(config).await?;
    let Store::Postgres(store) = &opened else {
        bail!("--database-url: a SQLite file has no partitions to archive; archives are for PostgreSQL");
    };
    migrate::up(&opened).await?;
    let folder = config.archive_dir.as_ref().map(Folder::new);
    match &args.action {
        None => archive(store, args, folder).await,
        Some(ArchiveAction::List) => list(store).await,
        Some(ArchiveAction::Verify { manifests }) => verify(store, folder, manifests).await,
        Some(ArchiveAction::Restore { manifest }) => restore(store, manifest).await,
    }
}

async fn archive(store: &PostgresStore, args: &ArchiveArgs, folder: Option<Folder>) -> anyhow::Result<()> {
    let before = args.before.context("--before DATE: say which months are old enough")?;
    let folder = args.to.as_ref().map(Folder::new).or(folder);
    let folder =
        folder.context("--to DIR: say where the files go, or set --archive-dir for this and for the server")?;
    let before = before.and_time(NaiveTime::MIN).and_utc();
    if before > SystemClock.now() {
        bail!("--before: that day is still to come, and a month is archived when it has ended");
    }
    folder.create()?;
    let mover = Mover::begin(store).await?;
    let months: Vec<_> = mover.months().await?.into_iter().filter(|(month, _)| month.end() <= before).collect();
    if months.is_empty() {
        say(format_args!("no month that ends by {} has a partition", before.date_naive()));
    }
    let mut refused = Vec::new();
    for (month, tables) in months {
        let moving = Moving { mover: &mover, folder: &folder, month, tables: &tables, uncounted: args.uncounted };
        match moving.archive().await {
            Ok(archive) => say(format_args!("archived {month}: {} rows, {}", archive.rows, archive.manifest)),
            Err(Refused::Hindered(hindrances)) => refused.push((month, hindrances)),
            Err(Refused::Failed(error)) => return Err(error.context(format!("{month} was not archived"))),
        }
    }
    let stray = mover.stray_rows(before).await?;
    if stray > 0 {
        say(format_args!(
            "the default partitions hold {stray} rows of before {}, which stay there",
            before.date_naive()
        ));
    }
    if refused.is_empty() { Ok(()) } else { Err(anyhow!("{}", describe(&refused))) }
}

/// Why a month was not archived.
enum Refused {
    /// It is not old in every respect; others may be.
    Hindered(Hindrances),
    /// Something is wrong.
    Failed(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

fn describe(refused: &[(Month, Hindrances)]) -> String {
    let mut lines = vec!["these months stay in the database".to_owned()];
    for (month, Hindrances { open, unobserved }) in refused {
        let names = |sessions: &[reelhouse_domain::SessionId]| {
            sessions.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        };
        if !open.is_empty() {
            lines.push(format!("  {month}: these sessions are still open: {}", names(open)));
        }
        if !unobserved.is_empty() {
            let names = names(unobserved);
            lines.push(format!("  {month}: a running server has yet to count the events of these sessions: {names}"));
        }
    }
    lines.join("\n")
}

/// A month on its way to its files.
struct Moving<'a> {
    mover: &'a Mover,
    folder: &'a Folder,
    month: Month,
    tables: &'a [Table],
    uncounted: bool,
}

impl Moving<'_> {
    async fn archive(&self) -> Result<Archive, Refused> {
        let (mover, month, tables) = (self.mover, self.month, self.tables);
        self.check().await?;
        mover.seal(month, tables).await?;
        // A late row may have come before the seal.
        if let Err(refused) = self.check().await {
            mover.unseal(month, tables).await?;
            return Err(refused);
        }
        let (manifest, sha256) = match self.folder.manifest(&Manifest::file(month)) {
            Ok(found) => self.take_over(found).await?,
            Err(ArchiveError::Missing(_)) => self.write().await?,
            Err(error) => return Err(error.into()),
        };
        for archived in &manifest.tables {
            self.folder.verify(archived)?;
        }
        let archive = Archive {
            month,
            manifest: Manifest::file(month),
            sha256,
            rows: i64::try_from(manifest.rows())?,
            archived_at: to_millis(SystemClock.now()),
        };
        mover.drop_month(&archive, tables).await?;
        Ok(archive)
    }

    async fn check(&self) -> Result<(), Refused> {
        let mut hindrances = self.mover.hindrances(self.month, self.tables).await?;
        if self.uncounted {
            hindrances.unobserved.clear();
        }
        if hindrances.is_empty() { Ok(()) } else { Err(Refused::Hindered(hindrances)) }
    }

    /// Writes the files, and the manifest when these are whole.
    async fn write(&self) -> anyhow::Result<(Manifest, Digest)> {
        let mut manifest = Manifest {
            version: Manifest::VERSION,
            month: self.month,
            from: self.month.start(),
            to: self.month.end(),
            schema: self.mover.schema().await?,
            written_at: to_millis(SystemClock.now()),
            tables: vec![],
        };
        for &table in self.tables {
            let columns = self.mover.columns(table).await?;
            let mut writer = TableWriter::create(self.folder, table, self.month, columns.clone())?;
            let take = |cells: Vec<Cell>| Ok::<_, anyhow::Error>(writer.row(cells)?);
            self.mover.read(table, self.month, &columns, take).await?;
            manifest.tables.push(writer.finish()?);
        }
        let sha256 = self.folder.write_manifest(&manifest)?;
        Ok((manifest, sha256))
    }

    /// Goes on with the manifest of a run that was stopped, if it is of these very rows: it may be of another
    /// database, or of rows that were restored and have others beside them now.
    async fn take_over(&self, (manifest, sha256): (Manifest, Digest)) -> anyhow::Result<(Manifest, Digest)> {
        let mut same = manifest.tables.len() == self.tables.len();
        for &table in self.tables {
            let columns = self.mover.columns(table).await?;
            let (rows, digest) = self.digest(table, &columns).await?;
            let is_this =
                |found: &ArchivedTable| found.columns == columns && (found.rows, found.rows_sha256) == (rows, digest);
            same = same && manifest.table(table).is_some_and(is_this);
        }
        if !same {
            bail!(
                "the folder has an archive {} of other rows already, of another database or of before a restoration; \
                 it is left alone: move its files away, or archive to another folder",
                Manifest::file(self.month)
            );
        }
        Ok((manifest, sha256))
    }

    async fn digest(&self, table: Table, columns: &[Column]) -> anyhow::Result<(u64, Digest)> {
        let mut digest = RowsDigest::default();
        let take = |cells: Vec<Cell>| {
            digest.row(&cells);
            Ok::<_, MoveError>(())
        };
        self.mover.read(table, self.month, columns, take).await?;
        Ok((digest.rows(), digest.finish()))
    }
}

async fn list(store: &PostgresStore) -> anyhow::Result<()> {
    let archives = store.archive_list(Timestamp::UNIX_EPOCH).await?;
    if archives.is_empty() {
        say(format_args!("no month is archived"));
    }
    for Archive { month, manifest, sha256, rows, archived_at } in archives {
        let at = archived_at.to_rfc3339_opts(SecondsFormat::Secs, true);
        say(format_args!("{month}  {rows:>12} rows  {at}  {manifest}  sha256 {sha256}"));
    }
    Ok(())
}

async fn verify(store: &PostgresStore, folder: Option<Folder>, manifests: &[PathBuf]) -> anyhow::Result<()> {
    let known = store.archive_list(Timestamp::UNIX_EPOCH).await?;
    let named: Vec<(Folder, String)> = if manifests.is_empty() {
        let folder = folder.context("say which manifests, or set --archive-dir")?;
        known.iter().map(|archive| (folder.clone(), archive.manifest.clone())).collect()
    } else {
        manifests.iter().map(|path| split(path)).collect::<Result<_, _>>()?
    };
    let mut bad = 0;
    for (folder, name) in named {
        match verify_one(&folder, &name, &known) {
            Ok((rows, is_known)) => {
                let note = if is_known { "" } else { "; this database does not know it as an archive" };
                say(format_args!("{name}: {rows} rows are as they were archived{note}"));
            }
            Err(error) => {
                bad += 1;
                say(format_args!("{name}: {error:#}"));
            }
        }
    }
    if bad > 0 {
        bail!("{bad} of the archives cannot be trusted");
    }
    Ok(())
}

/// Checks an archive; tells its rows, and whether the database knows it.
fn verify_one(folder: &Folder, name: &str, known: &[Archive]) -> anyhow::Result<(u64, bool)> {
    let (manifest, sha256) = folder.manifest(name)?;
    let expected = known.iter().find(|archive| archive.manifest == name);
    if let Some(archive) = expected.filter(|archive| archive.sha256 != sha256) {
        bail!("its SHA-256 is {sha256}, and the database has archived {}", archive.sha256);
    }
    for archived in &manifest.tables {
        folder.verify(archived)?;
    }
    Ok((manifest.rows(), expected.is_some()))
}

/// Brings a month back: into tables apart, which are compared with what was archived before they take their place.
async fn restore(store: &PostgresStore, path: &Path) -> anyhow::Result<()> {
    let (folder, name) = split(path)?;
    let (manifest, sha256) = folder.manifest(&name)?;
    let month = manifest.month;
    let mover = Mover::begin(store).await?;
    let archive = store.archive_list(month.start()).await?.into_iter().find(|archive| archive.sha256 == sha256);
    let archive = archive.with_context(|| format!("this database has no archive of {month} with that manifest"))?;
    for archived in &manifest.tables {
        folder.check_file(archived)?;
    }
    let tables: Vec<Table> = manifest.tables.iter().map(|archived| archived.table).collect();
    mover.check_vacant(month, &tables).await?;
    for archived in &manifest.tables {
        let mut filling = mover.fill(archived, month).await?;
        for batch in folder.rows(archived)? {
            for cells in batch? {
                filling.row(&cells).await?;
            }
        }
        filling.finish().await?;
    }
    mover.attach(&archive, &tables).await?;
    say(format_args!("restored {month}: {} rows; its files are left alone", manifest.rows()));
    Ok(())
}

/// The folder and the name of a file.
fn split(path: &Path) -> anyhow::Result<(Folder, String)> {
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.with_context(|| format!("{} is not a file's name", path.display()))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok((Folder::new(folder), name.to_owned()))
}

#[allow(clippy::print_stdout, reason = "what was done is the command's answer")]
fn say(line: std::fmt::Arguments<'_>) {
    println!("{line}");
}
