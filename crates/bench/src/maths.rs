//! Exact mathematics: the count that factors the cycle against the plain loop over all stops, and against chance.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, ensure};
use reelhouse_domain::game::profile::{Budget, SpinDistribution, SpinGain, profile_within, spin_distribution};
use reelhouse_domain::game::{Definition, Engine, Mode, Outcome, StatisticalProfile, WinKind, reference_games};
use reelhouse_domain::simulation::statistics::Mean;
use reelhouse_domain::simulation::{self, Ended, SimulationPlan};
use serde_json::Value;

use crate::notebook::say;

/// How often a count that takes milliseconds is repeated; the median counts.
const REPEATS: usize = 21;

/// The rounds are simulated in so many batches with seeds of their own.
const BATCHES: u64 = 25;

/// How far off, in standard errors, the exact figure may be: Student's quantile for 25 batches, once in a thousand
/// seeds it is more.
const STANDARD_ERRORS: f64 = 3.745;

/// Options of the comparison.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Threads of the plain loop and of the simulation; all cores unless given.
    #[arg(long)]
    threads: Option<NonZeroUsize>,
    /// Rounds to simulate per game, 0 for none.
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
    say!("plain loop and simulation on {threads} threads, exact count on one; effective stops/s are per core");
    for game in reference_games() {
        let document: Value = serde_json::from_str(game.document)?;
        let definition = Definition::parse(&document["rng_signature"], &document["symbol_map"])
            .map_err(|faults| anyhow!("{} has faults: {faults:?}", game.name))?;
        let modes: &[Mode] =
            if definition.symbol_map().free_games.is_some() { &[Mode::Base, Mode::Free] } else { &[Mode::Base] };
        say!("\n{}", game.name);
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
        say!("  {name} cycle of {}: {} counts of both ways are equal", exact.cycle, exact.ways.len());
        cycles += u128::try_from(&exact.cycle)?;
        // Seconds of one core, so that both ways are measured alike.
        slow += plain_took * u32::try_from(threads.get())?;
        fast += exact_took;
    }
    line("plain loop", cycles, slow);
    line("exact count", cycles, fast);
    say!("  ratio         {:.0}", slow.as_secs_f64() / fast.as_secs_f64());
    let begun = Instant::now();
    let listed = profile_within(definition, NonZeroUsize::MIN, Budget::REQUEST).document().to_string().len();
    say!("  whole profile {:.4} s, {listed} bytes", begun.elapsed().as_secs_f64());
    Ok(())
}

#[allow(clippy::cast_precision_loss, reason = "a speed has three digits")]
fn line(name: &str, stops: u128, took: Duration) {
    let speed = stops as f64 / took.as_secs_f64() / 1e6;
    say!("  {name:<13} {:.4} core seconds, {speed:.1} M effective stops/s", took.as_secs_f64());
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
    let cycle: u128 = lengths.iter().map(|length| u128::from(*length)).product();
    let lines = engine.lines();
    let mut all = SpinDistribution { cycle: cycle.into(), lines, ways: std::collections::BTreeMap::new() };
    for ways in on_threads(threads, work)? {
        for (gain, count) in ways {
            *all.ways.entry(gain).or_default() += count;
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

/// Simulates whole rounds in batches, and holds their mean and variance against the exact ones.
#[allow(clippy::cast_precision_loss, reason = "the error of a simulation is far larger")]
fn simulate(definition: &Definition, threads: NonZeroUsize, args: &Args) -> Result<()> {
    let rounds = args.rounds / BATCHES;
    if rounds == 0 {
        return Ok(());
    }
    let stake = Engine::compile(definition).unit_bet();
    let begun = Instant::now();
    let mut found = Vec::new();
    for batch in 0..BATCHES {
        let seed = args.seed.wrapping_mul(BATCHES).wrapping_add(batch);
        let plan = SimulationPlan { rounds, seed, stake, half_width: None, player: None };
        let Ended { state, .. } = simulation::simulate(definition, &plan, None, threads, &())?;
        let (won, squared) = (state.tally.won, state.tally.won_squared);
        let mean = Mean::new(rounds, won, squared, stake.units().unsigned_abs()).context("no rounds")?;
        found.push((mean.value, mean.deviation * mean.deviation));
    }
    let took = begun.elapsed().as_secs_f64();
    say!("  simulated     {} rounds in {took:.1} s, seed {}", rounds * BATCHES, args.seed);
    let exact = profile_within(definition, NonZeroUsize::MIN, Budget::REQUEST);
    let StatisticalProfile { round: Some(exact), .. } = exact else { return Err(anyhow!("no exact round")) };
    let (means, variances): (Vec<f64>, Vec<f64>) = found.into_iter().unzip();
    check("mean", &exact.mean.decimal, &means)?;
    check("variance", &exact.variance.decimal, &variances)
}

/// Holds the average of the batches against the exact figure; how much they differ tells the error.
#[allow(clippy::cast_precision_loss, reason = "there are few batches")]
fn check(name: &str, exact: &str, batches: &[f64]) -> Result<()> {
    let count = batches.len() as f64;
    let simulated = batches.iter().sum::<f64>() / count;
    let square = batches.iter().map(|one| (one - simulated).powi(2)).sum::<f64>();
    let error = (square / (count - 1.0) / count).sqrt();
    let off = (exact.parse::<f64>()? - simulated).abs() / error;
    say!("    {name:<9} exact {exact}, simulated {simulated:.6} ± {error:.6} (one standard error): {off:.2} off");
    ensure!(off <= STANDARD_ERRORS, "the exact {name} is too far from the simulated one");
    Ok(())
}
