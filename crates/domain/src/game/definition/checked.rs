//! A definition that keeps every rule, and its fingerprint.

use serde_json::{Value, json};

use super::fault::{FaultLog, Faults, Place};
use super::model::{RngSignature, SymbolMap};
use super::parse;
use crate::canonical::{Digest, canonical_digest};

/// A checked definition: every rule in [`Self::parse`] holds of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    rng_signature: RngSignature,
    symbol_map: SymbolMap,
    fingerprint: Digest,
}

impl Definition {
    /// Reads and checks the two documents of a game.
    ///
    /// # Errors
    /// Every fault that was found, not only the first.
    pub fn parse(rng_signature: &Value, symbol_map: &Value) -> Result<Self, Faults> {
        let mut log = FaultLog::default();
        let parsed = parse::documents(&mut log, rng_signature, symbol_map);
        let Some((rng_signature, symbol_map)) = parsed.filter(|_| log.is_clean()) else {
            return Err(log.into_faults());
        };
        let both = json!({ "rng_signature": rng_signature, "symbol_map": symbol_map });
        match canonical_digest(&both) {
            Ok(fingerprint) => Ok(Self { rng_signature, symbol_map, fingerprint }),
            Err(error) => {
                log.add(&Place::root("symbol_map"), format_args!("there is no canonical JSON form: {error}"));
                Err(log.into_faults())
            }
        }
    }

    /// How outcomes are drawn.
    #[must_use]
    pub const fn rng_signature(&self) -> &RngSignature {
        &self.rng_signature
    }

    /// The grid, the symbols and what they pay.
    #[must_use]
    pub const fn symbol_map(&self) -> &SymbolMap {
        &self.symbol_map
    }

    /// The `rng_signature` document with every default filled in.
    #[must_use]
    pub fn rng_signature_document(&self) -> Value {
        json!(self.rng_signature)
    }

    /// The `symbol_map` document with every default filled in.
    #[must_use]
    pub fn symbol_map_document(&self) -> Value {
        json!(self.symbol_map)
    }

    /// SHA-256 over the canonical JSON of `{"rng_signature":…,"symbol_map":…}`, defaults filled in.
    #[must_use]
    pub const fn fingerprint(&self) -> Digest {
        self.fingerprint
    }
}
