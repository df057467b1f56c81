//! The load: each client plays its own sessions, one request after another, and keeps what it saw.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use hdrhistogram::Histogram;
use tokio::task::JoinSet;

use crate::client::{self, Connection};

/// What an answer has before the number of free games left in the session's open round.
const FREE_GAMES: &[u8] = b"\"free_games_left\":";

/// What the answer to a list has before the number of actions that were not tried.
const NOT_TRIED: &[u8] = b"\"not_tried\":";

/// What the answer to a list has when all of it was done.
const NONE_REFUSED: &[u8] = b"\"refused\":null";

/// How much longer than its time a phase may take before it is given up.
const GRACE: Duration = Duration::from_secs(30);

/// How long a client waits after being told that the server is overloaded.
const PAUSE: Duration = Duration::from_millis(50);

/// The longest that a client remembers of an answer that was not a success.
const EXCERPT: usize = 300;

/// One session as a client plays it.
#[derive(Clone)]
pub(crate) struct Seat {
    /// The session's id, as text.
    pub(crate) session_id: String,
    /// How many of its next spins are free games.
    pub(crate) free: u64,
}

/// The seats of each client.
pub(crate) type Tables = Vec<Vec<Seat>>;

/// Deals the seats out to the clients.
pub(crate) fn deal(seats: Vec<Seat>, clients: usize) -> Tables {
    let mut tables = vec![Vec::new(); clients.max(1)];
    let count = tables.len();
    for (index, seat) in seats.into_iter().enumerate() {
        if let Some(table) = tables.get_mut(index % count) {
            table.push(seat);
        }
    }
    tables
}

/// What was seen of a phase.
#[derive(Default)]
pub(crate) struct Tally {
    /// How many actions were acknowledged.
    pub(crate) actions: u64,
    /// Microseconds of each request that was answered with success.
    pub(crate) latencies: Vec<u32>,
    /// How many answers were no success, by status.
    pub(crate) refused: BTreeMap<u16, u64>,
    /// The longest wait for an answer that was no success, in microseconds.
    pub(crate) slowest_refusal: u32,
    /// How many requests had no answer.
    pub(crate) broken: u64,
    /// The first thing that went wrong, in words.
    pub(crate) first_error: Option<String>,
    /// From the first request to the last answer.
    pub(crate) elapsed: Duration,
}

impl Tally {
    /// The latencies, in microseconds.
    pub(crate) fn histogram(&self) -> Result<Histogram<u64>> {
        let mut histogram = Histogram::new(3).context("a histogram could not be made")?;
        for latency in &self.latencies {
            histogram.record(u64::from(*latency)).context("a latency could not be recorded")?;
        }
        Ok(histogram)
    }

    fn add(&mut self, other: Self) {
        self.actions += other.actions;
        self.latencies.extend(other.latencies);
        for (status, count) in other.refused {
            *self.refused.entry(status).or_default() += count;
        }
        self.slowest_refusal = self.slowest_refusal.max(other.slowest_refusal);
        self.broken += other.broken;
        self.first_error = self.first_error.take().or(other.first_error);
    }

    fn note(&mut self, error: impl FnOnce() -> String) {
        self.first_error.get_or_insert_with(error);
    }
}

/// Whom to play against, and with what.
#[derive(Clone)]
pub(crate) struct Target {
    /// Where the server listens.
    pub(crate) address: SocketAddr,
    /// The stake of a paid spin.
    pub(crate) stake: String,
    /// How many spins a request asks for: a list of them, or one without a list.
    pub(crate) list: Option<u16>,
}

/// How long a client plays.
#[derive(Clone, Copy)]
pub(crate) enum Length {
    /// For a time.
    Time(Duration),
    /// One action for each of its seats.
    Once,
}

/// Plays: one client for each table, all at once. The tables come back as play left them.
pub(crate) async fn play(target: &Target, tables: &mut [Vec<Seat>], length: Length) -> Result<Tally> {
    let mut clients = Vec::with_capacity(tables.len());
    for (place, table) in tables.iter_mut().enumerate() {
        clients.push((place, Client::sit_down(target, std::mem::take(table)).await?));
    }
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for (place, client) in clients {
        tasks.spawn(async move { (place, client.play(start, length).await) });
    }
    let limit = GRACE + if let Length::Time(time) = length { time } else { GRACE };
    let mut tally = Tally::default();
    let all = async {
        while let Some(done) = tasks.join_next().await {
            let (place, (seats, seen)) = done.context("a client failed")?;
            if let Some(table) = tables.get_mut(place) {
                *table = seats;
            }
            tally.add(seen?);
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(limit, all).await.context("the server left its clients without an answer")??;
    tally.elapsed = start.elapsed();
    Ok(tally)
}

struct Client {
    target: Target,
    connection: Connection,
    seats: Vec<Seat>,
}

impl Client {
    async fn sit_down(target: &Target, seats: Vec<Seat>) -> Result<Self> {
        Ok(Self { target: target.clone(), connection: Connection::open(target.address).await?, seats })
    }

    async fn play(mut self, start: Instant, length: Length) -> (Vec<Seat>, Result<Tally>) {
        let mut tally = Tally::default();
        let played = match length {
            Length::Once => self.round(&mut tally, None).await,
            Length::Time(time) => loop {
                match self.round(&mut tally, Some(start + time)).await {
                    Ok(()) if start.elapsed() < time && !self.seats.is_empty() => {}
                    done => break done,
                }
            },
        };
        (self.seats, played.map(|()| tally))
    }

    /// Sends one request for every seat, or for as many as there is time for.
    async fn round(&mut self, tally: &mut Tally, end: Option<Instant>) -> Result<()> {
        let mut asked = Vec::new();
        for seat in &mut self.seats {
            self.target.write(seat, &mut asked);
            let sent = Instant::now();
            if end.is_some_and(|end| sent >= end) {
                break;
            }
            let micros = || u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX);
            match self.connection.send(&asked).await {
                Ok(answer) if answer.is_success() => {
                    tally.latencies.push(micros());
                    tally.actions += self.target.done(answer.body);
                    seat.free = free_games(answer.body);
                }
                Ok(answer) => {
                    let (status, body) = (answer.status, answer.body);
                    *tally.refused.entry(status).or_default() += 1;
                    tally.slowest_refusal = tally.slowest_refusal.max(micros());
                    tally.note(|| format!("{status}: {}", excerpt(body)));
                    match status {
                        // The client is wrong about the session, as it is after an answer got lost.
                        409 => seat.free = u64::from(seat.free == 0),
                        503 => tokio::time::sleep(PAUSE).await,
                        _ => {}
                    }
                }
                Err(error) => {
                    tally.broken += 1;
                    tally.note(|| format!("{error:#}"));
                    if tally.broken > 100 {
                        bail!("a client lost its connection over and over: {error:#}");
                    }
                    self.connection = Connection::open(self.target.address).await?;
                }
            }
        }
        Ok(())
    }
}

impl Target {
    /// Writes the next request of a seat.
    pub(crate) fn write(&self, seat: &Seat, request: &mut Vec<u8>) {
        let paid = format!(r#"{{"type":"spin","amount":"{}"}}"#, self.stake);
        let free = r#"{"type":"spin"}"#;
        let body = match self.list {
            None if seat.free > 0 => free.to_owned(),
            None => paid,
            Some(length) => {
                let spins = (0..u64::from(length)).map(|index| if index < seat.free { free } else { &paid });
                format!("[{}]", spins.collect::<Vec<_>>().join(","))
            }
        };
        client::write_action(request, &seat.session_id, self.address, &body);
    }

    /// How many actions an answer says were done. A list ends early where free games begin.
    fn done(&self, body: &[u8]) -> u64 {
        let Some(length) = self.list else { return 1 };
        let refused = memchr::memmem::rfind(body, NONE_REFUSED).is_none();
        u64::from(length).saturating_sub(number_behind(body, NOT_TRIED).unwrap_or(0) + u64::from(refused))
    }
}

/// How many free games the session of an answer has left.
pub(crate) fn free_games(body: &[u8]) -> u64 {
    number_behind(body, FREE_GAMES).unwrap_or(0)
}

/// The number behind the last place of a label.
fn number_behind(body: &[u8], label: &[u8]) -> Option<u64> {
    let digits = body.get(memchr::memmem::rfind(body, label)? + label.len()..)?;
    let end = digits.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(digits.len());
    std::str::from_utf8(digits.get(..end)?).ok()?.parse().ok()
}

fn excerpt(body: &[u8]) -> String {
    String::from_utf8_lossy(body.get(..EXCERPT).unwrap_or(body)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{TcpListener, TcpStream};

    fn seats(count: usize) -> Vec<Seat> {
        (0..count).map(|index| Seat { session_id: index.to_string(), free: 0 }).collect()
    }

    /// The head and body of the next request.
    async fn hear(stream: &mut TcpStream) -> Option<String> {
        let mut text = String::new();
        loop {
            let mut piece = [0; 1024];
            let count = stream.read(&mut piece).await.ok().filter(|count| *count > 0)?;
            text.push_str(std::str::from_utf8(&piece[..count]).unwrap());
            if text.ends_with('}') || text.ends_with(']') {
                return Some(text);
            }
        }
    }

    async fn say(stream: &mut TcpStream, status: u16, body: &str) {
        let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        stream.write_all(answer.as_bytes()).await.unwrap();
    }

    /// A server for one client that answers each request by a rule and tells what it heard.
    async fn serve(listener: TcpListener, rule: impl Fn(usize, &str) -> (u16, &'static str)) -> Vec<String> {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut heard = Vec::new();
        while let Some(text) = hear(&mut stream).await {
            let (status, body) = rule(heard.len(), &text);
            say(&mut stream, status, body).await;
            heard.push(text);
        }
        heard
    }

    #[test]
    fn seats_are_dealt_evenly() {
        let tables = deal(seats(10), 4);
        assert_eq!(tables.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3, 2, 2]);
        assert_eq!(tables[1].iter().map(|seat| seat.session_id.as_str()).collect::<Vec<_>>(), ["1", "5", "9"]);
    }

    #[tokio::test]
    async fn free_games_are_spun_without_an_amount() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let target = Target { address: listener.local_addr().unwrap(), stake: "1.00".to_owned(), list: None };
        let mut tables = deal(seats(2), 1);
        let serving = serve(listener, |count, _| match count {
            0 => (200, r#"{"session":{"state":"free_games","round":{"free_games_left":7}}}"#),
            _ => (200, r#"{"session":{"state":"playing","round":null}}"#),
        });
        let playing = async {
            let first = play(&target, &mut tables, Length::Once).await.unwrap();
            assert_eq!(first.actions, 2);
            assert_eq!(tables[0].iter().map(|seat| seat.free).collect::<Vec<_>>(), [7, 0]);
        };
        let (heard, ()) = tokio::join!(serving, playing);
        assert!(heard[0].starts_with("POST /sessions/0/action "), "{}", heard[0]);
        assert!(heard[1].ends_with(r#"{"type":"spin","amount":"1.00"}"#), "{}", heard[1]);

        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let target = Target { address: listener.local_addr().unwrap(), ..target };
        let serving = serve(listener, |_, _| (200, r#"{"session":{"state":"playing"}}"#));
        let playing = async { play(&target, &mut tables, Length::Once).await.map(|_| ()).unwrap() };
        let (heard, ()) = tokio::join!(serving, playing);
        assert!(heard[0].ends_with(r#"{"type":"spin"}"#), "{}", heard[0]);
        assert_eq!(tables[0][0].free, 0);
    }

    #[tokio::test]
    async fn a_list_starts_with_the_free_games_and_counts_what_was_done() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let target = Target { address: listener.local_addr().unwrap(), stake: "1.00".to_owned(), list: Some(4) };
        let mut tables = deal(seats(1), 1);
        tables[0][0].free = 2;
        let early = r#"{"events":[{"result":{"free_games_left":99}}],"refused":{"code":"x"},"not_tried":1,"session":{"round":{"free_games_left":3}}}"#;
        let serving = serve(listener, move |_, _| (200, early));
        let (heard, tally) = tokio::join!(serving, play(&target, &mut tables, Length::Once));
        let list =
            r#"[{"type":"spin"},{"type":"spin"},{"type":"spin","amount":"1.00"},{"type":"spin","amount":"1.00"}]"#;
        assert!(heard[0].ends_with(list), "{}", heard[0]);
        assert_eq!((tally.unwrap().actions, tables[0][0].free), (2, 3));
        assert_eq!(target.done(br#"{"refused":null,"not_tried":0,"session":{"round":null}}"#), 4);
    }

    #[tokio::test]
    async fn what_is_no_success_is_counted_apart() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let target = Target { address: listener.local_addr().unwrap(), stake: "1.00".to_owned(), list: None };
        let mut tables = deal(seats(4), 1);
        let serving = serve(listener, |count, _| match count {
            0 => (409, r#"{"code":"invalid_transition"}"#),
            1 => (500, "{}"),
            2 => (500, "{}"),
            _ => (200, "{}"),
        });
        let playing = play(&target, &mut tables, Length::Once);
        let (_, tally) = tokio::join!(serving, playing);
        let tally = tally.unwrap();
        assert_eq!(tally.actions, 1);
        assert_eq!(tally.histogram().unwrap().len(), 1);
        assert_eq!(tally.refused, BTreeMap::from([(409, 1), (500, 2)]));
        assert!(tally.first_error.unwrap().contains("invalid_transition"));
        assert_eq!(tables[0][0].free, 1, "a client that was wrong about a session tries the other spin");
    }

    #[tokio::test]
    async fn a_lost_connection_is_counted_and_replaced() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let target = Target { address: listener.local_addr().unwrap(), stake: "1.00".to_owned(), list: None };
        let mut tables = deal(seats(2), 1);
        let serving = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            hear(&mut stream).await.unwrap();
            drop(stream);
            serve(listener, |_, _| (200, "{}")).await.len()
        };
        let (heard, tally) = tokio::join!(serving, play(&target, &mut tables, Length::Once));
        let tally = tally.unwrap();
        assert_eq!((heard, tally.actions, tally.broken), (1, 1, 1));
    }

    #[tokio::test]
    async fn play_ends_when_its_time_is_over() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let target = Target { address: listener.local_addr().unwrap(), stake: "1.00".to_owned(), list: None };
        let mut tables = deal(seats(3), 1);
        let time = Duration::from_millis(100);
        let serving = serve(listener, |_, _| (200, "{}"));
        let (heard, tally) = tokio::join!(serving, play(&target, &mut tables, Length::Time(time)));
        let tally = tally.unwrap();
        assert_eq!(heard.len() as u64, tally.actions);
        assert!(tally.actions > 3, "the seats are played round and round");
        assert!(tally.elapsed >= time && tally.elapsed < 20 * time, "{:?}", tally.elapsed);
    }
}
