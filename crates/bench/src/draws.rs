//! The quality of draws: final stop positions of the fair stream under tests at 99 %.

use anyhow::{Context as _, Result, ensure};
use reelhouse_domain::fairness::{Dealer as _, FairDealer, ServerSeed};
use reelhouse_domain::game::{Engine, Mode, reference_games};
use reelhouse_domain::simulation::quality::{DrawTest, ReelTests, most_beyond};

use crate::notebook::say;
use crate::simulate::reference;

/// Options of the tests.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The reference game that is played.
    #[arg(long, default_value = "pearl-5x3")]
    game: String,
    /// Rounds to play, one paid spin each.
    #[arg(long, default_value_t = 1_000_000)]
    rounds: u64,
    /// The server seed, 64 hexadecimal digits.
    #[arg(long, default_value_t = "7265656c686f757365".repeat(4)[..64].to_owned())]
    server_seed: String,
    /// The client seed.
    #[arg(long, default_value = "draws")]
    client_seed: String,
}

/// Plays rounds as sessions do and tests the stops; fails when more tests fail than chance explains.
pub(crate) fn draws(args: &Args) -> Result<()> {
    let game = reference_games().into_iter().find(|game| game.name == args.game).context("no such reference game")?;
    let engine = Engine::compile(&reference(game.name, game.document)?);
    let seed = ServerSeed(seed(&args.server_seed)?);
    let mut reels: Vec<ReelTests> = engine.strip_lengths(Mode::Base).into_iter().map(ReelTests::new).collect();
    for nonce in 0..args.rounds {
        let mut draws = FairDealer.deal(&seed, &args.client_seed, nonce, 0);
        let outcome = engine.spin(Mode::Base, draws.as_mut());
        for (reel, stop) in reels.iter_mut().zip(outcome.stops) {
            reel.record(stop);
        }
    }
    say!("{}: final stop positions of {} rounds of the fair stream, each test at 99 %", game.name, args.rounds);
    say!("server seed {}, client seed {:?}, nonces from 0\n", args.server_seed, args.client_seed);
    say!("| reel | test               |  statistic |  critical | within | source |");
    say!("|-----:|--------------------|-----------:|----------:|--------|--------|");
    let tests: Vec<DrawTest> = (1..).zip(&reels).flat_map(|(number, reel)| reel.tests(number)).collect();
    for test in &tests {
        let DrawTest { reel, name, statistic, critical, source } = test;
        let within = if test.passed() { "yes" } else { "no" };
        say!("| {reel:>4} | {name:<18} | {statistic:>10.3} | {critical:>9.3} | {within:<6} | {source} |");
    }
    let beyond = tests.iter().filter(|test| !test.passed()).count();
    let most = most_beyond(u32::try_from(tests.len())?);
    say!(
        "\n{beyond} of {} tests beyond the limit; fair draws have more than {most} less than once in 1000 runs",
        tests.len()
    );
    ensure!(beyond <= most as usize, "the draws do not look fair");
    Ok(())
}

/// 32 bytes from 64 hexadecimal digits.
fn seed(text: &str) -> Result<[u8; 32]> {
    let wrong = "a server seed is 64 hexadecimal digits";
    ensure!(text.len() == 64 && text.bytes().all(|digit| digit.is_ascii_hexdigit()), wrong);
    let mut seed = [0; 32];
    for (byte, at) in seed.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(text.get(at..at + 2).context(wrong)?, 16)?;
    }
    Ok(seed)
}

#[cfg(test)]
mod tests {
    use super::{Args, draws, seed};

    fn args() -> Args {
        let server_seed = "00ff".repeat(16);
        Args { game: "fruit-5x3".to_owned(), rounds: 2000, server_seed, client_seed: "test".to_owned() }
    }

    #[test]
    fn a_seed_is_read_byte_by_byte() {
        let bytes = seed(&args().server_seed).unwrap();
        assert_eq!(bytes[..4], [0, 255, 0, 255]);
        for wrong in ["", "00", &"0g".repeat(32), &"é".repeat(32)] {
            assert!(seed(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn fair_draws_pass_and_an_unknown_game_does_not_run() {
        draws(&args()).unwrap();
        assert!(draws(&Args { game: "none".to_owned(), ..args() }).is_err());
    }
}
