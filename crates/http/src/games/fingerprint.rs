//! The observed fingerprint of a game: what its probes and its play came to, against the exact figures.

use actix_web::HttpResponse;
use reelhouse_application::FingerprintAnswer;
use reelhouse_domain::GameId;
use reelhouse_domain::observation::Report;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::common::{DigestBody, Instant, ok};
use crate::extract::PathId;
use crate::gate::Visitor;
use crate::problem::Problem;

/// What was observed of a game. Counts are whole; statistics are floats, RTP and rates parts of 1. A p-value is the
/// probability that an honest game is at least so far off. What cannot be told yet is null.
#[derive(Serialize, ToSchema)]
#[schema(as = ObservedFingerprint)]
pub(crate) struct FingerprintBody {
    game_id: Uuid,
    /// SHA-256 over the canonical JSON of the definition.
    fingerprint: DigestBody,
    /// When the counts were last brought up to date.
    as_of: Instant,
    /// Whether more events wait to be counted than this request could bring in: ask again.
    waiting: bool,
    /// What the counts cover.
    covers: CoverageBody,
    /// By `mode`, its `windows`, and by reel its `chi_square` (null when it showed what it cannot),
    /// `degrees_of_freedom`, `p_value`, and by symbol how often it was `observed` and `expected`.
    #[schema(value_type = Vec<Object>)]
    symbols: serde_json::Value,
    /// `rounds`, the `observed` and the exact `expected` RTP, `standard_error`, `z`, `p_value`, and the `bands` of 90,
    /// 95 and 99 % in which the observed one should lie.
    #[schema(value_type = Object)]
    rtp: serde_json::Value,
    /// Paid spins that won something by themselves: `observed` (`count`, `of`, `value`, `intervals`), `expected`,
    /// `z`, `p_value`.
    #[schema(value_type = Object)]
    hit_rate: serde_json::Value,
    /// The Wald–Wolfowitz test: `hits`, `misses`, `runs`, how many are `expected`, `z`, `p_value`.
    #[schema(value_type = Object)]
    runs: serde_json::Value,
    /// The sequential test of the return: `rounds`, `statistic`, its `threshold`, the `average_run_length` in rounds
    /// between false alarms (at least), whether it `alarmed`, the number of `alarms`, `first_alarm` and `last_alarm`
    /// (`at`, `round`, `direction`).
    #[schema(value_type = Object)]
    drift: serde_json::Value,
}

/// What counts cover.
#[derive(Serialize, ToSchema)]
#[schema(as = ObservedCoverage)]
struct CoverageBody {
    /// Events of every kind.
    events: u64,
    /// Paid spins.
    spins: u64,
    /// Free games.
    free_games: u64,
    /// Demo spins of probes.
    probe_spins: u64,
    /// Settled rounds of play, and those of probes.
    rounds: u64,
}

impl From<FingerprintAnswer> for FingerprintBody {
    fn from(answer: FingerprintAnswer) -> Self {
        let Report { symbols, rtp, hit_rate, runs, drift } = answer.report;
        let tally = answer.observation.tally;
        Self {
            game_id: answer.game_id.0,
            fingerprint: DigestBody(answer.fingerprint),
            as_of: Instant(answer.observation.as_of),
            waiting: answer.waiting,
            covers: CoverageBody {
                events: tally.events,
                spins: tally.spins,
                free_games: tally.free_games,
                probe_spins: tally.probe_spins,
                rounds: tally.rounds,
            },
            symbols: serde_json::json!(symbols),
            rtp: serde_json::json!(rtp),
            hit_rate: serde_json::json!(hit_rate),
            runs: serde_json::json!(runs),
            drift: serde_json::json!(drift),
        }
    }
}

/// The observed fingerprint of a game
///
/// Estimated from probes and play, and tested against the definition and its exact profile: symbols per reel
/// (chi-square), RTP and hit rate (z), runs of hits, and an alarm for a return that drifts. Events are counted in
/// the background and once each; a request brings in up to 5,000 more. `docs/observed-fingerprint.md` has the
/// formulas.
#[utoipa::path(
    get, path = "/games/{id}/fingerprint", tag = "games", operation_id = "game_fingerprint",
    responses((status = 200, description = "What was observed.", body = FingerprintBody))
)]
pub(crate) async fn fingerprint(house: Visitor, id: PathId) -> Result<HttpResponse, Problem> {
    Ok(ok(&FingerprintBody::from(house.game_fingerprint(GameId(id.0)).await?)))
}
