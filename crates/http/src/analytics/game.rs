//! The analytics of a game.

use actix_web::{HttpRequest, HttpResponse};
use reelhouse_application::{GameAnalytics, GameWindow};
use reelhouse_domain::GameId;
use reelhouse_domain::analytics::{Figures, GameTally, Span};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::bodies::{FiguresBody, PlayBody};
use super::{FORMATS, answer, csv};
use crate::common::{DigestBody, Instant};
use crate::extract::{PathId, Query};
use crate::gate::Visitor;
use crate::negotiate::form;
use crate::problem::{Problem, shorten};

/// What a game came to, as far as its events were counted.
#[derive(Serialize, ToSchema)]
#[schema(as = GameAnalytics)]
pub(crate) struct GameAnalyticsBody {
    game_id: Uuid,
    /// The name for people.
    name: String,
    /// SHA-256 over the canonical JSON of the definition.
    fingerprint: DigestBody,
    /// When the counts were last brought up to date.
    as_of: Instant,
    /// Whether more events wait to be counted than this request could bring in: ask again.
    waiting: bool,
    /// What all that was counted came to.
    play: PlayBody,
    /// What that says.
    figures: FiguresBody,
    /// The sequential test of the return, as in the observed fingerprint.
    #[schema(value_type = Object)]
    drift: serde_json::Value,
    /// The buckets of the window.
    series: TimeSeriesBody,
}

/// The buckets of a window, by time.
#[derive(Serialize, ToSchema)]
#[schema(as = TimeSeries)]
struct TimeSeriesBody {
    /// How long a bucket is.
    bucket: SpanName,
    /// Whether the window has earlier buckets than those.
    earlier: bool,
    /// What the buckets came to together.
    play: PlayBody,
    /// What that says.
    figures: FiguresBody,
    /// The last buckets of the window, in order. Those without events are left out.
    buckets: Vec<TimeBucketBody>,
}

/// How long a bucket is.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = BucketSpan)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SpanName {
    /// An hour.
    Hour,
    /// A day of UTC.
    Day,
}

impl SpanName {
    const fn span(self) -> Span {
        match self {
            Self::Hour => Span::Hour,
            Self::Day => Span::Day,
        }
    }
}

/// What a game came to in an hour or a day.
#[derive(Serialize, ToSchema)]
#[schema(as = TimeBucket)]
struct TimeBucketBody {
    /// When the bucket begins.
    starts_at: Instant,
    /// What it came to.
    play: PlayBody,
    /// What that says.
    figures: FiguresBody,
}

impl GameAnalyticsBody {
    fn of(analytics: &GameAnalytics, bucket: SpanName) -> Self {
        let (play, figures) = &analytics.window;
        let told = |(tally, figures): &(GameTally, Figures)| TimeBucketBody {
            starts_at: Instant(tally.starts_at),
            play: (&tally.play).into(),
            figures: figures.clone().into(),
        };
        Self {
            game_id: analytics.game_id.0,
            name: analytics.name.clone(),
            fingerprint: DigestBody(analytics.fingerprint),
            as_of: Instant(analytics.as_of),
            waiting: analytics.waiting,
            play: (&analytics.total).into(),
            figures: analytics.figures.clone().into(),
            drift: serde_json::json!(analytics.drift),
            series: TimeSeriesBody {
                bucket,
                earlier: analytics.earlier,
                play: play.into(),
                figures: figures.clone().into(),
                buckets: analytics.buckets.iter().map(told).collect(),
            },
        }
    }
}

/// The buckets as CSV.
fn table(buckets: &[(GameTally, Figures)]) -> String {
    let columns = [["starts_at"].as_slice(), &csv::PLAY, &csv::FIGURES].concat();
    let row = |(tally, figures): &(GameTally, Figures)| {
        [vec![csv::instant(tally.starts_at)], csv::play(&tally.play), csv::figures(figures)].concat()
    };
    csv::table(&columns, buckets.iter().map(row))
}

fn read_bucket(query: &Query) -> Result<SpanName, Problem> {
    match query.text("bucket") {
        None | Some("day") => Ok(SpanName::Day),
        Some("hour") => Ok(SpanName::Hour),
        Some(other) => {
            let reason = format!("`day` or `hour` was expected, not {:?}", shorten(other));
            Err(Problem::invalid_query("bucket", reason))
        }
    }
}

/// The analytics of a game
///
/// What its sessions came to in all, and by day or hour: counts, money, RTP, hit rate and volatility with intervals
/// beside what the profile says, spend, and the drift alarm. It reads tallies that are kept, not events: those are
/// counted in the background, and a request brings in up to 5,000 more. The form is that of `format`, else the one that
/// `Accept` likes best: JSON, or CSV with a record for each bucket. `docs/analytics.md` has the formulas.
#[utoipa::path(
    get, path = "/analytics/games/{id}", tag = "analytics", operation_id = "game_analytics",
    params(
        ("bucket" = Option<SpanName>, Query, description = "How long a bucket is; absent for `day`."),
        ("from" = Option<Instant>, Query, description = "From the bucket on that holds this instant."),
        ("to" = Option<Instant>, Query, description = "Buckets that begin before this instant only."),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 1000,
         description = "The most buckets, the last ones of the window; absent for 100."),
        ("format" = Option<String>, Query, description = "The form: `json` or `csv`."),
    ),
    responses((status = 200, description = "What the game came to.", content(
        (GameAnalyticsBody = "application/json"),
        (String = "text/csv"),
    )))
)]
pub(crate) async fn game(
    house: Visitor,
    id: PathId,
    query: Query,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let query = query.only(&["bucket", "from", "to", "limit", "format"])?;
    let form = form(&request, &query, FORMATS)?;
    let bucket = read_bucket(&query)?;
    let window = GameWindow {
        span: bucket.span(),
        from: query.instant("from")?,
        to: query.instant("to")?,
        limit: query.limit()?,
    };
    let analytics = house.game_analytics(GameId(id.0), window).await?;
    let body = GameAnalyticsBody::of(&analytics, bucket);
    Ok(answer(form, &body, &format!("game-{}", id.0), || table(&analytics.buckets)))
}
