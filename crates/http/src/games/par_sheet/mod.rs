//! The PAR sheet of a game: as JSON, as CSV and as a page to print.

mod chart;
mod csv;
mod figures;
mod page;
mod rules;
mod section;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use reelhouse_domain::GameId;
use reelhouse_domain::game::ParSheet;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::common::{DigestBody, Instant, ok};
use crate::extract::{PathId, Query};
use crate::gate::Visitor;
use crate::negotiate::{Format, form};
use crate::problem::Problem;
use section::Section;

/// What the page may load: nothing.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The forms of a sheet.
#[derive(Clone, Copy)]
enum Form {
    Json,
    Page,
    Csv,
}

const FORMATS: &[Format<Form>] = &[
    Format { name: "json", media_type: "application/json", form: Form::Json },
    Format { name: "html", media_type: "text/html", form: Form::Page },
    Format { name: "csv", media_type: "text/csv", form: Form::Csv },
];

/// The PAR sheet of a game
///
/// Everything that the definition and its profile say: strips or weights with the stops of each symbol, pays,
/// lines, each winning combination with its probability and what it returns, RTP by source, hit frequency,
/// volatility index, RTP bands by number of games, maximum win, free games, win distribution. Figures that are
/// not there are null, and `not_computed` says why. The form is that of `format`, else the one that `Accept`
/// likes best: JSON, a page to print, or CSV.
#[utoipa::path(
    get, path = "/games/{id}/par-sheet", tag = "games", operation_id = "game_par_sheet",
    params(("format" = Option<String>, Query, pattern = "^(json|html|csv)$", description = "The form: `json`, `html` or `csv`.")),
    responses((status = 200, description = "The sheet.", content(
        (ParSheetBody = "application/json"),
        (String = "text/html"),
        (String = "text/csv"),
    )))
)]
pub(crate) async fn par_sheet(
    house: Visitor,
    id: PathId,
    query: Query,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let query = query.only(&["format"])?;
    let form = form(&request, &query, FORMATS)?;
    let sheet = house.par_sheet(GameId(id.0)).await?;
    let mut response = match form {
        Form::Json => ok(&sheet),
        Form::Page => HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
            .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
            .body(page::write(&sheet, &sections(&sheet))),
        Form::Csv => HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, "text/csv; charset=utf-8; header=absent"))
            .insert_header((header::CONTENT_DISPOSITION, format!("inline; filename=\"par-sheet-{}.csv\"", id.0)))
            .body(csv::write(&sections(&sheet))),
    };
    response.headers_mut().insert(header::VARY, header::HeaderValue::from_static("Accept"));
    Ok(response)
}

fn sections(sheet: &ParSheet) -> Vec<Section> {
    let mut sections = vec![rules::game(sheet)];
    sections.extend(figures::sections(sheet));
    sections.extend(rules::sections(sheet));
    sections
}

/// A PAR sheet, as the API's description has it. Figures are `{"exact":"n/d","percent":…}` or
/// `{"exact":"n/d","decimal":…}`: a fraction in lowest terms, and the same rounded half up to 12 decimals.
#[derive(ToSchema)]
#[schema(as = ParSheet)]
#[allow(dead_code, reason = "the sheet of the domain is sent; this describes it")]
pub(crate) struct ParSheetBody {
    /// Always 1.
    version: u32,
    game_id: Uuid,
    /// The name for people.
    name: String,
    /// SHA-256 over the canonical JSON of the definition.
    fingerprint: DigestBody,
    /// When the game was first posted.
    created_at: Instant,
    /// How the figures were got, as in the game's `statistical_profile`; `pending` while they are being computed.
    #[schema(required)]
    method: Option<String>,
    /// The version of the mathematics that they were got with.
    #[schema(required)]
    engine_version: Option<u32>,
    /// Where simulated figures come from: `generator`, `seed`, `rounds`, `rtp_intervals`, `source_intervals` unless
    /// the RTP is exact all the same; null when all are exact.
    #[schema(value_type = Option<Object>, required)]
    simulation: Value,
    /// What is left out of the figures, and why.
    not_computed: Vec<String>,
    /// `reels`, `rows` of each reel, `evaluation`, `bets` of a unit bet, `ways`, `credit`, `unit_bet`.
    #[schema(value_type = Object)]
    layout: Value,
    /// The symbols with their roles, as in `symbol_map`.
    #[schema(value_type = Vec<Object>)]
    symbols: Value,
    /// What symbols pay, in bets: the columns `counts` (`from`, `to`) and per symbol its `pays` by column.
    #[schema(value_type = Object)]
    pays: Value,
    /// What scatters pay, in total stakes, in the same form.
    #[schema(value_type = Object)]
    scatter_pays: Value,
    /// `wild_multipliers`, and `free_games`, `full_grid`, `cascades`, `respins` where there are any.
    #[schema(value_type = Object)]
    features: Value,
    /// By mode, `strips` or `weights`, weights of `rows` where they vary, the `stops` of each reel, and per symbol
    /// its `stops` by reel and in `total`; for weights, sums of weights.
    #[schema(value_type = Object)]
    reels: Value,
    /// The return to player by source, with its `total`.
    #[schema(value_type = Option<Object>, required)]
    rtp: Value,
    /// One less the RTP.
    #[schema(value_type = Option<Object>, required)]
    hold: Value,
    /// How many combinations each mode has.
    #[schema(value_type = Option<Object>, required)]
    cycle: Value,
    /// Paid spins that win something by themselves.
    #[schema(value_type = Option<Object>, required)]
    hit_frequency: Value,
    /// A whole paid round: `mean`, `variance`, `standard_deviation`, `volatility_index` at 90, 95 and 99 %.
    #[schema(value_type = Option<Object>, required)]
    round: Value,
    /// For 10³ to 10⁷ `games`, the `bands` of the RTP at each confidence, in percent.
    #[schema(value_type = Vec<Object>)]
    rtp_bands: Value,
    /// The most that one spin wins, with its odds, by mode.
    #[schema(value_type = Option<Object>, required)]
    max_win: Value,
    /// The figures of free games: trigger and retrigger frequency, the series of retriggers, RTP.
    #[schema(value_type = Option<Object>, required)]
    free_games: Value,
    /// What a paid spin wins: `buckets` by size in stakes, and `wins` one by one.
    #[schema(value_type = Option<Object>, required)]
    win_distribution: Value,
    /// By mode, each symbol and count with its `pay`, `combinations`, `probability` and `rtp`, and the `interval` of a
    /// simulated `rtp`.
    #[schema(value_type = Option<Object>, required)]
    combinations: Value,
}
