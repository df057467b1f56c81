//! Tokens that read back, slips that are seen, and who may do what.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::Digest;
use crate::id::Randomness;
use crate::time::from_millis;

struct Fixed([u8; 32]);

impl Randomness for Fixed {
    fn server_seed(&self) -> [u8; 32] {
        self.0
    }

    fn id_bits(&self) -> u64 {
        7
    }
}

fn at(millis: i64) -> Timestamp {
    from_millis(millis).unwrap()
}

fn new(name: &str) -> NewKey {
    NewKey { name: name.to_owned(), role: Role::Play, expires_at: None }
}

fn key_id(number: u128) -> KeyId {
    KeyId(Uuid::from_u128(number))
}

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

proptest! {
    #[test]
    fn a_token_reads_back(seed in any::<[u8; 32]>()) {
        let token = Token::generate(&Fixed(seed));
        let text = token.reveal();
        prop_assert_eq!(text.len(), 54);
        prop_assert!(text.bytes().skip(5).all(|byte| byte.is_ascii_alphanumeric()));
        prop_assert_eq!(text.parse(), Ok(token));
    }

    #[test]
    fn a_wrong_character_is_seen(seed in any::<[u8; 32]>(), place in 5_usize..54, other in "[0-9A-Za-z]") {
        let text = Token::generate(&Fixed(seed)).reveal();
        let slip = format!("{}{other}{}", &text[..place], &text[place + 1..]);
        prop_assume!(slip != text);
        prop_assert_eq!(slip.parse::<Token>(), Err(TokenError::Checksum));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC*") {
        let _ = text.parse::<Token>();
        let prefixed = format!("{TOKEN_PREFIX}{text}");
        prop_assert!(prefixed.parse::<Token>().is_err());
    }
}

#[test]
fn the_smallest_and_the_largest_token_read_back() {
    for seed in [[0; 32], [0xff; 32]] {
        let token = Token::generate(&Fixed(seed));
        assert_eq!(token.reveal().parse(), Ok(token));
    }
}

#[test]
fn what_is_no_token_says_why() {
    let text = Token::generate(&Fixed([1; 32])).reveal();
    for (text, error) in [
        (text.replace("reel_", "real_"), TokenError::Prefix),
        (text[..53].to_owned(), TokenError::Length),
        (format!("{text}0"), TokenError::Length),
        (text.replacen('_', "_-", 1)[..54].to_owned(), TokenError::Character),
        (format!("reel_{}", "z".repeat(49)), TokenError::Checksum),
        (String::new(), TokenError::Prefix),
    ] {
        assert_eq!(text.parse::<Token>(), Err(error), "{text}");
    }
}

#[test]
fn neither_debugging_nor_the_key_shows_the_token() {
    let token = Token::generate(&Fixed([9; 32]));
    let key = ApiKey::make(new("mine"), &token, at(0), &Fixed([0; 32])).unwrap();
    assert!(!format!("{token:?} {key:?}").contains(&token.reveal()[5..]));
    assert_eq!(key.digest, Digest::of(&[&[9_u8; 32][..]]));
}

#[test]
fn a_key_is_good_until_it_expires_or_is_revoked() {
    let token = Token::generate(&Fixed([9; 32]));
    let asked = NewKey { expires_at: Some(at(1000)), ..new("mine") };
    let key = ApiKey::make(asked, &token, at(0), &Fixed([0; 32])).unwrap();
    assert_eq!(key.caller(at(999)), Ok(Caller::with_key(Role::Play, key.key_id)));
    assert_eq!(key.caller(at(1000)), Err(KeyFault::Expired));
    let revoked = ApiKey { revoked_at: Some(at(5)), ..key };
    assert_eq!(revoked.caller(at(1)), Err(KeyFault::Revoked));
}

#[test]
fn names_and_expiries_are_checked() {
    let token = Token::generate(&Fixed([9; 32]));
    let make = |new| ApiKey::make(new, &token, at(1000), &Fixed([0; 32]));
    for name in ["", "  ", "a\nb", "a\0", &"x".repeat(101)] {
        assert!(
            matches!(make(new(name)), Err(Refusal::InvalidRequest { pointer, .. }) if pointer == "/name"),
            "{name:?}"
        );
    }
    assert!(make(new(&"é".repeat(100))).is_ok());
    let past = NewKey { expires_at: Some(at(1000)), ..new("mine") };
    assert!(matches!(make(past), Err(Refusal::InvalidRequest { pointer, .. }) if pointer == "/expires_at"));
}

/// The whole matrix: who has which right.
#[test]
fn rights_by_role() {
    for (role, rights) in [
        (Role::Read, [true, true, false, false]),
        (Role::Play, [true, false, true, false]),
        (Role::Admin, [true, true, true, true]),
    ] {
        let caller = Caller::with_key(role, key_id(1));
        for (right, has) in [Right::See, Right::SeeAll, Right::Play, Right::Operate].into_iter().zip(rights) {
            let checked = caller.check(right, "this");
            assert_eq!(checked.is_ok(), has, "{role} {right:?}");
            if let Err(refusal) = checked {
                let roles = right.roles().to_vec();
                assert_eq!(refusal, Refusal::Forbidden { what: "this".to_owned(), role, roles });
            }
        }
    }
    assert_eq!(Caller::OPERATOR.check(Right::Operate, "this"), Ok(()));
}

#[test]
fn who_plays_sees_its_own_alone() {
    let (own, other) = (key_id(1), key_id(2));
    let player = Caller::with_key(Role::Play, own);
    assert_eq!((player.sees(Some(own)), player.sees(Some(other)), player.sees(None)), (true, false, false));
    assert_eq!(player.confined_to(), Some(own));
    for all in [Caller::with_key(Role::Read, own), Caller::with_key(Role::Admin, own), Caller::OPERATOR] {
        assert!(all.sees(Some(other)) && all.sees(None));
        assert_eq!(all.confined_to(), None);
    }
}

#[test]
fn who_plays_neither_credits_itself_nor_raises_a_limit() {
    let player = Caller::with_key(Role::Play, key_id(1));
    let limit = DailyLimit::new(Some(money("50")));
    let operate = |operation, amount, limit| player.check_operation(operation, money(amount), limit, at(0)).is_ok();
    assert!(!operate(Operation::Deposit, "1", limit));
    assert!(operate(Operation::Withdraw, "1", limit));
    assert!(operate(Operation::SetDailyLimit, "50", limit) && operate(Operation::SetDailyLimit, "0", limit));
    assert!(!operate(Operation::SetDailyLimit, "50.0001", limit));
    assert!(operate(Operation::SetDailyLimit, "1000", DailyLimit::new(None)), "the first limit is no raise");
    // A raise that an admin granted is the limit once it is due, and not before.
    let raised = DailyLimit { raise: Some((money("80"), at(1))), ..limit };
    assert!(player.check_operation(Operation::SetDailyLimit, money("80"), raised, at(0)).is_err());
    assert!(player.check_operation(Operation::SetDailyLimit, money("80"), raised, at(1)).is_ok());

    assert!(player.check_opening(Money::ZERO).is_ok() && player.check_opening(money("0.0001")).is_err());
    assert!(player.check_session(false).is_ok() && player.check_session(true).is_err());
    assert!(Caller::OPERATOR.check_operation(Operation::Deposit, money("1"), limit, at(0)).is_ok());
    assert!(
        Caller::with_key(Role::Read, key_id(1)).check_operation(Operation::Withdraw, money("1"), limit, at(0)).is_err()
    );
}

#[test]
fn operators_alone_hold_sessions() {
    let player = Caller::with_key(Role::Play, key_id(1));
    for (action, allowed) in [
        (Action::Suspend, false),
        (Action::Resume, false),
        (Action::Expire, false),
        (Action::CashOut, true),
        (Action::Spin { amount: None }, true),
        (Action::Probe { spins: 1 }, true),
    ] {
        assert_eq!(player.check_action(&action).is_ok(), allowed, "{}", action.name());
        assert!(Caller::OPERATOR.check_action(&action).is_ok());
    }
}
