//! Tokens: the secret side of a key, 256 bits with a prefix to be recognised by and a checksum against slips.

use std::fmt;
use std::str::FromStr;

use num_bigint::BigUint;

use crate::canonical::Digest;
use crate::id::Randomness;

/// What every token starts with, so that people and scanners of leaked secrets know one.
pub const TOKEN_PREFIX: &str = "reel_";

/// The digits of base 62, in their order.
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// How many bytes of a token are secret.
const SECRET: usize = 32;

/// How many bytes of the checksum follow them: a slip passes unseen once in 4 billion times.
const CHECKSUM: usize = 4;

/// How many digits of base 62 hold the secret and the checksum.
const LENGTH: usize = 49;

/// A token. It has no `Display`, and its `Debug` leaves the secret out, so that no log shows it by mistake.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; SECRET]);

/// Why a text is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It starts otherwise.
    #[error("a key starts with {TOKEN_PREFIX}")]
    Prefix,
    /// It is too short or too long.
    #[error("a key has {LENGTH} letters and digits after {TOKEN_PREFIX}")]
    Length,
    /// It has a character that no token has.
    #[error("a key is of letters and digits after {TOKEN_PREFIX}")]
    Character,
    /// Its checksum is that of another token.
    #[error("its checksum does not fit, so a character is wrong")]
    Checksum,
}

impl Token {
    /// A new token, which nobody can foretell.
    #[must_use]
    pub fn generate(randomness: &dyn Randomness) -> Self {
        Self(randomness.server_seed())
    }

    /// The text that is shown once and sent with every request.
    #[must_use]
    pub fn reveal(&self) -> String {
        let bytes = [&self.0[..], &self.checksum()].concat();
        let digits = BigUint::from_bytes_be(&bytes).to_radix_be(62);
        let mut text = TOKEN_PREFIX.to_owned();
        text.extend(std::iter::repeat_n('0', LENGTH.saturating_sub(digits.len())));
        text.extend(digits.into_iter().map(|digit| char::from(DIGITS[usize::from(digit)])));
        text
    }

    /// SHA-256 of the secret bytes, which is what stores keep and look up. They are 256 random bits, so there is
    /// nothing to guess from a digest, nor from how long a look-up takes.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&[&self.0[..]])
    }

    fn checksum(&self) -> [u8; CHECKSUM] {
        let Digest([first, second, third, fourth, ..]) = Digest::of(&[TOKEN_PREFIX.as_bytes(), &self.0]);
        [first, second, third, fourth]
    }
}

impl FromStr for Token {
    type Err = TokenError;

    fn from_str(text: &str) -> Result<Self, TokenError> {
        let digits = text.strip_prefix(TOKEN_PREFIX).ok_or(TokenError::Prefix)?;
        if digits.chars().count() != LENGTH {
            return Err(TokenError::Length);
        }
        let value = |digit| DIGITS.iter().position(|known| *known == digit).and_then(|at| u8::try_from(at).ok());
        let digits: Option<Vec<u8>> = digits.bytes().map(value).collect();
        let number = BigUint::from_radix_be(&digits.ok_or(TokenError::Character)?, 62);
        let bytes = number.ok_or(TokenError::Character)?.to_bytes_be();
        // A number that 36 bytes do not hold was never written by us.
        let missing = (SECRET + CHECKSUM).checked_sub(bytes.len()).ok_or(TokenError::Checksum)?;
        let mut padded = [0; SECRET + CHECKSUM];
        padded[missing..].copy_from_slice(&bytes);
        let token = Self(std::array::from_fn(|at| padded[at]));
        if padded[SECRET..] != token.checksum() {
            return Err(TokenError::Checksum);
        }
        Ok(token)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(secret)")
    }
}
