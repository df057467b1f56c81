//! The statements that move months. Names of tables and columns come from the catalogue or from constants,
//! numbers, months and digests are written out, and nothing else is.

use reelhouse_domain::Timestamp;
use reelhouse_domain::archive::{Archive, Column, Month, Table};

use crate::partitions::{apart, keep_whole, without_statistics};

/// Moving takes long. Only one program moves at a time; the lock goes with the connection.
pub(super) const PREPARE: &str = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;
    SET lock_timeout = '30s';
    SELECT pg_advisory_lock(hashtextextended('reelhouse archive ' || current_schema(), 0));
    SET lock_timeout = 0; SET client_min_messages = warning;
    SET citus.multi_shard_modify_mode = 'sequential'; SET citus.enable_unsafe_triggers = on";

/// The names of all partitions.
pub(super) const PARTITIONS: &str = "
    SELECT c.relname::text
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent IN ('gameplay_events'::regclass, 'rl_store'::regclass) AND NOT i.inhdetachpending
    ORDER BY 1";

/// The last migration.
pub(super) const SCHEMA: &str = "SELECT coalesce(max(version), '')::text FROM __diesel_schema_migrations";

/// The name of a partition.
pub(super) fn partition(table: Table, month: Month) -> String {
    format!("{}_{month}", table.name())
}

/// The name of a table that is filled before it takes its place as a partition.
pub(super) fn staged(table: Table, month: Month) -> String {
    format!("{}_{month}_restoring", table.name())
}

/// Counts what the default partitions hold of before an instant.
pub(super) fn stray_rows(before: Timestamp) -> String {
    let counts = Table::ALL.map(|table| {
        let (name, time) = (table.name(), table.time());
        format!("SELECT count(*) FROM {name}_default WHERE \"{time}\" < '{}'", before.to_rfc3339())
    });
    counts.join(" UNION ALL ")
}

/// The columns of a table with the names of their types.
pub(super) fn columns(table: Table) -> String {
    format!(
        "SELECT a.attname::text, t.typname::text FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
         WHERE a.attrelid = '{}'::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
        table.name()
    )
}

pub(super) fn seal(month: Month, tables: &[Table]) -> String {
    each(month, tables, |partition| {
        // A trigger of the rows: one of the statement is not asked for what comes through the parent.
        format!(
            "DROP TRIGGER IF EXISTS sealed ON {partition};
             CREATE TRIGGER sealed BEFORE INSERT ON {partition} FOR EACH ROW EXECUTE FUNCTION refuse_late_row(); "
        )
    })
}

pub(super) fn unseal(month: Month, tables: &[Table]) -> String {
    each(month, tables, |partition| format!("DROP TRIGGER IF EXISTS sealed ON {partition}; "))
}

fn each(month: Month, tables: &[Table], statement: impl Fn(&str) -> String) -> String {
    let changes: String = tables.iter().map(|&table| statement(&partition(table, month))).collect();
    apart(&changes) + "; "
}

/// Sessions with events in the month that have not ended.
pub(super) fn open_sessions(month: Month, limit: i64) -> String {
    format!(
        "SELECT s.session_id::text FROM sessions s
         WHERE s.state NOT IN ('completed', 'expired') AND {}
         ORDER BY 1 LIMIT {limit}",
        has_events(month)
    )
}

/// Sessions with events in the month that were not counted to their end.
pub(super) fn unobserved_sessions(month: Month, limit: i64) -> String {
    format!(
        "SELECT s.session_id::text
         FROM sessions s
         LEFT JOIN session_observations o ON o.shard = s.shard AND o.session_id = s.session_id
         WHERE s.last_seq > coalesce(o.seq, 0) AND {}
         ORDER BY 1 LIMIT {limit}",
        has_events(month)
    )
}

fn has_events(month: Month) -> String {
    let partition = partition(Table::GameplayEvents, month);
    // A session has no event from before it was opened.
    format!(
        "s.created_at < '{} 00:00:00+00'
         AND EXISTS (SELECT FROM {partition} e WHERE e.shard = s.shard AND e.session_id = s.session_id)",
        month.next_day()
    )
}

fn names(columns: &[Column]) -> String {
    // What the catalogue gives may hold anything but NUL.
    let quoted = columns.iter().map(|column| format!("\"{}\"", column.name.replace('"', "\"\"")));
    quoted.collect::<Vec<_>>().join(", ")
}

pub(super) fn copy_out(table: &str, columns: &[Column]) -> String {
    format!("COPY (SELECT {} FROM {table} ORDER BY session_id, seq) TO STDOUT (FORMAT binary)", names(columns))
}

pub(super) fn copy_in(table: &str, columns: &[Column]) -> String {
    format!("COPY {table} ({}) FROM STDIN (FORMAT binary)", names(columns))
}

/// Drops the partitions of a month and notes its archive. The tables are locked in the order in which play locks
/// them; `sessions` too, since the foreign key to it goes.
///
/// `DETACH … CONCURRENTLY` is no way round the locks: it cannot be part of a transaction, and the tables have
/// default partitions, with which it is not allowed.
pub(super) fn drop_month(archive: &Archive, tables: &[Table]) -> String {
    let changes = tables.iter().map(|&table| {
        let partition = partition(table, archive.month);
        format!("ALTER TABLE {} DETACH PARTITION {partition}; DROP TABLE {partition}; ", table.name())
    });
    format!(
        "LOCK TABLE sessions, gameplay_events, rl_store IN ACCESS EXCLUSIVE MODE; {};
         INSERT INTO archives (month, manifest, sha256, rows, archived_at)
         VALUES ('{}', '{}', '\\x{}', {}, '{}'); ",
        apart(&changes.collect::<String>()),
        archive.month.first_day(),
        archive.manifest.replace('\'', "''"),
        archive.sha256,
        archive.rows,
        archive.archived_at.to_rfc3339(),
    )
}

/// Makes the table that a month is restored to. An earlier one was left by a restoration that did not end.
pub(super) fn stage(table: Table, month: Month) -> String {
    let (name, staged) = (table.name(), staged(table, month));
    format!(
        "DROP TABLE IF EXISTS {staged};
         CREATE TABLE {staged} (LIKE {name} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES);
         DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
             PERFORM create_distributed_table('{staged}', 'shard', colocate_with => '{name}');
         END IF; END $$"
    )
}

/// Has everything checked that a partition must hold, with locks that let others go on; the place among the
/// partitions is then taken in an instant.
pub(super) fn check(table: Table, month: Month) -> [String; 2] {
    let (staged, time) = (staged(table, month), table.time());
    let (from, to) = (month.first_day(), month.next_day());
    let range = format!(
        "ALTER TABLE {staged} ADD CONSTRAINT in_month
             CHECK (\"{time}\" >= '{from} 00:00:00+00' AND \"{time}\" < '{to} 00:00:00+00')"
    );
    let reference = match table {
        Table::GameplayEvents => apart(&format!(
            "ALTER TABLE {staged} ADD CONSTRAINT {staged}_session FOREIGN KEY (shard, session_id)
                 REFERENCES sessions (shard, session_id) NOT VALID;
             ALTER TABLE {staged} VALIDATE CONSTRAINT {staged}_session;"
        )),
        Table::RlStore => String::new(),
    };
    [range, reference]
}

/// Puts restored tables in their places among the partitions, and forgets the archive.
pub(super) fn attach(archive: &Archive, tables: &[Table]) -> String {
    let month = archive.month;
    let (from, to) = (month.first_day(), month.next_day());
    let changes = tables.iter().map(|&table| {
        let (name, staged, partition) = (table.name(), staged(table, month), partition(table, month));
        let changes = format!(
            "ALTER TABLE {staged} RENAME TO {partition};
             ALTER TABLE {name} ATTACH PARTITION {partition}
                 FOR VALUES FROM ('{from} 00:00:00+00') TO ('{to} 00:00:00+00');
             ALTER TABLE {partition} DROP CONSTRAINT in_month;
             {}",
            keep_whole(&partition)
        );
        format!("{}; {}; ", apart(&changes), without_statistics(name, &partition))
    });
    let changes: String = changes.collect();
    format!(
        "LOCK TABLE sessions, gameplay_events, rl_store IN SHARE ROW EXCLUSIVE MODE; {changes}
         DELETE FROM archives WHERE month = '{from}' AND sha256 = '\\x{}'; ",
        archive.sha256
    )
}
