//! Plain line games as tables: a spin is a few look-ups.
//!
//! The lines of a window, read reel by reel, are a finite automaton: a state is what every line that can
//! still pay has shown so far, an edge is a stop of the next reel, and carries what the lines that end
//! there pay. Lines that cannot pay any more are not part of a state, so most windows reach the state with
//! none, number 0, after three reels. The first reels are merged into one table, the head, by the product of
//! their stops; after it each reel has a table of state and stop. Scatters are counted apart: every stop has
//! a code, the codes of a window add up, and their sum says what the scatters pay and award.

use std::collections::BTreeMap;

use super::lines::{LineGame, LineState, Next};
use super::stream::{Stream, threshold, widen};
use crate::game::{Definition, Mode};

/// The most entries of the head, so that it stays in a core's own cache.
const MAX_HEAD: usize = 1 << 16;
/// The most entries of the other tables, together.
const MAX_ENTRIES: usize = 1 << 23;
/// The most sums of scatter codes.
const MAX_CODES: usize = 1 << 12;

/// What a plain line game draws and pays, ready for look-ups.
#[derive(Clone, Debug)]
pub struct Tables {
    base: ModeTables,
    free: ModeTables,
    /// A line bet at the unit bet, in units of 0.0001.
    credit: u64,
}

/// What a spin came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spun {
    /// The payout, in line bets.
    pub pay: u64,
    /// The free games that it awards.
    pub awarded: u32,
}

#[derive(Clone, Debug)]
struct ModeTables {
    /// How many of the first reels the head covers.
    head_reels: usize,
    lengths: Vec<usize>,
    head: Vec<Head>,
    tail: Vec<Tail>,
    scatters: Vec<ScatterPay>,
    threshold: u64,
}

#[derive(Clone, Copy, Debug)]
struct Head {
    pay: u32,
    next: u16,
    code: u16,
}

/// A reel after the head.
#[derive(Clone, Debug)]
struct Tail {
    length: usize,
    /// By stop.
    codes: Vec<u16>,
    /// By state, then stop.
    edges: Vec<Edge>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Edge {
    pay: u32,
    next: u16,
}

#[derive(Clone, Copy, Debug, Default)]
struct ScatterPay {
    pay: u32,
    awarded: u32,
}

/// The lines that can still pay: their numbers, and what they have shown.
type Live = Vec<(u16, LineState)>;

impl Tables {
    /// Makes the tables of a game; `None` when it is no plain line game, or its tables would be too large.
    #[must_use]
    pub fn compile(definition: &Definition) -> Option<Self> {
        let game = LineGame::read(definition)?;
        Some(Self {
            base: ModeTables::compile(&game, Mode::Base)?,
            free: ModeTables::compile(&game, Mode::Free)?,
            credit: game.credit,
        })
    }

    /// A line bet at the unit bet, in units of 0.0001.
    #[must_use]
    pub const fn credit(&self) -> u64 {
        self.credit
    }

    /// Draws a stop of every reel, each combination as likely, and looks up what they pay.
    #[inline]
    pub(super) fn spin(&self, mode: Mode, stream: &mut Stream) -> Spun {
        let tables = self.mode(mode);
        tables.spin(stream)
    }

    /// What given stops come to, as [`crate::game::Engine::evaluate`] finds it.
    ///
    /// A stop past the end of its strip goes around it; a missing one counts as 0.
    #[must_use]
    pub fn evaluate(&self, mode: Mode, stops: &[u32]) -> Spun {
        let tables = self.mode(mode);
        let stop = |reel: usize, length: usize| stops.get(reel).map_or(0, |stop| *stop as usize % length);
        let lengths = tables.lengths.iter().enumerate().take(tables.head_reels);
        let head = lengths.fold(0, |index, (reel, length)| index * length + stop(reel, *length));
        let tail = (tables.head_reels..).zip(&tables.tail).map(|(reel, tail)| stop(reel, tail.length));
        tables.find(head, tail)
    }

    const fn mode(&self, mode: Mode) -> &ModeTables {
        match mode {
            Mode::Base => &self.base,
            Mode::Free => &self.free,
        }
    }
}

impl ModeTables {
    /// Several stops from one word: Brackett-Rozinsky and Lemire, "Batched ranged random integer generation"
    /// (Software: Practice and Experience, 2024). The word is a fraction of 2^64; each multiplication by a
    /// length takes out one stop and leaves a fraction. What is left at the end is the fraction times all
    /// lengths modulo 2^64, which decides on rejection as in Lemire's method for one number.
    #[inline]
    fn spin(&self, stream: &mut Stream) -> Spun {
        loop {
            let (head, mut left) = widen(stream.word(), self.head.len() as u64);
            let first = self.head.get(index(head)).copied();
            let first = first.unwrap_or(Head { pay: 0, next: 0, code: 0 });
            let mut pay = first.pay;
            let mut code = usize::from(first.code);
            let mut state = usize::from(first.next);
            for tail in &self.tail {
                let (stop, rest) = widen(left, tail.length as u64);
                left = rest;
                let stop = index(stop);
                code += tail.codes.get(stop).map_or(0, |code| usize::from(*code));
                if state != 0 {
                    let edge = tail.edges.get(state * tail.length + stop).copied().unwrap_or_default();
                    pay += edge.pay;
                    state = usize::from(edge.next);
                }
            }
            if left >= self.threshold {
                return self.with_scatters(pay, code);
            }
        }
    }

    fn find(&self, head: usize, stops: impl Iterator<Item = usize>) -> Spun {
        let Some(Head { mut pay, next, code }) = self.head.get(head).copied() else {
            return Spun { pay: 0, awarded: 0 };
        };
        let (mut state, mut code) = (usize::from(next), usize::from(code));
        for (tail, stop) in self.tail.iter().zip(stops) {
            let edge = tail.edges.get(state * tail.length + stop).copied().unwrap_or_default();
            code += tail.codes.get(stop).map_or(0, |code| usize::from(*code));
            pay += edge.pay;
            state = usize::from(edge.next);
        }
        self.with_scatters(pay, code)
    }

    #[inline]
    fn with_scatters(&self, pay: u32, code: usize) -> Spun {
        let scatter = self.scatters.get(code).copied().unwrap_or_default();
        Spun { pay: u64::from(pay) + u64::from(scatter.pay), awarded: scatter.awarded }
    }

    fn compile(game: &LineGame, mode: Mode) -> Option<Self> {
        let strips = game.strips(mode);
        let lengths: Vec<usize> = strips.iter().map(Vec::len).collect();
        let all = lengths.iter().try_fold(1_u64, |all, length| all.checked_mul(*length as u64))?;
        // The pays of the lines are added up in 32 bits: a game that could pay more is left to the engine.
        u32::try_from(game.best_lines(mode)).ok()?;
        let scatters = compile_scatters(game, mode)?;
        let codes = compile_codes(game, mode)?;
        let (mut head, mut head_reels) = (vec![Head { pay: 0, next: 0, code: 0 }], 0);
        let mut states: Vec<Live> = vec![Vec::new(), start(game)?];
        if let Some(first) = head.first_mut() {
            first.next = 1;
        }
        let mut tail = Vec::new();
        let mut entries = 0;
        for (reel, (strip, codes)) in strips.iter().zip(&codes).enumerate() {
            entries += states.len() * strip.len();
            if entries > MAX_ENTRIES {
                return None;
            }
            let (edges, next) = compile_reel(game, mode, reel, strip, &states)?;
            states = next;
            if head_reels == reel && head.len() * strip.len() <= MAX_HEAD {
                head = widen_head(&head, codes, &edges)?;
                head_reels += 1;
            } else {
                tail.push(Tail { length: strip.len(), codes: codes.clone(), edges });
            }
        }
        Some(Self { head_reels, lengths, head, tail, scatters, threshold: threshold(all) })
    }
}

#[allow(clippy::cast_possible_truncation, reason = "it is below the length of a table in memory")]
const fn index(number: u64) -> usize {
    number as usize
}

/// Before the first reel every line can still pay.
fn start(game: &LineGame) -> Option<Live> {
    (0..game.lines.len()).map(|line| Some((u16::try_from(line).ok()?, LineState::Wilds))).collect()
}

/// The edges of a reel, by state and stop, and the states they lead to. State 0 leads to itself and pays nothing.
fn compile_reel(
    game: &LineGame,
    mode: Mode,
    reel: usize,
    strip: &[u8],
    states: &[Live],
) -> Option<(Vec<Edge>, Vec<Live>)> {
    let mut numbers: BTreeMap<Live, u16> = BTreeMap::from([(Live::new(), 0)]);
    let mut edges = Vec::with_capacity(states.len() * strip.len());
    for live in states {
        for stop in 0..strip.len() {
            let mut pay = 0;
            let mut left = Live::new();
            for (line, state) in live {
                let row = *game.lines.get(usize::from(*line))?.get(reel)?;
                let symbol = *strip.get((stop + row) % strip.len())?;
                match game.step(*state, reel, symbol) {
                    Next::Live(state) => left.push((*line, state)),
                    Next::Paid(paid) => pay += paid * game.multiplier(mode),
                }
            }
            let fresh = u16::try_from(numbers.len()).ok();
            let next = match numbers.get(&left) {
                Some(number) => *number,
                None => *numbers.entry(left).or_insert(fresh?),
            };
            edges.push(Edge { pay: u32::try_from(pay).ok()?, next });
        }
    }
    let mut next: Vec<(u16, Live)> = numbers.into_iter().map(|(live, number)| (number, live)).collect();
    next.sort_unstable_by_key(|(number, _)| *number);
    Some((edges, next.into_iter().map(|(_, live)| live).collect()))
}

/// The head with one reel more.
fn widen_head(head: &[Head], codes: &[u16], edges: &[Edge]) -> Option<Vec<Head>> {
    let mut wider = Vec::with_capacity(head.len() * codes.len());
    for entry in head {
        let row = edges.get(usize::from(entry.next) * codes.len()..)?;
        for (edge, code) in row.iter().zip(codes) {
            let pay = entry.pay.checked_add(edge.pay)?;
            wider.push(Head { pay, next: edge.next, code: entry.code + code });
        }
    }
    Some(wider)
}

/// How far the codes of two counts of a scatter are apart: one digit per scatter, large enough for every cell.
fn digit(game: &LineGame, mode: Mode) -> usize {
    game.strips(mode).len() * game.rows + 1
}

/// By reel and stop, the scatters in sight as one number.
fn compile_codes(game: &LineGame, mode: Mode) -> Option<Vec<Vec<u16>>> {
    let digit = digit(game, mode);
    let code = |strip: &[u8], stop: usize| -> Option<u16> {
        let mut code = 0;
        for scatter in game.scatters.iter().rev() {
            let symbols = (0..game.rows).filter_map(|row| strip.get((stop + row) % strip.len()));
            code = code * digit + symbols.filter(|symbol| **symbol == scatter.symbol).count();
        }
        u16::try_from(code).ok()
    };
    game.strips(mode).iter().map(|strip| (0..strip.len()).map(|stop| code(strip, stop)).collect()).collect()
}

/// By sum of codes, what the scatters pay and award.
fn compile_scatters(game: &LineGame, mode: Mode) -> Option<Vec<ScatterPay>> {
    let digit = digit(game, mode);
    let codes = digit.checked_pow(u32::try_from(game.scatters.len()).ok()?).filter(|codes| *codes <= MAX_CODES)?;
    let total_stake = game.lines.len() as u64 * game.multiplier(mode);
    let pay = |mut code: usize| -> Option<ScatterPay> {
        let (mut pay, mut awarded) = (0_u64, 0);
        for scatter in &game.scatters {
            let count = code % digit;
            code /= digit;
            pay += scatter.pays.get(&count).copied().unwrap_or(0) * total_stake;
            if game.awards_in(mode) {
                awarded += scatter.awards.get(&count).copied().unwrap_or(0);
            }
        }
        Some(ScatterPay { pay: u32::try_from(pay).ok()?, awarded })
    };
    (0..codes).map(pay).collect()
}
