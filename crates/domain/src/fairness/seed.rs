//! The server seed: the secret that a session draws from, committed to before the first draw.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::canonical::Digest;
use crate::refusal::Refusal;

/// The longest client seed, in bytes of UTF-8.
pub const MAX_CLIENT_SEED: usize = 256;

/// Checks a client seed: at most [`MAX_CLIENT_SEED`] bytes, without NUL. It may be empty.
///
/// # Errors
/// [`Refusal::InvalidRequest`] at `/client_seed`.
pub fn check_client_seed(client_seed: &str) -> Result<(), Refusal> {
    if client_seed.len() > MAX_CLIENT_SEED || client_seed.contains('\0') {
        let reason = format!("a text of at most {MAX_CLIENT_SEED} bytes without NUL was expected");
        return Err(Refusal::invalid_request("/client_seed", reason));
    }
    Ok(())
}

/// A server seed: 32 bytes from the operating system, secret until it is rotated or the session ends.
///
/// Its JSON form is 64 lower-case hexadecimal digits: whoever serialises a seed reveals it. `Debug`
/// prints the commitment instead, so that a seed never slips into a log.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ServerSeed(#[serde(with = "hex::serde")] pub [u8; 32]);

impl ServerSeed {
    /// The server seed of a training session: SHA-256 of `reelhouse training seed 1` followed by the
    /// caller's number as 8 big-endian bytes. Whoever knows the number knows every draw.
    #[must_use]
    pub fn of_training(seed: u64) -> Self {
        Self(Digest::of(&[b"reelhouse training seed 1", &seed.to_be_bytes()]).0)
    }

    /// The promise that is published before the first draw: the SHA-256 of the 32 bytes.
    #[must_use]
    pub fn commitment(&self) -> Digest {
        Digest::of(&[&self.0])
    }

    /// The seed in the open, as 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn reveal(&self) -> String {
        hex::encode(self.0)
    }
}

impl fmt::Debug for ServerSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerSeed(committed as {})", self.commitment())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: ServerSeed = ServerSeed([0xab; 32]);

    #[test]
    fn debug_keeps_the_secret() {
        let text = format!("{SEED:?}");
        assert!(!text.contains("abab") && !text.contains("171"), "{text}");
        assert!(text.contains(&SEED.commitment().to_string()));
    }

    #[test]
    fn commits_with_sha_256_of_the_bytes() {
        // Computed apart: python3 hashlib.sha256(bytes(range(32))).
        let seed = ServerSeed(std::array::from_fn(|at| u8::try_from(at).unwrap()));
        let expected = "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd";
        assert_eq!(seed.commitment().to_string(), expected);
    }

    #[test]
    fn json_is_hexadecimal() {
        let json = serde_json::to_string(&SEED).unwrap();
        assert_eq!(json, format!("\"{}\"", SEED.reveal()));
        assert_eq!(serde_json::from_str::<ServerSeed>(&json).unwrap(), SEED);
        assert!(serde_json::from_str::<ServerSeed>("\"ab\"").is_err());
    }
}
