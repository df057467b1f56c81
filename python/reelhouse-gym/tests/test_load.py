"""The record in every library, row for row against what the API tells of the same sessions."""

from __future__ import annotations

import builtins
import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reelhouse_gym import Refused, ServerUnreachable, load


@pytest.fixture(scope="module")
def record(url: str) -> dict[str, Any]:
    """Six episodes: some cashed out, some bust, some at their limit, one left open."""
    import gymnasium

    import reelhouse_gym

    rows: dict[str, list[dict[str, Any]]] = {}
    chance = np.random.default_rng(4)
    kinds = [{"balance": "0.40"}, {"daily_limit": "1.00", "fee": "0.01"}, {"game": "pearl-5x3"}] * 2
    for place, kind in enumerate(kinds):
        env = gymnasium.make(reelhouse_gym.ENV_ID, **{"url": url, "game": "fruit-5x3", **kind})
        observation, info = env.reset(seed=place)
        steps = rows.setdefault(env.unwrapped.session_id, [])
        for _ in range(12):
            allowed = np.flatnonzero(info["action_mask"])
            action = chance.choice(allowed[allowed != 1] if len(allowed) > 1 else allowed)
            after, reward, terminated, truncated, info = env.step(action)
            steps.append(
                {
                    "observation": observation,
                    "action": int(action),
                    "reward": reward,
                    "terminated": terminated,
                    "truncated": truncated,
                    "next": after,
                }
            )
            observation = after
            if terminated or truncated:
                break
        env.close()
        steps[-1]["truncated"] = not steps[-1]["terminated"]
    return {"url": url, "rows": rows}


@pytest.fixture
def expected(record: dict[str, Any]) -> list[dict[str, Any]]:
    """What the environments saw, in the order of the export."""
    return [{"session_id": one, **row} for one in sorted(record["rows"]) for row in record["rows"][one]]


def stack(rows: list[dict[str, Any]], name: str) -> Any:
    return np.array([row[name] for row in rows])


def only(record: dict[str, Any], frame: Any, column: str) -> Any:
    return frame[frame[column].isin(record["rows"].keys())]


def test_the_record_is_of_every_kind(expected: list[dict[str, Any]]) -> None:
    ends = [row for row in expected if row["terminated"] or row["truncated"]]
    assert len(ends) == 6
    assert {row["terminated"] for row in ends} == {True, False}


def test_pandas_agrees_with_play_and_with_the_events(
    record: dict[str, Any], expected: list[dict[str, Any]], server: Any
) -> None:
    frame = load.pandas(url=record["url"])
    frame = only(record, frame, "eps_id")
    assert frame["eps_id"].tolist() == [row["session_id"] for row in expected]
    for column, name in [
        ("actions", "action"),
        ("rewards", "reward"),
        ("terminateds", "terminated"),
        ("truncateds", "truncated"),
    ]:
        assert frame[column].tolist() == [row[name] for row in expected], column
    np.testing.assert_array_equal(np.stack(frame["obs"]), stack(expected, "observation"))
    np.testing.assert_array_equal(np.stack(frame["new_obs"]), stack(expected, "next"))
    for session, rows in frame.groupby("eps_id"):
        events = server.get(f"/sessions/{session}/events")["items"]
        assert rows["rewards"].tolist() == [event["reward"] for event in events]


def test_steps_of_an_episode_hold_together(record: dict[str, Any]) -> None:
    frame = only(record, load.pandas(url=record["url"]), "eps_id")
    for _, rows in frame.groupby("eps_id"):
        np.testing.assert_array_equal(np.stack(rows["new_obs"])[:-1], np.stack(rows["obs"])[1:])
        ends = rows["terminateds"].astype(int) + rows["truncateds"].astype(int)
        assert ends.tolist() == [0] * (len(rows) - 1) + [1]
        assert rows["t"].tolist() == list(range(len(rows)))


def test_rllib_s_columns_are_all_there_are(record: dict[str, Any], tmp_path: Path) -> None:
    import pyarrow.parquet

    data = load.rllib(tmp_path / "record.parquet", url=record["url"])
    columns = pyarrow.parquet.read_schema(data["input_"][0]).names
    wanted = "eps_id agent_id module_id obs actions rewards infos new_obs terminateds truncateds t"
    assert set(columns) == set(wanted.split())


@pytest.mark.parametrize("library", ["polars", "arrow"])
def test_the_arrow_stream_agrees(
    record: dict[str, Any], expected: list[dict[str, Any]], library: str
) -> None:
    table = getattr(load, library)(url=record["url"])
    rows = table.to_dicts() if library == "polars" else table.to_pylist()
    rows = [row for row in rows if row["session_id"] in record["rows"]]
    assert [row["session_id"] for row in rows] == [row["session_id"] for row in expected]
    for column in ("action", "reward", "terminated", "truncated"):
        assert [row[column] for row in rows] == [row[column] for row in expected], column
    np.testing.assert_array_equal(
        np.array([row["observation"] for row in rows], np.float32), stack(expected, "observation")
    )


def test_ndjson_has_the_exact_documents(record: dict[str, Any], server: Any, tmp_path: Path) -> None:
    session = next(iter(record["rows"]))
    file = load.export(tmp_path / "record.ndjson", "ndjson", url=record["url"], session_id=session)
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    events = server.get(f"/sessions/{session}/events")["items"]
    assert [row["action"] for row in rows] == [event["action"] for event in events]
    for before, after in itertools.pairwise(rows):
        assert before["next_state"] == after["state"]


def test_d3rlpy_s_arrays_follow_its_rules(record: dict[str, Any], expected: list[dict[str, Any]]) -> None:
    rows = [row for one in sorted(record["rows"]) for row in record["rows"][one]]
    parts = [load.arrays(url=record["url"], session_id=one) for one in sorted(record["rows"])]
    found = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    assert set(found) == {"observations", "actions", "rewards", "terminals", "timeouts"}
    assert found["observations"].dtype == np.float32
    np.testing.assert_array_equal(found["observations"], stack(expected, "observation"))
    assert found["actions"].ravel().tolist() == [row["action"] for row in rows]
    np.testing.assert_array_equal(found["rewards"].ravel(), stack(rows, "reward").astype(np.float32))
    # MDPDataset refuses a step that is both, and drops a tail that has neither.
    assert not np.any(found["terminals"].astype(bool) & found["timeouts"].astype(bool))
    for part in parts:
        assert bool(part["terminals"].ravel()[-1]) != bool(part["timeouts"].ravel()[-1])


def test_tianshou_s_arrays_agree(record: dict[str, Any]) -> None:
    for session, rows in record["rows"].items():
        found = load.arrays("tianshou", url=record["url"], session_id=session)
        assert set(found) == {"obs", "act", "rew", "terminated", "truncated", "done", "obs_next"}
        np.testing.assert_array_equal(found["obs_next"], stack(rows, "next"))
        np.testing.assert_array_equal(found["done"], found["terminated"] | found["truncated"])
        np.testing.assert_array_equal(found["obs"][1:], found["obs_next"][:-1])


def test_minari_opens_it(record: dict[str, Any], tmp_path: Path) -> None:
    dataset = load.minari(tmp_path, url=record["url"])
    found = {episode.actions.shape[0]: episode for episode in dataset.iterate_episodes()}
    assert dataset.total_steps == sum(episode.actions.shape[0] for episode in dataset.iterate_episodes())
    assert found
    for session, rows in record["rows"].items():
        one = load.minari(tmp_path / session, url=record["url"], session_id=session)
        assert one.total_episodes == 1
        episode = one[0]
        assert episode.actions.tolist() == [row["action"] for row in rows]
        assert episode.rewards.tolist() == [row["reward"] for row in rows]
        assert episode.terminations.tolist() == [row["terminated"] for row in rows]
        assert episode.truncations.tolist() == [row["truncated"] for row in rows]
        observations = np.concatenate([stack(rows, "observation"), [rows[-1]["next"]]])
        np.testing.assert_array_equal(episode.observations, observations)
        assert one.action_space.n > max(row["action"] for row in rows)


def test_a_shorter_minari_dataset_leaves_nothing_of_the_longer(
    record: dict[str, Any], tmp_path: Path
) -> None:
    longer = load.minari(tmp_path, url=record["url"])
    shorter = load.minari(tmp_path, url=record["url"], limit=3)
    assert (shorter.total_steps, longer.total_steps > 3) == (3, True)
    assert sum(len(episode.actions) for episode in shorter.iterate_episodes()) == 3


def test_minari_s_own_folder_is_left_as_it_was(
    record: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import minari

    monkeypatch.setenv(load.MINARI_ROOT, str(tmp_path / "own"))
    load.minari(tmp_path / "other", url=record["url"], limit=1)
    assert not (tmp_path / "own").exists()
    name = load.minari(url=record["url"], limit=1).id
    assert minari.load_dataset(name).total_steps == 1


def test_filters_choose_rows(record: dict[str, Any]) -> None:
    session, rows = next(iter(record["rows"].items()))
    frame = load.pandas(url=record["url"], session_id=session)
    assert len(frame) == len(rows)
    assert len(load.pandas(url=record["url"], session_id=session, limit=2)) == 2
    assert len(load.pandas(url=record["url"], session_id=session, until="2000-01-01T00:00:00Z")) == 0


def test_nothing_is_left_of_an_export_that_failed(record: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(Refused):
        load.export(tmp_path / "x", "csv", url=record["url"])  # type: ignore[arg-type]
    with pytest.raises(ServerUnreachable, match="cargo run --release"):
        load.export(tmp_path / "x", url="http://127.0.0.1:9")
    assert list(tmp_path.iterdir()) == []


def test_a_library_that_is_missing_is_named_with_its_extra(
    record: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__
    monkeypatch.setattr(
        load.importlib,
        "import_module",
        lambda name: real("no_such_module") if name.startswith("d3rlpy") else __import__(name),
    )
    with pytest.raises(ImportError, match=r"pip install 'reelhouse-gym\[d3rlpy\]'"):
        load.d3rlpy(url=record["url"])
