//! Steps of many sessions in one request, and the opening of many.

use actix_web::HttpResponse;
use actix_web::http::header;
use reelhouse_application::{ResetRequest, Spaces, StepAction, StepAnswer};
use reelhouse_domain::rl::{ENCODER_VERSION, OBSERVATION_LENGTH};
use reelhouse_domain::session::{Observation, PlayerProfile};
use reelhouse_domain::{GameId, SessionId};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::bodies::RewardName;
use super::read_ladder;
use crate::common::ok;
use crate::extract::{Body, Key, Query, STEPS, StepsPayload};
use crate::fields::{Fields, expected};
use crate::gate::Visitor;
use crate::problem::Problem;
use crate::sessions::actions::ActionBody;
use crate::sessions::bodies::MAX_TRAINING_SEED;
use crate::sessions::profile::PlayerProfileBody;
use crate::wallets::bodies::NewWalletBody;

/// The most sessions of one request.
const MAX_SESSIONS: usize = 4096;

/// How many bytes a step has in binary form: a session's id and an index.
const STEP_BYTES: usize = 20;

/// The version of the binary answer.
const BINARY_VERSION: u32 = 1;

/// Step many sessions
///
/// Takes one action in each of up to 4096 sessions. Each step is an action like any other: it is committed,
/// by itself, before the answer, and one that is refused (see `errors`) does not keep the others from being
/// taken. An action is an index of `GET /rl/spaces` with the same `game_id` and `ladder`, or the body of an
/// action. With an `Idempotency-Key` each step happens once, by its place in the request.
///
/// The body may be `application/vnd.reelhouse.steps` instead: 20 bytes a step, the session's id and the index
/// as a little-endian i32. The answer is of the same type then, little-endian too: four u32 (version 1, count,
/// length of an observation k, number of actions n), then count f64 rewards, count i64 seqs, count×k f32
/// observations, count bytes `terminated`, count bytes `truncated`, count×n bytes of masks, count bytes that
/// are 1 where a step was refused, and to the end the JSON of `errors`.
#[utoipa::path(
    post, path = "/rl/step", tag = "rl", operation_id = "rl_step",
    params(
        ("game_id" = Uuid, Query, description = "The game whose spaces are meant."),
        ("ladder" = Option<String>, Query, description = "The stakes of the ladder, as in `GET /rl/spaces`."),
    ),
    request_body(content((NewStepsBody = "application/json"), (String = "application/vnd.reelhouse.steps"))),
    responses((
        status = 200, description = "What the steps came to, in their order.",
        content((StepsBody = "application/json"), (String = "application/vnd.reelhouse.steps")),
    ))
)]
pub(crate) async fn step(house: Visitor, query: Query, key: Key, body: StepsPayload) -> Result<HttpResponse, Problem> {
    let query = query.only(&["game_id", "ladder"])?;
    let game_id = query.id("game_id")?.ok_or_else(|| Problem::invalid_query("game_id", "the parameter is missing"))?;
    let ladder = read_ladder(&query)?;
    let (steps, binary) = match body {
        StepsPayload::Json(body) => (read_steps(body)?, false),
        StepsPayload::Binary(bytes) => (read_binary(&bytes)?, true),
    };
    let (spaces, answers) = house.rl_step(GameId(game_id), ladder.as_deref(), steps, key.0.as_deref()).await?;
    if binary {
        let bytes = write_binary(&spaces, answers);
        return Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, STEPS)).body(bytes));
    }
    Ok(ok(&StepsBody::of(&spaces, answers)))
}

/// Open many sessions
///
/// Opens up to 4096 sessions of a game, each with a wallet of its own, as `POST /wallets` and `POST /sessions`
/// would. A session with a seed is a training session: the same actions give the same outcomes whenever it is
/// opened with that seed, and its draws are marked as not fair.
#[utoipa::path(
    post, path = "/rl/reset", tag = "rl", operation_id = "rl_reset",
    params(
        ("game_id" = Uuid, Query, description = "The game to play."),
        ("ladder" = Option<String>, Query, description = "The stakes of the ladder, as in `GET /rl/spaces`."),
    ),
    request_body(content = NewResetBody, example = json!({
        "wallet": { "balance": "100.00", "daily_limit": "50.00" }, "reward": "net", "seeds": [1, 2, null]
    })),
    responses((status = 200, description = "The sessions, in the order of the seeds.", body = ResetBody))
)]
pub(crate) async fn reset(house: Visitor, query: Query, key: Key, body: Body) -> Result<HttpResponse, Problem> {
    let query = query.only(&["game_id", "ladder"])?;
    let game_id = query.id("game_id")?.ok_or_else(|| Problem::invalid_query("game_id", "the parameter is missing"))?;
    let ladder = read_ladder(&query)?;
    let request = read_reset(body.0, GameId(game_id), ladder)?;
    let (spaces, opened) = house.rl_reset(request, key.0.as_deref()).await?;
    Ok(ok(&ResetBody {
        encoder_version: ENCODER_VERSION,
        session_ids: opened.iter().map(|one| one.session_id.0).collect(),
        wallet_ids: opened.iter().map(|one| one.wallet_id.0).collect(),
        observations: opened.iter().map(|one| floats(&spaces, one.observation.as_ref())).collect(),
        action_masks: opened.iter().map(|one| mask(&spaces, one.observation.as_ref())).collect(),
    }))
}

/// Steps to be taken.
#[derive(Serialize, ToSchema)]
#[schema(as = NewSteps)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewStepsBody {
    /// The steps, each of another session.
    #[schema(min_items = 1, max_items = 4096)]
    steps: Vec<NewStepBody>,
}

/// A step to be taken.
#[derive(Serialize, ToSchema)]
#[schema(as = NewStep)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewStepBody {
    /// The session.
    session_id: Uuid,
    /// An index of the action space, or the body of an action.
    #[schema(value_type = StepActionBody)]
    action: Value,
}

/// An index of the action space, or the body of an action.
#[derive(Serialize, ToSchema)]
#[schema(as = StepAction)]
#[serde(untagged)]
#[allow(dead_code, reason = "it describes what is read by hand")]
enum StepActionBody {
    /// An index of the action space.
    Index(u32),
    /// The body of an action.
    Body(ActionBody),
}

/// What steps came to; every list is in the order of the steps.
#[derive(Serialize, ToSchema)]
#[schema(as = Steps)]
pub(crate) struct StepsBody {
    /// The version of the encoder.
    encoder_version: u32,
    /// What there is to see; zeros where there is no such session.
    observations: Vec<Vec<f32>>,
    /// The rewards; 0 where a step was refused.
    rewards: Vec<f64>,
    /// Whether the episode is over for good.
    terminated: Vec<bool>,
    /// Whether it was cut off.
    truncated: Vec<bool>,
    /// Which actions would be taken next.
    action_masks: Vec<Vec<bool>>,
    /// The `seq` of each step; that of the last one where it was refused.
    seqs: Vec<i64>,
    /// Why a step was refused, as a problem (RFC 9457); null where it was taken.
    #[schema(value_type = Vec<Option<Object>>)]
    errors: Vec<Value>,
}

/// Sessions to be opened.
#[derive(Serialize, ToSchema)]
#[schema(as = NewReset)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewResetBody {
    /// What each session's wallet is opened with.
    wallet: NewWalletBody,
    /// Who plays.
    player_profile: Option<PlayerProfileBody>,
    /// What the events are worth: absent for `net`.
    reward: Option<RewardName>,
    /// For each session its training seed, or null for fair draws.
    #[schema(min_items = 1, max_items = 4096)]
    seeds: Vec<Option<u64>>,
}

/// Sessions that were opened; every list is in the order of the seeds.
#[derive(Serialize, ToSchema)]
#[schema(as = Reset)]
pub(crate) struct ResetBody {
    /// The version of the encoder.
    encoder_version: u32,
    /// The sessions.
    session_ids: Vec<Uuid>,
    /// Their wallets.
    wallet_ids: Vec<Uuid>,
    /// What there is to see.
    observations: Vec<Vec<f32>>,
    /// Which actions would be taken.
    action_masks: Vec<Vec<bool>>,
}

impl StepsBody {
    fn of(spaces: &Spaces, answers: Vec<StepAnswer>) -> Self {
        Self {
            encoder_version: ENCODER_VERSION,
            observations: answers.iter().map(|answer| floats(spaces, answer.observation.as_ref())).collect(),
            rewards: answers.iter().map(|answer| answer.reward).collect(),
            terminated: answers.iter().map(|answer| answer.terminated).collect(),
            truncated: answers.iter().map(|answer| answer.truncated).collect(),
            action_masks: answers.iter().map(|answer| mask(spaces, answer.observation.as_ref())).collect(),
            seqs: answers.iter().map(|answer| answer.seq).collect(),
            errors: answers.into_iter().map(problem).collect(),
        }
    }
}

fn floats(spaces: &Spaces, seen: Option<&Observation>) -> Vec<f32> {
    seen.map_or_else(|| vec![0.0; OBSERVATION_LENGTH], |seen| spaces.encoder.encode(seen))
}

fn mask(spaces: &Spaces, seen: Option<&Observation>) -> Vec<bool> {
    seen.map_or_else(|| vec![false; spaces.actions.size()], |seen| spaces.actions.mask(seen))
}

fn problem(answer: StepAnswer) -> Value {
    answer.error.map_or(Value::Null, |error| json!(Problem::from(error).body()))
}

/// A list of 1 to [`MAX_SESSIONS`] items.
fn list(body: &mut Fields, name: &str) -> Result<Vec<Value>, Problem> {
    let pointer = body.pointer(name);
    match body.value(name) {
        Some(Value::Array(items)) if (1..=MAX_SESSIONS).contains(&items.len()) => Ok(items),
        Some(Value::Array(items)) => {
            let reason = format!("1 to {MAX_SESSIONS} items were expected, not {}", items.len());
            Err(Problem::invalid_request(&pointer, reason))
        }
        Some(other) => Err(expected(&pointer, "a list", &other)),
        None => Err(Problem::invalid_request(&pointer, "the field is missing")),
    }
}

fn read_steps(body: Fields) -> Result<Vec<(SessionId, StepAction)>, Problem> {
    let mut body = body.only(&["steps"])?;
    let items = list(&mut body, "steps")?.into_iter().enumerate();
    items
        .map(|(place, item)| {
            let mut step = Fields::of(format!("/steps/{place}"), item)?.only(&["session_id", "action"])?;
            let session_id = SessionId(step.id("session_id")?);
            Ok((session_id, read_action(&mut step)?))
        })
        .collect()
}

/// An action as an index, or as the body of one.
fn read_action(step: &mut Fields) -> Result<StepAction, Problem> {
    let pointer = step.pointer("action");
    match step.value("action") {
        Some(Value::Number(number)) => {
            let index = number.as_u64().and_then(|index| usize::try_from(index).ok());
            let what = "an index of the action space";
            index.map(StepAction::Index).ok_or_else(|| expected(&pointer, what, &Value::Number(number)))
        }
        Some(object @ Value::Object(_)) => {
            Ok(StepAction::Action(ActionBody::read(Fields::of(pointer, object)?)?.into()))
        }
        Some(other) => Err(expected(&pointer, "an index of the action space or an action", &other)),
        None => Err(Problem::invalid_request(&pointer, "the field is missing")),
    }
}

fn read_binary(bytes: &[u8]) -> Result<Vec<(SessionId, StepAction)>, Problem> {
    let (steps, rest) = bytes.as_chunks::<STEP_BYTES>();
    if !rest.is_empty() || !(1..=MAX_SESSIONS).contains(&steps.len()) {
        let reason =
            format!("1 to {MAX_SESSIONS} steps of {STEP_BYTES} bytes were expected, not {} bytes", bytes.len());
        return Err(Problem::invalid_request("", reason));
    }
    let read = |step: &[u8; STEP_BYTES]| {
        let id: [u8; 16] = std::array::from_fn(|at| step[at]);
        let index = i32::from_le_bytes([step[16], step[17], step[18], step[19]]);
        // What is below zero is no index, and is refused as one that there is none of.
        (SessionId(Uuid::from_bytes(id)), StepAction::Index(usize::try_from(index).unwrap_or(usize::MAX)))
    };
    Ok(steps.iter().map(read).collect())
}

fn write_binary(spaces: &Spaces, answers: Vec<StepAnswer>) -> Vec<u8> {
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes();
    let mut bytes = BINARY_VERSION.to_le_bytes().to_vec();
    bytes.extend([answers.len(), OBSERVATION_LENGTH, spaces.actions.size()].map(count).concat());
    answers.iter().for_each(|answer| bytes.extend(answer.reward.to_le_bytes()));
    answers.iter().for_each(|answer| bytes.extend(answer.seq.to_le_bytes()));
    for answer in &answers {
        floats(spaces, answer.observation.as_ref()).iter().for_each(|float| bytes.extend(float.to_le_bytes()));
    }
    bytes.extend(answers.iter().map(|answer| u8::from(answer.terminated)));
    bytes.extend(answers.iter().map(|answer| u8::from(answer.truncated)));
    for answer in &answers {
        bytes.extend(mask(spaces, answer.observation.as_ref()).into_iter().map(u8::from));
    }
    bytes.extend(answers.iter().map(|answer| u8::from(answer.error.is_some())));
    let errors: Vec<Value> = answers.into_iter().map(problem).collect();
    bytes.extend(json!(errors).to_string().into_bytes());
    bytes
}

fn read_reset(
    body: Fields,
    game_id: GameId,
    ladder: Option<Vec<reelhouse_domain::Money>>,
) -> Result<ResetRequest, Problem> {
    let mut body = body.only(&["wallet", "player_profile", "reward", "seeds"])?;
    let Some(wallet) = body.object_if_any("wallet")? else {
        return Err(Problem::invalid_request("/wallet", "the field is missing"));
    };
    let seeds = list(&mut body, "seeds")?.into_iter().enumerate().map(|(place, seed)| match seed {
        Value::Null => Ok(None),
        seed => match seed.as_u64().filter(|seed| *seed <= MAX_TRAINING_SEED) {
            Some(seed) => Ok(Some(seed)),
            None => {
                let what = format!("a whole number from 0 to {MAX_TRAINING_SEED}, or null,");
                Err(expected(&format!("/seeds/{place}"), &what, &seed))
            }
        },
    });
    let seeds = seeds.collect::<Result<_, Problem>>()?;
    Ok(ResetRequest {
        game_id,
        ladder,
        wallet: NewWalletBody::read(wallet)?.into(),
        player_profile: PlayerProfileBody::read(&mut body, "player_profile")?
            .map(PlayerProfile::from)
            .unwrap_or_default(),
        reward: RewardName::read(&mut body, "reward")?.map(|reward| reward.0).unwrap_or_default(),
        seeds,
    })
}
