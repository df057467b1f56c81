//! Proofs of ended sessions: put together from the store, signed, verified from the text alone.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

mod support;

use std::sync::Arc;

use chrono::TimeDelta;
use reelhouse_application::{Error, House, MAX_PROOF_EVENTS, Ports, SessionView};
use reelhouse_domain::fairness::{HeadSigner as _, Report, SessionProof, verify};
use reelhouse_domain::ports::SessionRepository as _;
use reelhouse_domain::session::{Action, Session, SessionState};
use reelhouse_domain::wallet::{CostRate, NewWallet, Operation};
use reelhouse_domain::{Digest, Refusal, SessionId};
use reelhouse_mocks::MockSessionRepository;
use support::{Fixture, credits, fixture, new_wallet, ports, settings, signer};

fn spin(amount: &str) -> Action {
    Action::Spin { amount: Some(credits(amount)) }
}

/// Spins a paid round with its free games.
async fn round(fixture: &Fixture, session_id: SessionId) {
    let mut action = spin("0.1");
    loop {
        let answer = fixture.house.session_act(session_id, action, None).await.unwrap();
        assert_eq!(answer.head, None, "the session goes on");
        if answer.session.state != SessionState::FreeGames {
            return;
        }
        action = Action::Spin { amount: None };
    }
}

/// The proof, read from its text and verified against the house's key.
async fn proven(fixture: &Fixture, session_id: SessionId) -> (SessionProof, Report) {
    let text = fixture.house.session_proof(session_id).await.unwrap();
    let proof = SessionProof::read(&text).unwrap();
    let report = verify(&proof, Some(&signer().public_key())).unwrap_or_else(|findings| panic!("{findings:#?}"));
    (proof, report)
}

fn with_fees(balance: &str) -> NewWallet {
    NewWallet { cost_rate: CostRate { per_spin: credits("0.01"), per_query: credits("0.001") }, ..new_wallet(balance) }
}

#[tokio::test]
async fn a_session_among_others_on_shared_wallets_is_proven() {
    let fixture = fixture();
    let house = &fixture.house;
    let game = fixture.game(1).await;
    let one = house.wallet_create(with_fees("500"), None).await.unwrap();
    let two = fixture.wallet("500").await;
    let neighbour = fixture.session(&game, Some(&one)).await.session_id;
    // A ledger that was long before the session began.
    for _ in 0..40 {
        round(&fixture, neighbour).await;
        fixture.clock.advance(TimeDelta::seconds(1));
    }
    let opened = fixture.session(&game, Some(&one)).await;
    let session = opened.session_id;
    for turn in 0..30 {
        round(&fixture, session).await;
        round(&fixture, neighbour).await;
        fixture.clock.advance(TimeDelta::milliseconds(300));
        match turn {
            5 => {
                house.wallet_operate(one.wallet_id, Operation::Deposit, credits("5"), None).await.unwrap();
            }
            10 => {
                house.session_act(session, Action::Probe { spins: 50 }, None).await.unwrap();
            }
            15 => {
                let rotate = Action::RotateSeed { client_seed: Some("fresh".to_owned()) };
                house.session_act(session, rotate, None).await.unwrap();
            }
            20 => {
                let attach = Action::AttachWallet { wallet_id: two.wallet_id };
                house.session_act(session, attach, None).await.unwrap();
            }
            _ => {}
        }
    }
    let out = house.session_act(session, Action::CashOut, Some("end".to_owned())).await.unwrap();
    let (proof, report) = proven(&fixture, session).await;
    assert_eq!((report.seeds, proof.body.wallets.len(), report.metrics.spins), (2, 2, 30));
    assert_eq!(report.metrics.won, out.session.metrics.won);
    assert_eq!(proof.body.genesis, opened.chain_head);

    assert_eq!(out.head, Some(proof.body.head.clone()), "the cash-out answers with the signed head");
    let replayed = house.session_act(session, Action::CashOut, Some("end".to_owned())).await.unwrap();
    assert_eq!(replayed, out);
    let again = house.session_proof(session).await.unwrap();
    assert_eq!(again, proof.write().unwrap(), "asking again gives the same bytes");
}

#[tokio::test]
async fn a_clock_that_was_set_back_hides_no_entry() {
    let fixture = fixture();
    let game = fixture.game(0).await;
    let wallet = fixture.wallet("100").await;
    let session = fixture.session(&game, Some(&wallet)).await.session_id;
    fixture.house.session_act(session, spin("1"), None).await.unwrap();
    // Another wallet, older than the session in its own time once the clock is back.
    fixture.clock.advance(TimeDelta::hours(-2));
    let old = fixture.wallet("100").await;
    fixture.house.session_act(session, Action::AttachWallet { wallet_id: old.wallet_id }, None).await.unwrap();
    fixture.house.session_act(session, spin("1"), None).await.unwrap();
    fixture.house.session_act(session, Action::CashOut, None).await.unwrap();
    let (proof, _) = proven(&fixture, session).await;
    let first = proof.body.entries.iter().find(|entry| entry.wallet_id == old.wallet_id).unwrap();
    assert!(first.timestamp < proof.body.opened.created_at);
}

#[tokio::test]
async fn idle_closed_and_expired_sessions_are_proven() {
    let fixture = fixture();
    let game = fixture.game(1).await;
    let closed = fixture.session(&game, None).await.session_id;
    fixture.house.session_act(closed, Action::Close, None).await.unwrap();
    let (proof, report) = proven(&fixture, closed).await;
    assert_eq!((proof.body.opened.wallet_id, report.state, report.events), (None, SessionState::Completed, 1));

    let wallet = fixture.wallet("100").await;
    let left = fixture.session(&game, Some(&wallet)).await.session_id;
    fixture.house.session_act(left, Action::Bet { amount: credits("1") }, None).await.unwrap();
    fixture.clock.advance(TimeDelta::hours(2));
    assert_eq!(fixture.house.sessions_sweep(10).await.unwrap().0, 1);
    let (_, report) = proven(&fixture, left).await;
    assert_eq!((report.state, report.entries), (SessionState::Expired, 2));
}

#[tokio::test]
async fn an_open_session_is_refused_and_tells_no_head() {
    let fixture = fixture();
    let game = fixture.game(0).await;
    let wallet = fixture.wallet("100").await;
    let session = fixture.session(&game, Some(&wallet)).await.session_id;
    let refused = fixture.house.session_proof(session).await;
    assert_eq!(refused, Err(Refusal::SessionNotEnded { state: SessionState::Initialized }.into()));
    let fairness = fixture.house.session_fairness(session).await.unwrap();
    assert_eq!((fairness.head, fairness.public_key), (None, signer().public_key()));
    let nobody = SessionId(wallet.wallet_id.0);
    assert_eq!(fixture.house.session_proof(nobody).await, Err(Refusal::not_found("session", nobody).into()));
}

#[tokio::test]
async fn the_genesis_is_that_of_the_first_seed_however_often_it_is_rotated() {
    let fixture = fixture();
    let game = fixture.game(0).await;
    let wallet = fixture.wallet("100").await;
    let opened: SessionView = fixture.session(&game, Some(&wallet)).await;
    let genesis = async || fixture.house.session_fairness(opened.session_id).await.unwrap().genesis;
    assert_eq!(genesis().await, opened.chain_head, "before the first event");
    for action in
        [spin("1"), Action::RotateSeed { client_seed: None }, spin("1"), Action::RotateSeed { client_seed: None }]
    {
        fixture.house.session_act(opened.session_id, action, None).await.unwrap();
        assert_eq!(genesis().await, opened.chain_head);
    }
}

/// A house over the fixture's store whose session rows are changed on the way.
fn altered(fixture: &Fixture, alter: fn(&mut Session)) -> House {
    let mut sessions = MockSessionRepository::new();
    let store = Arc::new(fixture.store.clone());
    let found = Arc::clone(&store);
    sessions.expect_session_find().returning(move |id| {
        let mut session = futures(found.session_find(id))?;
        session.iter_mut().for_each(alter);
        Ok(session)
    });
    sessions.expect_event_list().returning(move |id, after, limit| futures(store.event_list(id, after, limit)));
    let ports = Ports { sessions: Arc::new(sessions), ..ports(&fixture.store, &fixture.clock) };
    House::open(ports, settings())
}

/// The memory store answers at once.
fn futures<T>(answer: impl Future<Output = T>) -> T {
    let mut answer = std::pin::pin!(answer);
    match answer.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop())) {
        std::task::Poll::Ready(answer) => answer,
        std::task::Poll::Pending => panic!("the memory store waits"),
    }
}

#[tokio::test]
async fn a_record_that_does_not_hash_to_its_head_is_never_signed() {
    let fixture = fixture();
    let game = fixture.game(0).await;
    let wallet = fixture.wallet("100").await;
    let session = fixture.session(&game, Some(&wallet)).await.session_id;
    fixture.house.session_act(session, spin("1"), None).await.unwrap();
    fixture.house.session_act(session, Action::CashOut, None).await.unwrap();
    assert!(altered(&fixture, |_| ()).session_proof(session).await.is_ok());
    let alterations: [fn(&mut Session); 3] = [
        |session| session.chain_head = Digest([7; 32]),
        |session| session.last_seq += 1,
        |session| session.fairness.server_seed.0[0] ^= 1,
    ];
    for alter in alterations {
        let answer = altered(&fixture, alter).session_proof(session).await;
        assert!(matches!(answer, Err(Error::Internal(_))), "{answer:?}");
    }
    let long = altered(&fixture, |session| session.last_seq = MAX_PROOF_EVENTS + 1).session_proof(session).await;
    let too_large = Refusal::ProofTooLarge { events: MAX_PROOF_EVENTS + 1, most: MAX_PROOF_EVENTS };
    assert_eq!(long, Err(too_large.into()));
}
