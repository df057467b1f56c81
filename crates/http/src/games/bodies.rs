//! The bodies of games.

use reelhouse_application::JobView;
use reelhouse_domain::game::Game;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::common::{DigestBody, Instant};
use crate::fields::Fields;
use crate::problem::Problem;
use crate::simulations::bodies::{FailureBody, JobStateName, ProgressBody};

/// A game to be added to the catalogue.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NewGame)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewGameBody {
    /// The name for people.
    #[schema(min_length = 1, max_length = 200, example = "Lucky Seven")]
    pub(crate) name: String,
    /// How outcomes are drawn: a document of version 1, with the reel strips of each mode. `GET
    /// /schemas/rng_signature` has its JSON Schema.
    #[schema(value_type = Object)]
    pub(crate) rng_signature: Value,
    /// What the symbols are and pay: a document of version 1, with the grid, the lines and the pays. `GET
    /// /schemas/symbol_map` has its JSON Schema.
    #[schema(value_type = Object)]
    pub(crate) symbol_map: Value,
    /// Figures that the caller holds to be the game's. They are compared with the computed ones, and a
    /// difference is refused.
    #[schema(value_type = Option<Object>)]
    pub(crate) statistical_profile: Option<Value>,
}

impl NewGameBody {
    /// The fields of the body.
    pub(crate) const FIELDS: &[&str] = &["name", "rng_signature", "symbol_map", "statistical_profile"];

    /// Reads the body; the documents in it are for the domain to check.
    pub(crate) fn read(body: Fields) -> Result<Self, Problem> {
        let mut body = body.only(Self::FIELDS)?;
        Ok(Self {
            name: body.text("name")?,
            rng_signature: body.document("rng_signature")?,
            symbol_map: body.document("symbol_map")?,
            statistical_profile: body.document_if_any("statistical_profile")?,
        })
    }
}

/// A game. Games never change, but for a profile that is still to come.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Game)]
pub(crate) struct GameBody {
    /// The game's id.
    game_id: Uuid,
    /// The name for people.
    #[schema(example = "Lucky Seven")]
    name: String,
    /// How outcomes are drawn, every default filled in.
    #[schema(value_type = Object)]
    rng_signature: Value,
    /// What the symbols are and pay, every default filled in.
    #[schema(value_type = Object)]
    symbol_map: Value,
    /// The figures that the server computed: RTP, hit frequency, volatility and more. While its `method` is
    /// `pending` a job computes them, and the game cannot be played; with the method `rejected` the figures
    /// that were declared differ from the computed ones, both of which are in `faults`.
    #[schema(value_type = Object)]
    statistical_profile: Value,
    /// The job that computes the profile, or that could not; not there for a game that can be played, nor in
    /// lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    profile_job: Option<ProfileJobBody>,
    /// SHA-256 over the canonical JSON (RFC 8785) of `rng_signature` and `symbol_map`.
    fingerprint: DigestBody,
    /// When the game was first posted.
    created_at: Instant,
}

impl From<Game> for GameBody {
    fn from(game: Game) -> Self {
        Self {
            game_id: game.game_id.0,
            name: game.name,
            rng_signature: game.rng_signature,
            symbol_map: game.symbol_map,
            statistical_profile: game.statistical_profile,
            profile_job: None,
            fingerprint: DigestBody(game.fingerprint),
            created_at: Instant(game.created_at),
        }
    }
}

impl GameBody {
    /// The game with the job that computes its profile, if there is one.
    pub(crate) fn with_job(game: Game, job: Option<JobView>) -> Self {
        Self { profile_job: job.map(ProfileJobBody::from), ..Self::from(game) }
    }
}

/// The job that computes a game's profile.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProfileJob)]
pub(crate) struct ProfileJobBody {
    /// The job's id.
    job_id: Uuid,
    /// Where it stands.
    state: JobStateName,
    /// How far it is, in steps of the computation.
    progress: ProgressBody,
    /// Why it failed.
    failure: Option<FailureBody>,
    /// When the game was posted.
    created_at: Instant,
    /// When the job last changed.
    updated_at: Instant,
}

impl From<JobView> for ProfileJobBody {
    fn from(job: JobView) -> Self {
        Self {
            job_id: job.job_id.0,
            state: job.state.into(),
            progress: job.progress.into(),
            failure: job.failure.map(FailureBody::from),
            created_at: Instant(job.created_at),
            updated_at: Instant(job.updated_at),
        }
    }
}
