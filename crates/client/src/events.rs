//! Following a session's events: server-sent events, taken up again where they broke off.

use std::io::{BufRead, BufReader};
use std::time::Duration;

use reelhouse_domain::SessionId;
use serde_json::value::RawValue;

use crate::answer::Answer;
use crate::bodies::{Event, SessionEnd};
use crate::client::Client;
use crate::error::Error;

/// The wait before a stream that broke off is taken up again.
const PAUSE: Duration = Duration::from_secs(1);

/// What a stream tells.
#[derive(Debug)]
pub enum Message {
    /// The next event.
    Event(Box<Answer<Event>>),
    /// The session has ended; nothing follows.
    End(Answer<SessionEnd>),
}

/// The events of a session as they happen.
pub struct EventStream<'a> {
    client: &'a Client,
    session_id: SessionId,
    after: i64,
    lines: Option<Box<dyn BufRead>>,
    over: bool,
}

impl Client {
    /// Follows a session from the event after `seq` `after`.
    #[must_use]
    pub fn session_follow(&self, session_id: SessionId, after: i64) -> EventStream<'_> {
        EventStream { client: self, session_id, after, lines: None, over: false }
    }
}

impl EventStream<'_> {
    fn connect(&self) -> Result<Box<dyn BufRead>, Error> {
        let (id, after) = (self.session_id.to_string(), self.after.to_string());
        let body = self.client.open(&["sessions", &id, "events", "stream"], &[], &[("Last-Event-ID", &after)])?;
        Ok(Box::new(BufReader::new(body)))
    }

    fn read(&mut self, block: Block) -> Result<Message, Error> {
        let data = RawValue::from_string(block.data)?;
        if block.name == "end" {
            self.over = true;
            return Ok(Message::End(Answer::of(data)?));
        }
        let event: Answer<Event> = Answer::of(data)?;
        self.after = event.body.seq;
        Ok(Message::Event(Box::new(event)))
    }
}

impl Iterator for EventStream<'_> {
    type Item = Result<Message, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.over {
            let Some(lines) = &mut self.lines else {
                match self.connect() {
                    Ok(lines) => self.lines = Some(lines),
                    Err(error) => {
                        self.over = true;
                        return Some(Err(error));
                    }
                }
                continue;
            };
            if let Some(block) = next_block(lines) {
                let message = self.read(block);
                self.over |= message.is_err();
                return Some(message);
            }
            self.lines = None;
            std::thread::sleep(PAUSE);
        }
        None
    }
}

/// A message as it is sent.
#[derive(Debug, Default, PartialEq, Eq)]
struct Block {
    name: String,
    data: String,
}

/// The next message that has data; none when the stream is over or breaks off, in whose midst nothing counts.
fn next_block(lines: &mut impl BufRead) -> Option<Block> {
    let mut block = Block::default();
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end_matches(['\n', '\r']);
        match line.split_once(':') {
            Some(("event", name)) => block.name = name.trim_start().to_owned(),
            Some(("data", data)) => block.data.push_str(data.trim_start()),
            None if line.is_empty() && !block.data.is_empty() => return Some(block),
            None if line.is_empty() => block = Block::default(),
            // Comments, ids, which are in the data too, and whatever else there may be one day.
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &str) -> Vec<(String, String)> {
        let mut lines = BufReader::new(text.as_bytes());
        std::iter::from_fn(|| next_block(&mut lines)).map(|block| (block.name, block.data)).collect()
    }

    #[test]
    fn messages_are_read_and_comments_are_not() {
        let text = "retry: 1000\n\n: nothing new\n\nid: 1\ndata: {\"seq\":1}\n\nid: 1\r\nevent: end\r\ndata:{}\r\n\r\n";
        let expected = [("", "{\"seq\":1}"), ("end", "{}")];
        assert_eq!(blocks(text), expected.map(|(name, data)| (name.to_owned(), data.to_owned())));
    }

    #[test]
    fn a_message_that_breaks_off_is_none() {
        assert!(blocks("id: 1\ndata: {\"seq\":1}\n").is_empty());
        assert!(blocks("id: 1\nda").is_empty());
    }
}
