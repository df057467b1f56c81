//! Every format, written and read back.

use std::io::{self, Cursor, Read as _, Write};
use std::sync::{Arc, Mutex};

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Float32Type, Float64Type, Int64Type};
use arrow_array::{Array as _, RecordBatch};
use arrow_ipc::reader::{FileReader, StreamReader};
use reelhouse_domain::ports::RecordedStep;
use reelhouse_domain::rl::{Encoder, Ending, FIRST_STAKE, Ladder, OBSERVATION_LENGTH};
use reelhouse_domain::session::{Action, Observation, SessionState};
use reelhouse_domain::time::from_millis;
use reelhouse_domain::{Digest, EventId, GameId, Money, SessionId};
use serde_json::Value;
use uuid::Uuid;

use super::*;

/// A sink that the test can look into.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<u8>>>);

impl Write for Seen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn origin() -> Origin {
    let filter = Filter {
        session_id: None,
        game_id: None,
        from: None,
        to: from_millis(1_767_268_800_000).unwrap(),
        cursor: None,
        limit: None,
    };
    Origin::new("Fruit 5x3", filter)
}

fn manifest(rows: u64) -> Manifest {
    Manifest {
        origin: origin(),
        rows,
        episodes: rows,
        terminated: 0,
        truncated: rows,
        sha256: Digest([7; 32]),
        next_cursor: None,
        games: vec![DatasetGame {
            game_id: GameId(Uuid::nil()),
            name: "fruit".to_owned(),
            fingerprint: Digest([1; 32]),
            ladder: vec![Money::from_units(500), Money::from_units(1000)],
            episodes: rows,
            rows,
        }],
    }
}

fn engine_ladder() -> Ladder {
    let game = reelhouse_domain::game::reference_games()[0];
    let document: Value = serde_json::from_str(game.document).unwrap();
    let definition =
        reelhouse_domain::game::Definition::parse(&document["rng_signature"], &document["symbol_map"]).unwrap();
    Ladder::of_game(&reelhouse_domain::game::Engine::compile(&definition))
}

fn seen(spins: u64) -> Observation {
    let balance = Money::from_units(1_000_000 - i64::try_from(spins).unwrap() * 500);
    let start = Observation::initial(SessionState::Playing, Some(Money::from_units(1_000_000)), None);
    Observation { spins, balance: Some(balance), ..start }
}

/// Episodes of these lengths, all of them spins of the first stake.
fn write(format: Format, lengths: &[u64]) -> Vec<u8> {
    let sink = Seen::default();
    let mut file = writer(format, &origin(), Box::new(sink.clone())).unwrap();
    let encoder = Encoder::new(engine_ladder());
    for (episode, &length) in lengths.iter().enumerate() {
        for place in 0..length {
            let step = RecordedStep {
                id: EventId(Uuid::from_u128(u128::from(place) + 1000)),
                session_id: SessionId(Uuid::from_u128(episode as u128 + 1)),
                seq: i64::try_from(place).unwrap() + 1,
                state: None,
                action: Action::Spin { amount: Some(Money::from_units(500)) },
                reward: -0.05 - place as f64,
                next_state: seen(place + 1),
                ending: Ending::Open,
                created_at: from_millis(1_767_268_800_123).unwrap(),
            };
            let last = place + 1 == length;
            let ending = match (last, episode % 2) {
                (false, _) => Ending::Open,
                (true, 0) => Ending::Terminated,
                (true, _) => Ending::Truncated,
            };
            file.row(&Row {
                step: &step,
                state: &seen(place),
                ending,
                observation: &encoder.encode(&seen(place)),
                action: FIRST_STAKE,
                next_observation: &encoder.encode(&step.next_state),
                place: step.seq - 1,
            })
            .unwrap();
        }
    }
    file.finish(&manifest(lengths.iter().sum())).unwrap();
    let bytes = sink.0.lock().unwrap();
    bytes.clone()
}

fn flags(batch: &RecordBatch, name: &str) -> Vec<bool> {
    batch.column_by_name(name).unwrap().as_boolean().iter().map(Option::unwrap).collect()
}

fn batches(bytes: &[u8]) -> Vec<RecordBatch> {
    StreamReader::try_new(Cursor::new(bytes), None).unwrap().map(Result::unwrap).collect()
}

#[test]
fn arrow_reads_back() {
    let read = batches(&write(Format::Arrow, &[3, 5000]));
    assert_eq!(read.iter().map(RecordBatch::num_rows).collect::<Vec<_>>(), [4096, 907]);
    let first = &read[0];
    assert!(first.schema().metadata()["reelhouse"].contains("\"encoder_version\":1"));
    assert_eq!(flags(first, "terminated")[..4], [false, false, true, false]);
    assert!(flags(&read[1], "truncated").pop().unwrap());
    let ids = first.column_by_name("session_id").unwrap().as_string::<i32>();
    assert_eq!(
        (ids.value(2), ids.value(3)),
        ("00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002")
    );
    let rewards = first.column_by_name("reward").unwrap().as_primitive::<Float64Type>();
    assert_eq!(rewards.value(1).to_bits(), (-1.05_f64).to_bits());
    let observations = first.column_by_name("observation").unwrap().as_fixed_size_list();
    let next = first.column_by_name("next_observation").unwrap().as_fixed_size_list();
    assert_eq!(observations.value(1).as_primitive::<Float32Type>(), next.value(0).as_primitive::<Float32Type>());
    assert_eq!(observations.value_length() as usize, OBSERVATION_LENGTH);
}

#[test]
fn parquet_has_the_columns_of_rllib_and_the_manifest() {
    let bytes = write(Format::Parquet, &[70_000, 2]);
    let open = ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(parquet_bytes(bytes)).unwrap();
    let names: Vec<String> = open.schema().fields().iter().map(|field| field.name().clone()).collect();
    let expected = "eps_id agent_id module_id obs actions rewards infos new_obs terminateds truncateds t";
    assert_eq!(names.join(" "), expected);
    let about = open.metadata().file_metadata().key_value_metadata().unwrap();
    let about = about.iter().find(|pair| pair.key == "reelhouse").and_then(|pair| pair.value.clone()).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&about).unwrap()["rows"], 70_002);
    assert_eq!(open.metadata().num_row_groups(), 2);
    let read: Vec<RecordBatch> = open.build().unwrap().map(Result::unwrap).collect();
    assert_eq!(read.iter().map(RecordBatch::num_rows).sum::<usize>(), 70_002);
    let last = read.last().unwrap();
    assert_eq!(last.column_by_name("t").unwrap().as_primitive::<Int64Type>().value(last.num_rows() - 1), 1);
    assert_eq!(last.column_by_name("agent_id").unwrap().null_count(), last.num_rows());
}

/// The reader wants a type of its own.
fn parquet_bytes(bytes: Vec<u8>) -> std::fs::File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&bytes).unwrap();
    file
}

/// The head and the body of an array of an npz.
fn array(bytes: &[u8], name: &str) -> (String, Vec<u8>) {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut file = zip.by_name(&format!("{name}.npy")).unwrap();
    let mut array = Vec::new();
    file.read_to_end(&mut array).unwrap();
    assert_eq!(&array[..8], b"\x93NUMPY\x01\x00");
    let length = usize::from(u16::from_le_bytes([array[8], array[9]]));
    assert_eq!((10 + length) % 64, 0);
    let body = array.split_off(10 + length);
    (String::from_utf8(array[10..].to_vec()).unwrap(), body)
}

#[test]
fn npz_has_the_keys_that_each_library_takes() {
    let bytes = write(Format::Npz(NpzKeys::D3rlpy), &[3, 2]);
    let (head, body) = array(&bytes, "observations");
    assert!(head.contains("'descr': '<f4', 'fortran_order': False, 'shape': (5, 20)"), "{head}");
    assert_eq!(body.len(), 5 * OBSERVATION_LENGTH * 4);
    let (head, body) = array(&bytes, "terminals");
    assert!(head.contains("'shape': (5,)"), "{head}");
    let flags: Vec<f32> = body.as_chunks::<4>().0.iter().map(|float| f32::from_le_bytes(*float)).collect();
    assert_eq!(format!("{flags:?}"), "[0.0, 0.0, 1.0, 0.0, 0.0]");
    let names = |bytes: &[u8]| -> Vec<String> {
        zip::ZipArchive::new(Cursor::new(bytes)).unwrap().file_names().map(|name| name.unwrap().into_owned()).collect()
    };
    let expected = ["observations.npy", "actions.npy", "rewards.npy", "terminals.npy", "timeouts.npy"];
    assert_eq!(names(&bytes), expected);
    let comment = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap().comment().to_vec();
    assert_eq!(serde_json::from_slice::<Value>(&comment).unwrap()["rows"], 5);
    let bytes = write(Format::Npz(NpzKeys::Tianshou), &[3, 2]);
    let expected = ["obs", "act", "rew", "terminated", "truncated", "done", "obs_next"];
    assert_eq!(names(&bytes), expected.map(|name| format!("{name}.npy")));
    assert_eq!(array(&bytes, "done").1, [0, 0, 1, 0, 1]);
    assert_eq!(array(&bytes, "act").1.len(), 5 * 8);
}

#[test]
fn minari_has_a_row_more_than_steps_in_one_batch() {
    let bytes = write(Format::Minari, &[3, 1]);
    let mut files = std::collections::BTreeMap::new();
    for entry in tar::Archive::new(Cursor::new(&bytes)).entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().display().to_string();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        files.insert(path, content);
    }
    let root = "reelhouse/fruit-5x3-v0/data";
    let about: Value = serde_json::from_slice(&files[&format!("{root}/metadata.json")]).unwrap();
    assert_eq!((about["total_episodes"].as_u64(), about["total_steps"].as_u64()), (Some(2), Some(4)));
    let actions: Value = serde_json::from_str(about["action_space"].as_str().unwrap()).unwrap();
    assert_eq!(actions["n"], 5);
    let episode = FileReader::try_new(Cursor::new(&files[&format!("{root}/0/part-0.arrow")]), None).unwrap();
    let read: Vec<RecordBatch> = episode.map(Result::unwrap).collect();
    assert_eq!((read.len(), read[0].num_rows()), (1, 4));
    assert_eq!(flags(&read[0], "terminations"), [false, false, true, false]);
    let about: Value = serde_json::from_slice(&files[&format!("{root}/1/metadata.json")]).unwrap();
    assert_eq!((about["id"].as_u64(), about["total_steps"].as_u64()), (Some(1), Some(1)));
}

#[test]
fn a_session_longer_than_minari_reads_becomes_several_episodes() {
    let bytes = write(Format::Minari, &[131_072]);
    let mut steps = vec![];
    for entry in tar::Archive::new(Cursor::new(&bytes)).entries().unwrap() {
        let entry = entry.unwrap();
        if entry.path().unwrap().ends_with("part-0.arrow") {
            let mut content = Vec::new();
            { entry }.read_to_end(&mut content).unwrap();
            let batch = FileReader::try_new(Cursor::new(content), None).unwrap().next().unwrap().unwrap();
            let last = batch.num_rows() - 2;
            steps.push((batch.num_rows(), flags(&batch, "truncations")[last], flags(&batch, "terminations")[last]));
        }
    }
    assert_eq!(steps, [(131_072, true, false), (2, false, true)]);
}

#[test]
fn ndjson_has_the_documents_and_the_floats() {
    let text = String::from_utf8(write(Format::Ndjson, &[2])).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["next_state"], lines[1]["state"]);
    assert_eq!(lines[0]["state"]["version"], 2);
    assert_eq!(lines[1]["action"].to_string(), r#"{"amount":"0.0500","type":"spin","version":1}"#);
    assert_eq!((&lines[1]["done"], &lines[1]["terminated"]), (&Value::Bool(true), &Value::Bool(true)));
    assert_eq!(lines[0]["observation"].as_array().unwrap().len(), OBSERVATION_LENGTH);
}

#[test]
fn nothing_is_a_valid_file_of_each_format() {
    assert!(write(Format::Ndjson, &[]).is_empty());
    assert!(batches(&write(Format::Arrow, &[])).is_empty());
    let file = parquet_bytes(write(Format::Parquet, &[]));
    let open = ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    assert_eq!(open.build().unwrap().count(), 0);
    assert!(array(&write(Format::Npz(NpzKeys::D3rlpy), &[]), "observations").0.contains("(0, 20)"));
    let tar = write(Format::Minari, &[]);
    assert_eq!(tar::Archive::new(Cursor::new(tar)).entries().unwrap().count(), 1);
}

#[test]
fn the_hash_is_of_every_value() {
    let encoder = Encoder::new(engine_ladder());
    let step = RecordedStep {
        id: EventId(Uuid::from_u128(1)),
        session_id: SessionId(Uuid::from_u128(2)),
        seq: 1,
        state: None,
        action: Action::CashOut,
        reward: 1.0,
        next_state: seen(1),
        ending: Ending::Open,
        created_at: from_millis(0).unwrap(),
    };
    let (before, after) = (encoder.encode(&seen(0)), encoder.encode(&seen(1)));
    let hash = |step: &RecordedStep, ending, observation: &[f32]| {
        let state = seen(0);
        let mut hash = ContentHash::default();
        hash.row(&Row { step, state: &state, ending, observation, action: 1, next_observation: &after, place: 0 });
        hash.finish()
    };
    let first = hash(&step, Ending::Open, &before);
    assert_eq!(first, hash(&step, Ending::Open, &before));
    let others = [
        hash(&step, Ending::Terminated, &before),
        hash(&step, Ending::Truncated, &before),
        hash(&step, Ending::Open, &after),
        hash(&RecordedStep { reward: 2.0, ..step.clone() }, Ending::Open, &before),
        hash(&RecordedStep { seq: 2, ..step.clone() }, Ending::Open, &before),
    ];
    assert!(others.iter().all(|other| *other != first));
}
