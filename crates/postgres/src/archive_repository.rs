//! Reads which months were archived.

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::{ExpressionMethods as _, QueryDsl as _, Queryable, Selectable, SelectableHelper as _};
use diesel_async::RunQueryDsl as _;
use reelhouse_domain::archive::{Archive, Month};
use reelhouse_domain::ports::{ArchiveRepository, StoreError};
use reelhouse_domain::{Digest, Timestamp};
use reelhouse_schema::postgres::archives;

use crate::PostgresStore;
use crate::error::{corrupt, undone};

/// A row of `archives`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = archives, check_for_backend(Pg))]
struct ArchiveRow {
    month: NaiveDate,
    manifest: String,
    sha256: Vec<u8>,
    rows: i64,
    archived_at: DateTime<Utc>,
}

impl ArchiveRow {
    fn archive(self) -> Result<Archive, StoreError> {
        let month = Month::of(self.month).filter(|month| month.first_day() == self.month);
        Ok(Archive {
            month: month.ok_or_else(|| corrupt("archives.month", self.month))?,
            manifest: self.manifest,
            sha256: Digest::from_slice(&self.sha256)
                .ok_or_else(|| corrupt("archives.sha256", "32 bytes were expected"))?,
            rows: self.rows,
            archived_at: self.archived_at,
        })
    }
}

#[async_trait]
impl ArchiveRepository for PostgresStore {
    async fn archive_list(&self, since: Timestamp) -> Result<Vec<Archive>, StoreError> {
        // A month that ends after an instant starts no earlier than the one that the instant is in.
        let first = Month::of(since.date_naive()).map_or(NaiveDate::MIN, Month::first_day);
        let query =
            archives::table.filter(archives::month.ge(first)).order(archives::month).select(ArchiveRow::as_select());
        let rows = query.load(&mut *self.checkout().await?).await.map_err(undone)?;
        rows.into_iter().map(ArchiveRow::archive).collect()
    }
}
