//! `reel health`: whether the server can take work.

use crate::failure::Failure;
use crate::output::{Format, Output};
use crate::profile::Connection;

pub(crate) fn run(connection: &Connection, output: &mut Output) -> Result<(), Failure> {
    let client = connection.client()?;
    let answer = client.ready()?;
    match output.format {
        Format::Json => output.json(&answer.json),
        Format::Text | Format::Ids => output.line(format!("{} is {}", client.address(), answer.body.status)),
    }
}
