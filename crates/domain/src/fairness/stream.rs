//! The fair stream: draws that anyone can recompute from the revealed seed.
//!
//! Block `b` of a round (from 0) is HMAC-SHA256 with the 32 bytes of the server seed as its key and
//! the UTF-8 text `{client_seed}:{nonce}:{b}` as its message, the numbers in decimal. Its 32 bytes are
//! eight 32-bit words, big-endian, in order; the words of block 0, 1, 2 … are the round's stream.
//!
//! A number below `bound` is drawn by rejection sampling: with `limit = floor(2^32 / bound) * bound`,
//! words of `limit` and above are passed over, and the first word `w` below it gives `w mod bound`.
//! Each result then has exactly `limit / bound` words: no modulo bias. A bound that is a power of two
//! divides 2^32, so it never passes a word over; a bound of 1 still takes one word, so that a stream's
//! position tells how many numbers were drawn.

use std::num::NonZeroU32;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::draws::{Dealer, Draws};
use super::seed::ServerSeed;

const WORDS_PER_BLOCK: u64 = 8;

/// One round's stream of words.
#[derive(Clone)]
pub struct FairStream {
    /// The HMAC with the key and `{client_seed}:{nonce}:` taken in already.
    keyed: Hmac<Sha256>,
    /// The words taken so far, refused ones included.
    taken: u64,
    /// The block that was computed last, under its number.
    block: Option<(u64, [u8; 32])>,
}

impl FairStream {
    /// The stream of the round with this nonce, from its first word.
    #[must_use]
    pub fn new(server_seed: &ServerSeed, client_seed: &str, nonce: u64) -> Self {
        // HMAC pads a short key with zeros to its block of 64 bytes; doing it here cannot fail.
        let mut key = [0; 64];
        key[..32].copy_from_slice(&server_seed.0);
        let mut keyed = Hmac::<Sha256>::new(&key.into());
        keyed.update(format!("{client_seed}:{nonce}:").as_bytes());
        Self { keyed, taken: 0, block: None }
    }

    /// The same round's stream after its first `words` words. Blocks before that are not computed.
    #[must_use]
    pub fn resume_at(self, words: u64) -> Self {
        Self { taken: words, ..self }
    }

    /// The next word of the stream.
    fn word(&mut self) -> u32 {
        let number = self.taken / WORDS_PER_BLOCK;
        let block = match self.block {
            Some((computed, block)) if computed == number => block,
            _ => self.compute(number),
        };
        let mut word = 0;
        for byte in block.iter().skip(self.offset()).take(4) {
            word = word << 8 | u32::from(*byte);
        }
        self.taken = self.taken.wrapping_add(1);
        word
    }

    /// Where in its block the next word starts, in bytes.
    #[allow(clippy::cast_possible_truncation)]
    const fn offset(&self) -> usize {
        (self.taken % WORDS_PER_BLOCK) as usize * 4
    }

    fn compute(&mut self, number: u64) -> [u8; 32] {
        let mut mac = self.keyed.clone();
        mac.update(number.to_string().as_bytes());
        let block = mac.finalize().into_bytes().into();
        self.block = Some((number, block));
        block
    }
}

impl Draws for FairStream {
    #[allow(clippy::cast_possible_truncation)]
    fn below(&mut self, bound: NonZeroU32) -> u32 {
        let bound = u64::from(bound.get());
        let limit = (1 << 32) / bound * bound;
        loop {
            let word = u64::from(self.word());
            if word < limit {
                return (word % bound) as u32;
            }
        }
    }

    fn words_drawn(&self) -> u64 {
        self.taken
    }
}

/// The production dealer: it deals fair streams.
#[derive(Clone, Copy, Debug, Default)]
pub struct FairDealer;

impl Dealer for FairDealer {
    fn deal(&self, seed: &ServerSeed, client_seed: &str, nonce: u64, words: u64) -> Box<dyn Draws> {
        Box::new(FairStream::new(seed, client_seed, nonce).resume_at(words))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WHOLE: NonZeroU32 = NonZeroU32::new(1 << 31).unwrap();

    fn counting_seed() -> ServerSeed {
        ServerSeed(std::array::from_fn(|at| u8::try_from(at).unwrap()))
    }

    fn words(mut stream: FairStream, count: usize) -> Vec<u32> {
        (0..count).map(|_| stream.word()).collect()
    }

    /// Computed apart with python3's `hmac`: the server seed, the client seed, the nonce, ten words.
    #[test]
    fn gives_the_words_of_the_test_vectors() {
        let lucky = [
            0x5dcb_2792,
            0x23d7_ed51,
            0x452b_bb96,
            0xe173_b2cd,
            0x324c_6982,
            0xc6a0_5d7a,
            0x18c8_a034,
            0x3baa_bc46,
            0x54b7_3499,
            0x8f67_0333,
        ];
        let wide = [
            0xcb99_1312,
            0x7f8a_bc82,
            0x2e43_190d,
            0x8344_20e5,
            0xcacd_5b7a,
            0x5fde_284a,
            0xfefe_f66c,
            0xe919_7394,
            0xbdd3_2757,
            0x69bc_86c5,
        ];
        let empty = [
            0x9fd7_0052,
            0x2bc6_b3ba,
            0x923e_64e2,
            0x039b_9afa,
            0x6bba_3949,
            0x448b_e89a,
            0x630e_1f34,
            0x819d_fac6,
            0xee14_a02a,
            0x40b4_22e7,
        ];
        assert_eq!(words(FairStream::new(&counting_seed(), "lucky", 0), 10), lucky);
        assert_eq!(words(FairStream::new(&ServerSeed([0xff; 32]), "żółw", u64::MAX), 10), wide);
        assert_eq!(words(FairStream::new(&counting_seed(), "", 7), 10), empty);
    }

    /// Computed apart with python3: rejection included, 20 words for 12 numbers.
    #[test]
    fn rejects_as_the_test_vectors_do() {
        let mut stream = FairStream::new(&counting_seed(), "lucky", 0);
        let bound = NonZeroU32::new(3_000_000_000).unwrap();
        let drawn: Vec<u32> = (0..12).map(|_| stream.below(bound)).collect();
        let expected = [
            1_573_595_026,
            601_353_553,
            1_160_493_974,
            843_868_546,
            415_801_396,
            1_001_045_062,
            1_421_292_697,
            2_405_892_915,
            1_537_179_968,
            1_056_123_036,
            2_733_514_303,
            1_446_358_357,
        ];
        assert_eq!(drawn, expected);
        assert_eq!(stream.words_drawn(), 20);

        let mut stream = FairStream::new(&counting_seed(), "lucky", 1);
        let bounds = [30, 43, 43, 43, 43, 25, 7, 1, 64];
        let drawn = bounds.map(|bound| stream.below(NonZeroU32::new(bound).unwrap()));
        assert_eq!(drawn, [7, 36, 35, 2, 20, 0, 0, 0, 59]);
        assert_eq!(stream.words_drawn(), 9);
    }

    #[test]
    fn numbers_are_uniform_by_chi_square() {
        const BOUND: u32 = 43;
        const DRAWS: u32 = 43_000;
        let mut counts = [0_i64; BOUND as usize];
        let mut stream = FairStream::new(&ServerSeed([7; 32]), "uniform", 1);
        for _ in 0..DRAWS {
            counts[stream.below(NonZeroU32::new(BOUND).unwrap()) as usize] += 1;
        }
        let expected = i64::from(DRAWS / BOUND);
        let scaled: i64 = counts.iter().map(|count| (count - expected).pow(2)).sum();
        // The 0.001 quantiles of chi-square with 42 degrees of freedom, on both sides: 18.6 and 76.1.
        assert!((18 * expected..77 * expected).contains(&scaled), "{scaled}");
    }

    proptest! {
        #[test]
        fn resuming_is_continuing(
            seed in any::<[u8; 32]>(), client in "\\PC{0,12}", nonce in any::<u64>(), skip in 0_usize..40, bound in 1_u32..,
        ) {
            let seed = ServerSeed(seed);
            let bound = NonZeroU32::new(bound).unwrap();
            let mut first = FairStream::new(&seed, &client, nonce);
            for _ in 0..skip {
                first.below(bound);
            }
            let mut second = FairDealer.deal(&seed, &client, nonce, first.words_drawn());
            for _ in 0..20 {
                prop_assert_eq!(first.below(bound), second.below(bound));
                prop_assert_eq!(first.words_drawn(), second.words_drawn());
            }
        }

        #[test]
        fn numbers_stay_below_their_bound(seed in any::<[u8; 32]>(), bound in 1_u32..) {
            let mut stream = FairStream::new(&ServerSeed(seed), "c", 0);
            for _ in 0..50 {
                prop_assert!(stream.below(NonZeroU32::new(bound).unwrap()) < bound);
            }
        }

        #[test]
        fn powers_of_two_reject_nothing(seed in any::<[u8; 32]>(), shift in 0_u32..32) {
            let mut stream = FairStream::new(&ServerSeed(seed), "c", 0);
            for _ in 0..50 {
                stream.below(NonZeroU32::new(1 << shift).unwrap());
            }
            prop_assert_eq!(stream.words_drawn(), 50);
        }
    }

    #[test]
    fn far_positions_cost_one_block() {
        let mut stream = FairStream::new(&counting_seed(), "far", 3).resume_at(u64::MAX - 8);
        stream.below(WHOLE);
        assert_eq!(stream.words_drawn(), u64::MAX - 7);
    }
}
