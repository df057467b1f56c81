//! The analytics of a session.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse};
use chrono::NaiveDate;
use reelhouse_application::{SessionAnalytics, SessionBucket};
use reelhouse_domain::SessionId;
use reelhouse_domain::analytics::DaySpend;
use reelhouse_domain::ports::RecordedMetric;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::bodies::{CreditSum, FiguresBody, PlayBody};
use super::{FORMATS, answer, csv};
use crate::common::{Amount, Instant};
use crate::extract::{PathId, Query};
use crate::gate::Visitor;
use crate::negotiate::form;
use crate::problem::Problem;
use crate::sessions::bodies::StateName;

/// What a session came to, as far as its events were counted.
#[derive(Serialize, ToSchema)]
#[schema(as = SessionAnalytics)]
pub(crate) struct SessionAnalyticsBody {
    session_id: Uuid,
    game_id: Uuid,
    /// Where the session stands.
    state: StateName,
    /// The `seq` of the last event that was counted.
    counted_seq: i64,
    /// The `seq` of the session's last event.
    last_seq: i64,
    /// Whether more events wait to be counted than this request could bring in: ask again.
    waiting: bool,
    /// What all that was counted came to.
    play: PlayBody,
    /// What that says.
    figures: FiguresBody,
    /// The largest payout of one round.
    biggest_win: Amount,
    /// Rounds since the last one that paid.
    dry_run: u64,
    /// The longest run of rounds that paid nothing.
    longest_dry_run: u64,
    /// The balance after the last event that was counted; null without a wallet.
    #[schema(required)]
    balance: Option<Amount>,
    /// Its rounds in stretches.
    series: RoundSeriesBody,
    /// Its last days of UTC with spend or payouts, in order, at most 100.
    days: Vec<DaySpendBody>,
    /// What was spent before those, under its last day; null when that is nothing.
    #[schema(required)]
    days_before: Option<DaySpendBody>,
    /// The rows of the metrics table, by the instant of their recording, in order: at the rounds 1, 2, 4, 8 and so on,
    /// and when the session ended.
    recorded: Vec<RecordedBody>,
}

/// The rounds of a session in stretches.
#[derive(Serialize, ToSchema)]
#[schema(as = RoundSeries)]
struct RoundSeriesBody {
    /// The rounds of every stretch but the last: a power of two, doubled whenever there would be more than 64 stretches.
    rounds_per_bucket: u64,
    /// The stretches, in order.
    buckets: Vec<RoundBucketBody>,
}

/// A stretch of rounds.
#[derive(Serialize, ToSchema)]
#[schema(as = RoundBucket)]
struct RoundBucketBody {
    /// The number of its first round in the session, from 1.
    first_round: u64,
    /// When its first event happened.
    from: Instant,
    /// When its last event happened.
    to: Instant,
    /// What it came to.
    play: PlayBody,
    /// The balance after its last event; null without a wallet.
    #[schema(required)]
    balance: Option<Amount>,
    /// What its rounds returned of a stake on average; null without any.
    #[schema(required)]
    rtp: Option<f64>,
    /// What the rounds of the session up to its end returned of a stake on average.
    #[schema(required)]
    rtp_so_far: Option<f64>,
    /// The lower end of where that lies at 95 %, by the profile.
    #[schema(required)]
    band_low: Option<f64>,
    /// The upper end of where that lies at 95 %, by the profile.
    #[schema(required)]
    band_high: Option<f64>,
}

/// What was spent in one day of UTC.
#[derive(Serialize, ToSchema)]
#[schema(as = DaySpend)]
struct DaySpendBody {
    /// The day.
    #[schema(value_type = String, format = Date, examples("2026-01-02"))]
    day: NaiveDate,
    /// Stakes played, by the time of their spin.
    wagered: CreditSum,
    /// Fees.
    fees: CreditSum,
    /// Stakes and fees.
    spend: CreditSum,
    /// Payouts.
    won: CreditSum,
}

/// Counters that were recorded at one instant.
#[derive(Serialize, ToSchema)]
#[schema(as = RecordedMetrics)]
struct RecordedBody {
    /// When.
    recorded_at: Instant,
    /// By the metric's name its value in decimal digits: a count, or an amount of test credits.
    values: BTreeMap<String, String>,
}

impl From<DaySpend> for DaySpendBody {
    fn from(spend: DaySpend) -> Self {
        Self {
            day: spend.day,
            wagered: CreditSum(spend.wagered),
            fees: CreditSum(spend.fees),
            spend: CreditSum(spend.spend()),
            won: CreditSum(spend.won),
        }
    }
}

impl From<&SessionBucket> for RoundBucketBody {
    fn from(told: &SessionBucket) -> Self {
        let [band_low, band_high] = csv::ends(&told.so_far.rtp.test.bands);
        Self {
            first_round: told.first_round,
            from: Instant(told.bucket.from),
            to: Instant(told.bucket.to),
            play: (&told.bucket.play).into(),
            balance: told.bucket.balance.map(Amount),
            rtp: told.figures.rtp.test.observed,
            rtp_so_far: told.so_far.rtp.test.observed,
            band_low,
            band_high,
        }
    }
}

/// Rows as they were recorded together, in the order of time.
fn recorded(rows: &[RecordedMetric]) -> Vec<RecordedBody> {
    let mut bodies: Vec<RecordedBody> = Vec::new();
    for row in rows.iter().rev() {
        let at = Instant(row.recorded_at);
        if bodies.last().is_none_or(|last| last.recorded_at != at) {
            bodies.push(RecordedBody { recorded_at: at, values: BTreeMap::new() });
        }
        if let Some(last) = bodies.last_mut() {
            last.values.insert(row.key.clone(), row.value.clone());
        }
    }
    bodies
}

impl From<&SessionAnalytics> for SessionAnalyticsBody {
    fn from(analytics: &SessionAnalytics) -> Self {
        let tally = &analytics.progress.tally;
        Self {
            session_id: analytics.session_id.0,
            game_id: analytics.game_id.0,
            state: analytics.state.into(),
            counted_seq: analytics.progress.seq,
            last_seq: analytics.last_seq,
            waiting: analytics.progress.seq < analytics.last_seq,
            play: (&tally.total).into(),
            figures: analytics.figures.clone().into(),
            biggest_win: Amount(tally.biggest_win),
            dry_run: tally.dry_run,
            longest_dry_run: tally.longest_dry_run,
            balance: tally.balance.map(Amount),
            series: RoundSeriesBody {
                rounds_per_bucket: tally.series.width,
                buckets: analytics.buckets.iter().map(RoundBucketBody::from).collect(),
            },
            days: tally.days.iter().copied().map(DaySpendBody::from).collect(),
            days_before: tally.before.map(DaySpendBody::from),
            recorded: recorded(&analytics.recorded),
        }
    }
}

/// The stretches as CSV.
fn table(buckets: &[SessionBucket]) -> String {
    let own = ["first_round", "from", "to", "balance", "rtp_so_far", "band_low_95", "band_high_95"];
    let columns = [own.as_slice(), &csv::PLAY, &csv::FIGURES].concat();
    let row = |told: &SessionBucket| {
        let [low, high] = csv::ends(&told.so_far.rtp.test.bands);
        let own = vec![
            told.first_round.to_string(),
            csv::instant(told.bucket.from),
            csv::instant(told.bucket.to),
            csv::field(told.bucket.balance),
            csv::field(told.so_far.rtp.test.observed),
            csv::field(low),
            csv::field(high),
        ];
        [own, csv::play(&told.bucket.play), csv::figures(&told.figures)].concat()
    };
    csv::table(&columns, buckets.iter().map(row))
}

/// The analytics of a session
///
/// Its counters, its RTP, hit rate and volatility with intervals beside what the profile says, its rounds in at most 64
/// stretches, its spend by day, and the counters that were recorded on the way. Events are counted in the background; a
/// request brings in up to 5,000 more of the session. The form is that of `format`, else the one that `Accept` likes best:
/// JSON, or CSV with a record for each stretch. `docs/analytics.md` has the formulas.
#[utoipa::path(
    get, path = "/analytics/sessions/{id}", tag = "analytics", operation_id = "session_analytics",
    params(("format" = Option<String>, Query, description = "The form: `json` or `csv`.")),
    responses((status = 200, description = "What the session came to.", content(
        (SessionAnalyticsBody = "application/json"),
        (String = "text/csv"),
    )))
)]
pub(crate) async fn session(
    house: Visitor,
    id: PathId,
    query: Query,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let query = query.only(&["format"])?;
    let form = form(&request, &query, FORMATS)?;
    let analytics = house.session_analytics(SessionId(id.0)).await?;
    let body = SessionAnalyticsBody::from(&analytics);
    Ok(answer(form, &body, &format!("session-{}", id.0), || table(&analytics.buckets)))
}
