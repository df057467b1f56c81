//! A run on one store: play, let something go wrong, see that all comes back, and check; again and again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::check::{Checker, Findings};
use crate::cluster;
use crate::journal::{Journal, Promise};
use crate::plan::{Fault, Step, Store, plan};
use crate::player::{Player, Scene, Seat, ask};
use crate::report::Report;
use crate::site::Site;

/// How soon after a fault a write must be acknowledged again.
const RECOVERY: Duration = Duration::from_secs(10);

/// How long to wait before the server is given up.
const GIVE_UP: Duration = Duration::from_secs(60);

/// Clients to a wallet, and to a session.
const PER_WALLET: usize = 4;
const PER_SESSION: usize = 2;

/// What to do in a run.
#[derive(Clone)]
pub(crate) struct Options {
    pub(crate) store: Store,
    pub(crate) seed: u64,
    pub(crate) kills: u32,
    pub(crate) clients: usize,
    /// No fault is begun after so long.
    pub(crate) limit: Option<Duration>,
    pub(crate) binary: PathBuf,
    pub(crate) postgres: Option<cluster::Launch>,
}

/// Runs in a directory, and reports.
pub(crate) async fn run(options: &Options, dir: &Path) -> Result<Report> {
    let site = Site::open(options.store, options.binary.clone(), options.postgres.clone(), dir.to_owned()).await?;
    let mut run = Run::open(options, site, dir).await?;
    let steps = plan(options.store, options.seed, options.kills, run.site.has_shim());
    let started = Instant::now();
    for (place, &step) in steps.iter().enumerate() {
        if options.limit.is_some_and(|limit| started.elapsed() > limit) {
            break;
        }
        run.step(step).await.with_context(|| format!("at fault {} ({})", place + 1, step.fault))?;
        if !run.report.is_clean() {
            run.report.stopped_at = Some(format!("fault {} ({})", place + 1, step.fault));
            break;
        }
    }
    run.end().await
}

struct Run {
    site: Site,
    scene: Arc<Scene>,
    players: Vec<Player>,
    /// Makes deposits of its own, to see whether the server is back.
    keeper: Player,
    checker: Checker,
    report: Report,
}

impl Run {
    async fn open(options: &Options, site: Site, dir: &Path) -> Result<Self> {
        let address = site.address().borrow().context("there is no server")?;
        let seats = seats(address, options.clients).await?;
        let scene = Arc::new(Scene {
            server: site.address(),
            playing: AtomicBool::new(false),
            resetting: AtomicBool::new(false),
        });
        let player = |number: usize, seat: Seat| {
            Ok::<_, anyhow::Error>(Player::new(
                Arc::clone(&scene),
                number,
                seat,
                options.seed,
                Journal::create(dir, number)?,
            ))
        };
        let wallets: Vec<String> = seats.iter().map(|seat| seat.wallet.clone()).collect();
        let sessions: Vec<String> = seats.iter().filter_map(|seat| seat.session.clone()).collect();
        let mut players: Vec<Player> =
            seats.into_iter().enumerate().map(|(number, seat)| player(number, seat)).collect::<Result<_>>()?;
        let keeper = players.pop().context("there is no client")?;
        let mut checker = Checker::new(&site.reader().await?, &sessions, &wallets).await?;
        // The opening balances are operations that nobody was promised.
        checker.begin(&site.reader().await?).await?;
        let report = Report::new(options.store, options.seed);
        Ok(Self { site, scene, players, keeper, checker, report })
    }

    /// Plays, lets a fault happen in the middle, waits until a write is acknowledged, and checks everything.
    async fn step(&mut self, step: Step) -> Result<()> {
        self.scene.playing.store(true, Ordering::SeqCst);
        let mut playing: JoinSet<Result<Player>> = self.players.drain(..).map(Player::play).collect();
        tokio::time::sleep(step.after).await;
        self.scene.resetting.store(step.fault == Fault::ResetClients, Ordering::SeqCst);
        let killed = Instant::now();
        let suffered = self.site.suffer(step).await;
        self.scene.resetting.store(false, Ordering::SeqCst);
        // A kill is over when its process is gone: how long its start takes is part of the recovery.
        let over = if step.fault.is_kill() { killed } else { Instant::now() };
        if suffered.is_ok() && !self.keeper.reach(GIVE_UP).await? {
            self.report.wrong.push(format!("no write was acknowledged within {GIVE_UP:?} of: {}", step.fault));
        }
        let recovery = over.elapsed();
        self.scene.playing.store(false, Ordering::SeqCst);
        while let Some(player) = playing.join_next().await {
            self.players.push(player??);
        }
        suffered?;
        self.site.check_alive()?;
        self.report.suffered(step.fault, recovery);
        if recovery > RECOVERY {
            self.report.wrong.push(format!("{recovery:?} until a write was acknowledged after: {}", step.fault));
        }
        self.settle_and_check().await
    }

    async fn settle_and_check(&mut self) -> Result<()> {
        let mut promises: Vec<Promise> = Vec::new();
        let mut settling: JoinSet<Result<(Player, usize)>> = self
            .players
            .drain(..)
            .map(|mut player| async { player.settle(RECOVERY).await.map(|open| (player, open)) })
            .collect();
        self.report.unanswered += self.keeper.settle(RECOVERY).await?;
        while let Some(settled) = settling.join_next().await {
            let (player, open) = settled??;
            self.report.unanswered += open;
            self.players.push(player);
        }
        for player in self.players.iter_mut().chain([&mut self.keeper]) {
            self.report.wrong.append(&mut player.wrong);
            promises.extend(player.journal.promises());
        }
        self.report.promised(&promises);
        let reader = self.site.reader().await?;
        let findings = self.checker.check(&reader, &promises).await?;
        self.report.found(findings);
        Ok(())
    }

    /// Checks everything from the start.
    async fn end(mut self) -> Result<Report> {
        let reader = self.site.reader().await?;
        let findings: Findings = self.checker.check_again(&reader).await?;
        self.report.found(findings);
        self.report.replies_dropped = self.site.replies_dropped();
        Ok(self.report)
    }
}

/// A seat for each client, and one without a session for the keeper.
async fn seats(address: std::net::SocketAddr, clients: usize) -> Result<Vec<Seat>> {
    let games = ask(address, "GET", "/games?limit=10", &Value::Null).await?;
    // The game with free games has more states to be killed in.
    let game = games["items"].as_array().and_then(|games| games.last()).context("there is no game")?;
    let game = &game["game_id"];
    let mut seats: Vec<Seat> = Vec::new();
    let mut wallet = String::new();
    for client in 0..clients {
        if client % PER_WALLET == 0 {
            wallet = open_wallet(address).await?;
        }
        let session = match seats.last() {
            Some(Seat { session: Some(shared), .. }) if client % PER_SESSION != 0 => shared.clone(),
            _ => {
                let body = json!({"game_id": game, "wallet_id": wallet});
                id_of(&ask(address, "POST", "/sessions", &body).await?, "session_id")?
            }
        };
        seats.push(Seat { wallet: wallet.clone(), session: Some(session) });
    }
    seats.push(Seat { wallet: open_wallet(address).await?, session: None });
    Ok(seats)
}

async fn open_wallet(address: std::net::SocketAddr) -> Result<String> {
    id_of(&ask(address, "POST", "/wallets", &json!({"balance": "1000000"})).await?, "wallet_id")
}

fn id_of(body: &Value, name: &str) -> Result<String> {
    body[name].as_str().map(str::to_owned).ok_or_else(|| anyhow!("there is no {name} in {body}"))
}

/// Counts by fault.
pub(crate) type ByFault<T> = BTreeMap<Fault, T>;
