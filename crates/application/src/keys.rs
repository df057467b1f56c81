//! Keys: who calls, and the making and revoking of keys.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reelhouse_domain::access::{ApiKey, Caller, KeyFault, NewKey, Right, Role, Token};
use reelhouse_domain::{Digest, KeyId, Refusal};
use tokio::time::Instant;

use crate::error::Error;
use crate::house::House;
use crate::page::Page;

/// How long a key that was looked up is taken to be as it was. A revocation by another process is heeded after as
/// long at the latest; one by this process at once.
pub const KEY_MEMORY: Duration = Duration::from_secs(1);

/// How many keys are remembered; then all are forgotten, which costs each of them one look-up.
const REMEMBERED: usize = 10_000;

/// What was looked up a moment ago.
#[derive(Default)]
pub(crate) struct Keyring(Mutex<Remembered>);

#[derive(Default)]
struct Remembered {
    /// Counts what was made and revoked here, so that nothing is kept that was read before.
    epoch: u64,
    keys: HashMap<Digest, (ApiKey, Instant)>,
    /// Whether there was any key. One is never deleted, so once there is, there always will be.
    any: Option<(bool, Instant)>,
}

impl Keyring {
    fn with<T>(&self, work: impl FnOnce(&mut Remembered) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The key of that digest, if it was looked up a moment ago.
    fn fresh(&self, digest: Digest) -> Option<ApiKey> {
        self.with(|remembered| {
            let (key, read) = remembered.keys.get(&digest)?;
            (read.elapsed() < KEY_MEMORY).then(|| key.clone())
        })
    }

    /// Keeps a key, unless keys have changed since it was asked for.
    fn keep(&self, key: ApiKey, asked: &Asked) {
        self.with(|remembered| {
            if remembered.epoch != asked.epoch {
                return;
            }
            if remembered.keys.len() >= REMEMBERED {
                remembered.keys.clear();
            }
            remembered.keys.insert(key.digest, (key, asked.at));
        });
    }

    /// Notes that the store is about to be asked.
    fn ask(&self) -> Asked {
        Asked { epoch: self.with(|remembered| remembered.epoch), at: Instant::now() }
    }

    fn forget(&self) {
        self.with(|remembered| *remembered = Remembered { epoch: remembered.epoch + 1, ..Remembered::default() });
    }
}

/// When the store was asked.
struct Asked {
    epoch: u64,
    at: Instant,
}

impl House {
    /// Who calls with that token. Without one it is the operator where `keyless` and there is no key yet, else nobody.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`]; those of the store.
    pub async fn authenticate(&self, token: Option<&Token>, keyless: bool) -> Result<Caller, Error> {
        let Some(token) = token else {
            return match keyless && !self.has_keys().await? {
                true => Ok(Caller::OPERATOR),
                false => Err(KeyFault::Missing.into()),
            };
        };
        let digest = token.digest();
        let key = match self.keyring.fresh(digest) {
            Some(key) => key,
            None => self.look_up(digest).await?,
        };
        Ok(key.caller(self.ports.clock.now())?)
    }

    /// Whether that token was a key's when it was last looked up, without a look into the store.
    #[must_use]
    pub fn recognises(&self, token: &Token) -> bool {
        let digest = token.digest();
        self.keyring.with(|remembered| remembered.keys.contains_key(&digest))
    }

    async fn look_up(&self, digest: Digest) -> Result<ApiKey, Error> {
        let asked = self.keyring.ask();
        let found = self.ports.keys.key_find_by_digest(digest).await?;
        let key = found.ok_or(KeyFault::Unknown)?;
        self.keyring.keep(key.clone(), &asked);
        Ok(key)
    }

    /// Whether any key was ever made: from then on every caller needs one.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn has_keys(&self) -> Result<bool, Error> {
        let believed = self.keyring.with(|remembered| remembered.any);
        if let Some((any, read)) = believed
            && (any || read.elapsed() < KEY_MEMORY)
        {
            return Ok(any);
        }
        let asked = self.keyring.ask();
        let any = !self.ports.keys.key_list(None, 1).await?.is_empty();
        self.keyring.with(|remembered| {
            if remembered.epoch == asked.epoch {
                remembered.any = Some((any, asked.at));
            }
        });
        Ok(any)
    }

    /// Whether there is a good admin key.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn has_admin_key(&self) -> Result<bool, Error> {
        Ok(self.ports.keys.key_admin_exists(self.ports.clock.now()).await?)
    }

    /// Makes a key. Its token is in the answer and nowhere else.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`]; [`Refusal::InvalidRequest`] for a name or an expiry that is none, and for any other
    /// than an admin's key while there is no good one of those.
    pub async fn key_create(&self, new: NewKey) -> Result<(ApiKey, Token), Error> {
        self.caller.check(Right::Operate, "make keys")?;
        if new.role != Role::Admin && !self.has_admin_key().await? {
            let reason = "the first key must be an admin's: with keys in force, nobody could manage them otherwise";
            return Err(Refusal::invalid_request("/role", reason).into());
        }
        let randomness = self.ports.randomness.as_ref();
        let token = Token::generate(randomness);
        let key = ApiKey::make(new, &token, self.ports.clock.now(), randomness)?;
        self.ports.keys.key_create(&key).await?;
        self.keyring.forget();
        Ok((key, token))
    }

    /// Revokes a key. From then on this process refuses it, and every other one within [`KEY_MEMORY`].
    ///
    /// # Errors
    /// [`Refusal::Forbidden`]; [`Refusal::NotFound`].
    pub async fn key_revoke(&self, key_id: KeyId) -> Result<ApiKey, Error> {
        self.caller.check(Right::Operate, "revoke keys")?;
        let revoked = self.ports.keys.key_revoke(key_id, self.ports.clock.now()).await?;
        self.keyring.forget();
        Ok(revoked.ok_or_else(|| Refusal::not_found("key", key_id))?)
    }

    /// The key of that id.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`]; [`Refusal::NotFound`].
    pub async fn key_find(&self, key_id: KeyId) -> Result<ApiKey, Error> {
        self.caller.check(Right::Operate, "see keys")?;
        let found = self.ports.keys.key_find(key_id).await?;
        Ok(found.ok_or_else(|| Refusal::not_found("key", key_id))?)
    }

    /// A page of keys, revoked and expired ones included.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`]; those of the store.
    pub async fn key_list(&self, after: Option<KeyId>, limit: u32) -> Result<Page<ApiKey, KeyId>, Error> {
        self.caller.check(Right::Operate, "see keys")?;
        let keys = self.ports.keys.key_list(after, limit.saturating_add(1)).await?;
        Ok(Page::cut(keys, limit, |key| key.key_id))
    }
}
