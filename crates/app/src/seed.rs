//! The seed: the reference games, and a demo wallet to play from.

use anyhow::Context as _;
use reelhouse_application::{House, WalletView};
use reelhouse_domain::Money;
use reelhouse_domain::game::{Game, reference_games};
use reelhouse_domain::wallet::{CostRate, NewWallet};
use serde::Deserialize;
use serde_json::Value;

use crate::config::Config;
use crate::{migrate, store};

/// The key under which the demo wallet is opened once.
const DEMO_WALLET_KEY: &str = "reelhouse:seed:demo-wallet";

/// The demo wallet's opening balance, in credits.
const DEMO_BALANCE: i64 = 1000;

#[derive(Deserialize)]
struct Document {
    name: String,
    rng_signature: Value,
    symbol_map: Value,
}

/// Loads the reference games that are not there yet.
///
/// # Errors
/// When a game is refused or the store does not answer.
pub async fn games(house: &House) -> anyhow::Result<Vec<(Game, bool)>> {
    let mut games = Vec::new();
    for reference in reference_games() {
        let document: Document = serde_json::from_str(reference.document)
            .with_context(|| format!("the reference game {} does not read", reference.name))?;
        let game = house
            .game_create(document.name, document.rng_signature, document.symbol_map, None, None)
            .await
            .with_context(|| format!("the reference game {} was not taken", reference.name))?;
        games.push(game);
    }
    Ok(games)
}

/// Opens the demo wallet, or finds it.
///
/// # Errors
/// When the store does not answer.
pub async fn demo_wallet(house: &House) -> anyhow::Result<WalletView> {
    let new = NewWallet {
        balance: Money::from_credits(DEMO_BALANCE).context("the demo balance is out of range")?,
        daily_limit: None,
        cost_rate: CostRate::default(),
        time_zone: chrono_tz::UTC,
    };
    Ok(house.wallet_create(new, Some(DEMO_WALLET_KEY.to_owned())).await?)
}

/// Loads the reference games and the demo wallet and says what is there.
///
/// # Errors
/// When the database cannot be opened, or as [`games`] and [`demo_wallet`].
#[allow(clippy::print_stdout, reason = "what is there is the command's answer")]
pub async fn run(config: &Config) -> anyhow::Result<()> {
    let store = store::open(config).await?;
    migrate::up(&store).await?;
    let house = store.house(config, None)?;
    for (game, created) in games(&house).await? {
        println!("game   {} {} ({})", game.game_id, game.name, if created { "added" } else { "was there" });
    }
    let wallet = demo_wallet(&house).await?;
    println!("wallet {} with {} credits", wallet.wallet_id, wallet.balance);
    Ok(())
}
