//! `reel session play`: many rounds with one of the behaviours.

use std::io::{self, IsTerminal as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use reelhouse_client::{ActionAnswer, ActionBody, Client, Game, Key, NewSession, Patience, PlayerProfile, Session};
use reelhouse_domain::game::{Definition, Engine};
use reelhouse_domain::session::SessionState;
use reelhouse_domain::{Money, SessionId, WalletId};
use serde::Serialize;

use crate::args::amount;
use crate::behaviour::{Behaviour, Player};
use crate::failure::Failure;
use crate::game;
use crate::output::{Format, Output, change, credits, figure, note, percent};
use crate::profile::Connection;

/// The two ways to name a session.
pub(crate) const USAGE: &str = "reel session play [OPTIONS] <SESSION>
       reel session play [OPTIONS] --game <GAME> --wallet <WALLET>";

/// What the help of the command ends with.
pub(crate) const HELP: &str = "\
Free games are played as they come and count to the round that won them. The play ends early when the wallet holds too \
little, its daily limit is reached, or a bound is passed; what was played then is told, and the code is 0. Ctrl-C ends it \
after the round in work, with code 130. Every action has a key of its own, so a server that is busy or starts again is \
waited for, and no round happens twice.

Examples:
  reel session play SESSION --rounds 500
  reel session play SESSION --behavior adaptive --stake 0.20 --stop-below 50 --cash-out
  reel session play --game fruit --wallet WALLET --rounds 1000 --cash-out --json";

/// How long an absent server is waited for while rounds are played: about half a minute.
const PLAYING: Patience = Patience { busy: 60, gone: 30 };

/// How often the progress is drawn.
const TICK: Duration = Duration::from_millis(100);

/// How to play.
#[derive(Debug, Args)]
pub(crate) struct PlayArguments {
    /// The session to play in.
    #[arg(required_unless_present_all = ["game", "wallet"], conflicts_with_all = ["game", "wallet"])]
    session: Option<SessionId>,
    /// Open a session of this game: its id, or words of its name.
    #[arg(long, requires = "wallet")]
    game: Option<String>,
    /// The wallet for the new session.
    #[arg(long, requires = "game")]
    wallet: Option<WalletId>,
    /// How many rounds.
    #[arg(short = 'n', long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..))]
    rounds: u64,
    /// How stakes are chosen.
    #[arg(short, long, value_enum, default_value_t = Behaviour::Conservative)]
    behavior: Behaviour,
    /// The smallest stake, in test credits [default: the game's unit bet].
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    stake: Option<Money>,
    /// End when the balance is below this.
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    stop_below: Option<Money>,
    /// End when the balance is above this.
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    stop_above: Option<Money>,
    /// Cash the session out at the end.
    #[arg(long)]
    cash_out: bool,
    /// Makes the choices of --behavior random repeat.
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

/// Why the play ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Ending {
    /// All rounds were played.
    Rounds,
    /// The wallet holds less than the smallest stake.
    InsufficientFunds,
    /// The day's play would cost more than the wallet's limit.
    DailyLimitExceeded,
    /// The smallest stake is over the session's largest.
    MaxBetExceeded,
    /// The balance fell below the bound.
    StopBelow,
    /// The balance rose above the bound.
    StopAbove,
    /// Whoever started it wanted it to end.
    Interrupted,
}

impl Ending {
    /// The ending that a refusal of the smallest stake is; none for one that is an error.
    fn refused(code: Option<&str>) -> Option<Self> {
        match code? {
            "insufficient_funds" => Some(Self::InsufficientFunds),
            "daily_limit_exceeded" => Some(Self::DailyLimitExceeded),
            "max_bet_exceeded" => Some(Self::MaxBetExceeded),
            _ => None,
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Rounds => "all rounds were played",
            Self::InsufficientFunds => "the wallet holds less than the smallest stake",
            Self::DailyLimitExceeded => "the wallet's daily limit is reached",
            Self::MaxBetExceeded => "the smallest stake is over the session's max bet",
            Self::StopBelow => "the balance is below --stop-below",
            Self::StopAbove => "the balance is above --stop-above",
            Self::Interrupted => "interrupted",
        }
    }
}

/// What the play came to.
#[derive(Clone, Debug, Serialize)]
struct Tally {
    session_id: SessionId,
    rounds: u64,
    free_games: u64,
    hits: u64,
    wagered: Money,
    won: Money,
    fees: Money,
    net: Money,
    biggest_win: Money,
    balance: Money,
    state: SessionState,
    ended_by: Ending,
}

pub(crate) fn run(arguments: PlayArguments, connection: &Connection, output: &mut Output) -> Result<(), Failure> {
    let client = connection.open(PLAYING)?;
    let (session, game) = table(&arguments, &client)?;
    let stop = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&stop);
    ctrlc::set_handler(move || told.store(true, Ordering::Relaxed))
        .map_err(|error| Failure::Other(format!("cannot listen for Ctrl-C: {error}")))?;
    let mut play = Play::new(&arguments, &client, &session, &game, output.format)?;
    let done = play.rounds(&arguments, &stop);
    play.bar.finish_and_clear();
    let ending = done?;
    if arguments.cash_out && ending != Ending::Interrupted {
        play.act(&ActionBody::CashOut)?;
    }
    let tally = play.tally(ending);
    match output.format {
        Format::Json => output.json(&tally)?,
        Format::Ids => output.line(tally.session_id)?,
        Format::Text => output.record(&record(&tally, &game, play.flat))?,
    }
    if ending == Ending::Interrupted { Err(Failure::Interrupted) } else { Ok(()) }
}

/// The session to play in, opened if need be, and its game.
fn table(arguments: &PlayArguments, client: &Client) -> Result<(Session, Game), Failure> {
    if let (Some(text), Some(wallet_id)) = (&arguments.game, arguments.wallet) {
        let game = game::find(client, text)?.body;
        let behavior = Some(arguments.behavior.name().to_owned());
        let player_profile = PlayerProfile { behavior, ..PlayerProfile::default() };
        let new = NewSession { game_id: game.game_id, wallet_id: Some(wallet_id), player_profile, client_seed: None };
        let session = client.session_create(&new, &Key::fresh())?.body;
        note(format!("opened session {}", session.session_id));
        return Ok((session, game));
    }
    let Some(session_id) = arguments.session else {
        return Err(Failure::Usage("a session, or --game and --wallet for a new one, was expected".to_owned()));
    };
    let session = client.session_find(session_id)?.body;
    let game = client.game_find(session.game_id)?.body;
    Ok((session, game))
}

/// Rounds being played.
struct Play<'a> {
    client: &'a Client,
    player: Player,
    first: Session,
    last: Session,
    balance: Money,
    rounds: u64,
    biggest_win: Money,
    /// The stake of every round so far, while it is one and the same.
    flat: Option<Money>,
    bar: ProgressBar,
}

impl<'a> Play<'a> {
    fn new(
        arguments: &PlayArguments,
        client: &'a Client,
        session: &Session,
        game: &Game,
        format: Format,
    ) -> Result<Self, Failure> {
        let (unit, most) = match Definition::parse(&game.rng_signature, &game.symbol_map) {
            Ok(definition) => {
                let engine = Engine::compile(&definition);
                (Some(engine.unit_bet()), engine.max_stake())
            }
            // A game of a newer server: it can be played, with a stake that is named.
            Err(_) => (None, Money::from_units(i64::MAX)),
        };
        let unknown = || Failure::Usage("this reel does not know the game's stakes: name one with --stake".to_owned());
        let base = arguments.stake.or(unit).ok_or_else(unknown)?;
        let most = session.player_profile.max_bet.map_or(most, |max_bet| max_bet.min(most));
        let wallet = session.current_wallet_id.map(|id| client.wallet_find(id)).transpose()?;
        Ok(Self {
            client,
            player: Player::new(arguments.behavior, base, most, arguments.seed),
            first: session.clone(),
            last: session.clone(),
            balance: wallet.map(|wallet| wallet.body.balance).unwrap_or_default(),
            rounds: 0,
            biggest_win: Money::ZERO,
            flat: None,
            bar: bar(arguments.rounds, format),
        })
    }

    /// Plays until something ends it.
    fn rounds(&mut self, arguments: &PlayArguments, stop: &AtomicBool) -> Result<Ending, Failure> {
        // A stake that is held, or free games that are left, go before the first round.
        while matches!(self.last.state, SessionState::BetPlaced | SessionState::FreeGames) {
            self.act(&ActionBody::Spin { amount: None })?;
        }
        self.first = self.last.clone();
        while self.rounds < arguments.rounds {
            if stop.load(Ordering::Relaxed) {
                return Ok(Ending::Interrupted);
            }
            if arguments.stop_below.is_some_and(|bound| self.balance < bound) {
                return Ok(Ending::StopBelow);
            }
            if arguments.stop_above.is_some_and(|bound| self.balance > bound) {
                return Ok(Ending::StopAbove);
            }
            if let Some(ending) = self.round()? {
                return Ok(ending);
            }
        }
        Ok(Ending::Rounds)
    }

    /// Plays one round to its end, or says why there is none.
    fn round(&mut self) -> Result<Option<Ending>, Failure> {
        let won_before = self.last.metrics.won;
        let mut stake = self.player.stake(self.balance);
        while let Err(failure) = self.act(&ActionBody::Spin { amount: Some(stake) }) {
            let Failure::Client(error) = &failure else { return Err(failure) };
            match Ending::refused(error.code()) {
                // A smaller stake may do: the fee and the limit were not looked at before.
                Some(_) if stake > self.player.smallest() => stake = self.player.smallest(),
                Some(ending) => return Ok(Some(ending)),
                None => return Err(failure),
            }
        }
        while self.last.state == SessionState::FreeGames {
            self.act(&ActionBody::Spin { amount: None })?;
        }
        let won = self.last.metrics.won.checked_sub(won_before).unwrap_or_default();
        self.flat = if self.rounds == 0 { Some(stake) } else { self.flat.filter(|flat| *flat == stake) };
        self.rounds += 1;
        self.biggest_win = self.biggest_win.max(won);
        self.player.learn(!won.is_zero());
        self.show();
        Ok(None)
    }

    fn act(&mut self, action: &ActionBody) -> Result<(), Failure> {
        let answer = self.client.session_act(self.last.session_id, action, &Key::fresh())?.body;
        let ActionAnswer { session, wallet, .. } = answer;
        self.balance = wallet.map_or(self.balance, |wallet| wallet.balance);
        self.last = session;
        Ok(())
    }

    fn show(&self) {
        let (won, wagered, net) = self.sums();
        let rtp = percent(won.units(), wagered.units());
        self.bar.set_message(format!("RTP {rtp}  net {}  balance {}", change(net), credits(self.balance)));
        self.bar.inc(1);
    }

    /// What was won, wagered and come out with since the first round.
    fn sums(&self) -> (Money, Money, Money) {
        let (now, then) = (&self.last.metrics, &self.first.metrics);
        let since = |now: Money, then: Money| now.checked_sub(then).unwrap_or_default();
        (since(now.won, then.won), since(now.wagered, then.wagered), since(now.net, then.net))
    }

    fn tally(&self, ended_by: Ending) -> Tally {
        let (now, then) = (&self.last.metrics, &self.first.metrics);
        let (won, wagered, net) = self.sums();
        Tally {
            session_id: self.last.session_id,
            rounds: self.rounds,
            free_games: now.free_games - then.free_games,
            hits: now.hits - then.hits,
            wagered,
            won,
            fees: now.fees.checked_sub(then.fees).unwrap_or_default(),
            net,
            biggest_win: self.biggest_win,
            balance: self.balance,
            state: self.last.state,
            ended_by,
        }
    }
}

/// A progress bar on standard error, if that is a terminal and a person looks at it.
fn bar(rounds: u64, format: Format) -> ProgressBar {
    let shown = io::stderr().is_terminal() && format != Format::Ids;
    let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(rounds), target);
    let template = "{bar:24} {pos}/{len} rounds  {msg}  {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("━╸ "));
    }
    if shown {
        bar.enable_steady_tick(TICK);
    }
    bar
}

fn record(tally: &Tally, game: &Game, flat: Option<Money>) -> Vec<(&'static str, String)> {
    let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let rtp = percent(tally.won.units(), tally.wagered.units());
    let theory = figure(&game.statistical_profile, "/rtp/total/percent", 2);
    let mut lines = vec![
        ("Session", tally.session_id.to_string()),
        ("Game", game.name.clone()),
        (
            "Rounds",
            format!(
                "{}, {} hits, {} free games",
                tally.rounds,
                percent(count(tally.hits), count(tally.rounds)),
                tally.free_games
            ),
        ),
        ("Wagered", credits(tally.wagered)),
        ("Won", credits(tally.won)),
        ("Fees", credits(tally.fees)),
        ("Net", change(tally.net)),
        ("RTP", theory.map_or_else(|| rtp.clone(), |theory| format!("{rtp} (the game's own is {theory} %)"))),
    ];
    lines.extend(flat.and_then(|_| band(game, tally.rounds)).map(|band| ("  95 % band", band)));
    lines.extend([
        ("Biggest win", credits(tally.biggest_win)),
        ("Balance", credits(tally.balance)),
        ("State", tally.state.name().to_owned()),
        ("Ended", tally.ended_by.text().to_owned()),
    ]);
    lines
}

/// Where the RTP of so many rounds of one stake lies with 95 % confidence, by the game's exact figures.
fn band(game: &Game, rounds: u64) -> Option<String> {
    let number = |pointer: &str| figure(&game.statistical_profile, pointer, 12)?.parse::<f64>().ok();
    let (rtp, deviation) = (number("/rtp/total/percent")?, number("/round/standard_deviation")?);
    let rounds = f64::from(u32::try_from(rounds).ok().filter(|rounds| *rounds > 0)?);
    let half = 1.959_964 * deviation * 100.0 / rounds.sqrt();
    Some(format!("{:.2} % to {:.2} % for so many rounds", (rtp - half).max(0.0), rtp + half))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_that_end_a_play_are_told_from_errors() {
        assert_eq!(Ending::refused(Some("insufficient_funds")), Some(Ending::InsufficientFunds));
        assert_eq!(Ending::refused(Some("daily_limit_exceeded")), Some(Ending::DailyLimitExceeded));
        assert_eq!(Ending::refused(Some("invalid_stake")), None);
        assert_eq!(Ending::refused(None), None);
    }
}
