//! A game of one line, small enough to be worked out by hand, and draws that are a function of their place.

use std::num::NonZeroU32;

use reelhouse_domain::fairness::{Dealer, Draws, ServerSeed};
use reelhouse_domain::game::{Definition, Mode};
use serde_json::json;

/// The unit bet: one line of 0.05 credits, in units of 0.0001.
pub(crate) const UNIT_BET: i64 = 500;

const BASE: [&str; 4] = ["A", "S", "B", "A"];
const FREE: [&str; 5] = ["B", "A", "A", "S", "B"];

pub(crate) fn definition() -> Definition {
    let rng = json!({
        "version": 1, "algorithm": "hmac-sha256",
        "modes": {"base": {"strips": [BASE, BASE, BASE]}, "free": {"strips": [FREE, FREE, FREE]}},
    });
    let map = json!({
        "version": 1, "grid": {"reels": 3, "rows": 1}, "credit": "0.0500",
        "symbols": [
            {"name": "A", "role": "regular"}, {"name": "B", "role": "regular"}, {"name": "S", "role": "scatter"},
        ],
        "evaluation": {"type": "lines", "lines": [[1, 1, 1]]},
        "pays": {"A": {"2": 1, "3": 5}, "B": {"3": 12}},
        "scatter_pays": {"S": {"2": 1, "3": 4}},
        "free_games": {"awards": {"S": {"2": 2, "3": 4}}, "multiplier": 2, "retrigger": true},
    });
    Definition::parse(&rng, &map).unwrap()
}

/// What a spin of a round comes to: its pay in stakes, and the free games that it awards.
pub(crate) fn spin(salt: u64, nonce: u64, word: u64, mode: Mode) -> (i64, u32) {
    let strip: &[&str] = if mode == Mode::Base { &BASE } else { &FREE };
    let shown: Vec<&str> =
        (word..word + 3).map(|word| strip[usize::try_from(mix(salt, nonce, word)).unwrap() % strip.len()]).collect();
    let run = shown.iter().take_while(|symbol| **symbol == shown[0]).count();
    let line = match (shown[0], run) {
        ("A", 2) => 1,
        ("A", 3) => 5,
        ("B", 3) => 12,
        _ => 0,
    };
    let (scatter, awarded) = match shown.iter().filter(|symbol| **symbol == "S").count() {
        2 => (1, 2),
        3 => (4, 4),
        _ => (0, 0),
    };
    ((line + scatter) * if mode == Mode::Free { 2 } else { 1 }, awarded)
}

/// Thirty-two bits that depend on all three, after SplitMix64.
fn mix(salt: u64, nonce: u64, word: u64) -> u32 {
    let mut bits = salt ^ nonce.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ word.wrapping_mul(0xd1b5_4a32_d192_ed03);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    u32::try_from((bits ^ (bits >> 31)) >> 32).unwrap()
}

/// Deals [`mix`] of the round's nonce and the word's place.
pub(crate) struct MixDealer {
    pub(crate) salt: u64,
}

struct MixDraws {
    salt: u64,
    nonce: u64,
    word: u64,
}

impl Dealer for MixDealer {
    fn deal(&self, _: &ServerSeed, _: &str, nonce: u64, words: u64) -> Box<dyn Draws> {
        Box::new(MixDraws { salt: self.salt, nonce, word: words })
    }
}

impl Draws for MixDraws {
    fn below(&mut self, bound: NonZeroU32) -> u32 {
        self.word += 1;
        mix(self.salt, self.nonce, self.word - 1) % bound
    }

    fn words_drawn(&self) -> u64 {
        self.word
    }
}
