//! Analytics: counting all events anew.

use anyhow::bail;
use reelhouse_application::{Error, House, Recount};
use reelhouse_domain::GameId;

use crate::config::{AnalyticsCommand, Config};
use crate::{migrate, store};

/// How many games are read at once.
const PAGE: u32 = 100;

/// Counts the events of a game, or of all, anew, and says what it came to.
///
/// # Errors
/// When the store does not answer, there is no such game, or events of one are archived.
pub async fn run(config: &Config, command: AnalyticsCommand) -> anyhow::Result<()> {
    let AnalyticsCommand::Rebuild { game } = command;
    let store = store::open(config).await?;
    migrate::up(&store).await?;
    let house = store.house(config, None)?;
    let games = match game {
        Some(game_id) => vec![(game_id, house.game_find(game_id).await?.name)],
        None => all_games(&house).await?,
    };
    let mut archived = 0;
    for (game_id, name) in games {
        archived += usize::from(!rebuild(&house, game_id, &name).await?);
    }
    if archived > 0 {
        bail!(
            "events of {archived} games are archived: say where their files are with --archive-dir, and do this again"
        );
    }
    Ok(())
}

async fn all_games(house: &House) -> anyhow::Result<Vec<(GameId, String)>> {
    let mut games = Vec::new();
    let mut after = None;
    loop {
        let page = house.game_list(after, PAGE).await?;
        games.extend(page.items.into_iter().map(|game| (game.game_id, game.name)));
        after = page.next;
        if after.is_none() {
            return Ok(games);
        }
    }
}

/// Counts a game's events anew; tells whether all of them were there.
#[allow(clippy::print_stdout, reason = "what it came to is the command's answer")]
async fn rebuild(house: &House, game_id: GameId, name: &str) -> anyhow::Result<bool> {
    match house.game_recount(game_id).await {
        Err(error @ Error::Archived { .. }) => {
            println!("{game_id} {name}: left as it was, {error}");
            Ok(false)
        }
        Err(error) => Err(error.into()),
        Ok(Recount::Archived(session_id)) => {
            println!("{game_id} {name}: left as it was, events of session {session_id} are not in the database");
            Ok(false)
        }
        Ok(Recount::Done { before, after }) => {
            let now = format!(
                "{} events, {} rounds, {} wagered, {} won",
                after.events, after.rounds, after.wagered, after.won
            );
            let same = if before == after {
                "the same as before".to_owned()
            } else {
                format!(
                    "before: {} events, {} rounds, {} wagered, {} won",
                    before.events, before.rounds, before.wagered, before.won
                )
            };
            println!("{game_id} {name}: {now}; {same}");
            Ok(true)
        }
    }
}
