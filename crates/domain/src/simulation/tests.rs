//! Simulation against the engine, the exact profile, itself on other threads, and hand-played sessions.

use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use num_rational::BigRational;
use num_traits::ToPrimitive as _;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::stream::widen;
use super::tables::Tables;
use super::*;
use crate::document;
use crate::fairness::{Draws as _, FairStream, ServerSeed};
use crate::game::{Definition, Engine, Mode, StatisticalProfile, profile, reference_games};
use crate::money::Money;

fn reference(name: &str) -> Definition {
    let game = reference_games().into_iter().find(|game| game.name == name).unwrap();
    let document: Value = serde_json::from_str(game.document).unwrap();
    Definition::parse(&document["rng_signature"], &document["symbol_map"]).unwrap()
}

fn credits(amount: &str) -> Money {
    amount.parse().unwrap()
}

fn plan(definition: &Definition, rounds: u64) -> SimulationPlan {
    let stake = Engine::compile(definition).unit_bet();
    SimulationPlan { rounds, seed: 7, stake, half_width: None, player: None }
}

fn threads(count: usize) -> NonZeroUsize {
    NonZeroUsize::new(count).unwrap()
}

/// Makes up small games of every feature that the tables know.
struct Dice(FairStream);

impl Dice {
    fn between(&mut self, least: u32, most: u32) -> u32 {
        least + self.0.below(NonZeroU32::new(most - least + 1).unwrap())
    }

    fn row(&mut self, lengths: u32, most: u32) -> Value {
        let mut row = Map::new();
        for length in 1..=lengths {
            if self.between(0, 2) > 0 {
                row.insert(length.to_string(), self.between(1, most).into());
            }
        }
        row.into()
    }

    fn strips(&mut self, reels: u32, rows: u32, names: &[&str]) -> Value {
        let last = names.len() as u32 - 1;
        let mut strip =
            || -> Value { (0..self.between(rows, 7)).map(|_| names[self.between(0, last) as usize]).collect() };
        (0..reels).map(|_| strip()).collect()
    }
}

fn random_game(seed: u64) -> Definition {
    let dice = &mut Dice(FairStream::new(&ServerSeed([5; 32]), "simulation", seed));
    let (reels, rows) = (dice.between(1, 6), dice.between(1, 4));
    let mut names = vec!["a", "b", "c"];
    let mut symbols: Vec<Value> = names.iter().map(|name| json!({"name": name, "role": "regular"})).collect();
    let mut pays = json!({"a": dice.row(reels, 9), "b": dice.row(reels, 90), "c": dice.row(reels, 30)});
    if dice.between(0, 2) > 0 {
        let substitutes = [json!("regular"), json!(["a"]), json!(["b", "c"]), json!([])];
        let chosen = &substitutes[dice.between(0, 3) as usize];
        symbols.push(json!({"name": "W", "role": "wild", "multiplier": dice.between(1, 4), "substitutes": chosen}));
        names.push("W");
        pays["W"] = dice.row(reels, 40);
    }
    let (mut scatter_pays, mut awards) = (json!({}), json!({}));
    for name in ["S", "T"].into_iter().take(dice.between(0, 2) as usize) {
        symbols.push(json!({"name": name, "role": "scatter"}));
        names.push(name);
        scatter_pays[name] = dice.row(reels * rows, 9);
        awards[name] = dice.row(reels * rows, 3);
    }
    let line = |dice: &mut Dice| -> Value { (0..reels).map(|_| dice.between(1, rows)).collect() };
    let lines: Value = (0..dice.between(1, 6)).map(|_| line(dice)).collect();
    let mut map = json!({
        "version": 1, "grid": {"reels": reels, "rows": rows}, "symbols": symbols, "pays": pays,
        "evaluation": {"type": "lines", "lines": lines}, "scatter_pays": scatter_pays,
    });
    let base = dice.strips(reels, rows, &names);
    let mut rng = json!({"version": 1, "algorithm": "hmac-sha256", "modes": {"base": {"strips": base}}});
    let plain = Definition::parse(&rng, &map);
    rng["modes"]["free"] = json!({"strips": dice.strips(reels, rows, &names)});
    for retrigger in [true, false] {
        map["free_games"] = json!({"awards": awards, "multiplier": dice.between(1, 3), "retrigger": retrigger});
        if let Ok(with_free_games) = Definition::parse(&rng, &map) {
            return with_free_games;
        }
    }
    plain.unwrap()
}

/// Tables and engine on some stops: the same payout, the same award.
fn agree(engine: &Engine, tables: &Tables, mode: Mode, stops: &[u32]) {
    let outcome = engine.evaluate(mode, stops);
    let spun = tables.evaluate(mode, stops);
    let payout = engine.payout(engine.unit_bet(), &outcome).unwrap();
    assert_eq!(spun.pay * tables.credit(), payout.units().unsigned_abs(), "{mode:?} {stops:?}");
    assert_eq!(spun.awarded, outcome.free_games_awarded, "{mode:?} {stops:?}");
}

fn agree_on_random_stops(definition: &Definition, seed: u64, count: u32) {
    let (engine, tables) = (Engine::compile(definition), Tables::compile(definition).unwrap());
    let mut stream = Stream::new(seed);
    for mode in [Mode::Base, Mode::Free] {
        let lengths = engine.strip_lengths(mode);
        for _ in 0..count {
            let stops: Vec<u32> =
                lengths.iter().map(|length| stream.below(NonZeroU32::new(*length).unwrap())).collect();
            agree(&engine, &tables, mode, &stops);
        }
    }
}

proptest! {
    #[test]
    fn tables_pay_what_the_engine_pays(game in any::<u64>(), stops in any::<u64>()) {
        agree_on_random_stops(&random_game(game), stops, 300);
    }
}

#[test]
fn tables_pay_what_the_engine_pays_in_the_reference_games() {
    for name in ["fruit-5x3", "pearl-5x3"] {
        agree_on_random_stops(&reference(name), 1, 100_000);
    }
}

#[test]
fn random_games_have_every_feature() {
    let games: Vec<Definition> = (0..100).map(random_game).collect();
    let with = |holds: &dyn Fn(&Value) -> bool| games.iter().filter(|game| holds(&game.symbol_map_document())).count();
    assert!(with(&|map| map["free_games"]["retrigger"] == true) > 10);
    assert!(with(&|map| map["free_games"].is_null()) > 10);
    assert!(with(&|map| map["pays"]["W"].is_object()) > 30);
    assert!(with(&|map| map["scatter_pays"]["T"].is_object()) > 10);
    assert!(games.iter().all(|game| Rounds::compile(game).method() == Method::Tables));
}

/// The reference implementation of its authors, from the state 1, 2, 3, 4, gives these words.
#[test]
fn the_generator_has_its_published_vector() {
    use rand_xoshiro::Xoshiro256PlusPlus;
    use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};
    let seed: Vec<u8> = (1..=4_u64).flat_map(u64::to_le_bytes).collect();
    let mut generator = Xoshiro256PlusPlus::from_seed(seed.try_into().unwrap());
    let words = [0; 5].map(|_: u64| generator.next_u64());
    assert_eq!(
        words,
        [41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386, 9_228_616_714_210_784_205]
    );
}

#[test]
fn blocks_have_streams_of_their_own() {
    let mut jumped = Stream::new(9);
    jumped.jump();
    jumped.jump();
    assert_eq!(jumped.word(), Stream::of_block(9, 2).word());
    assert_ne!(Stream::of_block(9, 0).word(), Stream::of_block(9, 1).word());
}

/// With words of 8 bits instead of 64 all of them can be tried: every combination has as many words.
#[test]
fn several_numbers_from_one_word_are_unbiased() {
    let lengths = [3_u32, 5, 7];
    let all: u32 = lengths.iter().product();
    let mut counts = [0; 105];
    for word in 0..256_u32 {
        let (mut left, mut combination) = (word, 0);
        for length in lengths {
            let product = left * length;
            combination = combination * length + (product >> 8);
            left = product & 255;
        }
        if left >= 256 % all {
            counts[combination as usize] += 1;
        }
    }
    assert!(counts.iter().all(|count| *count == 2), "{counts:?}");
    assert_eq!(widen(1 << 63, 25), (12, 1 << 63));
    assert_eq!(stream::threshold(105), u64::try_from((1_u128 << 64) % 105).unwrap());
}

#[test]
fn stops_are_uniform_in_the_tables_own_draws() {
    let tables = Tables::compile(&reference("fruit-5x3")).unwrap();
    let engine = Engine::compile(&reference("fruit-5x3"));
    let lengths = engine.strip_lengths(Mode::Base);
    // The tables do not tell their stops: the same words, taken apart as they do.
    let (mut stream, mut twin) = (Stream::new(3), Stream::new(3));
    let mut tests: Vec<quality::ReelTests> = lengths.iter().map(|length| quality::ReelTests::new(*length)).collect();
    for _ in 0..200_000 {
        let mut left = twin.word();
        let mut stops = Vec::new();
        for (tests, length) in tests.iter_mut().zip(&lengths) {
            let (stop, rest) = widen(left, u64::from(*length));
            stops.push(u32::try_from(stop).unwrap());
            tests.record(stops[stops.len() - 1]);
            left = rest;
        }
        assert_eq!(tables.spin(Mode::Base, &mut stream), tables.evaluate(Mode::Base, &stops));
    }
    let beyond = tests.iter().flat_map(|tests| tests.tests(1)).filter(|test| !test.passed()).count();
    assert!(beyond <= quality::most_beyond(15) as usize);
}

/// The exact RTP lies within four standard errors, whichever way rounds are played.
#[test]
fn simulations_meet_the_exact_profile() {
    for name in ["fruit-5x3", "pearl-5x3"] {
        let definition = reference(name);
        let exact: BigRational = profile(&definition).rtp.unwrap().total.exact.parse().unwrap();
        let exact = exact.to_f64().unwrap();
        for (rounds, count) in [(Rounds::compile(&definition), 2_000_000), (Rounds::by_engine(&definition), 200_000)] {
            let plan = plan(&definition, count);
            let report = simulate_rounds(&definition, &rounds, &plan, None, threads(2), &()).unwrap().report.unwrap();
            let error = (report.rtp_intervals[0].high - report.rtp) / 1.644_853_6;
            assert!((report.rtp - exact).abs() < 4.0 * error, "{name} {:?} {}", report.method, report.rtp);
            assert_eq!(report.rounds, count);
            assert_eq!(report.free_games.is_some(), name == "pearl-5x3");
            assert_eq!(report.distribution.iter().map(|bucket| bucket.rounds).sum::<u64>(), count);
        }
    }
}

/// Tables and engine, played from the same tallies of whole rounds, agree on every figure within its noise.
#[test]
fn both_ways_to_play_have_the_same_free_games() {
    let definition = reference("pearl-5x3");
    let run = |rounds: &Rounds| {
        let plan = plan(&definition, 300_000);
        simulate_rounds(&definition, rounds, &plan, None, threads(2), &()).unwrap().state.tally
    };
    let (tables, engine) = (run(&Rounds::compile(&definition)), run(&Rounds::by_engine(&definition)));
    let apart = |one: u64, other: u64| one.abs_diff(other).pow(2) / (one + other);
    assert!(apart(tables.hits, engine.hits) < 16 && apart(tables.triggers, engine.triggers) < 16);
    assert!(tables.free_games >= 15 * tables.triggers && engine.free_games >= 15 * engine.triggers);
}

fn with_player(definition: &Definition, behavior: Behavior) -> SimulationPlan {
    let player =
        Player { behavior, starting_balance: credits("20"), session_rounds: 1000, max_bet: Some(credits("5")) };
    SimulationPlan { player: Some(player), ..plan(definition, 900_000) }
}

#[test]
fn threads_do_not_show() {
    let definition = reference("pearl-5x3");
    let narrow = SimulationPlan { half_width: Some(0.02), ..plan(&definition, 50_000_000) };
    for plan in [plan(&definition, 1_000_000), narrow, with_player(&definition, Behavior::Random)] {
        let ended = [1, 2, 5].map(|count| simulate(&definition, &plan, None, threads(count), &()).unwrap());
        assert_eq!(ended[0], ended[1]);
        assert_eq!(ended[0], ended[2]);
        assert!(ended[0].state.complete);
        let other = simulate(&definition, &SimulationPlan { seed: 8, ..plan }, None, threads(2), &()).unwrap();
        assert_ne!(ended[0].state.tally, other.state.tally);
    }
}

#[test]
fn a_half_width_ends_a_simulation_early() {
    let definition = reference("fruit-5x3");
    let plan = SimulationPlan { half_width: Some(0.01), ..plan(&definition, 100_000_000) };
    let Ended { state, report } = simulate(&definition, &plan, None, threads(2), &()).unwrap();
    let at_95 = report.unwrap().rtp_intervals[1];
    assert!(at_95.high - at_95.low <= 0.02 && state.complete);
    assert!(state.blocks > 1 && state.blocks < plan.blocks());
    let before = SimulationPlan { half_width: None, rounds: state.tally.rounds - (1 << 18), ..plan };
    let at_95 = simulate(&definition, &before, None, threads(2), &()).unwrap().report.unwrap().rtp_intervals[1];
    assert!(at_95.high - at_95.low > 0.02, "one block less is not enough");
}

/// Keeps the state after some block, and cancels then.
struct Interrupter {
    after: u64,
    seen: AtomicU64,
    kept: Mutex<Option<String>>,
}

impl Monitor for Interrupter {
    fn cancelled(&self) -> bool {
        self.seen.load(Ordering::Relaxed) >= self.after
    }

    fn advanced(&self, state: &State) {
        assert_eq!(state.blocks, self.seen.fetch_add(1, Ordering::Relaxed) + 1);
        *self.kept.lock().unwrap() = Some(document::write(state).unwrap());
    }
}

#[test]
fn an_interrupted_simulation_goes_on_from_its_document() {
    let definition = reference("pearl-5x3");
    for plan in [plan(&definition, 1_500_000), with_player(&definition, Behavior::Adaptive)] {
        let whole = simulate(&definition, &plan, None, threads(2), &()).unwrap();
        let interrupter = Interrupter { after: 2, seen: AtomicU64::new(0), kept: Mutex::new(None) };
        let part = simulate(&definition, &plan, None, threads(2), &interrupter).unwrap();
        assert!(!part.state.complete && part.state.blocks >= 2);
        let kept = interrupter.kept.into_inner().unwrap().unwrap();
        let state: State = document::read(&kept).unwrap();
        assert_eq!(state, part.state);
        let rest = simulate(&definition, &plan, Some(state.clone()), threads(1), &()).unwrap();
        assert_eq!(rest, whole);
        let again = simulate(&definition, &plan, Some(rest.state.clone()), threads(2), &()).unwrap();
        assert_eq!(again, whole, "there is nothing left to do");
        let other = SimulationPlan { seed: 1, ..plan };
        let refused = simulate(&definition, &other, Some(state), threads(1), &());
        assert_eq!(refused, Err(SimulationError::State));
    }
}

/// Wins told apart change nothing of what the engine plays, add up to it, and go on from their document.
#[test]
fn itemized_rounds_are_those_of_the_engine() {
    let definition = reference("pearl-5x3");
    let (plan, engine) = (plan(&definition, 600_000), Engine::compile(&definition));
    let known = StatisticalProfile { rtp: None, ..profile(&definition) };
    let itemized = Rounds::for_profile(&definition, &known);
    let run = |rounds: &Rounds, count| simulate_rounds(&definition, rounds, &plan, None, threads(count), &()).unwrap();
    let (plain, whole) = (run(&Rounds::by_engine(&definition), 2).state, run(&itemized, 2).state);
    assert_eq!(run(&itemized, 1).state, whole);
    assert_eq!(Tally { sources: None, ..whole.tally.clone() }, plain.tally);
    let sources = whole.for_profile(&engine).unwrap().sources.unwrap();
    assert_eq!(sources.line.won + sources.scatter.won + sources.free.won, plain.tally.won);
    assert_eq!(sources.free.won, plain.tally.won_free);
    let paid = |mode| sources.wins.iter().filter(|win| win.mode == mode).map(|win| win.sum.won).sum::<u128>();
    assert_eq!((paid(Mode::Base), paid(Mode::Free)), (plain.tally.won - plain.tally.won_free, plain.tally.won_free));
    let interrupter = Interrupter { after: 1, seen: AtomicU64::new(0), kept: Mutex::new(None) };
    simulate_rounds(&definition, &itemized, &plan, None, threads(1), &interrupter).unwrap();
    let kept: State = document::read(&interrupter.kept.into_inner().unwrap().unwrap()).unwrap();
    assert!(!kept.complete);
    let rest = simulate_rounds(&definition, &itemized, &plan, Some(kept.clone()), threads(2), &()).unwrap();
    assert_eq!(rest.state, whole);
    let refused = simulate_rounds(&definition, &Rounds::by_engine(&definition), &plan, Some(kept), threads(1), &());
    assert_eq!(refused, Err(SimulationError::State), "blocks of both ways must not be mixed");
}

#[test]
fn behaviors_differ_as_they_say() {
    let definition = reference("fruit-5x3");
    let run = |behavior| {
        let plan = with_player(&definition, behavior);
        simulate(&definition, &plan, None, threads(2), &()).unwrap().report.unwrap().bankroll.unwrap()
    };
    let [calm, bold, adaptive, random] =
        [Behavior::Conservative, Behavior::Aggressive, Behavior::Adaptive, Behavior::Random].map(run);
    assert!(bold.ruin.value > random.ruin.value && random.ruin.value > calm.ruin.value);
    assert!(adaptive.ruin.value < random.ruin.value);
    for report in [&calm, &bold, &adaptive, &random] {
        assert_eq!(report.sessions, 900);
        assert!(report.final_balance.is_sorted_by_key(|(_, amount)| *amount));
        let [_, at_95, at_99] = report.ruin.intervals;
        assert!(at_99.low <= at_95.low && at_95.low <= report.ruin.value && report.ruin.value <= at_95.high);
    }
}

/// One line, one reel of one stop: every round pays as much, so sessions can be told beforehand.
fn certain_game(symbol: &str) -> Definition {
    let map = json!({
        "version": 1, "grid": {"reels": 1, "rows": 1}, "credit": "1",
        "symbols": [{"name": "twice", "role": "regular"}, {"name": "none", "role": "regular"}],
        "pays": {"twice": {"1": 2}}, "evaluation": {"type": "lines", "lines": [[1]]}, "scatter_pays": {},
    });
    let rng = json!({"version": 1, "algorithm": "hmac-sha256", "modes": {"base": {"strips": [[symbol]]}}});
    Definition::parse(&rng, &map).unwrap()
}

fn one_session(symbol: &str, behavior: Behavior, session_rounds: u64) -> BankrollReport {
    let definition = certain_game(symbol);
    let player = Player { behavior, starting_balance: credits("10"), session_rounds, max_bet: None };
    let plan = SimulationPlan { player: Some(player), ..plan(&definition, session_rounds) };
    simulate(&definition, &plan, None, threads(1), &()).unwrap().report.unwrap().bankroll.unwrap()
}

/// 10 credits with nothing won: 1, 2, 4 and the 3 that are left are staked by the aggressive player.
#[test]
fn sessions_are_those_of_hand() {
    let median = |report: &BankrollReport| (report.final_balance[4].1, report.max_drawdown[4].1);
    let bold = one_session("none", Behavior::Aggressive, 3);
    assert_eq!((bold.wagered.as_str(), bold.paid.as_str(), bold.ruin.count), ("7.0000", "0.0000", 0));
    // Amounts this large are rounded up, by less than 1/128.
    let (left, fallen) = median(&bold);
    assert!(left >= credits("3") && left < credits("3.03") && fallen >= credits("7") && fallen < credits("7.06"));
    let bold = one_session("none", Behavior::Aggressive, 100);
    assert_eq!((bold.wagered.as_str(), bold.ruin.count), ("10.0000", 1));
    assert_eq!(median(&bold).0, Money::ZERO);
    let calm = one_session("none", Behavior::Conservative, 9);
    assert_eq!((calm.wagered.as_str(), calm.ruin.count), ("9.0000", 0));
    let calm = one_session("twice", Behavior::Conservative, 5);
    assert_eq!((calm.wagered.as_str(), calm.paid.as_str()), ("5.0000", "10.0000"));
    assert_eq!(median(&calm).1, Money::ZERO);
    // From 200 credits on a hundredth is two credits; 10 + 190 wins of one credit are 200.
    let adaptive = one_session("twice", Behavior::Adaptive, 192);
    assert_eq!(adaptive.wagered, "194.0000");
}

#[test]
fn plans_that_do_not_fit_are_refused() {
    let definition = reference("fruit-5x3");
    let good = with_player(&definition, Behavior::Conservative);
    let player = good.player.clone().unwrap();
    let with = |player: Player| SimulationPlan { player: Some(player), ..good.clone() };
    let cases = [
        (SimulationPlan { rounds: 0, ..good.clone() }, PlanError::Rounds),
        (SimulationPlan { rounds: MAX_ROUNDS + 1, ..good.clone() }, PlanError::Rounds),
        (SimulationPlan { half_width: Some(0.0), ..good.clone() }, PlanError::HalfWidth),
        (SimulationPlan { half_width: Some(f64::NAN), ..good.clone() }, PlanError::HalfWidth),
        (with(Player { session_rounds: 0, ..player.clone() }), PlanError::SessionRounds),
        (with(Player { starting_balance: credits("0.04"), ..player.clone() }), PlanError::StartingBalance),
        (with(Player { max_bet: Some(credits("0.04")), ..player }), PlanError::MaxBet),
    ];
    for (plan, expected) in cases {
        let refused = simulate(&definition, &plan, None, threads(1), &()).unwrap_err();
        assert_eq!(refused, SimulationError::Plan(expected));
    }
    for stake in ["0", "0.06", "900000000000"] {
        let plan = SimulationPlan { stake: credits(stake), ..good.clone() };
        let refused = simulate(&definition, &plan, None, threads(1), &()).unwrap_err();
        assert!(matches!(refused, SimulationError::Plan(PlanError::Stake { .. })), "{stake}");
    }
}
