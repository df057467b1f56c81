//! The repository of keys: made and revoked apart from play, each in a transaction of its own.

use async_trait::async_trait;

use super::StoreError;
use crate::access::ApiKey;
use crate::canonical::Digest;
use crate::id::KeyId;
use crate::time::Timestamp;

/// Keeps keys. A key is never deleted: what it owns stays its own.
#[async_trait]
pub trait KeyRepository: Send + Sync {
    /// Stores a new key. One of the same id or digest is a [`StoreError::Clash`].
    async fn key_create(&self, key: &ApiKey) -> Result<(), StoreError>;

    /// Revokes a key and gives it as it is then; none when there is no such key. A key that was revoked before
    /// keeps the instant of the first time. On return every reader sees it.
    async fn key_revoke(&self, key_id: KeyId, at: Timestamp) -> Result<Option<ApiKey>, StoreError>;

    /// The key of that id.
    async fn key_find(&self, key_id: KeyId) -> Result<Option<ApiKey>, StoreError>;

    /// The key of that digest, expired and revoked ones included. It is found by an index, whose time tells nothing
    /// of a token: whoever could choose digests would have to invert SHA-256.
    async fn key_find_by_digest(&self, digest: Digest) -> Result<Option<ApiKey>, StoreError>;

    /// Keys in the order of their ids, which is that of their making, those after `after`, at most `limit`.
    async fn key_list(&self, after: Option<KeyId>, limit: u32) -> Result<Vec<ApiKey>, StoreError>;

    /// Whether there is an admin key that is neither revoked nor expired at `now`.
    async fn key_admin_exists(&self, now: Timestamp) -> Result<bool, StoreError>;
}
