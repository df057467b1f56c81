//! Games: a definition is one game, whoever posts it.

use reelhouse_domain::game::{Game, Readiness, StatisticalProfile, readiness};
use reelhouse_domain::job::JobRequest;
use reelhouse_domain::{GameId, Refusal, Shard};
use serde::Deserialize as _;

use super::{Desk, unreadable};
use crate::command::{Answer, GameDraft};
use crate::error::Error;

impl Desk<'_> {
    pub(super) fn game_create(&mut self, draft: &GameDraft, shard: Shard) -> Result<Answer, Error> {
        if let Some(game) = self.games.get(&draft.fingerprint).cloned() {
            let game = self.game_again(game, draft, shard)?;
            return Ok(Answer::Game { game, created: false });
        }
        let game = Game {
            game_id: GameId::mint(self.tools.now, shard, self.tools.randomness),
            name: draft.name.clone(),
            rng_signature: draft.rng_signature.clone(),
            symbol_map: draft.symbol_map.clone(),
            statistical_profile: draft.statistical_profile.clone(),
            fingerprint: draft.fingerprint,
            created_at: self.tools.now,
        };
        if game.readiness() == Readiness::Pending {
            self.queue_profile(&game, draft, shard)?;
        }
        self.games.insert(game.fingerprint, game.clone());
        self.changes.games.push(game.clone());
        Ok(Answer::Game { game, created: true })
    }

    /// The game of a definition that is there already. One that was rejected for what somebody else declared
    /// is taken now; a declared profile is held against the computed one if there is any.
    fn game_again(&mut self, mut game: Game, draft: &GameDraft, shard: Shard) -> Result<Game, Error> {
        let computed = readiness::computed_profile(&game.statistical_profile).cloned();
        if let Some((declared, computed)) = draft.declared.as_ref().zip(computed.as_ref()) {
            let computed = StatisticalProfile::deserialize(computed).map_err(unreadable)?;
            computed.compare(declared).map_err(|faults| Refusal::InvalidGame { faults: faults.0 })?;
        }
        if game.readiness() != Readiness::Rejected {
            return Ok(game);
        }
        game.statistical_profile = computed.unwrap_or_else(|| draft.statistical_profile.clone());
        if game.readiness() == Readiness::Pending {
            self.queue_profile(&game, draft, shard)?;
        }
        self.changes.profiles.push((game.game_id, game.statistical_profile.clone()));
        self.games.insert(game.fingerprint, game.clone());
        Ok(game)
    }

    fn queue_profile(&mut self, game: &Game, draft: &GameDraft, shard: Shard) -> Result<(), Error> {
        let request = JobRequest::Profile { declared: draft.declared.clone() };
        self.queue_job(game.game_id, request, shard).map(drop)
    }
}
