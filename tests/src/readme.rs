//! The README's commands and the first ten minutes of the documentation, run as they stand.

use std::process::Stdio;

use tokio::process::Command;

use crate::on_both_stores;
use crate::support::{Server, binary};

/// The README's second shell block: the requests of a first session.
fn first_session() -> &'static str {
    let readme = include_str!("../../README.md");
    let block = readme.split("```sh\n").nth(2).and_then(|rest| rest.split("```").next());
    block.expect("the README has the requests in its second block")
}

on_both_stores! {
    async fn the_readme_plays_a_game_to_its_cash_out(server: Server) {
        let script = first_session().replace("http://127.0.0.1:8080", &server.url);
        assert!(script.contains(&server.url), "{script}");
        let output = Command::new("bash").args(["-euo", "pipefail", "-c", &script]).stdin(Stdio::null()).output().await;
        let output = output.unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
        assert!(text.contains(r#""type":"cash_out""#) && text.contains(r#""state":"completed""#), "{text}");
        assert!(!text.contains("urn:reelhouse:problem"), "{text}");
    }

    async fn the_first_ten_minutes_go_well(server: Server) {
        let folder = binary().parent().unwrap().display().to_string();
        let path = format!("{folder}:{}", std::env::var("PATH").unwrap_or_default());
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/first-ten-minutes.sh");
        let mut command = Command::new("bash");
        command.arg(script).env("PATH", path).env("REELHOUSE_URL", &server.url).env_remove("REELHOUSE_KEY");
        let output = command.env("HOME", "/nowhere").stdin(Stdio::null()).output().await.unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        let messages = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{text}{messages}");
        for words in ["is ready", "fruit-5x3", "completed", "play.parquet", "Proof        holds", "Done."] {
            assert!(text.contains(words), "{words} is missing in {text}{messages}");
        }
        assert!(messages.contains("the proof does not hold"), "{messages}");
        assert!(!text.contains("urn:reelhouse:problem"), "{text}");
    }

    async fn the_first_lines_say_where_and_what_to_do(server: Server) {
        let greeting = server.greeting.join("\n");
        assert!(greeting.contains("/docs") && greeting.contains("store:") && greeting.contains("SQL"), "{greeting}");
        let first = server.greeting.iter().find_map(|line| line.strip_prefix("try:")).unwrap().trim();
        let output = Command::new("bash").args(["-c", first]).output().await.unwrap();
        assert!(String::from_utf8_lossy(&output.stdout).contains("game_id"), "{first}");
    }
}
