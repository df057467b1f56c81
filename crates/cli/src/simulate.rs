//! `reel simulate`: many rounds at the server, beside play.

use std::io::{self, IsTerminal as _};
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use reelhouse_client::{Answer, Client, NewSimulation, Simulation};
use reelhouse_domain::Money;
use reelhouse_domain::game::{Definition, Engine};
use serde_json::Value;

use crate::args::{Once, amount};
use crate::behaviour::Behaviour;
use crate::failure::Failure;
use crate::game;
use crate::output::{Output, note};
use crate::profile::Connection;

/// How often the server is asked how far it is.
const PERIOD: Duration = Duration::from_millis(500);

/// What the help of the command ends with.
const HELP: &str = "\
The server plays the rounds beside its other work; no wallet is touched. This command waits for the end, unless --detach is \
given: Ctrl-C ends the waiting, not the simulation, which --attach waits for again.

Examples:
  reel simulate fruit --rounds 100000000 --seed 1
  reel simulate pearl --rounds 50000000 --half-width 0.001
  reel simulate fruit --rounds 10000000 --behavior adaptive --starting-balance 100
  reel simulate --attach SIMULATION";

/// What to simulate.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct SimulateArguments {
    /// The game: its id, or words of its name.
    #[arg(required_unless_present = "attach")]
    game: Option<String>,
    /// How many rounds at most.
    #[arg(short = 'n', long, default_value_t = 10_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    rounds: u64,
    /// The seed of the generator, by which the simulation repeats [default: drawn by the server].
    #[arg(long)]
    seed: Option<u64>,
    /// The stake of a round, in test credits [default: the game's unit bet].
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    stake: Option<Money>,
    /// Stop when the 95 % interval of the RTP reaches no further than this to either side: 0.001 is 0.1 %.
    #[arg(long, value_name = "SHARE")]
    half_width: Option<f64>,
    /// Follow the bankroll of a player of this kind.
    #[arg(short, long, value_enum)]
    behavior: Option<Behaviour>,
    /// The player's balance at the start of every session, in test credits [default: 100 stakes].
    #[arg(long, value_name = "AMOUNT", value_parser = amount, requires = "behavior")]
    starting_balance: Option<Money>,
    /// After how many rounds a player's session ends [default: 1000].
    #[arg(long, value_name = "ROUNDS", requires = "behavior")]
    session_rounds: Option<u64>,
    /// Do not wait for the end.
    #[arg(long)]
    detach: bool,
    /// Wait for a simulation that was queued before, or show what it came to.
    #[arg(long, value_name = "SIMULATION", conflicts_with = "game")]
    attach: Option<String>,
    #[command(flatten)]
    once: Once,
}

pub(crate) fn run(arguments: SimulateArguments, connection: &Connection, output: &mut Output) -> Result<(), Failure> {
    let client = connection.client()?;
    let detach = arguments.detach;
    let mut answer = match (&arguments.attach, &arguments.game) {
        (Some(id), _) => client.simulation_find(id)?,
        (None, Some(text)) => queue(&text.clone(), arguments, client)?,
        (None, None) => return Err(Failure::Usage("a game was expected".to_owned())),
    };
    if !detach {
        answer = wait(answer, client)?;
    }
    output.thing(&answer, &answer.body.simulation_id, record)?;
    match answer.body.state.as_str() {
        "failed" => Err(Failure::Other("the simulation failed".to_owned())),
        _ => Ok(()),
    }
}

fn queue(text: &str, arguments: SimulateArguments, client: &Client) -> Result<Answer<Simulation>, Failure> {
    let game = game::find(client, text)?.body;
    let unit = Definition::parse(&game.rng_signature, &game.symbol_map);
    let unit = unit.ok().map(|definition| Engine::compile(&definition).unit_bet());
    let unknown = || Failure::Usage("this reel does not know the game's stakes: name one with --stake".to_owned());
    let new = NewSimulation {
        game_id: game.game_id,
        rounds: arguments.rounds,
        seed: arguments.seed,
        stake: arguments.stake.or(unit).ok_or_else(unknown)?,
        half_width: arguments.half_width,
        behavior: arguments.behavior.map(|behavior| behavior.name().to_owned()),
        starting_balance: arguments.starting_balance,
        session_rounds: arguments.session_rounds,
    };
    let answer = client.simulation_create(&new, &arguments.once.key())?;
    note(format!("simulation {}", answer.body.simulation_id));
    Ok(answer)
}

/// Waits until the simulation is over, and shows how far it is.
fn wait(mut answer: Answer<Simulation>, client: &Client) -> Result<Answer<Simulation>, Failure> {
    let target = if io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(answer.body.rounds), target);
    if let Ok(style) = ProgressStyle::with_template("{bar:24} {percent} %  {msg}") {
        bar.set_style(style.progress_chars("━╸ "));
    }
    while !answer.body.is_over() {
        let progress = &answer.body.progress;
        let speed = progress.per_second.map_or_else(String::new, |speed| format!("  {:.1} M rounds/s", speed / 1e6));
        let rtp = progress.rtp.map_or_else(String::new, |rtp| format!("  RTP {:.3} %", rtp * 100.0));
        bar.set_message(format!("{}{rtp}{speed}", answer.body.state));
        bar.set_position(progress.done);
        std::thread::sleep(PERIOD);
        answer = client.simulation_find(&answer.body.simulation_id)?;
    }
    bar.finish_and_clear();
    Ok(answer)
}

fn record(simulation: &Simulation) -> Vec<(&'static str, String)> {
    let mut lines = vec![
        ("Simulation", simulation.simulation_id.clone()),
        ("Game", simulation.game_id.to_string()),
        ("State", simulation.state.clone()),
        ("Seed", simulation.seed.to_string()),
        ("Rounds", format!("{} of at most {}", simulation.progress.done, simulation.rounds)),
    ];
    let why = simulation.failure.as_ref().and_then(|failure| failure.get("reason")).and_then(Value::as_str);
    lines.extend(why.map(|why| ("Failure", why.to_owned())));
    if let Some(report) = &simulation.report {
        lines.extend(report_lines(report));
    }
    lines
}

/// The figures of a report that are there.
fn report_lines(report: &Value) -> Vec<(&'static str, String)> {
    let number = |pointer: &str| report.pointer(pointer).and_then(Value::as_f64);
    let percent = |pointer: &str| number(pointer).map(|share| format!("{:.4} %", share * 100.0));
    let stakes = |pointer: &str| number(pointer).map(|stakes| format!("{stakes:.4} stakes"));
    let mut lines = Vec::new();
    let mut add = |name: &'static str, value: Option<String>| lines.extend(value.map(|value| (name, value)));
    add("RTP", percent("/rtp"));
    for (index, name) in ["  90 % interval", "  95 % interval", "  99 % interval"].into_iter().enumerate() {
        let end = |end: &str| percent(&format!("/rtp_intervals/{index}/{end}"));
        add(name, end("low").zip(end("high")).map(|(low, high)| format!("{low} to {high}")));
    }
    add("  from free games", percent("/rtp_free_games").filter(|share| share != "0.0000 %"));
    add("Hit rate", percent("/hit_rate/value"));
    add("Std deviation", stakes("/standard_deviation"));
    add("Best win", stakes("/best_win"));
    add("Sessions", number("/bankroll/sessions").map(|sessions| format!("{sessions:.0}")));
    add("  ruined", percent("/bankroll/ruin/value"));
    lines
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_report_is_told_as_far_as_it_goes() {
        let report = json!({ "rtp": 0.9565, "rtp_intervals": [{ "confidence": 90, "low": 0.95, "high": 0.96 }] });
        let lines = report_lines(&report);
        assert_eq!(lines[0], ("RTP", "95.6500 %".to_owned()));
        assert_eq!(lines[1], ("  90 % interval", "95.0000 % to 96.0000 %".to_owned()));
        assert_eq!(lines.len(), 2);
    }
}
