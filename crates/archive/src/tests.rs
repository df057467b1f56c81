//! Files: what is written is what is read, and nothing else is taken for it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

use reelhouse_domain::Digest;
use reelhouse_domain::archive::{ArchivedTable, Cell, Column, Kind, Manifest, Month, Table};
use uuid::Uuid;

use crate::select::{OpenTable, Selection};
use crate::{ArchiveError, Folder, TableWriter};

/// How many rows each session has.
const STEPS: i64 = 100;

fn month() -> Month {
    "2026_01".parse().unwrap()
}

fn columns() -> Vec<Column> {
    let column = |name: &str, kind| Column { name: name.to_owned(), kind };
    vec![
        column("id", Kind::Uuid),
        column("session_id", Kind::Uuid),
        column("shard", Kind::Short),
        column("created_at", Kind::Instant),
        column("seq", Kind::Long),
        column("state", Kind::Json),
        column("reward", Kind::Double),
        column("done", Kind::Flag),
        column("note", Kind::Text),
        column("hash", Kind::Bytes),
    ]
}

fn row(session: u128, seq: i64) -> Vec<Cell> {
    vec![
        Cell::Uuid(Uuid::from_u128(session << 64 | seq as u128)),
        Cell::Uuid(Uuid::from_u128(session)),
        Cell::Short(-1),
        Cell::Instant(seq * 1_000_001),
        Cell::Long(seq),
        Cell::Json(format!("{{\"a\": {seq}.50}}")),
        Cell::Double(if seq % 2 == 0 { -0.0 } else { f64::NAN }),
        Cell::Flag(seq == STEPS),
        if seq % 3 == 0 { Cell::Null } else { Cell::Text(String::new()) },
        Cell::Bytes(vec![0, 255]),
    ]
}

fn write(folder: &Folder, sessions: u128) -> ArchivedTable {
    let mut writer = TableWriter::create(folder, Table::RlStore, month(), columns()).unwrap();
    for session in 1..=sessions {
        (1..=STEPS).for_each(|seq| writer.row(row(session, seq)).unwrap());
    }
    writer.finish().unwrap()
}

fn folder() -> (tempfile::TempDir, Folder) {
    let kept = tempfile::tempdir().unwrap();
    let folder = Folder::new(kept.path());
    (kept, folder)
}

/// The text of rows: a NaN equals nothing, itself included.
fn shown(rows: &[Vec<Cell>]) -> String {
    format!("{rows:?}")
}

#[test]
fn rows_of_every_kind_are_read_as_they_were_written() {
    let (_kept, folder) = folder();
    let archived = write(&folder, 500);
    assert_eq!(archived.rows, 50_000);
    assert_eq!(archived.first.unwrap().seq, 1);
    assert_eq!(archived.last.unwrap().session_id.0, Uuid::from_u128(500));
    folder.verify(&archived).unwrap();
    let read: Vec<_> = folder.rows(&archived).unwrap().flat_map(Result::unwrap).collect();
    let written: Vec<_> = (1..=500).flat_map(|session| (1..=STEPS).map(move |seq| row(session, seq))).collect();
    assert_eq!(shown(&read), shown(&written));
}

#[test]
fn a_session_is_found_among_many() {
    let (_kept, folder) = folder();
    let archived = write(&folder, 500);
    let open = OpenTable::open(&folder.check_file(&archived).unwrap(), &archived).unwrap();
    let sessions = [3, 250, 251, 500, 999].map(Uuid::from_u128).into();
    let selection = Selection { sessions, above: 10, upto: 40, from: 12 * 1_000_001, to: 30 * 1_000_001 };
    let read = open.select(&selection).unwrap();
    let expected: Vec<_> = [3, 250, 251, 500].iter().flat_map(|&one| (12..30).map(move |seq| row(one, seq))).collect();
    assert_eq!(shown(&read), shown(&expected));
}

#[test]
fn a_file_of_no_rows_is_a_file() {
    let (_kept, folder) = folder();
    let archived = write(&folder, 0);
    folder.verify(&archived).unwrap();
    assert_eq!((archived.rows, archived.first, archived.last), (0, None, None));
}

#[test]
fn rows_that_a_manifest_does_not_tell_of_are_refused() {
    let (_kept, folder) = folder();
    let archived = write(&folder, 2);
    let renamed = |name: &str| {
        let mut other = archived.clone();
        other.columns[0].name = name.to_owned();
        other
    };
    let fewer = ArchivedTable { rows: archived.rows - 1, ..archived.clone() };
    let others = ArchivedTable { rows_sha256: Digest::of(&[b"other"]), ..archived.clone() };
    for other in [fewer, others, renamed("key")] {
        assert!(matches!(folder.verify(&other), Err(ArchiveError::Differs { .. })), "{other:?}");
    }
}

#[test]
fn a_manifest_names_files_beside_it_only() {
    let (kept, folder) = folder();
    std::fs::create_dir(kept.path().join("inner")).unwrap();
    let archived = write(&folder, 1);
    let inner = Folder::new(kept.path().join("inner"));
    for name in ["../rl_store_2026_01.parquet", "/etc/passwd", "..", "", "./x"] {
        let led = ArchivedTable { file: name.to_owned(), ..archived.clone() };
        assert!(matches!(inner.check_file(&led), Err(ArchiveError::Differs { .. })), "{name}");
    }
}

#[test]
fn a_manifest_reads_as_it_was_written_and_others_do_not() {
    let (kept, folder) = folder();
    let manifest = Manifest {
        version: Manifest::VERSION,
        month: month(),
        from: month().start(),
        to: month().end(),
        schema: "20261103000040".to_owned(),
        written_at: month().end(),
        tables: vec![write(&folder, 1)],
    };
    let sha256 = folder.write_manifest(&manifest).unwrap();
    assert_eq!(folder.manifest("2026_01.json").unwrap(), (manifest, sha256));
    let path = kept.path().join("2026_01.json");
    let text = std::fs::read_to_string(&path).unwrap();
    for other in [text.replace("\"version\": 1", "\"version\": 2"), text.replace("\"from\"", "\"form\""), String::new()]
    {
        std::fs::write(&path, other).unwrap();
        assert!(matches!(folder.manifest("2026_01.json"), Err(ArchiveError::Differs { .. })));
    }
    assert!(matches!(folder.manifest("2026_02.json"), Err(ArchiveError::Missing(_))));
}
