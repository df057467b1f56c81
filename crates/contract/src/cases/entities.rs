//! Round trips: what is written reads back equal, field by field.

use std::sync::Arc;

use chrono::TimeDelta;
use reelhouse_domain::ports::Changes;
use reelhouse_domain::session::{Action, PlayerProfile, Session, SessionState};
use reelhouse_domain::time::from_millis;
use reelhouse_domain::wallet::{CostRate, DailyLimit, NewWallet, Operation, Wallet};
use reelhouse_domain::{Digest, GameId, Money, SessionId, Shard, WalletId};
use serde_json::json;

use crate::Store;
use crate::fixtures::{
    House, OpenedWallet, SHARD, batch, credits, new_wallet, noon, session_created, spin, step_taken,
};
use crate::work::{begin, needs_session, needs_wallet, save};

/// Writes a wallet as a new one and reads it in both ways that there are.
async fn reads_back_wallet(store: &dyn Store, opened: &OpenedWallet) {
    save(store, &opened.created()).await;
    finds_wallet(store, &opened.wallet).await;
}

async fn finds_wallet(store: &dyn Store, wallet: &Wallet) {
    let id = wallet.wallet_id;
    assert_eq!(store.wallet_find(id).await.unwrap().as_ref(), Some(wallet));
    let (snapshot, unit) = begin(store, &needs_wallet(id)).await;
    assert_eq!(snapshot.wallets.get(&id), Some(wallet));
    unit.rollback().await.unwrap();
}

async fn finds_session(store: &dyn Store, session: &Session) {
    let id = session.session_id;
    assert_eq!(store.session_find(id).await.unwrap().as_ref(), Some(session));
    let (snapshot, unit) = begin(store, &needs_session(id)).await;
    assert_eq!(snapshot.sessions.get(&id), Some(session));
    unit.rollback().await.unwrap();
}

/// A game reads back equal, documents and all, and its definition can still be played.
pub async fn a_game_reads_back(store: Arc<dyn Store>) {
    let house = House::new();
    save(&*store, &house.opening()).await;
    let game = store.game_find(house.game.game_id).await.unwrap().expect("the game is there");
    assert_eq!(game, house.game);
    assert_eq!(game.definition().unwrap().fingerprint(), game.fingerprint);
}

/// Ids that name nothing find nothing, in every read.
pub async fn what_was_never_written_is_not_found(store: Arc<dyn Store>) {
    let house = House::new();
    let session_id = SessionId::mint(noon(), SHARD, &house.randomness);
    let wallet_id = WalletId::mint(noon(), SHARD, &house.randomness);
    assert_eq!(store.game_find(GameId::mint(noon(), SHARD, &house.randomness)).await, Ok(None));
    assert_eq!(store.wallet_find(wallet_id).await, Ok(None));
    assert_eq!(store.session_find(session_id).await, Ok(None));
    assert_eq!(store.ledger_list(wallet_id, 0, 10).await, Ok(vec![]));
    assert_eq!(store.event_list(session_id, 0, 10).await, Ok(vec![]));
    assert_eq!(store.transition_list(session_id, 0, 10).await, Ok(vec![]));
}

/// An empty wallet without a limit reads back equal.
pub async fn a_wallet_without_its_options_reads_back(store: Arc<dyn Store>) {
    let new = NewWallet { cost_rate: CostRate::default(), ..new_wallet("0") };
    reads_back_wallet(&*store, &House::new().wallet_of(SHARD, &new, noon())).await;
}

/// A wallet with a limit, a raise that waits, rates, a zone and spend reads back equal.
pub async fn a_wallet_with_all_its_options_reads_back(store: Arc<dyn Store>) {
    let house = House::new();
    let new = NewWallet {
        daily_limit: Some(credits("50.5")),
        time_zone: chrono_tz::America::Argentina::Buenos_Aires,
        ..new_wallet("100.0001")
    };
    let mut opened = house.wallet_of(Shard::from_bits(4095), &new, noon());
    opened.wallet.daily_limit.raise = Some((credits("75.1234"), noon() + TimeDelta::milliseconds(86_399_999)));
    opened.wallet.spent = credits("12.3456");
    reads_back_wallet(&*store, &opened).await;
}

/// An update replaces every field of a wallet that can change, and optional ones both ways.
pub async fn a_wallet_update_writes_every_field(store: Arc<dyn Store>) {
    let house = House::new();
    let opened = house.wallet("10");
    save(&*store, &opened.created()).await;
    let deposited = house.operate(opened.wallet.clone(), Operation::Deposit, credits("2.5"));
    let mut wallet = deposited.wallet.clone();
    wallet.daily_limit =
        DailyLimit { current: Some(credits("5")), raise: Some((credits("9.9999"), noon() + TimeDelta::hours(24))) };
    wallet.spend_day = wallet.spend_day.succ_opt().unwrap();
    wallet.spent = credits("4.0001");
    wallet.updated_at += TimeDelta::milliseconds(1);
    save(&*store, &OpenedWallet { wallet: wallet.clone(), ..deposited }.updated()).await;
    finds_wallet(&*store, &wallet).await;

    wallet.daily_limit = DailyLimit { current: None, raise: None };
    wallet.spent = Money::ZERO;
    save(&*store, &Changes { wallets_updated: vec![wallet.clone()], ..Changes::default() }).await;
    finds_wallet(&*store, &wallet).await;
}

/// An idle session, which has no wallet, reads back equal.
pub async fn a_session_without_its_options_reads_back(store: Arc<dyn Store>) {
    let house = House::new();
    let session = house.session(None);
    save(&*store, &batch([house.opening(), session_created(&session)])).await;
    assert_eq!(session.state, SessionState::Idle);
    finds_session(&*store, &session).await;
}

/// A suspended session with a held stake and every other option reads back equal.
pub async fn a_session_with_all_its_options_reads_back(store: Arc<dyn Store>) {
    let house = House::new();
    let new = NewWallet { daily_limit: Some(credits("20")), ..new_wallet("100") };
    let opened = house.wallet_of(SHARD, &new, noon());
    let player = PlayerProfile {
        behavior: Some("adaptive".to_owned()),
        max_bet: Some(credits("5.0001")),
        other: json!({"skill": 0.25, "tags": ["a", null, {"deep": [1, -2]}], "empty": {}}).as_object().unwrap().clone(),
    };
    let mut session = house.session_of(player, Some("lucky"), Some(&opened.wallet));
    session.idle_check_at = Some(noon() + TimeDelta::minutes(30));
    let held = house.act(session, Some(opened.wallet.clone()), &Action::Bet { amount: credits("1") });
    let suspended = house.act(held.session, held.wallet, &Action::Suspend);
    let session = suspended.session;
    assert!(session.round.is_some() && session.suspended_from == Some(SessionState::BetPlaced));
    assert!(session.observation.spend_left.is_some() && session.metrics.balance_low.is_some());
    save(&*store, &batch([house.opening(), opened.created(), session_created(&session)])).await;
    finds_session(&*store, &session).await;
}

/// An update replaces every field of a session that can change, and optional ones both ways.
pub async fn a_session_update_writes_every_field(store: Arc<dyn Store>) {
    let house = House::new();
    let opened = house.wallet("100");
    let before = house.session(Some(&opened.wallet));
    save(&*store, &batch([house.opening(), opened.created(), session_created(&before)])).await;

    let mut step = house.act(before, Some(opened.wallet), &spin(Some("1")));
    let session = &mut step.session;
    session.state = SessionState::Suspended;
    session.suspended_from = Some(SessionState::FreeGames);
    session.idle_check_at = Some(noon() + TimeDelta::milliseconds(1));
    session.metrics.longest_dry_run = 77;
    session.fairness.nonce = 1 << 40;
    session.round = Some(reelhouse_domain::session::Round {
        stake: credits("1"),
        staked_on: noon().date_naive(),
        nonce: Some(3),
        words: u64::from(u32::MAX) + 1,
        free_games_left: 15,
        free_games_played: 3,
        won: credits("0.0001"),
    });
    save(&*store, &step_taken(&step)).await;
    finds_session(&*store, &step.session).await;

    let mut session = step.session;
    session.state = SessionState::Playing;
    (session.suspended_from, session.round, session.idle_check_at) = (None, None, None);
    save(&*store, &Changes { sessions_updated: vec![session.clone()], ..Changes::default() }).await;
    finds_session(&*store, &session).await;
}

/// Each state of a session is stored under its name and read as itself.
pub async fn every_state_of_a_session_reads_back(store: Arc<dyn Store>) {
    let house = House::new();
    let opened = house.wallet("100");
    save(&*store, &batch([house.opening(), opened.created()])).await;
    for state in SessionState::ALL {
        let held = house.act(
            house.session(Some(&opened.wallet)),
            Some(opened.wallet.clone()),
            &Action::Bet { amount: credits("1") },
        );
        let mut session = held.session;
        session.state = state;
        session.observation.state = state;
        session.suspended_from = (state == SessionState::Suspended).then_some(SessionState::BetPlaced);
        save(&*store, &session_created(&session)).await;
        finds_session(&*store, &session).await;
    }
}

/// The smallest and the largest amounts keep every digit, in columns and in documents.
pub async fn extreme_amounts_read_back(store: Arc<dyn Store>) {
    let house = House::new();
    save(&*store, &house.opening()).await;
    for units in [1, 9_999, i64::MAX - 1, i64::MAX] {
        let amount = Money::from_units(units);
        let new = NewWallet {
            balance: amount,
            cost_rate: CostRate { per_spin: amount, per_query: amount },
            ..new_wallet("0")
        };
        let mut opened = house.wallet_of(SHARD, &new, noon());
        opened.wallet.daily_limit = DailyLimit { current: Some(amount), raise: Some((amount, noon())) };
        opened.wallet.spent = amount;
        reads_back_wallet(&*store, &opened).await;
        let entries = store.ledger_list(opened.wallet.wallet_id, 0, 10).await.unwrap();
        assert_eq!(entries, opened.entry.iter().cloned().collect::<Vec<_>>());

        let player = PlayerProfile { max_bet: Some(amount), ..PlayerProfile::default() };
        let mut session = house.session_of(player, None, Some(&opened.wallet));
        session.metrics.net = amount.negated();
        save(&*store, &session_created(&session)).await;
        finds_session(&*store, &session).await;

        let emptied = house.operate(opened.wallet, Operation::Withdraw, amount);
        save(&*store, &emptied.updated()).await;
        finds_wallet(&*store, &emptied.wallet).await;
        let entries = store.ledger_list(emptied.wallet.wallet_id, 1, 10).await.unwrap();
        assert_eq!(entries[0].amount, amount.negated());
    }
}

/// Instants keep their millisecond, whenever they are.
pub async fn instants_keep_their_millisecond(store: Arc<dyn Store>) {
    let house = House::new();
    for millis in [0, 1, 999, 951_782_399_999, 1_767_268_800_001, 4_102_444_799_999] {
        let at = from_millis(millis).unwrap();
        let mut opened = house.wallet_of(SHARD, &new_wallet("0"), at);
        opened.wallet.daily_limit = DailyLimit { current: Some(Money::ZERO), raise: Some((credits("1"), at)) };
        reads_back_wallet(&*store, &opened).await;
    }
}

/// A digest keeps its bytes, zeros and all.
pub async fn digests_keep_their_bytes(store: Arc<dyn Store>) {
    let house = House::new();
    save(&*store, &house.opening()).await;
    for byte in [0, 0x27, 0x5c, 0x80, 0xff] {
        let mut session = house.session(None);
        session.chain_head = Digest([byte; 32]);
        session.fairness.server_seed.0 = [byte; 32];
        save(&*store, &session_created(&session)).await;
        finds_session(&*store, &session).await;
    }
}
