//! Keys: made and revoked, each in a transaction of its own.

use async_trait::async_trait;
use reelhouse_domain::access::{ApiKey, Role};
use reelhouse_domain::ports::{KeyRepository, StoreError};
use reelhouse_domain::{Digest, KeyId, Timestamp};

use crate::MemoryStore;
use crate::reads::page;

#[async_trait]
impl KeyRepository for MemoryStore {
    async fn key_create(&self, key: &ApiKey) -> Result<(), StoreError> {
        let keys = &mut self.write()?.keys;
        if keys.contains_key(&key.key_id) || keys.values().any(|other| other.digest == key.digest) {
            return Err(StoreError::Clash(format!("there is a key {} already", key.key_id)));
        }
        keys.insert(key.key_id, key.clone());
        Ok(())
    }

    async fn key_revoke(&self, key_id: KeyId, at: Timestamp) -> Result<Option<ApiKey>, StoreError> {
        let keys = &mut self.write()?.keys;
        let Some(key) = keys.get_mut(&key_id) else { return Ok(None) };
        key.revoked_at.get_or_insert(at);
        Ok(Some(key.clone()))
    }

    async fn key_find(&self, key_id: KeyId) -> Result<Option<ApiKey>, StoreError> {
        Ok(self.read()?.keys.get(&key_id).cloned())
    }

    async fn key_find_by_digest(&self, digest: Digest) -> Result<Option<ApiKey>, StoreError> {
        Ok(self.read()?.keys.values().find(|key| key.digest == digest).cloned())
    }

    async fn key_list(&self, after: Option<KeyId>, limit: u32) -> Result<Vec<ApiKey>, StoreError> {
        Ok(page(&self.read()?.keys, after, limit, |_| true))
    }

    async fn key_admin_exists(&self, now: Timestamp) -> Result<bool, StoreError> {
        Ok(self.read()?.keys.values().any(|key| key.role == Role::Admin && key.caller(now).is_ok()))
    }
}
