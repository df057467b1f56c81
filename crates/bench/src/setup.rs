//! What is played with: a wallet and a session for each seat, made over HTTP like anybody's.

use std::net::SocketAddr;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::client::{Connection, request};
use crate::load::Seat;

/// What each wallet is opened with: no run comes to its end.
const BALANCE: &str = "100000000.0000";

/// The fee of a paid spin: with it a spin that wins nothing has two ledger entries, and so six rows.
const FEE: &str = "0.0100";

/// Makes the seats, spread evenly over the games that the server has.
pub(crate) async fn seats(address: SocketAddr, count: usize, clients: usize) -> Result<Vec<Seat>> {
    let games = games(address).await?;
    let mut tasks = JoinSet::new();
    let clients = clients.clamp(1, count.max(1));
    for client in 0..clients {
        let games = games.clone();
        tasks.spawn(async move {
            let mut connection = Connection::open(address).await?;
            let mut seats = Vec::new();
            for index in (client..count).step_by(clients) {
                let game = games.get(index % games.len()).context("the server has no games")?;
                seats.push(seat(&mut connection, address, game).await?);
            }
            anyhow::Ok(seats)
        });
    }
    let mut seats = Vec::with_capacity(count);
    while let Some(made) = tasks.join_next().await {
        seats.extend(made.context("a client failed")??);
    }
    Ok(seats)
}

async fn games(address: SocketAddr) -> Result<Vec<String>> {
    let mut connection = Connection::open(address).await?;
    let list = ask(&mut connection, &request("GET", "/games?limit=100", address, "")).await?;
    let items = list["items"].as_array().context("the list of games has no items")?;
    let games: Vec<String> = items.iter().map(|game| text(game, "game_id")).collect::<Result<_>>()?;
    if games.is_empty() {
        bail!("the server has no games");
    }
    Ok(games)
}

async fn seat(connection: &mut Connection, address: SocketAddr, game_id: &str) -> Result<Seat> {
    let wallet = json!({
        "balance": BALANCE,
        "daily_limit": BALANCE,
        "cost_rate": {"per_spin": FEE, "per_query": "0.0010"},
    });
    let wallet = ask(connection, &request("POST", "/wallets", address, &wallet.to_string())).await?;
    let session = json!({
        "game_id": game_id,
        "wallet_id": text(&wallet, "wallet_id")?,
        "player_profile": {"behavior": "random"},
    });
    let session = ask(connection, &request("POST", "/sessions", address, &session.to_string())).await?;
    Ok(Seat { session_id: text(&session, "session_id")?, free: 0 })
}

/// The JSON that a request is answered with.
pub(crate) async fn ask(connection: &mut Connection, request: &[u8]) -> Result<Value> {
    let answer = connection.send(request).await?;
    if !answer.is_success() {
        let what = String::from_utf8_lossy(request);
        let what = what.lines().next().unwrap_or_default().trim_end_matches(" HTTP/1.1");
        bail!("{what} was answered {}: {}", answer.status, String::from_utf8_lossy(answer.body));
    }
    serde_json::from_slice(answer.body).context("an answer is not JSON")
}

fn text(value: &Value, key: &str) -> Result<String> {
    value[key].as_str().map(str::to_owned).with_context(|| format!("an answer has no {key}: {value}"))
}
