//! Steps of many sessions at once, and the opening of many: each an ordinary command of its own.

use std::collections::BTreeMap;

use futures_util::stream::{self, StreamExt as _};
use reelhouse_domain::rl::Reward;
use reelhouse_domain::session::{Action, Observation, PlayerProfile};
use reelhouse_domain::wallet::NewWallet;
use reelhouse_domain::{Digest, GameId, Money, Refusal, SessionId, WalletId};

use super::spaces::Spaces;
use crate::command::SessionDraft;
use crate::error::Error;
use crate::house::House;

/// How many commands of one request wait in the committer's queue at once: a batch, and room for others.
const AT_ONCE: usize = 256;

/// A step to be taken.
#[derive(Clone, Debug, PartialEq)]
pub enum StepAction {
    /// The action of this index in the spaces of the request.
    Index(usize),
    /// The action itself.
    Action(Action),
}

/// What a step came to.
#[derive(Clone, Debug)]
pub struct StepAnswer {
    /// The `seq` of the step; that of the last one where it was refused.
    pub seq: i64,
    /// The reward; 0 where the step was refused.
    pub reward: f64,
    /// What there is to see now; none where there is no such session.
    pub observation: Option<Observation>,
    /// Whether the session is over for good.
    pub terminated: bool,
    /// Whether it was cut off.
    pub truncated: bool,
    /// Why nothing was done.
    pub error: Option<Error>,
}

/// Sessions to be opened, each with a wallet of its own.
#[derive(Clone, Debug)]
pub struct ResetRequest {
    /// The game to play.
    pub game_id: GameId,
    /// The stakes of the ladder.
    pub ladder: Option<Vec<Money>>,
    /// What each wallet is opened with.
    pub wallet: NewWallet,
    /// Who plays.
    pub player_profile: PlayerProfile,
    /// What the events are worth.
    pub reward: Reward,
    /// For each session its training seed; none for fair draws.
    pub seeds: Vec<Option<u64>>,
}

/// A session that was opened.
#[derive(Clone, Debug)]
pub struct ResetAnswer {
    /// The session.
    pub session_id: SessionId,
    /// Its wallet.
    pub wallet_id: WalletId,
    /// What there is to see.
    pub observation: Option<Observation>,
}

impl House {
    /// Takes a step in each of the sessions. Each is committed before this returns, by itself: one that is
    /// refused does not keep the others from being taken.
    ///
    /// Under a key each step happens once: its own key is made of the key and its place.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for the game; [`Refusal::InvalidRequest`] for a ladder that is none, and for a
    /// session that is named twice.
    pub async fn rl_step(
        &self,
        game_id: GameId,
        ladder: Option<&[Money]>,
        steps: Vec<(SessionId, StepAction)>,
        key: Option<&str>,
    ) -> Result<(Spaces, Vec<StepAnswer>), Error> {
        let spaces = self.rl_spaces(game_id, ladder).await?;
        let mut places = BTreeMap::new();
        for (place, (session_id, _)) in steps.iter().enumerate() {
            if places.insert(*session_id, place).is_some() {
                let reason =
                    format!("session {session_id} is named twice: its second step needs the first one's answer");
                return Err(Refusal::invalid_request(&format!("/steps/{place}/session_id"), reason).into());
            }
        }
        let taken = steps.into_iter().enumerate().map(|(place, (session_id, action))| {
            let key = key.map(|key| key_of(key, place, "step"));
            self.step_of(session_id, action, &spaces, key)
        });
        let answers = stream::iter(taken).buffered(AT_ONCE).collect().await;
        Ok((spaces, answers))
    }

    async fn step_of(
        &self,
        session_id: SessionId,
        action: StepAction,
        spaces: &Spaces,
        key: Option<String>,
    ) -> StepAnswer {
        let action = match action {
            StepAction::Action(action) => Some(action),
            StepAction::Index(index) => spaces.actions.action(index),
        };
        let answer = match action {
            Some(action) => self.session_act(session_id, action, key).await,
            None => {
                let reason = "no action of this index can be asked for";
                Err(Refusal::invalid_request("/action", reason).into())
            }
        };
        match answer {
            Ok(answer) => StepAnswer {
                seq: answer.event.body.seq,
                reward: answer.event.body.reward,
                observation: answer.session.observation,
                terminated: answer.terminated,
                truncated: answer.truncated,
                error: None,
            },
            Err(error) => self.refused(session_id, error).await,
        }
    }

    /// A step that was refused leaves what there was to see.
    async fn refused(&self, session_id: SessionId, error: Error) -> StepAnswer {
        let session = self.session_find(session_id).await.ok();
        StepAnswer {
            seq: session.as_ref().map_or(0, |session| session.last_seq),
            reward: 0.0,
            observation: session.and_then(|session| session.observation),
            terminated: false,
            truncated: false,
            error: Some(error),
        }
    }

    /// Opens sessions, each with a wallet of its own.
    ///
    /// # Errors
    /// The first refusal of a wallet or a session; those before it are open then, and stay so.
    pub async fn rl_reset(
        &self,
        request: ResetRequest,
        key: Option<&str>,
    ) -> Result<(Spaces, Vec<ResetAnswer>), Error> {
        let spaces = self.rl_spaces(request.game_id, request.ladder.as_deref()).await?;
        let opened = request.seeds.iter().enumerate().map(|(place, seed)| {
            let keys = key.map(|key| (key_of(key, place, "wallet"), key_of(key, place, "session")));
            self.open_one(&request, *seed, keys.unzip())
        });
        let opened: Vec<Result<ResetAnswer, Error>> = stream::iter(opened).buffered(AT_ONCE).collect().await;
        Ok((spaces, opened.into_iter().collect::<Result<_, _>>()?))
    }

    async fn open_one(
        &self,
        request: &ResetRequest,
        training_seed: Option<u64>,
        (wallet_key, session_key): (Option<String>, Option<String>),
    ) -> Result<ResetAnswer, Error> {
        let wallet = self.wallet_create(request.wallet.clone(), wallet_key).await?;
        let draft = SessionDraft {
            game_id: request.game_id,
            wallet_id: Some(wallet.wallet_id),
            player_profile: request.player_profile.clone(),
            client_seed: None,
            reward: request.reward,
            training_seed,
        };
        let session = self.session_create(draft, session_key).await?;
        Ok(ResetAnswer {
            session_id: session.session_id,
            wallet_id: wallet.wallet_id,
            observation: session.observation,
        })
    }
}

/// The key of one command of a request: it fits, whatever the length of the request's key.
fn key_of(key: &str, place: usize, what: &str) -> String {
    format!("{}:{what}:{place}", Digest::of(&[key.as_bytes()]))
}
