//! The record as datasets, its manifest and its figures.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::stream;
use reelhouse_application::ExportRequest;
use reelhouse_application::dataset::{Format, NpzKeys};
use reelhouse_domain::rl::{Estimate, Summary};
use reelhouse_domain::{GameId, SessionId, Timestamp};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::read_ladder;
use crate::common::{Instant, ok};
use crate::extract::Query;
use crate::gate::Visitor;
use crate::negotiate;
use crate::problem::{Code, Problem, shorten};

/// The parameters that choose rows.
const FILTERS: [&str; 7] = ["session_id", "game_id", "from", "to", "cursor", "limit", "ladder"];

/// Export the record
///
/// The recorded steps with the floats of their observations, episode by episode (an episode is a session), in
/// the order of session and `seq`, as a download that is streamed. The last row of each episode has exactly
/// one of the flags; an episode that is still open, or that the export cuts, is `truncated`. To go on after a
/// cut, send the `session_id` and `seq` of the last whole row as `cursor`. `docs/rl.md` has the formats.
#[utoipa::path(
    get, path = "/rl/export", tag = "rl", operation_id = "rl_export",
    params(
        ("format" = Option<String>, Query, example = "arrow", pattern = "^(ndjson|arrow|parquet|npz|minari)$",
         description = "`ndjson`, `arrow`, `parquet`, `npz` or `minari`; absent, the `Accept` header decides, and \
                        without one it is `ndjson`."),
        ("keys" = Option<String>, Query, pattern = "^(d3rlpy|tianshou)$", description = "Of `npz` only: `d3rlpy` (absent too) or `tianshou`."),
        ("session_id" = Option<uuid::Uuid>, Query, description = "Steps of this session only."),
        ("game_id" = Option<uuid::Uuid>, Query, description = "Steps of sessions of this game only."),
        ("from" = Option<Instant>, Query, description = "Steps recorded at this instant or later only."),
        ("to" = Option<Instant>, Query, description = "Steps recorded before this instant only; absent for now."),
        ("cursor" = Option<String>, Query, example = "01976e3c-9f00-7abc-8000-000000000001:42",
         description = "Rows after this one: a `session_id` and a `seq` with a colon between."),
        ("limit" = Option<i64>, Query, minimum = 1, description = "The most rows; absent for all."),
        ("ladder" = Option<String>, Query, description = "The stakes that actions are indexed by, as in \
                                                          `GET /rl/spaces`; it needs `game_id`."),
    ),
    responses((
        status = 200, description = "The dataset, in the format asked for.",
        content(
            (String = "application/x-ndjson"),
            (String = "application/vnd.apache.arrow.stream"),
            (String = "application/vnd.apache.parquet"),
            (String = "application/x-npz"),
            (String = "application/x-tar"),
        ),
        headers(("Content-Disposition" = String, description = "`attachment`, with a file name.")),
    ))
)]
pub(crate) async fn export(house: Visitor, request: HttpRequest, query: Query) -> Result<HttpResponse, Problem> {
    let query = query.only(&[&FILTERS[..], &["format", "keys"]].concat())?;
    let format = read_format(&request, &query)?;
    let answer = house.rl_export(read_request(&query)?, format).await?;
    let file = format!("reelhouse-{}.{}", answer.origin.name, format.extension());
    let pieces = stream::unfold(Some(answer), |answer| async {
        let mut answer = answer?;
        match answer.next().await {
            Ok(Some(piece)) => Some((Ok(web::Bytes::from(piece)), Some(answer))),
            Ok(None) => None,
            // The head is sent, so all that can be done is to break off: a client sees that the end is missing.
            Err(error) => {
                tracing::warn!(%error, "an export broke off");
                Some((Err(actix_web::Error::from(Problem::from(error))), None))
            }
        }
    });
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, format.media_type()))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\"")))
        .insert_header((header::VARY, "Accept"))
        .streaming(pieces))
}

/// The format that a request asks for.
fn read_format(request: &HttpRequest, query: &Query) -> Result<Format, Problem> {
    let forms = Format::ALL.map(|form| negotiate::Format { name: form.name(), media_type: form.media_type(), form });
    let format = negotiate::form(request, query, &forms)?;
    match (format, query.text("keys")) {
        (_, None) => Ok(format),
        (Format::Npz(_), Some("d3rlpy")) => Ok(Format::Npz(NpzKeys::D3rlpy)),
        (Format::Npz(_), Some("tianshou")) => Ok(Format::Npz(NpzKeys::Tianshou)),
        (Format::Npz(_), Some(other)) => {
            let reason = format!("d3rlpy or tianshou was expected, not {:?}", shorten(other));
            Err(Problem::invalid_query("keys", reason))
        }
        (_, Some(_)) => Err(Problem::invalid_query("keys", "only npz has keys to choose from")),
    }
}

/// The rows that a request chooses.
fn read_request(query: &Query) -> Result<ExportRequest, Problem> {
    let cursor = query.text("cursor").map(|text| {
        text.parse().map_err(|()| {
            let reason = "cursor: a session_id and a seq with a colon between were expected";
            Problem::new(Code::InvalidCursor, reason)
        })
    });
    Ok(ExportRequest {
        session_id: query.id("session_id")?.map(SessionId),
        game_id: query.id("game_id")?.map(GameId),
        from: query.instant("from")?,
        to: query.instant("to")?,
        cursor: cursor.transpose()?,
        limit: query.text("limit").map(read_rows).transpose()?,
        ladder: read_ladder(query)?,
    })
}

fn read_rows(text: &str) -> Result<u64, Problem> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let rows = text.parse::<i64>().ok().filter(|rows| digits && *rows > 0);
    rows.map(i64::cast_unsigned).ok_or_else(|| {
        let reason = format!("a whole number of rows from 1 on was expected, not {:?}", shorten(text));
        Problem::invalid_query("limit", reason)
    })
}

/// Read what an export would be made of
///
/// The manifest of the export with the same parameters: how many rows and episodes, the hash of their content,
/// the version of the encoder and the fingerprints of the games. Give it a `to`, and the export too, so that
/// both are of the same rows while play goes on; without one it says which it took.
#[utoipa::path(
    get, path = "/rl/export/manifest", tag = "rl", operation_id = "rl_manifest",
    params(
        ("session_id" = Option<uuid::Uuid>, Query, description = "Steps of this session only."),
        ("game_id" = Option<uuid::Uuid>, Query, description = "Steps of sessions of this game only."),
        ("from" = Option<Instant>, Query, description = "Steps recorded at this instant or later only."),
        ("to" = Option<Instant>, Query, description = "Steps recorded before this instant only; absent for now."),
        ("cursor" = Option<String>, Query, description = "Rows after this one, as in `GET /rl/export`."),
        ("limit" = Option<i64>, Query, minimum = 1, description = "The most rows; absent for all."),
        ("ladder" = Option<String>, Query, description = "As in `GET /rl/export`."),
    ),
    responses((status = 200, description = "The manifest.", body = ManifestBody))
)]
pub(crate) async fn manifest(house: Visitor, query: Query) -> Result<HttpResponse, Problem> {
    let query = query.only(&FILTERS)?;
    Ok(ok(&house.rl_manifest(read_request(&query)?).await?))
}

/// The manifest of a dataset, as the API's description has it.
#[derive(ToSchema)]
#[schema(as = Manifest)]
#[allow(
    dead_code,
    reason = "a manifest is written by the crate of the datasets, which keeps it too; this describes it"
)]
pub(crate) struct ManifestBody {
    /// The version of this document.
    version: u32,
    /// The program that wrote it.
    software: String,
    /// The version of the encoder.
    encoder_version: u32,
    /// The names of the floats of an observation.
    observation: Vec<String>,
    /// What was asked for, with the instant that it is up to.
    #[schema(value_type = Object)]
    filter: Value,
    /// A name for the dataset: that of the game, or `all`.
    name: String,
    /// How many rows there are.
    rows: u64,
    /// How many episodes they are of.
    episodes: u64,
    /// How many of the episodes ended for good.
    terminated: u64,
    /// How many were cut off.
    truncated: u64,
    /// SHA-256 over the content, whatever the format; `docs/rl.md` says how it is taken.
    sha256: String,
    /// Where to go on when `limit` cut the dataset; else null.
    #[schema(required)]
    next_cursor: Option<String>,
    /// The games: `game_id`, `name`, `fingerprint`, `ladder`, `episodes`, `rows`.
    #[schema(value_type = Vec<Object>)]
    games: Vec<Value>,
}

/// Read the figures of the record
///
/// Over the same rows as the export with the same parameters. Variances are sample variances (n - 1); an
/// interval is the normal 95 % confidence interval of the mean, mean ± 1.959963984540054 √(variance / n).
#[utoipa::path(
    get, path = "/rl/metrics", tag = "rl", operation_id = "rl_metrics",
    params(
        ("session_id" = Option<uuid::Uuid>, Query, description = "Steps of this session only."),
        ("game_id" = Option<uuid::Uuid>, Query, description = "Steps of sessions of this game only."),
        ("from" = Option<Instant>, Query, description = "Steps recorded at this instant or later only."),
        ("to" = Option<Instant>, Query, description = "Steps recorded before this instant only; absent for now."),
        ("cursor" = Option<String>, Query, description = "Rows after this one, as in `GET /rl/export`."),
        ("limit" = Option<i64>, Query, minimum = 1, description = "The most rows; absent for all."),
        ("ladder" = Option<String>, Query, description = "As in `GET /rl/export`."),
    ),
    responses((status = 200, description = "The figures.", body = FiguresBody))
)]
pub(crate) async fn metrics(house: Visitor, query: Query) -> Result<HttpResponse, Problem> {
    let query = query.only(&FILTERS)?;
    let (manifest, summary) = house.rl_metrics(read_request(&query)?).await?;
    Ok(ok(&FiguresBody::of(&summary, manifest.origin.filter.to)))
}

/// The figures of the record.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RlMetrics)]
pub(crate) struct FiguresBody {
    /// How many steps there are.
    steps: u64,
    /// How many episodes they are of.
    episodes: u64,
    /// How many of the episodes ended for good: cashed out, closed, bust.
    terminated: u64,
    /// How many were cut off: expired, at the limit, still open, or cut by the parameters.
    truncated: u64,
    /// The mean reward of a step; null of no steps.
    #[schema(required)]
    mean_reward: Option<f64>,
    /// The sample variance of the rewards of steps; null of fewer than two.
    #[schema(required)]
    reward_variance: Option<f64>,
    /// The rewards of steps.
    reward: EstimateBody,
    /// The sums of the rewards of each episode.
    episode_return: EstimateBody,
    /// The numbers of steps of each episode.
    episode_length: EstimateBody,
    /// Steps recorded before this instant were taken in.
    to: Instant,
}

/// The mean and the spread of some numbers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Estimate)]
pub(crate) struct EstimateBody {
    /// How many numbers there are.
    count: u64,
    /// The mean; null of no numbers.
    #[schema(required)]
    mean: Option<f64>,
    /// The sample variance; null of fewer than two numbers.
    #[schema(required)]
    variance: Option<f64>,
    /// The lower and the upper end of the 95 % confidence interval of the mean; null of fewer than two.
    #[schema(required, min_items = 2, max_items = 2)]
    interval: Option<Vec<f64>>,
}

impl From<&Estimate> for EstimateBody {
    fn from(estimate: &Estimate) -> Self {
        Self {
            count: estimate.count(),
            mean: estimate.mean(),
            variance: estimate.variance(),
            interval: estimate.interval().map(Vec::from),
        }
    }
}

impl FiguresBody {
    fn of(summary: &Summary, to: Timestamp) -> Self {
        Self {
            steps: summary.reward.count(),
            episodes: summary.episode_length.count(),
            terminated: summary.terminated,
            truncated: summary.truncated,
            mean_reward: summary.reward.mean(),
            reward_variance: summary.reward.variance(),
            reward: (&summary.reward).into(),
            episode_return: (&summary.episode_return).into(),
            episode_length: (&summary.episode_length).into(),
            to: Instant(to),
        }
    }
}
