//! A client that plays without pause, through whatever happens, and writes down what it asked for and was told.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::http::{Answer, Line, request};
use crate::journal::{Intent, Journal, Promise, Told, read};
use crate::plan::Dice;

/// How long a client thinks between two requests.
const THINK: Duration = Duration::from_millis(3);

/// How long it waits after a request that came to nothing.
const PAUSE: Duration = Duration::from_millis(50);

/// What the clients of a run share.
pub(crate) struct Scene {
    /// Where the server is, while there is one.
    pub(crate) server: watch::Receiver<Option<SocketAddr>>,
    /// Set while the clients should play.
    pub(crate) playing: AtomicBool,
    /// Set while they should cut their connections.
    pub(crate) resetting: AtomicBool,
}

impl Scene {
    fn address(&self) -> Result<SocketAddr> {
        (*self.server.borrow()).context("there is no server")
    }
}

/// What a client plays with.
#[derive(Clone)]
pub(crate) struct Seat {
    pub(crate) wallet: String,
    /// None for the client that only makes deposits.
    pub(crate) session: Option<String>,
}

/// A client.
pub(crate) struct Player {
    scene: Arc<Scene>,
    number: usize,
    seat: Seat,
    dice: Dice,
    line: Line,
    pub(crate) journal: Journal,
    /// The session's state as it was last seen.
    state: String,
    /// What no server in order does.
    pub(crate) wrong: Vec<String>,
}

impl Player {
    pub(crate) fn new(scene: Arc<Scene>, number: usize, seat: Seat, seed: u64, journal: Journal) -> Self {
        let dice = Dice::new(seed.wrapping_add(1 + number as u64));
        let state = "initialized".to_owned();
        Self { scene, number, seat, dice, line: Line::default(), journal, state, wrong: vec![] }
    }

    /// Plays until the scene says stop.
    pub(crate) async fn play(mut self) -> Result<Self> {
        while self.scene.playing.load(Ordering::SeqCst) {
            let open = self.journal.open_recently();
            // Half of what was not answered is asked again at once, the rest when the fault is over.
            let place = match open {
                Some(place) if self.dice.below(2) == 0 => place,
                _ => self.intend()?,
            };
            let pause = if self.attempt(place).await? { THINK } else { PAUSE };
            tokio::time::sleep(pause).await;
        }
        Ok(self)
    }

    /// Writes down what to do next.
    fn intend(&mut self) -> Result<usize> {
        let deposit = self.seat.session.is_none() || self.dice.below(12) == 0;
        let (path, body) = match &self.seat.session {
            Some(session) if !deposit => (format!("/sessions/{session}/action"), self.action()),
            _ => (format!("/wallets/{}/operations", self.seat.wallet), json!({"type": "deposit", "amount": "1.00"})),
        };
        let key = format!("{}-{}", self.number, self.journal.records.len());
        self.journal.intend(Intent { key, path, body: body.to_string() })
    }

    fn action(&mut self) -> Value {
        match (self.state.as_str(), self.dice.below(6)) {
            ("bet_placed", 0) => json!({"type": "void"}),
            ("bet_placed" | "free_games", _) => json!({"type": "spin"}),
            (_, 0) => json!({"type": "bet", "amount": "1.00"}),
            _ => json!({"type": "spin", "amount": "1.00"}),
        }
    }

    /// Asks for an intent once; tells whether it was settled.
    async fn attempt(&mut self, place: usize) -> Result<bool> {
        let Ok(address) = self.scene.address() else { return Ok(false) };
        let request = self.journal.records[place].intent.request();
        if self.scene.resetting.load(Ordering::SeqCst) && self.dice.below(2) == 0 {
            // Anywhere in the request, or after its end without waiting for the answer.
            let bytes = self.dice.below(request.len() as u64 + 60) as usize;
            drop(self.line.break_off(address, &request, bytes).await);
            return Ok(false);
        }
        match self.line.send(address, &request).await {
            Ok(answer) => self.hear(place, &answer),
            Err(_) => Ok(false),
        }
    }

    fn hear(&mut self, place: usize, answer: &Answer) -> Result<bool> {
        match read(answer) {
            Told::Open => Ok(false),
            Told::Wrong(what) => {
                self.wrong.push(format!("{}: {what}", self.journal.records[place].intent.key));
                Ok(false)
            }
            Told::Settled(settled) => {
                if let Some(state) = answer.json()?["session"]["state"].as_str() {
                    state.clone_into(&mut self.state);
                } else if matches!(settled.promise, Promise::Refused) {
                    // The session is in another state than it was thought to be, as another client plays it too.
                    let state = answer.json()?["state"].as_str().unwrap_or("playing").to_owned();
                    self.state = state;
                }
                if let Err(clash) = self.journal.settle(place, settled)? {
                    self.wrong.push(clash);
                }
                Ok(true)
            }
        }
    }

    /// Asks until a write is acknowledged, for at most so long; tells whether it was.
    pub(crate) async fn reach(&mut self, patience: Duration) -> Result<bool> {
        let place = match self.journal.open().pop() {
            Some(place) => place,
            None => self.intend()?,
        };
        let asked = tokio::time::timeout(patience, async {
            while !self.attempt(place).await? {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            Ok(true)
        });
        asked.await.unwrap_or(Ok(false))
    }

    /// Settles everything that is open, and asks again for some of what was settled long ago: a key keeps its answer.
    /// Gives how many were open.
    pub(crate) async fn settle(&mut self, patience: Duration) -> Result<usize> {
        let open = self.journal.open();
        let known = self.journal.records.len() as u64;
        let again: Vec<usize> = (0..3.min(known)).map(|_| self.dice.below(known) as usize).collect();
        // What was open is asked twice: the second answer must be the first.
        let places: Vec<usize> = open.iter().chain(&open).chain(&again).copied().collect();
        let settling = async {
            for place in places {
                while !self.attempt(place).await? {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            }
            Ok::<_, anyhow::Error>(())
        };
        match tokio::time::timeout(patience, settling).await {
            Ok(settled) => settled?,
            Err(_) => {
                let left = self.journal.open().len();
                self.wrong.push(format!("client {}: {left} requests stayed open after the fault", self.number));
            }
        }
        Ok(open.len())
    }
}

/// Asks for something when all is well.
pub(crate) async fn ask(address: SocketAddr, method: &str, path: &str, body: &Value) -> Result<Value> {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let answer = Line::default().send(address, &request(method, path, None, &body)).await?;
    let json = answer.json()?;
    anyhow::ensure!((200..300).contains(&answer.status), "{method} {path}: {} {json}", answer.status);
    Ok(json)
}
