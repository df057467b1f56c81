//! `reel game`: the catalogue, and definitions checked offline.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use reelhouse_client::{Answer, Client, Game};
use reelhouse_domain::GameId;
use reelhouse_domain::game::{Definition, Engine, Fault, Faults, check_name, profile};
use serde_json::{Value, json};

use crate::args::{Length, Once};
use crate::failure::Failure;
use crate::output::{Column, Format, Output, credits, figure, instant, note};
use crate::par_sheet::{self, SheetArguments};
use crate::profile::Connection;

/// What is done with games.
#[derive(Debug, Subcommand)]
pub(crate) enum GameCommand {
    /// Add a game, from a file with `name`, `rng_signature` and `symbol_map`.
    #[command(
        after_help = "Examples:\n  reel game add lucky.json\n  jq '.name = \"Other\"' lucky.json | reel game add -"
    )]
    Add {
        #[command(flatten)]
        file: DefinitionFile,
        #[command(flatten)]
        once: Once,
    },
    /// List the games.
    List(Length),
    /// Show a game and its figures.
    Show {
        /// The game's id, or words of its name.
        game: String,
    },
    /// Print the PAR sheet of a game: everything that its definition and its profile say.
    Par(SheetArguments),
    /// Check a definition offline: every fault with its place, or the figures of the game.
    #[command(
        after_help = "It asks no server. A file without faults ends with code 0, one with faults with code 5.\n\n\
                            Examples:\n  reel game check lucky.json\n  reel game check lucky.json --json | jq .rtp.total.percent"
    )]
    Check(DefinitionFile),
}

/// A definition in a file.
#[derive(Debug, Args)]
pub(crate) struct DefinitionFile {
    /// The file; `-` for standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub(crate) fn run(command: GameCommand, connection: &Connection, output: &mut Output) -> Result<(), Failure> {
    match command {
        GameCommand::Add { file, once } => {
            let document = read_json(&file.file)?;
            let answer = connection.client()?.game_add(&document, &once.key())?;
            output.thing(&answer, answer.body.game_id, record)
        }
        GameCommand::List(length) => {
            let columns = [
                Column::Left("ID"),
                Column::Left("NAME"),
                Column::Right("RTP"),
                Column::Right("HITS"),
                Column::Right("STD DEV"),
            ];
            let items = connection.client()?.game_list(length.most());
            output.list(items, &columns, |game: &Game| game.game_id.to_string(), row)
        }
        GameCommand::Show { game } => {
            let answer = find(connection.client()?, &game)?;
            output.thing(&answer, answer.body.game_id, record)
        }
        GameCommand::Par(arguments) => par_sheet::run(&arguments, connection, output),
        GameCommand::Check(file) => check(&read_json(&file.file)?, output),
    }
}

/// The game of an id, or the one game whose name has these words in it.
pub(crate) fn find(client: &Client, text: &str) -> Result<Answer<Game>, Failure> {
    if let Ok(game_id) = text.parse::<GameId>() {
        return Ok(client.game_find(game_id)?);
    }
    let wanted = text.to_lowercase();
    let mut found = Vec::new();
    for game in client.game_list(None) {
        let game = game?;
        let name = game.body.name.to_lowercase();
        if name == wanted {
            return Ok(game);
        }
        if name.contains(&wanted) {
            found.push(game);
        }
    }
    if found.len() > 1 {
        let names: Vec<&str> = found.iter().map(|game| game.body.name.as_str()).collect();
        return Err(Failure::Usage(format!("several games have {text:?} in their names: {}", names.join(", "))));
    }
    found.pop().ok_or_else(|| Failure::NotFound(format!("no game is named {text:?}; see `reel game list`")))
}

fn row(game: &Game) -> Vec<String> {
    let profile = &game.statistical_profile;
    let percent = |pointer| figure(profile, pointer, 2).map_or_else(|| "–".to_owned(), |text| format!("{text} %"));
    vec![
        game.game_id.to_string(),
        game.name.clone(),
        percent("/rtp/total/percent"),
        percent("/hit_frequency/probability/percent"),
        figure(profile, "/round/standard_deviation", 2).unwrap_or_else(|| "–".to_owned()),
    ]
}

fn record(game: &Game) -> Vec<(&'static str, String)> {
    let mut lines = vec![("Game", game.name.clone()), ("Id", game.game_id.to_string())];
    match Definition::parse(&game.rng_signature, &game.symbol_map) {
        Ok(definition) => lines.extend(definition_lines(&definition)),
        Err(_) => note("this version of reel does not know everything in the definition of the game"),
    }
    lines.extend(profile_lines(&game.statistical_profile));
    lines.push(("Fingerprint", game.fingerprint.to_string()));
    lines.push(("Added", instant(game.created_at)));
    lines
}

/// What a definition is made up of, and the stakes that it takes.
fn definition_lines(definition: &Definition) -> Vec<(&'static str, String)> {
    let engine = Engine::compile(definition);
    let map = definition.symbol_map_document();
    let heights: Vec<usize> = definition.symbol_map().grid.heights().collect();
    let rows = match heights.first() {
        Some(first) if heights.iter().all(|height| height == first) => format!("{first} rows"),
        _ => format!("up to {} rows", heights.iter().max().unwrap_or(&0)),
    };
    let kind = map.pointer("/evaluation/type").and_then(Value::as_str).unwrap_or("unknown").to_owned();
    let kind = match map.pointer("/evaluation/lines").and_then(Value::as_array) {
        Some(lines) => format!("{} {kind}", lines.len()),
        None => kind,
    };
    vec![
        ("Grid", format!("{} reels, {rows}", heights.len())),
        ("Pays by", kind),
        ("Stakes", format!("multiples of {} up to {}", credits(engine.unit_bet()), credits(engine.max_stake()))),
    ]
}

/// The figures of a profile that are there, in words.
fn profile_lines(profile: &Value) -> Vec<(&'static str, String)> {
    let text = |pointer: &str| profile.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let percent = |pointer: &str| figure(profile, pointer, 4).map(|text| format!("{text} %"));
    let part = |pointer: &str| percent(pointer).filter(|text| text != "0.0000 %");
    let one_in = |pointer: &str| figure(profile, pointer, 2).map(|text| format!("one in {text}"));
    let mut lines = Vec::new();
    let mut add = |name: &'static str, value: Option<String>| lines.extend(value.map(|value| (name, value)));
    add("RTP", percent("/rtp/total/percent").map(|total| format!("{total} ({})", text("/method").unwrap_or_default())));
    add("  from lines", part("/rtp/line/percent"));
    add("  from scatters", part("/rtp/scatter/percent"));
    add("  from free games", part("/rtp/free_games/percent"));
    add("Hit frequency", percent("/hit_frequency/probability/percent"));
    add("Free games", one_in("/free_games/trigger/one_in"));
    add("Std deviation", figure(profile, "/round/standard_deviation", 4).map(|text| format!("{text} stakes")));
    let index = |at: &Value| {
        let confidence = at.get("confidence")?.as_u64()?;
        Some(format!("{} at {confidence} %", figure(at, "/index", 2)?))
    };
    let indices = profile.pointer("/round/volatility_index").and_then(Value::as_array);
    add("Volatility index", indices.map(|all| all.iter().filter_map(index).collect::<Vec<_>>().join(", ")));
    let max_win = figure(profile, "/max_win/base/stakes/decimal", 2);
    add(
        "Largest win",
        max_win.map(|stakes| match one_in("/max_win/base/one_in") {
            Some(odds) => format!("{stakes} stakes, {odds}"),
            None => format!("{stakes} stakes"),
        }),
    );
    for missing in profile.pointer("/not_computed").and_then(Value::as_array).into_iter().flatten() {
        add("Not computed", missing.as_str().map(str::to_owned));
    }
    lines
}

/// Checks a definition as the server would, and prints all of its faults or the figures of the game.
fn check(document: &Value, output: &mut Output) -> Result<(), Failure> {
    let part = |name: &str| document.get(name).cloned().unwrap_or(Value::Null);
    let mut faults = Vec::new();
    match document.get("name").and_then(Value::as_str) {
        Some(name) => faults.extend(check_name(name).err().map(|refusal| fault("/name", refusal.to_string()))),
        None => faults.push(fault("/name", "a string was expected".to_owned())),
    }
    match Definition::parse(&part("rng_signature"), &part("symbol_map")) {
        Ok(definition) => {
            let profile = profile(&definition);
            let declared = document.get("statistical_profile").filter(|declared| !declared.is_null());
            if let Some(Err(Faults(differences))) = declared.map(|declared| profile.compare(declared)) {
                faults.extend(differences);
            }
            if faults.is_empty() {
                return print_figures(document, &definition, &profile.document(), output);
            }
        }
        Err(Faults(found)) => faults.extend(found),
    }
    match output.format {
        Format::Json => output.json(&json!({ "faults": faults }))?,
        Format::Text | Format::Ids => {
            for Fault { pointer, reason } in &faults {
                output.line(format!("{pointer}: {reason}"))?;
            }
        }
    }
    let count = faults.len();
    Err(Failure::Faulty(format!("the definition has {count} {}", if count == 1 { "fault" } else { "faults" })))
}

fn fault(pointer: &str, reason: String) -> Fault {
    Fault { pointer: pointer.to_owned(), reason }
}

fn print_figures(
    document: &Value,
    definition: &Definition,
    profile: &Value,
    output: &mut Output,
) -> Result<(), Failure> {
    let fingerprint = definition.fingerprint().to_string();
    match output.format {
        Format::Json => output.json(profile),
        Format::Ids => output.line(fingerprint),
        Format::Text => {
            let name = document.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
            let mut lines = vec![("Game", name)];
            lines.extend(definition_lines(definition));
            lines.extend(profile_lines(profile));
            lines.push(("Fingerprint", fingerprint));
            output.record(&lines)
        }
    }
}

/// The JSON in a file, or on standard input.
fn read_json(path: &Path) -> Result<Value, Failure> {
    let usage = |why: String| Failure::Usage(format!("{}: {why}", path.display()));
    let text = read_text(path)?;
    serde_json::from_str(&text).map_err(|error| usage(format!("this is not JSON: {error}")))
}

/// The text of a file, or of standard input.
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let read = if path == Path::new("-") {
        std::io::stdin().read_to_string(&mut text)
    } else {
        std::fs::File::open(path).and_then(|mut file| file.read_to_string(&mut text))
    };
    match read {
        Ok(_) => Ok(text),
        Err(error) => Err(Failure::Usage(format!("{}: {error}", path.display()))),
    }
}
