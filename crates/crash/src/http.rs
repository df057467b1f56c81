//! A plain HTTP/1.1 client that can be told to break off in the middle of a request.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// How long an answer may take before its request counts as unanswered.
const PATIENCE: Duration = Duration::from_secs(15);

/// The largest answer that is read.
const LIMIT: usize = 32 * 1024 * 1024;

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.body)
            .with_context(|| format!("an answer is not JSON: {}", String::from_utf8_lossy(&self.body)))
    }
}

/// What requests call the server, wherever it listens: they are written down before it is known.
pub(crate) const HOST: &str = "reelhouse";

/// A request, ready to be sent.
pub(crate) fn request(method: &str, path: &str, key: Option<&str>, body: &str) -> Vec<u8> {
    let key = key.map(|key| format!("Idempotency-Key: {key}\r\n")).unwrap_or_default();
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nHost: {HOST}\r\n{key}Content-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// A connection to a server that may be gone, and may come back elsewhere.
#[derive(Default)]
pub(crate) struct Line {
    stream: Option<(SocketAddr, TcpStream)>,
}

impl Line {
    /// Sends a request and reads its answer. After an error it is unknown whether the request was carried out.
    pub(crate) async fn send(&mut self, address: SocketAddr, request: &[u8]) -> Result<Answer> {
        let sent = tokio::time::timeout(PATIENCE, self.exchange(address, request)).await;
        let answer = sent.unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut).into()));
        if answer.is_err() {
            self.stream = None;
        }
        answer
    }

    /// Sends the first `bytes` bytes of a request, and cuts the connection.
    pub(crate) async fn break_off(&mut self, address: SocketAddr, request: &[u8], bytes: usize) -> Result<()> {
        let sent = async {
            let stream = self.connect(address).await?;
            stream.write_all(request.get(..bytes).unwrap_or(request)).await?;
            Ok(())
        };
        let sent = tokio::time::timeout(PATIENCE, sent).await;
        self.stream = None;
        sent?
    }

    async fn connect(&mut self, address: SocketAddr) -> Result<&mut TcpStream> {
        let stream = match self.stream.take() {
            Some((known, stream)) if known == address => stream,
            _ => TcpStream::connect(address).await?,
        };
        stream.set_nodelay(true)?;
        Ok(&mut self.stream.insert((address, stream)).1)
    }

    async fn exchange(&mut self, address: SocketAddr, request: &[u8]) -> Result<Answer> {
        let stream = self.connect(address).await?;
        stream.write_all(request).await?;
        let mut buffer = Vec::with_capacity(4096);
        loop {
            if let Some((head, status, length)) = head(&buffer)?
                && buffer.len() >= head + length
            {
                return Ok(Answer { status, body: buffer.split_off(head) });
            }
            if buffer.len() > LIMIT {
                bail!("an answer is over {LIMIT} bytes");
            }
            if stream.read_buf(&mut buffer).await? == 0 {
                return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
            }
        }
    }
}

/// Where the body starts, the status, and how long the body is; none when the head is not whole yet.
fn head(bytes: &[u8]) -> Result<Option<(usize, u16, usize)>> {
    let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(None) };
    let text = std::str::from_utf8(bytes.get(..end).unwrap_or_default()).context("a head is not text")?;
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).context("a head has no status")?;
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    Ok(Some((end + 4, status, length.context("an answer does not tell its length")?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_once_it_is_whole() {
        assert_eq!(head(b"HTTP/1.1 200 OK\r\ncontent-le").unwrap(), None);
        let whole = b"HTTP/1.1 503 X\r\nA: b\r\ncontent-length: 12\r\n\r\n{";
        assert_eq!(head(whole).unwrap(), Some((whole.len() - 1, 503, 12)));
        assert!(head(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }
}
