//! Ids: UUIDv7 (RFC 9562) whose 12 `rand_a` bits hold a shard number, and the port that fills the rest.
//!
//! In `01976e3c-9f00-7abc-8…` the shard is `abc`: the three hexadecimal digits after the version. A
//! session takes the shard of its wallet, an event that of its session, a ledger entry that of its
//! wallet: any row's shard is known from its id alone.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::time::Timestamp;

/// How many shards there are: ids carry 12 bits of them.
pub const SHARDS: u16 = 4096;

/// A shard number, 0 to 4095.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shard(u16);

impl Shard {
    /// The shard that the low 12 bits of `bits` name.
    #[must_use]
    #[allow(clippy::cast_possible_truncation)]
    pub const fn from_bits(bits: u64) -> Self {
        Self((bits % SHARDS as u64) as u16)
    }

    /// The shard that an id carries.
    #[must_use]
    pub const fn of(id: Uuid) -> Self {
        let bytes = id.as_bytes();
        Self(((bytes[6] & 0x0f) as u16) << 8 | bytes[7] as u16)
    }

    /// The number, 0 to 4095.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.0
    }

    /// The number as the databases' `smallint` holds it.
    #[must_use]
    pub const fn column(self) -> i16 {
        self.0.cast_signed()
    }
}

/// The source of randomness, injected so that a test can script it.
pub trait Randomness: Send + Sync {
    /// 32 bytes from the operating system, for a server seed that nobody can foretell.
    fn server_seed(&self) -> [u8; 32];

    /// 64 bits for the random part of an id.
    fn id_bits(&self) -> u64;
}

/// A UUIDv7 made at `at`, of the given shard, with 62 bits of `random`.
#[must_use]
pub fn mint(at: Timestamp, shard: Shard, random: u64) -> Uuid {
    let millis = at.timestamp_millis().max(0).cast_unsigned() & 0xffff_ffff_ffff;
    let high = millis << 16 | 0x7000 | u64::from(shard.0);
    let low = 0x8000_0000_0000_0000 | (random & 0x3fff_ffff_ffff_ffff);
    Uuid::from_u64_pair(high, low)
}

/// The instant at which a UUIDv7 was made, to the millisecond; `None` for other versions.
#[must_use]
pub fn minted_at(id: Uuid) -> Option<Timestamp> {
    if id.get_version_num() != 7 {
        return None;
    }
    let millis = id.as_u64_pair().0 >> 16;
    i64::try_from(millis).ok().and_then(crate::time::from_millis)
}

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Makes an id at `at` in `shard`.
            #[must_use]
            pub fn mint(at: Timestamp, shard: Shard, randomness: &dyn Randomness) -> Self {
                Self(mint(at, shard, randomness.id_bits()))
            }

            /// The shard that the id carries.
            #[must_use]
            pub const fn shard(self) -> Shard {
                Shard::of(self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

id_type! {
    /// Names a game.
    GameId
}
id_type! {
    /// Names a wallet.
    WalletId
}
id_type! {
    /// Names a session.
    SessionId
}
id_type! {
    /// Names a gameplay event, and the RL transition that it made.
    EventId
}
id_type! {
    /// Names an operation on a wallet: a deposit, a withdrawal, a change of its limit.
    OperationId
}
id_type! {
    /// Names a job.
    JobId
}
id_type! {
    /// Names a ledger entry.
    EntryId
}

id_type! {
    /// Names an API key.
    KeyId
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_id_tells_its_time_and_shard(millis in 0_i64..4_102_444_800_000, bits in any::<u64>(), random in any::<u64>()) {
            let at = crate::time::from_millis(millis).unwrap();
            let shard = Shard::from_bits(bits);
            let id = mint(at, shard, random);
            prop_assert_eq!(id.get_version_num(), 7);
            prop_assert_eq!(id.get_variant(), uuid::Variant::RFC4122);
            prop_assert_eq!(Shard::of(id), shard);
            prop_assert_eq!(minted_at(id), Some(at));
        }
    }

    #[test]
    fn the_shard_is_readable_in_the_text() {
        let id = mint(crate::time::from_millis(0).unwrap(), Shard::from_bits(0xabc), 0);
        assert_eq!(id.to_string(), "00000000-0000-7abc-8000-000000000000");
    }
}
