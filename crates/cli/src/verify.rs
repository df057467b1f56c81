//! `reel verify`: the proof of a session, checked offline.

use std::path::PathBuf;

use clap::Args;
use reelhouse_domain::fairness::{PublicKey, Report, SessionProof, verify};
use serde_json::json;

use crate::failure::Failure;
use crate::game::read_text;
use crate::output::{Format, Output, change, credits, note};

/// What the help of the command ends with.
const HELP: &str = "\
It asks no server: definition, seeds, draws, hash chain, signatures and ledger are checked from the one file. A proof that \
holds ends with code 0; one that does not with code 5, and every finding on a line. Without --house-key a forger who signs \
with a key of their own is not told apart from the house.

Examples:
  reel session proof SESSION > proof.json
  reel verify proof.json --house-key 3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";

/// A proof to be checked.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct VerifyArguments {
    /// The file with the proof; `-` for standard input.
    #[arg(value_name = "PROOF")]
    file: PathBuf,
    /// The house's public key, which its server greets with: 64 hexadecimal digits.
    #[arg(long, value_name = "KEY", value_parser = public_key)]
    house_key: Option<PublicKey>,
}

fn public_key(text: &str) -> Result<PublicKey, String> {
    text.parse().map_err(|_| "64 hexadecimal digits were expected".to_owned())
}

pub(crate) fn run(arguments: &VerifyArguments, output: &mut Output) -> Result<(), Failure> {
    let text = read_text(&arguments.file)?;
    let proof = SessionProof::read(&text)
        .map_err(|error| Failure::Faulty(format!("{}: this is no proof: {error}", arguments.file.display())))?;
    let findings = match verify(&proof, arguments.house_key.as_ref()) {
        Ok(report) => return print_report(&report, output),
        Err(findings) => findings,
    };
    match output.format {
        Format::Json => output.json(&json!({ "holds": false, "findings": findings }))?,
        Format::Text | Format::Ids => {
            for finding in &findings {
                output.line(finding)?;
            }
        }
    }
    let count = findings.len();
    Err(Failure::Faulty(format!(
        "the proof does not hold: {count} {}",
        if count == 1 { "finding" } else { "findings" }
    )))
}

fn print_report(report: &Report, output: &mut Output) -> Result<(), Failure> {
    if !report.key_expected {
        note("note: whose key signed is not checked; give the house's with --house-key");
    }
    match output.format {
        Format::Json => output.json(&json!({ "holds": true, "report": report })),
        Format::Ids => output.line(report.session_id),
        Format::Text => {
            let metrics = &report.metrics;
            output.record(&[
                ("Proof", "holds".to_owned()),
                ("Session", format!("{}, {}", report.session_id, report.state.name())),
                ("Events", format!("{}, every draw replayed, the hash chain whole", report.events)),
                ("Seeds", format!("{} revealed, as committed to", report.seeds)),
                ("Ledger", format!("{} entries, as the events caused them", report.entries)),
                ("Spins", format!("{} and {} free games", metrics.spins, metrics.free_games)),
                ("Wagered", credits(metrics.wagered)),
                ("Won", credits(metrics.won)),
                ("Net", change(metrics.net)),
                ("Fingerprint", report.fingerprint.to_string()),
                ("Signed by", report.public_key.to_string()),
            ])
        }
    }
}
