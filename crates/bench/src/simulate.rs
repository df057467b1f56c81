//! The speed of simulation: the reference games from tables, with the engine beside them, per core.

use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow};
use reelhouse_domain::game::{Definition, Engine, reference_games};
use reelhouse_domain::simulation::{Ended, Report, Rounds, SimulationPlan, simulate, simulate_rounds};

use crate::cpu;
use crate::notebook::say;

/// For every round of the engine, as many from tables.
const TABLE_ROUNDS: u64 = 40;

/// Options of the measurement.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Rounds to play from tables per game; the engine plays a fortieth of them.
    #[arg(long, default_value_t = 200_000_000)]
    rounds: u64,
    /// The seed of the generator.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Also simulate on so many threads, and check that the result is the same.
    #[arg(long)]
    threads: Option<NonZeroUsize>,
}

/// A reference game.
pub(crate) fn reference(name: &str, document: &str) -> Result<Definition> {
    let document: serde_json::Value = serde_json::from_str(document)?;
    Definition::parse(&document["rng_signature"], &document["symbol_map"])
        .map_err(|faults| anyhow!("{name} has faults: {faults:?}"))
}

/// Plays both reference games on one thread, in both ways.
pub(crate) fn simulate_games(args: &Args) -> Result<()> {
    say!("one thread; speeds are per second of processor time; a round is a spin with all its free games");
    for game in reference_games() {
        let definition = reference(game.name, game.document)?;
        say!("\n{}", game.name);
        let begun = Instant::now();
        let tables = Rounds::compile(&definition);
        say!("  tables made in {:.4} s", begun.elapsed().as_secs_f64());
        let plan = plan(&definition, args, args.rounds);
        let (ended, fast) = run(&definition, &tables, &plan)?;
        print_figures("tables", &ended, fast)?;
        let engine = Rounds::by_engine(&definition);
        let (by_engine, slow) = run(&definition, &engine, &self::plan(&definition, args, args.rounds / TABLE_ROUNDS))?;
        print_figures("engine", &by_engine, slow)?;
        if let Some(threads) = args.threads {
            let begun = Instant::now();
            let shared = simulate(&definition, &plan, None, threads, &())?;
            anyhow::ensure!(shared == ended, "{threads} threads found something else");
            say!("  {threads} threads: the same result in {:.2} s", begun.elapsed().as_secs_f64());
        }
    }
    Ok(())
}

fn plan(definition: &Definition, args: &Args, rounds: u64) -> SimulationPlan {
    let stake = Engine::compile(definition).unit_bet();
    SimulationPlan { rounds: rounds.max(1), seed: args.seed, stake, half_width: None, player: None }
}

/// A run on this thread, and the processor time it took; where that cannot be told, the time that went by.
fn run(definition: &Definition, rounds: &Rounds, plan: &SimulationPlan) -> Result<(Ended, Duration)> {
    let (begun, before) = (Instant::now(), cpu::this_thread());
    let ended = simulate_rounds(definition, rounds, plan, None, NonZeroUsize::MIN, &())?;
    let took = before.and_then(|before| cpu::this_thread()?.checked_sub(before));
    Ok((ended, took.unwrap_or_else(|| begun.elapsed())))
}

#[allow(clippy::cast_precision_loss, reason = "a speed has three digits")]
fn print_figures(name: &str, ended: &Ended, took: Duration) -> Result<()> {
    let Report { rtp, rtp_intervals: [.., at_99], hit_rate, .. } = ended.report.as_ref().context("no rounds")?;
    let tally = &ended.state.tally;
    let speed = |count: u64| count as f64 / took.as_secs_f64().max(f64::EPSILON) / 1e6;
    say!(
        "  {name}  {:.2} s  {:.1} M rounds/s  {:.1} M spins/s  RTP {:.4} % ({:.4} to {:.4} at 99 %)  hits {:.4} %",
        took.as_secs_f64(),
        speed(tally.rounds),
        speed(tally.rounds + tally.free_games),
        rtp * 100.0,
        at_99.low * 100.0,
        at_99.high * 100.0,
        hit_rate.value * 100.0,
    );
    Ok(())
}
