//! A TCP proxy between the server and PostgreSQL that loses the answers of commits, delays, and cuts.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::Result;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A commit as the server sends it: a simple query.
const COMMIT: &[u8] = b"COMMIT\0";

/// What goes wrong at present.
#[derive(Default)]
struct Troubles {
    /// How late each message is, in milliseconds.
    delay: AtomicU64,
    /// How many answers of commits are still to be lost.
    commits: AtomicU32,
    /// How many were lost.
    lost: AtomicU32,
}

/// A running proxy. Dropping it cuts all connections.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    troubles: Arc<Troubles>,
    cut: watch::Sender<u64>,
    accepting: tokio::task::JoinHandle<()>,
}

impl Proxy {
    /// Starts a proxy in front of a port of this machine.
    pub(crate) async fn start(upstream: u16) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let troubles = Arc::new(Troubles::default());
        let (cut, watched) = watch::channel(0);
        let accepting = tokio::spawn(accept(listener, upstream, Arc::clone(&troubles), watched));
        Ok(Self { port, troubles, cut, accepting })
    }

    /// Makes every message late by up to so much; zero ends it.
    pub(crate) fn delay(&self, by: Duration) {
        self.troubles.delay.store(u64::try_from(by.as_millis()).unwrap_or(0), Ordering::SeqCst);
    }

    /// Loses the answers of the next so many commits.
    pub(crate) fn lose_commits(&self, count: u32) {
        self.troubles.commits.store(count, Ordering::SeqCst);
    }

    /// How many answers of commits were lost.
    pub(crate) fn lost(&self) -> u32 {
        self.troubles.lost.load(Ordering::SeqCst)
    }

    /// Cuts all connections.
    pub(crate) fn cut(&self) {
        self.cut.send_modify(|generation| *generation += 1);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
        self.cut();
    }
}

async fn accept(listener: TcpListener, upstream: u16, troubles: Arc<Troubles>, cut: watch::Receiver<u64>) {
    while let Ok((client, _)) = listener.accept().await {
        let (troubles, mut cut) = (Arc::clone(&troubles), cut.clone());
        cut.mark_unchanged();
        tokio::spawn(async move {
            let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, upstream)).await else { return };
            if client.set_nodelay(true).and(server.set_nodelay(true)).is_err() {
                return;
            }
            let (from_client, to_client) = client.into_split();
            let (from_server, to_server) = server.into_split();
            let doomed = AtomicBool::new(false);
            // Whichever way ends first ends the connection, and so does the cut.
            tokio::select! {
                () = carry_requests(from_client, to_server, &troubles, &doomed) => {}
                () = carry_answers(from_server, to_client, &troubles, &doomed) => {}
                _ = cut.changed() => {}
            }
        });
    }
}

async fn carry_requests(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, troubles: &Troubles, doomed: &AtomicBool) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        let bytes = buffer.get(..read).unwrap_or_default();
        late(troubles).await;
        let commits = bytes.windows(COMMIT.len()).any(|window| window == COMMIT);
        let take = |left: u32| left.checked_sub(1);
        if commits && troubles.commits.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take).is_ok() {
            doomed.store(true, Ordering::SeqCst);
        }
        if to.write_all(bytes).await.is_err() {
            return;
        }
    }
}

async fn carry_answers(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, troubles: &Troubles, doomed: &AtomicBool) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        if doomed.load(Ordering::SeqCst) {
            troubles.lost.fetch_add(1, Ordering::SeqCst);
            return;
        }
        late(troubles).await;
        if to.write_all(buffer.get(..read).unwrap_or_default()).await.is_err() {
            return;
        }
    }
}

async fn late(troubles: &Troubles) {
    let delay = troubles.delay.load(Ordering::SeqCst);
    if delay > 0 {
        tokio::time::sleep(Duration::from_millis(delay)).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An upstream that answers every message with itself, and a connection to it through a proxy.
    async fn echo() -> (Proxy, TcpStream) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let proxy = Proxy::start(listener.local_addr().unwrap().port()).await.unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut from, mut to) = stream.split();
                    drop(tokio::io::copy(&mut from, &mut to).await);
                });
            }
        });
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, proxy.port)).await.unwrap();
        (proxy, stream)
    }

    async fn ask(stream: &mut TcpStream, message: &[u8]) -> usize {
        stream.write_all(message).await.unwrap();
        let mut buffer = [0; 64];
        stream.read(&mut buffer).await.unwrap_or(0)
    }

    #[tokio::test]
    async fn only_the_answer_of_a_commit_is_lost() {
        let (proxy, mut stream) = echo().await;
        proxy.lose_commits(1);
        assert_eq!(ask(&mut stream, b"SELECT 1").await, 8);
        assert_eq!(proxy.lost(), 0);
        assert_eq!(ask(&mut stream, b"Q....COMMIT\0").await, 0);
        assert_eq!(proxy.lost(), 1);
    }

    #[tokio::test]
    async fn a_cut_ends_connections_and_new_ones_pass() {
        let (proxy, mut stream) = echo().await;
        assert_eq!(ask(&mut stream, b"one").await, 3);
        proxy.cut();
        assert_eq!(stream.read(&mut [0; 8]).await.unwrap_or(0), 0);
        let mut again = TcpStream::connect((Ipv4Addr::LOCALHOST, proxy.port)).await.unwrap();
        assert_eq!(ask(&mut again, b"two").await, 3);
    }
}
