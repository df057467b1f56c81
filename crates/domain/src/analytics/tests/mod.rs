//! Tests of the counts and of what they say.

mod counts;
mod figures;
mod series;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::canonical::Digest;
use crate::game::{Definition, Game, profile, reference_games};
use crate::id::{EventId, GameId, SessionId};
use crate::money::Money;
use crate::observation::Observed;
use crate::session::{EventBody, GameplayEvent};
use crate::time::from_millis;

/// 20:00 of the second day of 2026 in UTC, in milliseconds.
const EVENING: i64 = 1_767_384_000_000;

/// The reference game without free games, under observation.
fn fruit() -> Observed {
    let document: Value = serde_json::from_str(reference_games()[0].document).unwrap();
    let definition = Definition::parse(&document["rng_signature"], &document["symbol_map"]).unwrap();
    let game = Game {
        game_id: GameId(Uuid::from_u128(1)),
        name: "fruit".to_owned(),
        rng_signature: definition.rng_signature_document(),
        symbol_map: definition.symbol_map_document(),
        statistical_profile: profile(&definition).document(),
        fingerprint: definition.fingerprint(),
        created_at: from_millis(0).unwrap(),
    };
    Observed::of(&game).unwrap()
}

/// A session's event so many milliseconds after the evening.
fn event(seq: i64, after: i64, kind: &str, result: Value) -> GameplayEvent {
    let body = EventBody {
        event_id: EventId(Uuid::from_u128(1)),
        session_id: SessionId(Uuid::from_u128(1)),
        seq,
        action: json!({ "version": 1, "type": kind }),
        result,
        reward: 0.0,
        timestamp: from_millis(EVENING + after).unwrap(),
    };
    GameplayEvent { body, hash: Digest([0; 32]) }
}

/// A paid spin of one credit that settles its round.
fn spin(seq: i64, after: i64, won: &str) -> GameplayEvent {
    let won: Money = won.parse().unwrap();
    let result = json!({
        "version": 1, "mode": "base", "stake": "1.0000", "fee": "0.0100", "payout": won, "balance": "50.0000",
        "round": { "won": won, "closed": true },
    });
    event(seq, after, "spin", result)
}
