//! The manifest: what a dataset is made of, so that it names its exact origin.

use reelhouse_domain::rl::{ENCODER_VERSION, entries};
use reelhouse_domain::time::millis_format;
use reelhouse_domain::{Digest, GameId, Money, SessionId, Timestamp};
use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use crate::row::Row;

/// The version of the manifest that is written now.
const VERSION: u32 = 1;

/// What was asked for.
#[derive(Clone, Debug, Serialize)]
pub struct Filter {
    /// This session only.
    pub session_id: Option<SessionId>,
    /// Sessions of this game only.
    pub game_id: Option<GameId>,
    /// Steps recorded at this instant or later.
    #[serde(serialize_with = "instant_if_any")]
    pub from: Option<Timestamp>,
    /// Steps recorded before this instant.
    #[serde(with = "millis_format")]
    pub to: Timestamp,
    /// Rows after this one.
    pub cursor: Option<String>,
    /// At most so many rows.
    pub limit: Option<u64>,
}

fn instant_if_any<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => millis_format::serialize(at, serializer),
        None => serializer.serialize_none(),
    }
}

/// What is known of a dataset before its first row.
#[derive(Clone, Debug, Serialize)]
pub struct Origin {
    /// The version of this document.
    pub version: u32,
    /// The program that wrote it.
    pub software: String,
    /// The version of the encoder.
    pub encoder_version: u32,
    /// The names of the floats of an observation.
    pub observation: Vec<&'static str>,
    /// What was asked for.
    pub filter: Filter,
    /// A name of lower-case letters, digits and hyphens: that of the game, or `all`.
    pub name: String,
}

impl Origin {
    /// The origin of a dataset of this name.
    #[must_use]
    pub fn new(name: &str, filter: Filter) -> Self {
        Self {
            version: VERSION,
            software: concat!("reelhouse ", env!("CARGO_PKG_VERSION")).to_owned(),
            encoder_version: ENCODER_VERSION,
            observation: entries().iter().map(|entry| entry.name).collect(),
            filter,
            name: slug(name),
        }
    }
}

/// The name as lower-case letters, digits and single hyphens.
fn slug(name: &str) -> String {
    let words = name.to_lowercase();
    let words = words.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let slug: String = words.collect::<Vec<_>>().join("-").chars().take(64).collect();
    if slug.is_empty() { "game".to_owned() } else { slug }
}

/// A game of a dataset.
#[derive(Clone, Debug, Serialize)]
pub struct DatasetGame {
    /// The game.
    pub game_id: GameId,
    /// Its name.
    pub name: String,
    /// The fingerprint of its definition.
    pub fingerprint: Digest,
    /// The stakes that actions are indexed by: the first has the index 3.
    pub ladder: Vec<Money>,
    /// How many episodes are of it.
    pub episodes: u64,
    /// How many rows are of it.
    pub rows: u64,
}

/// A manifest.
#[derive(Clone, Debug, Serialize)]
pub struct Manifest {
    /// What was known before the first row.
    #[serde(flatten)]
    pub origin: Origin,
    /// How many rows there are.
    pub rows: u64,
    /// How many episodes they are of.
    pub episodes: u64,
    /// How many of the episodes ended for good.
    pub terminated: u64,
    /// How many were cut off.
    pub truncated: u64,
    /// The content's hash, as [`ContentHash`] takes it.
    pub sha256: Digest,
    /// Where to go on when `limit` cut the dataset.
    pub next_cursor: Option<String>,
    /// The games, in the order of their ids.
    pub games: Vec<DatasetGame>,
}

impl Manifest {
    /// How many actions there are at most: what the action space has to hold.
    #[must_use]
    pub fn actions(&self) -> usize {
        let stakes = self.games.iter().map(|game| game.ladder.len()).max().unwrap_or(0);
        reelhouse_domain::rl::FIRST_STAKE + stakes
    }
}

/// SHA-256 over the rows, whatever the format: of each row its id (16 bytes), then in little-endian order
/// `seq` (i64), the action's index (i64), the reward (f64), a byte of flags (1 terminated, 2 truncated), the
/// floats of the observation and of the next one (f32 each).
#[derive(Clone, Default)]
pub struct ContentHash {
    hasher: Sha256,
    row: Vec<u8>,
}

impl ContentHash {
    /// Takes a row in.
    pub fn row(&mut self, row: &Row<'_>) {
        self.row.clear();
        self.row.extend(row.step.id.0.as_bytes());
        self.row.extend(row.step.seq.to_le_bytes());
        self.row.extend(row.action_number().to_le_bytes());
        self.row.extend(row.step.reward.to_le_bytes());
        self.row.push(u8::from(row.ending.terminated()) | u8::from(row.ending.truncated()) << 1);
        for float in row.observation.iter().chain(row.next_observation) {
            self.row.extend(float.to_le_bytes());
        }
        self.hasher.update(&self.row);
    }

    /// The hash of the rows so far.
    #[must_use]
    pub fn finish(self) -> Digest {
        Digest(self.hasher.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn a_name_becomes_what_datasets_may_be_called() {
        for (name, expected) in [("Fruit 5x3", "fruit-5x3"), ("--é--", "game"), ("a..b_c", "a-b-c"), ("", "game")] {
            assert_eq!(slug(name), expected);
        }
    }
}
