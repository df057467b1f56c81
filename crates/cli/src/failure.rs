//! Why a command did not do what was asked, what is said about it, and the code the process ends with.

use std::io::{self, Write as _};

use reelhouse_client::{Error, Problem};
use serde_json::Value;

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The client says why.
    Client(Error),
    /// The command was not used as it is meant to be.
    Usage(String),
    /// There is nothing of that name.
    NotFound(String),
    /// A check of this program found faults, which it has printed.
    Faulty(String),
    /// The output could not be written.
    Output(io::Error),
    /// Whoever started the command wants it to end.
    Interrupted,
    /// Anything else.
    Other(String),
}

impl Failure {
    /// The code that the process ends with.
    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Client(error) => client_code(error),
            Self::Usage(_) => 2,
            Self::NotFound(_) => 4,
            Self::Faulty(_) => 5,
            // Whoever read the output has seen enough.
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => 0,
            Self::Output(_) | Self::Other(_) => 1,
            Self::Interrupted => 130,
        }
    }

    /// Says why on standard error.
    pub(crate) fn tell(&self) {
        let text = match self {
            Self::Client(error) => client_text(error),
            Self::Usage(why) | Self::NotFound(why) | Self::Faulty(why) | Self::Other(why) => why.clone(),
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => return,
            Self::Output(error) => format!("the output could not be written: {error}"),
            Self::Interrupted => "interrupted".to_owned(),
        };
        // There is nobody left to be told when standard error is closed too.
        drop(writeln!(io::stderr(), "error: {text}"));
    }
}

fn client_code(error: &Error) -> u8 {
    match error {
        Error::BadAddress { .. } => 2,
        Error::Unreachable { .. } => 3,
        Error::Refused(problem) => match problem.status {
            503 => 3,
            404 => 4,
            400..500 => 5,
            _ => 1,
        },
        Error::Stranger { .. } | Error::Unreadable(_) => 1,
    }
}

fn client_text(error: &Error) -> String {
    match error {
        Error::Refused(problem) => refusal(problem),
        Error::Unreachable { .. } => {
            format!("{error}\nhint: start one with `reelhouse`, or say where it is with --server or REELHOUSE_URL")
        }
        other => other.to_string(),
    }
}

/// A refusal for people: what is wrong, its code, and the faults one by one where there are several.
fn refusal(problem: &Problem) -> String {
    let faults = problem.more.get("faults").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if faults.is_empty() {
        return format!("{} [{}]", problem.detail, problem.code);
    }
    let mut text = format!("{} [{}]", problem.title, problem.code);
    for fault in faults {
        let part = |name: &str| fault.get(name).and_then(Value::as_str).unwrap_or_default();
        text.push_str(&format!("\n  {}: {}", part("pointer"), part("reason")));
    }
    text
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Client(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16) -> Failure {
        let json = format!(r#"{{"status":{status},"code":"c","title":"t","detail":"d"}}"#);
        Failure::Client(Error::Refused(Box::new(serde_json::from_str(&json).unwrap())))
    }

    #[test]
    fn codes_are_the_documented_ones() {
        for (status, code) in [(400, 5), (401, 5), (403, 5), (404, 4), (409, 5), (422, 5), (503, 3), (500, 1)] {
            assert_eq!(refused(status).code(), code, "{status}");
        }
        assert_eq!(Failure::Output(io::ErrorKind::BrokenPipe.into()).code(), 0);
        assert_eq!(Failure::Output(io::ErrorKind::StorageFull.into()).code(), 1);
    }

    #[test]
    fn every_fault_is_told_with_its_pointer() {
        let json = r#"{"status":422,"code":"invalid_game","title":"faults","detail":"d",
            "faults":[{"pointer":"/a","reason":"x"},{"pointer":"/b","reason":"y"}]}"#;
        assert_eq!(refusal(&serde_json::from_str(json).unwrap()), "faults [invalid_game]\n  /a: x\n  /b: y");
    }
}
