//! Exact mathematics: the count that factors the cycle against the plain loop over all stops, and against chance.

use std::collections::HashMap;
use std::num::{NonZeroU32, NonZeroUsize};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, ensure};
use reelhouse_domain::fairness::Draws;
use reelhouse_domain::game::profile::{Budget, SpinDistribution, SpinGain, profile_within, spin_distribution};
use reelhouse_domain::game::{Definition, Engine, Mode, Outcome, StatisticalProfile, WinKind, reference_games};
use serde_json::Value;

/// How often a count that takes milliseconds is repeated; the median counts.
const REPEATS: usize = 21;

/// The rounds of one block: blocks have seeds of their own, so that threads change nothing.
const BLOCK: u64 = 100_000;

/// How far off, in standard errors, the exact figure may be: once in a thousand seeds it is more.
const STANDARD_ERRORS: f64 = 3.29;

/// Options of the comparison.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Threads of the plain loop and of the simulation; all cores unless given.
    #[arg(long)]
    threads: Option<NonZeroUsize>,
    /// Rounds to simulate per game, in blocks of 100,000; 0 for none.
    #[arg(long, default_value_t = 20_000_000)]
    rounds: u64,
    /// The seed of the simulation.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Counts both reference games in both ways; fails when an integer differs or the simulation disagrees.
pub(crate) fn maths(args: &Args) -> Result<()> {
    let cores = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let threads = args.threads.unwrap_or(cores);
    println!("plain loop and simulation on {threads} threads, exact count on one; effective stops/s are per core");
    for game in reference_games() {
        let document: Value = serde_json::from_str(game.document)?;
        let definition = Definition::parse(&document["rng_signature"], &document["symbol_map"])
            .map_err(|faults| anyhow!("{} has faults: {faults:?}", game.name))?;
        let modes: &[Mode] =
            if definition.symbol_map().free_games.is_some() { &[Mode::Base, Mode::Free] } else { &[Mode::Base] };
        println!("\n{}", game.name);
        compare(&definition, modes, threads)?;
        simulate(&definition, threads, args)?;
    }
    Ok(())
}

fn compare(definition: &Definition, modes: &[Mode], threads: NonZeroUsize) -> Result<()> {
    let (mut cycles, mut slow, mut fast) = (0, Duration::ZERO, Duration::ZERO);
    for mode in modes {
        let begun = Instant::now();
        let plain = plain_loop(definition, *mode, threads)?;
        let plain_took = begun.elapsed();
        let (exact, exact_took) = exact_count(definition, *mode)?;
        ensure!(exact == plain, "the counts of {mode:?} differ");
        let name = format!("{mode:?}").to_lowercase();
        println!("  {name} cycle of {}: {} counts of both ways are equal", exact.cycle, exact.ways.len());
        cycles += exact.cycle;
        // Seconds of one core, so that both ways are measured alike.
        slow += plain_took * u32::try_from(threads.get())?;
        fast += exact_took;
    }
    line("plain loop", cycles, slow);
    line("exact count", cycles, fast);
    println!("  ratio         {:.0}", slow.as_secs_f64() / fast.as_secs_f64());
    let begun = Instant::now();
    let listed = profile_within(definition, NonZeroUsize::MIN, Budget::REQUEST).document().to_string().len();
    println!("  whole profile {:.4} s, {listed} bytes", begun.elapsed().as_secs_f64());
    Ok(())
}

#[allow(clippy::cast_precision_loss, reason = "a speed has three digits")]
fn line(name: &str, stops: u128, took: Duration) {
    let speed = stops as f64 / took.as_secs_f64() / 1e6;
    println!("  {name:<13} {:.4} core seconds, {speed:.1} M effective stops/s", took.as_secs_f64());
}

/// The median time of several runs, with what they count.
fn exact_count(definition: &Definition, mode: Mode) -> Result<(SpinDistribution, Duration)> {
    let mut runs = Vec::new();
    for _ in 0..REPEATS {
        let begun = Instant::now();
        let counted = spin_distribution(definition, mode, NonZeroUsize::MIN, Budget::REQUEST)
            .map_err(|_| anyhow!("a reference game is over the budget of an exact count"))?;
        runs.push((begun.elapsed(), counted));
    }
    runs.sort_by_key(|(took, _)| *took);
    let (took, counted) = runs.swap_remove(REPEATS / 2);
    Ok((counted, took))
}

fn gain(lines: u64, outcome: &Outcome) -> SpinGain {
    let in_line_bets = |kind| if kind == WinKind::Scatter { lines } else { 1 };
    let win = outcome.wins.iter().map(|win| win.pay * in_line_bets(win.kind)).sum();
    SpinGain { win, free_games: outcome.free_games_awarded }
}

/// Evaluates every combination of stops, the first reel's shared out among the threads.
fn plain_loop(definition: &Definition, mode: Mode, threads: NonZeroUsize) -> Result<SpinDistribution> {
    let engine = &Engine::compile(definition);
    let lengths = &engine.strip_lengths(mode);
    let first = lengths.first().copied().context("a game without reels")?;
    let step = threads.get();
    let work = |thread: usize| {
        let mut ways: HashMap<SpinGain, u128> = HashMap::new();
        for stop in (0..first).skip(thread).step_by(step) {
            let mut stops = vec![0; lengths.len()];
            stops[0] = stop;
            loop {
                *ways.entry(gain(u64::from(engine.lines()), &engine.evaluate(mode, &stops))).or_insert(0) += 1;
                // The next combination of the other reels, as an odometer turns.
                let turned = stops[1..].iter_mut().zip(&lengths[1..]).find_map(|(stop, length)| {
                    *stop = (*stop + 1) % length;
                    (*stop > 0).then_some(())
                });
                if turned.is_none() {
                    break;
                }
            }
        }
        ways
    };
    let cycle = lengths.iter().map(|length| u128::from(*length)).product();
    let mut all = SpinDistribution { cycle, lines: engine.lines(), ways: std::collections::BTreeMap::new() };
    for ways in on_threads(threads, work)? {
        for (gain, count) in ways {
            *all.ways.entry(gain).or_insert(0) += count;
        }
    }
    Ok(all)
}

fn on_threads<T: Send>(threads: NonZeroUsize, work: impl Fn(usize) -> T + Sync) -> Result<Vec<T>> {
    thread::scope(|scope| {
        let work = &work;
        let running: Vec<_> = (0..threads.get()).map(|thread| scope.spawn(move || work(thread))).collect();
        running.into_iter().map(|one| one.join().map_err(|_| anyhow!("a thread panicked"))).collect()
    })
}

/// Sums of the powers of what rounds won, in line bets.
type Sums = [u128; 4];

/// Plays whole rounds and holds their mean and variance against the exact ones.
#[allow(clippy::cast_precision_loss, reason = "the error of a simulation is far larger")]
fn simulate(definition: &Definition, threads: NonZeroUsize, args: &Args) -> Result<()> {
    let blocks = args.rounds / BLOCK;
    if blocks == 0 {
        return Ok(());
    }
    let engine = &Engine::compile(definition);
    let begun = Instant::now();
    let work = |thread: usize| {
        let mut sums: Sums = [0; 4];
        for block in (0..blocks).skip(thread).step_by(threads.get()) {
            let mut draws = Words(args.seed.wrapping_mul(0xD134_2543_DE82_EF95).wrapping_add(block << 32));
            for _ in 0..BLOCK {
                let won = u128::from(round(engine, &mut draws));
                for (power, sum) in (1..).zip(&mut sums) {
                    *sum += won.pow(power);
                }
            }
        }
        sums
    };
    let mut sums: Sums = [0; 4];
    for part in on_threads(threads, work)? {
        sums.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
    }
    let rounds = (blocks * BLOCK) as f64;
    let stake = f64::from(engine.lines());
    let [m1, m2, m3, m4] = sums.map(|sum| sum as f64 / rounds);
    let variance = m2 - m1 * m1;
    let fourth = m4 - 4.0 * m1 * m3 + 6.0 * m1 * m1 * m2 - 3.0 * m1.powi(4);
    // The standard error of a sample's variance: √((μ₄ − σ⁴) / n).
    let variance_error = ((fourth - variance * variance) / rounds).sqrt() / (stake * stake);
    println!("  simulated     {} rounds in {:.1} s, seed {}", blocks * BLOCK, begun.elapsed().as_secs_f64(), args.seed);
    let exact = profile_within(definition, NonZeroUsize::MIN, Budget::REQUEST);
    let StatisticalProfile { round: Some(exact), .. } = exact else { return Err(anyhow!("no exact round")) };
    check("mean", &exact.mean.decimal, m1 / stake, (variance / rounds).sqrt() / stake)?;
    check("variance", &exact.variance.decimal, variance / (stake * stake), variance_error)
}

fn check(name: &str, exact: &str, simulated: f64, error: f64) -> Result<()> {
    let off = (exact.parse::<f64>()? - simulated).abs() / error;
    println!("    {name:<9} exact {exact}, simulated {simulated:.6} ± {error:.6} (one standard error): {off:.2} off");
    ensure!(off <= STANDARD_ERRORS, "the exact {name} is too far from the simulated one");
    Ok(())
}

/// What a paid spin wins with all its free games, in line bets.
fn round(engine: &Engine, draws: &mut Words) -> u64 {
    let lines = u64::from(engine.lines());
    let spin = gain(lines, &engine.spin(Mode::Base, draws));
    let (mut won, mut left) = (spin.win, spin.free_games);
    while left > 0 {
        let free = gain(lines, &engine.spin(Mode::Free, draws));
        won += free.win;
        left += free.free_games;
        left -= 1;
    }
    won
}

/// `SplitMix64`: G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators" (2014).
struct Words(u64);

impl Draws for Words {
    fn below(&mut self, bound: NonZeroU32) -> u32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^= word >> 31;
        // 64 bits onto less than 2^32 stops: the bias is below 2^-32, far below what a simulation sees.
        u32::try_from((u128::from(word) * u128::from(bound.get())) >> 64).unwrap_or(0)
    }

    fn words_drawn(&self) -> u64 {
        0
    }
}
