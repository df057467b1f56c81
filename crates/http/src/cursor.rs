//! Cursors: where the next page of a list starts, opaque to clients and of use in their own list only.

use reelhouse_domain::{Digest, GameId, JobId, KeyId, SessionId, WalletId};
use uuid::Uuid;

use crate::problem::{Code, Problem};

/// The version of the cursors that are written now.
const VERSION: u8 = 1;

/// How many bytes of the list's digest a cursor carries.
const TAG: usize = 6;

/// A list's key, as the bytes that a cursor carries.
pub(crate) trait CursorKey: Sized {
    /// The key as bytes.
    fn to_bytes(&self) -> Vec<u8>;

    /// The key that the bytes are; `None` when they are none.
    fn from_bytes(bytes: &[u8]) -> Option<Self>;
}

impl CursorKey for i64 {
    fn to_bytes(&self) -> Vec<u8> {
        self.to_be_bytes().to_vec()
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_be_bytes).filter(|seq| *seq >= 0)
    }
}

macro_rules! id_keys {
    ($($id:ident)+) => {
        $(impl CursorKey for $id {
            fn to_bytes(&self) -> Vec<u8> {
                self.0.as_bytes().to_vec()
            }

            fn from_bytes(bytes: &[u8]) -> Option<Self> {
                Uuid::from_slice(bytes).ok().map(Self)
            }
        })+
    };
}

id_keys!(GameId JobId KeyId WalletId SessionId);

/// A list, named by its kind and everything that narrows it: the wallet of a ledger, the filter of sessions.
pub(crate) struct List(Digest);

impl List {
    /// The list of this kind, narrowed by `scope`.
    pub(crate) fn new(kind: &str, scope: &str) -> Self {
        Self(Digest::of(&[kind.as_bytes(), b"\0", scope.as_bytes()]))
    }

    /// The cursor that goes on after `key`.
    pub(crate) fn cursor(&self, key: &impl CursorKey) -> String {
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&self.0.0[..TAG]);
        bytes.extend(key.to_bytes());
        hex::encode(bytes)
    }

    /// The key that a cursor of this list goes on after.
    pub(crate) fn after<K: CursorKey>(&self, cursor: &str) -> Result<K, Problem> {
        let unread = || Problem::new(Code::InvalidCursor, "cursor: the cursor does not read; take it from next_cursor");
        let bytes = hex::decode(cursor).map_err(|_| unread())?;
        let (&version, rest) = bytes.split_first().ok_or_else(unread)?;
        let (tag, key) = rest.split_at_checked(TAG).ok_or_else(unread)?;
        if version != VERSION {
            return Err(unread());
        }
        if tag != &self.0.0[..TAG] {
            let reason = "cursor: the cursor belongs to another list, or to this one with another filter";
            return Err(Problem::new(Code::InvalidCursor, reason));
        }
        K::from_bytes(key).ok_or_else(unread)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_goes_on_where_it_was_cut_in_its_own_list_only() {
        let ledger = List::new("ledger", "a");
        let cursor = ledger.cursor(&42_i64);
        assert_eq!(ledger.after::<i64>(&cursor).unwrap(), 42);
        assert!(List::new("ledger", "b").after::<i64>(&cursor).is_err());
        assert!(List::new("events", "a").after::<i64>(&cursor).is_err());
    }

    #[test]
    fn what_was_not_written_by_a_list_does_not_read() {
        let list = List::new("ledger", "a");
        let good = list.cursor(&42_i64);
        let newer = format!("02{}", &good[2..]);
        let below_zero = list.cursor(&-1_i64);
        for cursor in ["", "zz", "0", "01", "1=1;--", "é", &good[..good.len() - 2], &newer, &below_zero] {
            assert!(list.after::<i64>(cursor).is_err(), "{cursor}");
        }
        assert!(list.after::<WalletId>(&good).is_err());
    }
}
