//! Keys: made and revoked, each in a transaction of its own.

use async_trait::async_trait;
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use reelhouse_domain::access::{ApiKey, Role};
use reelhouse_domain::ports::{KeyRepository, StoreError};
use reelhouse_domain::{Digest, KeyId, Timestamp};
use reelhouse_schema::sqlite::api_keys;

use crate::error::from_diesel;
use crate::rows::{instant, read_digest, read_id, read_instant, read_named};
use crate::store::SqliteStore;
use crate::unit_of_work::SqliteUnitOfWork;

/// A row of `api_keys`.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = api_keys, check_for_backend(Sqlite), treat_none_as_default_value = false)]
struct KeyRow {
    key_id: String,
    name: String,
    role: String,
    digest: Vec<u8>,
    created_at: String,
    expires_at: Option<String>,
    revoked_at: Option<String>,
}

impl KeyRow {
    fn write(key: &ApiKey) -> Self {
        Self {
            key_id: key.key_id.to_string(),
            name: key.name.clone(),
            role: key.role.name().to_owned(),
            digest: key.digest.0.to_vec(),
            created_at: instant(key.created_at),
            expires_at: key.expires_at.map(instant),
            revoked_at: key.revoked_at.map(instant),
        }
    }

    fn read(self) -> Result<ApiKey, StoreError> {
        let at = |column, text: Option<String>| text.map(|text| read_instant(column, &text)).transpose();
        Ok(ApiKey {
            key_id: KeyId(read_id("api_keys.key_id", &self.key_id)?),
            name: self.name,
            role: read_named("api_keys.role", &self.role, Role::named)?,
            digest: read_digest("api_keys.digest", &self.digest)?,
            created_at: read_instant("api_keys.created_at", &self.created_at)?,
            expires_at: at("api_keys.expires_at", self.expires_at)?,
            revoked_at: at("api_keys.revoked_at", self.revoked_at)?,
        })
    }
}

#[async_trait]
impl KeyRepository for SqliteStore {
    async fn key_create(&self, key: &ApiKey) -> Result<(), StoreError> {
        let row = KeyRow::write(key);
        SqliteUnitOfWork::run(self, move |connection| {
            diesel::insert_into(api_keys::table).values(&row).execute(connection).map(drop).map_err(from_diesel)
        })
        .await
    }

    async fn key_revoke(&self, key_id: KeyId, at: Timestamp) -> Result<Option<ApiKey>, StoreError> {
        SqliteUnitOfWork::run(self, move |connection| {
            let good = api_keys::table.find(key_id.to_string()).filter(api_keys::revoked_at.is_null());
            let revoked = diesel::update(good).set(api_keys::revoked_at.eq(instant(at))).execute(connection);
            revoked.map(drop).map_err(from_diesel)
        })
        .await?;
        self.key_find(key_id).await
    }

    async fn key_find(&self, key_id: KeyId) -> Result<Option<ApiKey>, StoreError> {
        self.read(move |connection| {
            let row = api_keys::table.find(key_id.to_string()).select(KeyRow::as_select());
            row.get_result(connection).optional().map_err(from_diesel)?.map(KeyRow::read).transpose()
        })
        .await
    }

    async fn key_find_by_digest(&self, digest: Digest) -> Result<Option<ApiKey>, StoreError> {
        self.read(move |connection| {
            let row = api_keys::table.filter(api_keys::digest.eq(&digest.0[..])).select(KeyRow::as_select());
            row.get_result(connection).optional().map_err(from_diesel)?.map(KeyRow::read).transpose()
        })
        .await
    }

    async fn key_list(&self, after: Option<KeyId>, limit: u32) -> Result<Vec<ApiKey>, StoreError> {
        self.read(move |connection| {
            // The empty text comes before every id.
            let after = after.map(|id| id.to_string()).unwrap_or_default();
            let page = api_keys::table
                .filter(api_keys::key_id.gt(after))
                .order(api_keys::key_id)
                .limit(i64::from(limit))
                .select(KeyRow::as_select());
            page.load(connection).map_err(from_diesel)?.into_iter().map(KeyRow::read).collect()
        })
        .await
    }

    async fn key_admin_exists(&self, now: Timestamp) -> Result<bool, StoreError> {
        self.read(move |connection| {
            let good = api_keys::table
                .filter(api_keys::role.eq(Role::Admin.name()))
                .filter(api_keys::revoked_at.is_null())
                .filter(api_keys::expires_at.is_null().or(api_keys::expires_at.gt(instant(now)).assume_not_null()));
            diesel::select(exists(good)).get_result(connection).map_err(from_diesel)
        })
        .await
    }
}
