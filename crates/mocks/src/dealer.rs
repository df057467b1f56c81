//! A dealer whose draws a test has written down.

use std::num::NonZeroU32;

use reelhouse_domain::fairness::{Dealer, Draws, ServerSeed};

/// A dealer whose draws a test has written down, round by round.
///
/// The round of nonce `n` draws the numbers of script `n`, one word each; beyond the last script
/// it begins again with the first, and so does a round that draws more numbers than its script has.
/// A base spin of a game of five reels draws five stops, and its free games go on where it ended.
///
/// ```
/// use reelhouse_domain::fairness::{Dealer, ServerSeed};
/// use reelhouse_mocks::ScriptedDealer;
///
/// let dealer = ScriptedDealer::new([vec![0, 0, 0], vec![7, 3, 9]]);
/// let mut draws = dealer.deal(&ServerSeed([0; 32]), "", 1, 0);
/// let reel = 25.try_into().unwrap();
/// assert_eq!([draws.below(reel), draws.below(reel), draws.below(reel)], [7, 3, 9]);
/// ```
#[derive(Clone, Debug)]
pub struct ScriptedDealer {
    scripts: Vec<Vec<u32>>,
}

impl ScriptedDealer {
    /// A dealer of these scripts, one per round.
    ///
    /// # Panics
    /// Without a script, or with an empty one.
    #[must_use]
    pub fn new(scripts: impl IntoIterator<Item = Vec<u32>>) -> Self {
        let scripts: Vec<_> = scripts.into_iter().collect();
        assert!(!scripts.is_empty() && scripts.iter().all(|script| !script.is_empty()), "a script draws something");
        Self { scripts }
    }

    /// A dealer that gives every round the same numbers.
    ///
    /// # Panics
    /// Without a number.
    #[must_use]
    pub fn always(script: impl Into<Vec<u32>>) -> Self {
        Self::new([script.into()])
    }
}

impl Dealer for ScriptedDealer {
    fn deal(&self, _seed: &ServerSeed, _client_seed: &str, nonce: u64, words: u64) -> Box<dyn Draws> {
        Box::new(ScriptedDraws { script: wrapping_at(&self.scripts, nonce).clone(), drawn: words })
    }
}

struct ScriptedDraws {
    script: Vec<u32>,
    drawn: u64,
}

impl Draws for ScriptedDraws {
    /// The script's next number.
    ///
    /// # Panics
    /// When the number is not below `bound`: the script was written for another game.
    fn below(&mut self, bound: NonZeroU32) -> u32 {
        let number = *wrapping_at(&self.script, self.drawn);
        assert!(number < bound.get(), "the script draws {number} where the game has {bound} stops");
        self.drawn += 1;
        number
    }

    fn words_drawn(&self) -> u64 {
        self.drawn
    }
}

/// The item at `index`, beginning again after the last one.
#[allow(clippy::cast_possible_truncation)]
fn wrapping_at<T>(items: &[T], index: u64) -> &T {
    &items[(index % items.len() as u64) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    const REEL: NonZeroU32 = NonZeroU32::new(25).unwrap();

    fn draw(dealer: &ScriptedDealer, nonce: u64, words: u64, count: usize) -> Vec<u32> {
        let mut draws = dealer.deal(&ServerSeed([1; 32]), "anything", nonce, words);
        let numbers = (0..count).map(|_| draws.below(REEL)).collect();
        assert_eq!(draws.words_drawn(), words + count as u64);
        numbers
    }

    #[test]
    fn each_round_has_its_script_and_resumes_in_it() {
        let dealer = ScriptedDealer::new([vec![1, 2, 3, 4], vec![24]]);
        assert_eq!(draw(&dealer, 0, 0, 6), [1, 2, 3, 4, 1, 2]);
        assert_eq!(draw(&dealer, 0, 2, 2), [3, 4]);
        assert_eq!(draw(&dealer, 1, 0, 2), [24, 24]);
        assert_eq!(draw(&dealer, 2, 0, 2), [1, 2]);
        assert_eq!(draw(&ScriptedDealer::always([5, 6]), u64::MAX, 3, 3), [6, 5, 6]);
    }

    #[test]
    #[should_panic(expected = "the script draws 25 where the game has 25 stops")]
    fn a_stop_that_the_reel_lacks_is_loud() {
        draw(&ScriptedDealer::always([25]), 0, 0, 1);
    }
}
