//! Keys: made and revoked, each in a transaction of its own.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use diesel::BoolExpressionMethods as _;
use diesel::NullableExpressionMethods as _;
use diesel::dsl::exists;
use diesel::pg::Pg;
use diesel::prelude::{
    ExpressionMethods as _, Insertable, OptionalExtension as _, QueryDsl as _, Queryable, Selectable,
    SelectableHelper as _,
};
use diesel_async::RunQueryDsl as _;
use reelhouse_domain::access::{ApiKey, Role};
use reelhouse_domain::ports::{KeyRepository, StoreError};
use reelhouse_domain::{Digest, KeyId, Timestamp};
use reelhouse_schema::postgres::api_keys;
use uuid::Uuid;

use crate::PostgresStore;
use crate::error::{corrupt, undone, unsettled};
use crate::rows::digest;

/// A row of `api_keys`.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = api_keys, check_for_backend(Pg))]
struct KeyRow {
    key_id: Uuid,
    name: String,
    role: String,
    digest: Vec<u8>,
    created_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
}

impl KeyRow {
    fn of(key: &ApiKey) -> Self {
        Self {
            key_id: key.key_id.0,
            name: key.name.clone(),
            role: key.role.name().to_owned(),
            digest: key.digest.0.to_vec(),
            created_at: key.created_at,
            expires_at: key.expires_at,
            revoked_at: key.revoked_at,
        }
    }

    fn key(self) -> Result<ApiKey, StoreError> {
        Ok(ApiKey {
            key_id: KeyId(self.key_id),
            role: Role::named(&self.role)
                .ok_or_else(|| corrupt("api_keys.role", format!("{:?} is not known", self.role)))?,
            name: self.name,
            digest: digest("api_keys.digest", &self.digest)?,
            created_at: self.created_at,
            expires_at: self.expires_at,
            revoked_at: self.revoked_at,
        })
    }
}

#[async_trait]
impl KeyRepository for PostgresStore {
    async fn key_create(&self, key: &ApiKey) -> Result<(), StoreError> {
        let statement = diesel::insert_into(api_keys::table).values(KeyRow::of(key));
        statement.execute(&mut *self.checkout().await?).await.map(drop).map_err(unsettled)
    }

    async fn key_revoke(&self, key_id: KeyId, at: Timestamp) -> Result<Option<ApiKey>, StoreError> {
        let good = api_keys::table.find(key_id.0).filter(api_keys::revoked_at.is_null());
        let revoked = diesel::update(good).set(api_keys::revoked_at.eq(at));
        revoked.execute(&mut *self.checkout().await?).await.map_err(unsettled)?;
        self.key_find(key_id).await
    }

    async fn key_find(&self, key_id: KeyId) -> Result<Option<ApiKey>, StoreError> {
        let query = api_keys::table.find(key_id.0).select(KeyRow::as_select());
        let row = query.first(&mut *self.checkout().await?).await.optional().map_err(undone)?;
        row.map(KeyRow::key).transpose()
    }

    async fn key_find_by_digest(&self, digest: Digest) -> Result<Option<ApiKey>, StoreError> {
        let query = api_keys::table.filter(api_keys::digest.eq(&digest.0[..])).select(KeyRow::as_select());
        let row = query.first(&mut *self.checkout().await?).await.optional().map_err(undone)?;
        row.map(KeyRow::key).transpose()
    }

    async fn key_list(&self, after: Option<KeyId>, limit: u32) -> Result<Vec<ApiKey>, StoreError> {
        let query = api_keys::table
            .filter(api_keys::key_id.gt(after.map_or(Uuid::nil(), |id| id.0)))
            .order(api_keys::key_id)
            .limit(i64::from(limit))
            .select(KeyRow::as_select());
        let rows = query.load(&mut *self.checkout().await?).await.map_err(undone)?;
        rows.into_iter().map(KeyRow::key).collect()
    }

    async fn key_admin_exists(&self, now: Timestamp) -> Result<bool, StoreError> {
        let good = api_keys::table
            .filter(api_keys::role.eq(Role::Admin.name()))
            .filter(api_keys::revoked_at.is_null())
            .filter(api_keys::expires_at.is_null().or(api_keys::expires_at.gt(now).assume_not_null()));
        diesel::select(exists(good)).get_result(&mut *self.checkout().await?).await.map_err(undone)
    }
}
