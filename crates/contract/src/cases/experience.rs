//! The experience: episodes and their steps, as learners read them.

use std::sync::Arc;

use chrono::TimeDelta;
use reelhouse_domain::ports::{EpisodeFilter, RecordedStep, StepQuery};
use reelhouse_domain::rl::Reward;
use reelhouse_domain::session::{Action, NewSession, PlayerProfile, Session, Transition};
use reelhouse_domain::{GameId, SessionId, Timestamp};

use crate::Store;
use crate::fixtures::{House, SHARD, batch, credits, noon, session_created, spin};
use crate::work::{play, save};

/// Every step of these sessions before an hour past noon.
fn all_of(sessions: &[SessionId]) -> StepQuery {
    StepQuery { sessions: sessions.to_vec(), above: 0, upto: i64::MAX, from: None, to: noon() + TimeDelta::hours(1) }
}

/// Two sessions of one game and one idle of another, played in turns; with their transitions.
async fn played(store: &dyn Store, house: &House) -> (Vec<Session>, Vec<Transition>) {
    let opened = house.wallet("100");
    let other = house.game_numbered(7);
    let mut sessions = vec![house.session(Some(&opened.wallet)), house.session(Some(&opened.wallet))];
    let mut elsewhere = house.session(Some(&opened.wallet));
    elsewhere.game_id = other.game_id;
    sessions.push(elsewhere);
    sessions.push(house.session(None));
    sessions.sort_unstable_by_key(|session| session.session_id);
    let created = batch(sessions.iter().map(session_created));
    let games = reelhouse_domain::ports::Changes { games: vec![other], ..Default::default() };
    save(store, &batch([house.opening(), games, opened.created(), created])).await;
    let mut transitions = vec![];
    for turn in 0..5 {
        for session in sessions.iter().filter(|session| session.current_wallet_id.is_some()) {
            let action = if turn % 2 == 0 { Action::Bet { amount: credits("0.1") } } else { Action::Void };
            transitions.extend(play(store, house, session.session_id, &action).await.transitions);
        }
    }
    transitions.sort_unstable_by_key(|step| (step.session_id, step.seq));
    (sessions, transitions)
}

/// Checks that steps are these transitions, and that each starts where the one before it ended.
fn assert_steps(steps: &[RecordedStep], transitions: &[Transition]) {
    let keys = |step: &RecordedStep| (step.session_id, step.seq, step.id, step.created_at);
    let expected = transitions.iter().map(|row| (row.session_id, row.seq, row.id, row.created_at));
    assert_eq!(steps.iter().map(keys).collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    let mut before: Option<&RecordedStep> = None;
    for (step, row) in steps.iter().zip(transitions) {
        let kept = before.filter(|before| before.session_id == step.session_id).map(|before| &before.next_state);
        assert_eq!(step.state.as_ref().or(kept), Some(&row.state), "step {} of {}", step.seq, step.session_id);
        if let Some(kept) = kept {
            assert_eq!(kept, &row.state, "a step starts where the one before it ended");
        }
        assert_eq!(step.next_state, row.next_state);
        assert_eq!(step.reward.to_bits(), row.reward.to_bits());
        let mut action = serde_json::to_value(&step.action).unwrap();
        action["version"] = 1.into();
        assert_eq!(action, row.action);
        assert_eq!((step.ending.terminated(), step.ending.truncated()), (row.terminated, row.truncated));
        before = Some(step);
    }
}

/// An empty store has no episodes and no steps.
pub async fn an_empty_store_has_no_episodes(store: Arc<dyn Store>) {
    assert_eq!(store.episode_list(EpisodeFilter::default(), None, 10).await, Ok(vec![]));
    assert_eq!(store.step_list(&all_of(&[])).await, Ok(vec![]));
    let nobody = House::new().session(None).session_id;
    assert_eq!(store.step_list(&all_of(&[nobody])).await, Ok(vec![]));
}

/// Steps are the transitions of the asked sessions, in the order of session and `seq`.
pub async fn steps_are_the_transitions_and_chain(store: Arc<dyn Store>) {
    let house = House::new();
    let (sessions, transitions) = played(&*store, &house).await;
    let ids: Vec<SessionId> = sessions.iter().map(|session| session.session_id).collect();
    assert_steps(&store.step_list(&all_of(&ids)).await.unwrap(), &transitions);
    let first: Vec<Transition> = transitions.iter().filter(|step| step.session_id == ids[0]).cloned().collect();
    assert_steps(&store.step_list(&all_of(&ids[..1])).await.unwrap(), &first);
    for transition in &transitions {
        let stored = store.transition_list(transition.session_id, transition.seq - 1, 1).await.unwrap();
        assert_eq!(stored, std::slice::from_ref(transition), "what is read here is what is read there");
    }
}

/// Episodes come in the order of their ids, those that pass the filter; a session without a step is none.
pub async fn episodes_are_filtered_and_paged(store: Arc<dyn Store>) {
    let house = House::new();
    let (sessions, _) = played(&*store, &house).await;
    let played: Vec<&Session> = sessions.iter().filter(|session| session.current_wallet_id.is_some()).collect();
    let ids = |game: Option<GameId>| -> Vec<SessionId> {
        let of_game = played.iter().filter(|session| game.is_none_or(|game| session.game_id == game));
        of_game.map(|session| session.session_id).collect()
    };
    let list = async |filter, first, limit| -> Vec<SessionId> {
        let found = store.episode_list(filter, first, limit).await.unwrap();
        assert!(found.iter().all(|episode| episode.last_seq == 5 && episode.reward == Reward::Net));
        found.into_iter().map(|episode| episode.session_id).collect()
    };
    let all = ids(None);
    assert_eq!(all.len(), 3);
    assert_eq!(list(EpisodeFilter::default(), None, 10).await, all);
    assert_eq!(list(EpisodeFilter::default(), None, 2).await, all[..2]);
    assert_eq!(list(EpisodeFilter::default(), Some(all[1]), 10).await, all[1..], "from the first on, itself too");
    let of_game = EpisodeFilter { game_id: Some(house.game.game_id), ..EpisodeFilter::default() };
    assert_eq!(list(of_game, None, 10).await, ids(of_game.game_id));
    let of_session = EpisodeFilter { session_id: Some(all[2]), ..EpisodeFilter::default() };
    assert_eq!(list(of_session, None, 10).await, all[2..]);
    assert_eq!(list(of_session, Some(all[2]), 10).await, all[2..]);
}

/// Only the steps within the bounds are read.
pub async fn steps_are_bounded_by_seq_and_time(store: Arc<dyn Store>) {
    let house = House::new();
    let opened = house.wallet("100");
    let session = house.session(Some(&opened.wallet));
    save(&*store, &batch([house.opening(), opened.created(), session_created(&session)])).await;
    let id = session.session_id;
    let mut transitions = vec![];
    let (mut session, mut wallet) = (session, Some(opened.wallet));
    for second in 0..6 {
        let action = if second % 2 == 0 { Action::Bet { amount: credits("0.1") } } else { Action::Void };
        let step = house.try_act(session, wallet, &action, second).unwrap();
        save(&*store, &crate::fixtures::step_taken(&step)).await;
        transitions.extend(step.transitions);
        (session, wallet) = (step.session, step.wallet);
    }
    let at = |seconds: i64| -> Timestamp { noon() + TimeDelta::seconds(seconds) };
    let all = all_of(&[id]);
    for (query, found) in [
        (StepQuery { above: 2, ..all.clone() }, 2..6),
        (StepQuery { upto: 4, ..all.clone() }, 0..4),
        (StepQuery { above: 1, upto: 3, ..all.clone() }, 1..3),
        (StepQuery { from: Some(at(2)), ..all.clone() }, 2..6),
        (StepQuery { to: at(5), ..all.clone() }, 0..5),
        (StepQuery { from: Some(at(1)), to: at(3), above: 2, ..all.clone() }, 2..3),
        (StepQuery { above: 6, ..all.clone() }, 0..0),
        (StepQuery { above: i64::MAX, ..all }, 0..0),
    ] {
        let steps = store.step_list(&query).await.unwrap();
        assert_steps(&steps, &transitions[found]);
        assert!(steps.first().is_none_or(|first| first.state.is_some()), "the first of an answer has its state");
    }
}

/// What a session's events are worth, and that its draws are for training, reads back.
pub async fn rewards_and_training_read_back(store: Arc<dyn Store>) {
    let house = House::new();
    let opened = house.wallet("100");
    save(&*store, &batch([house.opening(), opened.created()])).await;
    for (number, reward) in Reward::ALL.into_iter().enumerate() {
        let new = NewSession {
            game_id: house.game.game_id,
            fingerprint: house.game.fingerprint,
            player_profile: PlayerProfile::default(),
            client_seed: None,
            reward,
            training_seed: u64::try_from(number).ok().filter(|number| *number > 0),
        };
        let session = Session::open(new, Some(&opened.wallet), SHARD, house.now, &house.randomness).unwrap();
        save(&*store, &session_created(&session)).await;
        assert_eq!(store.session_find(session.session_id).await.unwrap().as_ref(), Some(&session));
        let step = play(&*store, &house, session.session_id, &spin(Some("0.1"))).await;
        assert_eq!(step.session.reward, reward);
        let filter = EpisodeFilter { session_id: Some(session.session_id), ..EpisodeFilter::default() };
        let episode = store.episode_list(filter, None, 1).await.unwrap()[0];
        assert_eq!((episode.reward, episode.training, episode.last_seq), (reward, number > 0, 1));
        assert_eq!(episode.state, step.session.state);
        let steps = store.step_list(&all_of(&[session.session_id])).await.unwrap();
        assert_eq!(steps[0].reward.to_bits(), step.events[0].body.reward.to_bits());
    }
}
