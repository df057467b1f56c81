//! `reel session`: sessions, what is done in them, and what they recorded.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use reelhouse_client::{ActionAnswer, ActionBody, NewSession, PlayerProfile, Session, SessionFilter};
use reelhouse_domain::session::SessionState;
use reelhouse_domain::{Money, SessionId, WalletId};

use crate::args::{Length, Once, amount};
use crate::failure::Failure;
use crate::output::{Column, Format, Output, change, credits, instant, note, percent};
use crate::play::PlayArguments;
use crate::profile::Connection;
use crate::spin::{EventsArguments, action_lines};
use crate::{game, play, spin};

/// What is done with sessions.
#[derive(Debug, Subcommand)]
pub(crate) enum SessionCommand {
    /// Open a session of a game.
    #[command(after_help = "Examples:\n  reel session create --game fruit --wallet WALLET --max-bet 5\n  \
                            SESSION=$(reel session create --game fruit --wallet WALLET -q)")]
    Create(NewSessionArguments),
    /// Show a session and its counters.
    Show(Which),
    /// List sessions.
    List {
        /// Of this game only: its id, or words of its name.
        #[arg(long)]
        game: Option<String>,
        /// Played from this wallet only.
        #[arg(long)]
        wallet: Option<WalletId>,
        /// In this state only.
        #[arg(long, value_parser = state)]
        state: Option<SessionState>,
        #[command(flatten)]
        length: Length,
    },
    /// Hold a stake for the next spin.
    Bet {
        #[command(flatten)]
        act: Act,
        /// The stake, in test credits.
        #[arg(value_parser = amount)]
        amount: Money,
    },
    /// Spin: with an amount bet and spin in one step, without one the held stake or the next free game.
    Spin {
        #[command(flatten)]
        act: Act,
        /// The stake, in test credits.
        #[arg(value_parser = amount)]
        amount: Option<Money>,
    },
    /// Take demo spins, which cost the wallet's fee per query and pay nothing.
    Probe {
        #[command(flatten)]
        act: Act,
        /// How many.
        #[arg(value_parser = clap::value_parser!(u32).range(1..=10_000))]
        spins: u32,
    },
    /// Give the held stake back.
    Void(Act),
    /// Attach a wallet, or change it between rounds.
    Attach {
        #[command(flatten)]
        act: Act,
        /// The wallet's id.
        wallet: WalletId,
    },
    /// Reveal the present server seed and draw from a fresh one.
    RotateSeed {
        #[command(flatten)]
        act: Act,
        /// Your share in the draws from now on [default: as before].
        #[arg(long, value_name = "TEXT")]
        client_seed: Option<String>,
    },
    /// End a session, which reveals its server seed.
    CashOut(Act),
    /// End a session that has no wallet.
    Close(Act),
    /// Hold a session, as an operator.
    Suspend(Act),
    /// Let a held session go on, as an operator.
    Resume(Act),
    /// List a session's events, or follow them as they happen.
    #[command(after_help = "With --follow it prints every event as it happens, and ends when the session does.\n\n\
                            Examples:\n  reel session events SESSION --follow\n  \
                            reel session events SESSION --all --json | jq -r .result.payout")]
    Events(EventsArguments),
    /// Play many rounds.
    #[command(override_usage = play::USAGE, after_help = play::HELP)]
    Play(PlayArguments),
    /// Download the proof of a session that has ended: what `reel verify` checks.
    Proof {
        #[command(flatten)]
        session: Which,
        /// The file to write [default: standard output].
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

/// A session.
#[derive(Clone, Debug, Args)]
pub(crate) struct Which {
    /// The session's id.
    pub(crate) session: SessionId,
}

/// An action in a session.
#[derive(Debug, Args)]
pub(crate) struct Act {
    /// The session's id.
    session: SessionId,
    #[command(flatten)]
    once: Once,
}

/// A session to be opened.
#[derive(Debug, Args)]
pub(crate) struct NewSessionArguments {
    /// The game to play: its id, or words of its name.
    #[arg(long)]
    game: String,
    /// The wallet to play from; without one the session starts idle.
    #[arg(long)]
    wallet: Option<WalletId>,
    /// What kind of player this is, for the record.
    #[arg(long, value_name = "WORD")]
    behavior: Option<String>,
    /// The largest stake that the session shall accept, in test credits.
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    max_bet: Option<Money>,
    /// Your share in the draws [default: the session's id].
    #[arg(long, value_name = "TEXT")]
    client_seed: Option<String>,
    #[command(flatten)]
    once: Once,
}

fn state(name: &str) -> Result<SessionState, String> {
    let names = || SessionState::ALL.map(SessionState::name).join(", ");
    SessionState::named(name).ok_or_else(|| format!("one of {} was expected", names()))
}

pub(crate) fn run(command: SessionCommand, connection: &Connection, output: &mut Output) -> Result<(), Failure> {
    let act = |act: Act, action: ActionBody, output: &mut Output| run_action(act, &action, connection, output);
    match command {
        SessionCommand::Create(arguments) => create(arguments, connection, output),
        SessionCommand::Show(which) => {
            let answer = connection.client()?.session_find(which.session)?;
            output.thing(&answer, answer.body.session_id, record)
        }
        SessionCommand::List { game, wallet, state, length } => {
            let client = connection.client()?;
            let game_id = game.map(|game| game::find(client, &game)).transpose()?.map(|game| game.body.game_id);
            list(SessionFilter { game_id, wallet_id: wallet, state }, length, connection, output)
        }
        SessionCommand::Bet { act: to, amount } => act(to, ActionBody::Bet { amount }, output),
        SessionCommand::Spin { act: to, amount } => act(to, ActionBody::Spin { amount }, output),
        SessionCommand::Probe { act: to, spins } => act(to, ActionBody::Probe { spins }, output),
        SessionCommand::Void(to) => act(to, ActionBody::Void, output),
        SessionCommand::Attach { act: to, wallet } => act(to, ActionBody::AttachWallet { wallet_id: wallet }, output),
        SessionCommand::RotateSeed { act: to, client_seed } => act(to, ActionBody::RotateSeed { client_seed }, output),
        SessionCommand::CashOut(to) => act(to, ActionBody::CashOut, output),
        SessionCommand::Close(to) => act(to, ActionBody::Close, output),
        SessionCommand::Suspend(to) => act(to, ActionBody::Suspend, output),
        SessionCommand::Resume(to) => act(to, ActionBody::Resume, output),
        SessionCommand::Events(arguments) => spin::events(&arguments, connection, output),
        SessionCommand::Play(arguments) => play::run(arguments, connection, output),
        SessionCommand::Proof { session, output: file } => proof(session.session, file, connection, output),
    }
}

fn create(arguments: NewSessionArguments, connection: &Connection, output: &mut Output) -> Result<(), Failure> {
    let NewSessionArguments { game, wallet, behavior, max_bet, client_seed, once } = arguments;
    let client = connection.client()?;
    let game_id = game::find(client, &game)?.body.game_id;
    let player_profile = PlayerProfile { behavior, max_bet, ..PlayerProfile::default() };
    let new = NewSession { game_id, wallet_id: wallet, player_profile, client_seed };
    let answer = client.session_create(&new, &once.key())?;
    output.thing(&answer, answer.body.session_id, record)
}

fn list(filter: SessionFilter, length: Length, connection: &Connection, output: &mut Output) -> Result<(), Failure> {
    let columns = [
        Column::Left("ID"),
        Column::Left("STATE"),
        Column::Right("SPINS"),
        Column::Right("WAGERED"),
        Column::Right("NET"),
        Column::Left("CHANGED"),
    ];
    let items = connection.client()?.session_list(filter, length.most());
    output.list(items, &columns, |session: &Session| session.session_id.to_string(), row)
}

fn run_action(act: Act, action: &ActionBody, connection: &Connection, output: &mut Output) -> Result<(), Failure> {
    let answer = connection.client()?.session_act(act.session, action, &act.once.key())?;
    match output.format {
        Format::Json => output.json(&answer.json),
        Format::Ids => output.line(answer.body.event.event_id),
        Format::Text => print_action(&answer.body, output),
    }
}

fn print_action(answer: &ActionAnswer, output: &mut Output) -> Result<(), Failure> {
    for line in action_lines(&answer.event) {
        output.line(line)?;
    }
    let session = &answer.session;
    let mut lines = Vec::new();
    if let Some(wallet) = answer.wallet {
        lines.push(("Balance", credits(wallet.balance)));
    }
    lines.push(("State", state_text(session)));
    if let Some(seed) = &session.fairness.server_seed {
        lines.push(("Server seed", seed.clone()));
    }
    output.record(&lines)
}

fn row(session: &Session) -> Vec<String> {
    vec![
        session.session_id.to_string(),
        session.state.name().to_owned(),
        session.metrics.spins.to_string(),
        credits(session.metrics.wagered),
        change(session.metrics.net),
        instant(session.updated_at),
    ]
}

/// The state, and the round that is open in it.
fn state_text(session: &Session) -> String {
    let name = session.state.name();
    match session.round {
        Some(round) if round.free_games_left > 0 => format!(
            "{name}: {} played, {} left, {} won at a stake of {}",
            round.free_games_played,
            round.free_games_left,
            credits(round.won),
            credits(round.stake)
        ),
        Some(round) => format!("{name}: a stake of {} is held", credits(round.stake)),
        None => name.to_owned(),
    }
}

fn record(session: &Session) -> Vec<(&'static str, String)> {
    let metrics = &session.metrics;
    let hits =
        percent(i64::try_from(metrics.hits).unwrap_or_default(), i64::try_from(metrics.spins).unwrap_or_default());
    let mut lines = vec![
        ("Session", session.session_id.to_string()),
        ("Game", session.game_id.to_string()),
        ("Wallet", session.current_wallet_id.map_or_else(|| "none".to_owned(), |id| id.to_string())),
        ("State", state_text(session)),
        ("Allowed", session.allowed_actions.join(", ")),
    ];
    lines.extend(session.player_profile.behavior.clone().map(|behavior| ("Player", behavior)));
    lines.extend(session.player_profile.max_bet.map(|max_bet| ("Max bet", credits(max_bet))));
    lines.extend([
        ("Spins", format!("{}, {hits} hits, {} free games", metrics.spins, metrics.free_games)),
        ("Wagered", credits(metrics.wagered)),
        ("Won", credits(metrics.won)),
        ("Fees", credits(metrics.fees)),
        ("Net", change(metrics.net)),
        ("RTP so far", percent(metrics.won.units(), metrics.wagered.units())),
        ("Biggest win", credits(metrics.biggest_win)),
        ("Events", session.last_seq.to_string()),
        ("Commitment", session.fairness.commitment.to_string()),
        ("Client seed", session.fairness.client_seed.clone()),
    ]);
    lines.extend(session.fairness.server_seed.clone().map(|seed| ("Server seed", seed)));
    lines.extend([("Opened", instant(session.created_at)), ("Changed", instant(session.updated_at))]);
    lines
}

fn proof(
    session: SessionId,
    file: Option<PathBuf>,
    connection: &Connection,
    output: &mut Output,
) -> Result<(), Failure> {
    let text = connection.client()?.session_proof(session)?;
    let Some(file) = file else {
        return output.raw(text.as_bytes());
    };
    std::fs::write(&file, text).map_err(|error| Failure::Other(format!("{}: {error}", file.display())))?;
    note(format!("written to {0}; check it with `reel verify {0}`", file.display()));
    Ok(())
}
