//! Signatures of the house: the port that signs, Ed25519 (RFC 8032) behind it, and their check.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

/// An Ed25519 public key; in JSON and text, 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PublicKey(#[serde(with = "hex::serde")] pub [u8; 32]);

/// An Ed25519 signature; in JSON and text, 128 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature(#[serde(with = "hex::serde")] pub [u8; 64]);

impl PublicKey {
    /// Whether the signature is of this message by this key.
    ///
    /// The strict check of RFC 8032, section 5.1.7, which also refuses keys of small order: with those
    /// one signature would fit many messages.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &Signature) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        VerifyingKey::from_bytes(&self.0).is_ok_and(|key| key.verify_strict(message, &signature).is_ok())
    }
}

impl FromStr for PublicKey {
    type Err = hex::FromHexError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes)?;
        Ok(Self(bytes))
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({self})")
    }
}

/// Signs for the house: the heads of ended sessions, and their proofs.
///
/// Signing must be deterministic, as Ed25519 is: the same key and message always give the same
/// signature, so that none has to be stored.
pub trait HeadSigner: Send + Sync {
    /// The key that the signatures are checked with.
    fn public_key(&self) -> PublicKey;

    /// Signs a message.
    fn sign(&self, message: &[u8]) -> Signature;
}

/// Signs with Ed25519 from a secret key in memory.
pub struct Ed25519Signer(SigningKey);

impl Ed25519Signer {
    /// The signer with this secret key: the 32 bytes that RFC 8032 calls the private key.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(secret))
    }
}

impl HeadSigner for Ed25519Signer {
    fn public_key(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    fn sign(&self, message: &[u8]) -> Signature {
        Signature(self.0.sign(message).to_bytes())
    }
}

impl fmt::Debug for Ed25519Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ed25519Signer({})", self.public_key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8032, section 7.1, test 2.
    #[test]
    fn signs_as_the_standard_does() {
        let mut secret = [0; 32];
        hex::decode_to_slice("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", &mut secret).unwrap();
        let signer = Ed25519Signer::new(&secret);
        let public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
        assert_eq!(signer.public_key().to_string(), public);
        let signature = signer.sign(&[0x72]);
        let expected = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
                        085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
        assert_eq!(signature.to_string(), expected);
        assert!(signer.public_key().verifies(&[0x72], &signature));
        assert!(!signer.public_key().verifies(&[0x73], &signature));
        assert!(!format!("{signer:?}").contains("4ccd"));
    }

    #[test]
    fn a_key_of_small_order_verifies_nothing() {
        // The neutral point, whose signature of zeros would fit every message.
        let mut neutral = [0; 32];
        neutral[0] = 1;
        let mut signature = [0; 64];
        signature[0] = 1;
        assert!(!PublicKey(neutral).verifies(b"anything", &Signature(signature)));
    }

    #[test]
    fn keys_read_as_they_are_written() {
        let key = Ed25519Signer::new(&[7; 32]).public_key();
        assert_eq!(key.to_string().parse(), Ok(key));
        assert!("ab".parse::<PublicKey>().is_err());
    }
}
