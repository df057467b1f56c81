//! The ports through which a game draws.

use std::num::NonZeroU32;

use super::seed::ServerSeed;

/// A source of uniform whole numbers: the fair stream in production, a script in a test.
pub trait Draws {
    /// A number from 0 up to and without `bound`, each equally likely.
    fn below(&mut self, bound: NonZeroU32) -> u32;

    /// How many 32-bit words have been drawn so far, refused ones included.
    ///
    /// It counts from the start of the round's stream, words before a resumption included.
    fn words_drawn(&self) -> u64;
}

/// Hands out the draws of rounds: the fair dealer in production, a scripted one in a test.
pub trait Dealer: Send + Sync {
    /// The draws of the round with this nonce, continued after its first `words` words.
    ///
    /// The same arguments must always give the same draws, and a round that is dealt again with the
    /// count that [`Draws::words_drawn`] told must go on as if it had never been put down.
    fn deal(&self, seed: &ServerSeed, client_seed: &str, nonce: u64, words: u64) -> Box<dyn Draws>;
}
