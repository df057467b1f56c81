//! `reel analytics`: what games and sessions came to, beside what their profiles say.

use clap::{Args, Subcommand, ValueEnum};
use reelhouse_client::{
    Figures, GameAnalytics, GameBuckets, Interval, PlayTotals, RoundBucket, SessionAnalytics, TimeBucket,
};
use reelhouse_domain::{SessionId, Timestamp};

use crate::failure::Failure;
use crate::game;
use crate::output::{Column, Format, Output, credits, instant, note};
use crate::profile::Connection;

/// What is looked at.
#[derive(Debug, Subcommand)]
pub(crate) enum AnalyticsCommand {
    /// What a game came to, in all and by day or hour.
    #[command(after_help = "Examples:\n  reel analytics game fruit\n  \
                            reel analytics game fruit --bucket hour --from 2026-01-02T00:00:00Z\n  \
                            reel analytics game fruit --csv > fruit.csv")]
    Game(GameArguments),
    /// What a session came to, in all and by stretches of rounds.
    #[command(after_help = "Examples:\n  reel analytics session SESSION\n  \
                            reel analytics session SESSION --csv > session.csv\n  \
                            reel analytics session SESSION --json | jq .recorded")]
    Session {
        /// The session's id.
        session: SessionId,
        /// Print CSV, a record for each stretch of rounds.
        #[arg(long, conflicts_with_all = ["json", "quiet"])]
        csv: bool,
    },
}

/// A game, and which of its buckets.
#[derive(Debug, Args)]
pub(crate) struct GameArguments {
    /// The game: its id, or words of its name.
    game: String,
    /// How long a bucket is.
    #[arg(long, value_enum, default_value = "day")]
    bucket: BucketLength,
    /// From the bucket on that holds this instant, such as 2026-01-02T03:04:05Z.
    #[arg(long, value_name = "INSTANT")]
    from: Option<Timestamp>,
    /// Buckets that begin before this instant only.
    #[arg(long, value_name = "INSTANT")]
    to: Option<Timestamp>,
    /// The most buckets: the last ones.
    #[arg(long, value_name = "COUNT", default_value_t = 31, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
    /// Print CSV, a record for each bucket.
    #[arg(long, conflicts_with_all = ["json", "quiet"])]
    csv: bool,
}

/// How long a bucket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum BucketLength {
    /// A day of UTC.
    Day,
    /// An hour.
    Hour,
}

pub(crate) fn run(command: AnalyticsCommand, connection: &Connection, output: &mut Output) -> Result<(), Failure> {
    match command {
        AnalyticsCommand::Game(arguments) => of_game(arguments, connection, output),
        AnalyticsCommand::Session { session, csv: true } => {
            let text = connection.client()?.session_analytics_csv(session)?;
            output.raw(text.as_bytes())
        }
        AnalyticsCommand::Session { session, csv: false } => of_session(session, connection, output),
    }
}

fn of_game(arguments: GameArguments, connection: &Connection, output: &mut Output) -> Result<(), Failure> {
    let client = connection.client()?;
    let game_id = game::find(client, &arguments.game)?.body.game_id;
    let bucket = if arguments.bucket == BucketLength::Hour { "hour" } else { "day" };
    let GameArguments { from, to, limit, .. } = arguments;
    let buckets = GameBuckets { bucket: Some(bucket.to_owned()), from, to, limit: Some(limit) };
    if arguments.csv {
        return output.raw(client.game_analytics_csv(game_id, &buckets)?.as_bytes());
    }
    let answer = client.game_analytics(game_id, &buckets)?;
    output.thing(&answer, game_id, game_lines)?;
    if output.format == Format::Text {
        let series = &answer.body.series;
        let title = if series.bucket == "hour" { "HOUR" } else { "DAY" };
        time_table(title, &series.buckets, output)?;
        if series.earlier {
            note("there are earlier ones: see --limit and --from");
        }
        tell_waiting(answer.body.waiting);
    }
    Ok(())
}

fn of_session(session: SessionId, connection: &Connection, output: &mut Output) -> Result<(), Failure> {
    let answer = connection.client()?.session_analytics(session)?;
    output.thing(&answer, session, session_lines)?;
    if output.format == Format::Text {
        round_table(&answer.body.series.buckets, output)?;
        tell_waiting(answer.body.waiting);
    }
    Ok(())
}

fn tell_waiting(waiting: bool) {
    if waiting {
        note("more events wait to be counted: ask again");
    }
}

fn game_lines(game: &GameAnalytics) -> Vec<(&'static str, String)> {
    let mut lines = vec![("Game", game.name.clone()), ("Id", game.game_id.to_string()), ("As of", instant(game.as_of))];
    lines.push(("Sessions", game.play.sessions.to_string()));
    lines.extend(play_lines(&game.play));
    lines.extend(figure_lines(&game.figures));
    let alarms = game.drift.alarms;
    lines.push(("Drift", if game.drift.alarmed { format!("ALARM ({alarms})") } else { "none".to_owned() }));
    lines
}

fn session_lines(session: &SessionAnalytics) -> Vec<(&'static str, String)> {
    let mut lines = vec![
        ("Session", session.session_id.to_string()),
        ("Game", session.game_id.to_string()),
        ("State", session.state.clone()),
        ("Counted", format!("{} of {} events", session.counted_seq, session.last_seq)),
    ];
    lines.extend(play_lines(&session.play));
    lines.push(("Biggest win", credits(session.biggest_win)));
    lines.push(("Longest dry run", session.longest_dry_run.to_string()));
    lines.extend(figure_lines(&session.figures));
    lines
}

fn play_lines(play: &PlayTotals) -> Vec<(&'static str, String)> {
    let mut lines = vec![
        ("Rounds", play.rounds.to_string()),
        ("Free games", play.free_games.to_string()),
        ("Wagered", play.wagered.to_string()),
        ("Won", play.won.to_string()),
        ("Fees", play.fees.to_string()),
        ("Net", play.net.to_string()),
    ];
    if play.missed > 0 {
        lines.push(("Missed", format!("{} events were archived before they were counted", play.missed)));
    }
    lines
}

fn figure_lines(figures: &Figures) -> Vec<(&'static str, String)> {
    let Figures { rtp, hit_rate, volatility } = figures;
    let observed = Some(hit_rate.observed.value).filter(|_| hit_rate.observed.of > 0);
    let stakes = |stakes: Option<f64>| stakes.map_or_else(dash, |stakes| format!("{stakes:.3}"));
    let spread = format!("{} stakes, by the profile {}", stakes(volatility.observed), stakes(volatility.expected));
    vec![
        ("RTP", told(rtp.observed, &rtp.intervals, rtp.expected, rtp.z)),
        ("Hit rate", told(observed, &hit_rate.observed.intervals, hit_rate.expected, hit_rate.z)),
        ("Std deviation", spread),
    ]
}

fn dash() -> String {
    "–".to_owned()
}

/// A share in percent, or a dash.
fn percent(share: Option<f64>) -> String {
    share.map_or_else(dash, |share| format!("{:.2} %", share * 100.0))
}

/// An observed share with its interval of 95 %, what the profile says, and how far off that is.
fn told(observed: Option<f64>, intervals: &[Interval], expected: Option<f64>, z: Option<f64>) -> String {
    let mut text = percent(observed);
    let interval = intervals.iter().find(|interval| interval.confidence == 95).filter(|_| observed.is_some());
    if let Some(Interval { low: Some(low), high: Some(high), .. }) = interval {
        text += &format!(" (95 %: {} to {})", percent(Some(*low)), percent(Some(*high)));
    }
    text += &format!(", by the profile {}", percent(expected));
    if let Some(z) = z {
        text += &format!(", z {z:+.2}");
    }
    text
}

fn time_table(title: &'static str, buckets: &[TimeBucket], output: &mut Output) -> Result<(), Failure> {
    let columns = [
        Column::Left(title),
        Column::Right("ROUNDS"),
        Column::Right("WAGERED"),
        Column::Right("WON"),
        Column::Right("SPEND"),
        Column::Right("RTP"),
        Column::Right("Z"),
        Column::Right("HITS"),
    ];
    let row = |bucket: &TimeBucket| {
        let TimeBucket { starts_at, play, figures } = bucket;
        let form = if title == "HOUR" { "%Y-%m-%d %H:%MZ" } else { "%Y-%m-%d" };
        let hits = &figures.hit_rate.observed;
        vec![
            starts_at.format(form).to_string(),
            play.rounds.to_string(),
            play.wagered.to_string(),
            play.won.to_string(),
            play.spend.to_string(),
            percent(figures.rtp.observed),
            figures.rtp.z.map_or_else(dash, |z| format!("{z:+.2}")),
            percent(Some(hits.value).filter(|_| hits.of > 0)),
        ]
    };
    if buckets.is_empty() {
        return Ok(());
    }
    output.table(&columns, buckets.iter().map(row).collect())
}

fn round_table(buckets: &[RoundBucket], output: &mut Output) -> Result<(), Failure> {
    let columns = [
        Column::Left("ROUNDS"),
        Column::Right("WAGERED"),
        Column::Right("WON"),
        Column::Right("BALANCE"),
        Column::Right("RTP"),
        Column::Right("SO FAR"),
        Column::Left("BAND OF 95 %"),
    ];
    let row = |bucket: &RoundBucket| {
        let last = bucket.first_round + bucket.play.rounds.max(1) - 1;
        let band = bucket.band_low.zip(bucket.band_high);
        vec![
            format!("{} to {last}", bucket.first_round),
            bucket.play.wagered.to_string(),
            bucket.play.won.to_string(),
            bucket.balance.map_or_else(dash, credits),
            percent(bucket.rtp),
            percent(bucket.rtp_so_far),
            band.map_or_else(dash, |(low, high)| format!("{} to {}", percent(Some(low)), percent(Some(high)))),
        ]
    };
    if buckets.is_empty() {
        return Ok(());
    }
    output.table(&columns, buckets.iter().map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_told_as_far_as_it_goes() {
        let interval = Interval { confidence: 95, low: Some(0.9), high: Some(1.0) };
        assert_eq!(
            told(Some(0.95), &[interval], Some(0.96), Some(-0.5)),
            "95.00 % (95 %: 90.00 % to 100.00 %), by the profile 96.00 %, z -0.50"
        );
        assert_eq!(told(None, &[], None, None), "–, by the profile –");
    }
}
