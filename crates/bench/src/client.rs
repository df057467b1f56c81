//! A keep-alive HTTP/1.1 connection that reads no more of an answer than the bench needs.

use std::io::{self, Write as _};
use std::net::SocketAddr;

use anyhow::{Context as _, Result, anyhow, bail};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The largest head of an answer that is read.
const HEAD_LIMIT: usize = 16 * 1024;

/// The largest body of an answer that is read.
const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// What a buffer starts with: an action's answer fits.
const BUFFER: usize = 16 * 1024;

/// One connection, with one request under way at a time.
pub(crate) struct Connection {
    stream: TcpStream,
    reader: ResponseReader,
}

impl Connection {
    /// Connects.
    pub(crate) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.with_context(|| format!("cannot connect to {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, reader: ResponseReader::default() })
    }

    /// Sends a whole request, as [`request`] builds it, and reads its answer.
    pub(crate) async fn send(&mut self, request: &[u8]) -> Result<Response<'_>> {
        self.stream.write_all(request).await.context("the request could not be sent")?;
        self.reader.read(&mut self.stream).await
    }
}

/// A request with a JSON body, ready to be sent any number of times.
pub(crate) fn request(method: &str, path: &str, host: SocketAddr, body: &str) -> Vec<u8> {
    let mut request = Vec::new();
    write_request(&mut request, format_args!("{method} {path}"), host, body);
    request
}

/// An action of a session, in place of what the buffer held.
pub(crate) fn write_action(request: &mut Vec<u8>, session_id: &str, host: SocketAddr, body: &str) {
    request.clear();
    write_request(request, format_args!("POST /sessions/{session_id}/action"), host, body);
}

fn write_request(request: &mut Vec<u8>, what: std::fmt::Arguments<'_>, host: SocketAddr, body: &str) {
    let length = body.len();
    // Writing to a vector does not fail.
    let _ = write!(
        request,
        "{what} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    );
}

/// An answer. Its body lives until the next one is read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Response<'a> {
    /// The status code.
    pub(crate) status: u16,
    /// The body, whole.
    pub(crate) body: &'a [u8],
}

impl Response<'_> {
    /// Whether the status is one of success.
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Reads answers one after another into the same buffer.
struct ResponseReader {
    buffer: Vec<u8>,
}

impl Default for ResponseReader {
    fn default() -> Self {
        Self { buffer: vec![0; BUFFER] }
    }
}

impl ResponseReader {
    /// Reads one answer, however its bytes arrive.
    async fn read(&mut self, stream: &mut (impl AsyncRead + Unpin)) -> Result<Response<'_>> {
        let mut filled = 0;
        let head = loop {
            filled += self.fill(stream, filled).await?;
            if let Some(head) = Head::parse(self.buffer.get(..filled).unwrap_or_default())? {
                break head;
            }
            if filled >= HEAD_LIMIT {
                bail!("the head of the answer is over {HEAD_LIMIT} bytes");
            }
        };
        let end = head.length + head.body;
        if self.buffer.len() < end {
            self.buffer.resize(end, 0);
        }
        while filled < end {
            filled += self.fill(stream, filled).await?;
        }
        if filled > end {
            bail!("{} bytes came after the end of the answer", filled - end);
        }
        let body = self.buffer.get(head.length..end).unwrap_or_default();
        Ok(Response { status: head.status, body })
    }

    /// Reads what is there into the buffer from `filled` on; the end of the stream is an error.
    async fn fill(&mut self, stream: &mut (impl AsyncRead + Unpin), filled: usize) -> Result<usize> {
        let room = self.buffer.get_mut(filled..).unwrap_or_default();
        match stream.read(room).await.context("the answer could not be read")? {
            0 => Err(io::Error::from(io::ErrorKind::UnexpectedEof)).context("the answer broke off"),
            count => Ok(count),
        }
    }
}

/// What the head of an answer says.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    status: u16,
    /// How long the head is, with its empty line.
    length: usize,
    /// How long the body is.
    body: usize,
}

impl Head {
    /// Parses the head at the start of `bytes`; none when it is not whole yet.
    fn parse(bytes: &[u8]) -> Result<Option<Self>> {
        let Some(end) = memchr::memmem::find(bytes, b"\r\n\r\n") else { return Ok(None) };
        let text = std::str::from_utf8(bytes.get(..end).unwrap_or_default()).context("the head is not text")?;
        let mut lines = text.split("\r\n");
        let status_line = lines.next().unwrap_or_default();
        let status = status_line
            .strip_prefix("HTTP/1.1 ")
            .and_then(|rest| rest.get(..3))
            .and_then(|code| code.parse().ok())
            .ok_or_else(|| anyhow!("{status_line:?} is not a status line of HTTP/1.1"))?;
        let mut body = None;
        for line in lines {
            let Some((name, value)) = line.split_once(':') else { bail!("{line:?} is not a header") };
            if name.eq_ignore_ascii_case("content-length") {
                let value = value.trim();
                body = Some(value.parse().with_context(|| format!("{value:?} is not a content-length"))?);
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                bail!("the answer has transfer-encoding {}, which is not read here", value.trim());
            }
        }
        let body: usize = body.ok_or_else(|| anyhow!("an answer of status {status} has no content-length"))?;
        if body > BODY_LIMIT {
            bail!("the body of the answer is over {BODY_LIMIT} bytes");
        }
        Ok(Some(Self { status, length: end + 4, body }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 11\r\nX-Other: a\r\n\r\nhello\r\n\r\nyo";

    /// Reads one answer that arrives in the given pieces.
    async fn read(pieces: &[&[u8]]) -> Result<(u16, Vec<u8>)> {
        let mut reader = ResponseReader::default();
        let (mut near, mut far) = tokio::io::duplex(64 * 1024);
        let pieces: Vec<Vec<u8>> = pieces.iter().map(|piece| piece.to_vec()).collect();
        let writer = async move {
            for piece in pieces {
                far.write_all(&piece).await.unwrap();
                // The reader sees each piece on its own before the next one is written.
                tokio::task::yield_now().await;
            }
        };
        let reading = async { reader.read(&mut near).await.map(|answer| (answer.status, answer.body.to_vec())) };
        let (answer, ()) = tokio::join!(biased; reading, writer);
        answer
    }

    #[tokio::test]
    async fn an_answer_may_be_split_anywhere() {
        for at in 1..ANSWER.len() {
            let (first, second) = ANSWER.split_at(at);
            assert_eq!(read(&[first, second]).await.unwrap(), (200, b"hello\r\n\r\nyo".to_vec()), "split at {at}");
        }
        let bytes: Vec<&[u8]> = ANSWER.chunks(1).collect();
        assert_eq!(read(&bytes).await.unwrap().1.len(), 11);
    }

    #[tokio::test]
    async fn a_body_may_be_larger_than_the_buffer() {
        let body = vec![b'x'; 3 * BUFFER];
        let head = format!("HTTP/1.1 503 Service Unavailable\r\nContent-Length: {}\r\n\r\n", body.len());
        assert_eq!(read(&[head.as_bytes(), &body]).await.unwrap(), (503, body.clone()));
        assert_eq!(read(&[&[head.as_bytes(), &body].concat()]).await.unwrap(), (503, body));
    }

    #[tokio::test]
    async fn what_is_not_a_whole_answer_is_an_error() {
        for (pieces, says) in [
            (&[b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n".as_slice()][..], "no content-length"),
            (&[b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"], "chunked"),
            (&[b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n"], "many"),
            (&[b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"], "over"),
            (&[b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"], "HTTP/1.0"),
            (&[b"HTTP/1.1 2\r\nContent-Length: 0\r\n\r\n"], "status line"),
            (&[b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab"], "after the end"),
            (&[b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", b"abc"], "broke off"),
            (&[b"HTTP/1.1 200"], "broke off"),
            (&[], "broke off"),
        ] {
            let error = format!("{:#}", read(pieces).await.unwrap_err());
            assert!(error.contains(says), "{error:?} does not say {says:?}");
        }
        let endless = vec![b'x'; 2 * HEAD_LIMIT];
        assert!(read(&[&endless]).await.unwrap_err().to_string().contains("head"));
    }

    #[tokio::test]
    async fn a_connection_is_used_again() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut seen = vec![0; request("POST", "/a", address, "{}").len()];
            for status in [201, 404] {
                stream.read_exact(&mut seen).await.unwrap();
                let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: 3\r\n\r\n{status}");
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
            String::from_utf8(seen).unwrap()
        };
        let asking = async {
            let mut connection = Connection::open(address).await.unwrap();
            let asked = request("POST", "/a", address, "{}");
            let first = connection.send(&asked).await.unwrap();
            assert!(first.is_success());
            assert_eq!(first.body, b"201");
            let second = connection.send(&asked).await.unwrap();
            assert!(!second.is_success());
            assert_eq!(second.body, b"404");
        };
        let (seen, ()) = tokio::join!(serving, asking);
        assert!(
            seen.starts_with("POST /a HTTP/1.1\r\n") && seen.ends_with("\r\nContent-Length: 2\r\n\r\n{}"),
            "{seen}"
        );
    }
}
