"""The record as each library itself reads it, row for row against the database file.

The file is read with the sqlite3 module, and what is compared with it (floats, indices, ends of episodes) is
computed here from its documents. A library that is not installed is skipped: README.md has the commands.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import endings
import numpy as np
import pytest
from conftest import running
from endings import Row

from reelhouse_gym import load
from reelhouse_gym.server import Server
from reelhouse_gym.tables import find_game

pytestmark = pytest.mark.libraries


@dataclass
class Record:
    """A server, and the rows of its database."""

    url: str
    rows: list[Row]

    def column(self, name: str) -> Any:
        return np.array([getattr(row, name) for row in self.rows])

    @property
    def episodes(self) -> list[list[Row]]:
        return list(endings.episodes(self.rows))


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Record]:
    """Some 400 sessions that ended in every way there is."""
    folder = tmp_path_factory.mktemp("record")
    database = folder / "house.db"
    with running(folder) as url:
        endings.play(url)
    left = endings.leave_alone(database)
    with running(folder) as url:
        endings.wait_for_expiries(database, left)
        yield Record(url, endings.rows(database, url))


def library(name: str) -> Any:
    return pytest.importorskip(name, reason=f"{name} is not installed")


def test_the_record_has_every_kind_of_ending(record: Record) -> None:
    ends = Counter(
        (episode[-1].action["type"], episode[-1].next_state["state"], *episode[-1].stored)
        for episode in record.episodes
    )
    assert sum(ends.values()) >= 300
    assert ends["cash_out", "completed", True, False] >= 50
    assert ends["close", "completed", True, False] >= 10
    assert ends["spin", "playing", True, False] >= 50, "ruined"
    assert ends["spin", "playing", False, True] >= 50, "at the daily limit"
    assert ends["expire", "expired", False, True] >= 50, "closed by the house"
    assert ends["spin", "playing", False, False] >= 50, "still open"
    expired = [episode for episode in record.episodes if episode[-1].action["type"] == "expire"]
    last = {(episode[-2].state["state"], episode[-1].state["state"]) for episode in expired}
    assert {("playing", "bet_placed"), ("free_games", "playing")} <= last, (
        "stakes held, free games played out"
    )
    gone_on = [any(any(row.stored) for row in episode[:-1]) for episode in record.episodes]
    assert sum(gone_on) >= 10, "ruined, and played on after a deposit"
    assert {0, 1, 2, 3, 4, 5} <= set(record.column("index").tolist())


def test_steps_hold_together_and_episodes_end_once(record: Record, tmp_path: Path) -> None:
    file = load.export(tmp_path / "record.ndjson", "ndjson", url=record.url)
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [line["id"] for line in lines] == [row.id for row in record.rows]
    for line, row in zip(lines, record.rows, strict=True):
        assert (line["state"], line["action"], line["next_state"]) == (row.state, row.action, row.next_state)
    arrays = load.arrays("tianshou", url=record.url)
    at = 0
    for episode in record.episodes:
        end = at + len(episode)
        assert [line["seq"] for line in lines[at:end]] == list(range(1, len(episode) + 1))
        assert all(lines[t]["next_state"] == lines[t + 1]["state"] for t in range(at, end - 1))
        np.testing.assert_array_equal(arrays["obs_next"][at : end - 1], arrays["obs"][at + 1 : end])
        flags = arrays["terminated"][at:end].astype(int) + arrays["truncated"][at:end].astype(int)
        assert flags.tolist() == [0] * (len(episode) - 1) + [1]
        at = end
    assert at == len(lines) == len(arrays["obs"])


def test_pandas(record: Record) -> None:
    library("pandas")
    library("pyarrow")
    frame = load.pandas(url=record.url)
    compare_rllib_columns(record, frame)


@pytest.mark.parametrize("name", ["polars", "pyarrow"])
def test_the_arrow_stream(record: Record, name: str) -> None:
    library(name)
    table = load.polars(url=record.url) if name == "polars" else load.arrow(url=record.url)
    found = table.to_dict(as_series=False) if name == "polars" else table.to_pydict()
    columns = [
        ("session_id", "session"),
        ("seq", "seq"),
        ("id", "id"),
        ("action", "index"),
        ("reward", "reward"),
    ]
    for column, row in [*columns, ("terminated", "terminated"), ("truncated", "truncated")]:
        assert found[column] == record.column(row).tolist(), column
    for column in ("observation", "next_observation"):
        np.testing.assert_array_equal(np.array(found[column], np.float32), record.column(column))


def test_minari(record: Record, tmp_path: Path) -> None:
    library("minari")
    dataset = load.minari(tmp_path, url=record.url)
    assert (dataset.total_episodes, dataset.total_steps) == (len(record.episodes), len(record.rows))
    for found, episode in zip(dataset.iterate_episodes(), record.episodes, strict=True):
        rows = Record(record.url, episode)
        assert found.actions.tolist() == rows.column("index").tolist()
        assert found.rewards.tolist() == rows.column("reward").tolist()
        assert found.terminations.tolist() == rows.column("terminated").tolist()
        assert found.truncations.tolist() == rows.column("truncated").tolist()
        observations = [*rows.column("observation"), episode[-1].next_observation]
        np.testing.assert_array_equal(found.observations, observations)


def test_d3rlpy(record: Record) -> None:
    d3rlpy = library("d3rlpy")
    dataset = load.d3rlpy(url=record.url)
    assert dataset.dataset_info.action_size == 10
    assert len(dataset.episodes) == len(record.episodes)
    for found, episode in zip(dataset.episodes, record.episodes, strict=True):
        rows = Record(record.url, episode)
        np.testing.assert_array_equal(found.observations, rows.column("observation"))
        np.testing.assert_array_equal(found.actions.ravel(), rows.column("index"))
        np.testing.assert_array_equal(found.rewards.ravel(), rows.column("reward").astype(np.float32))
        assert found.terminated == episode[-1].terminated
        # Its buffers make transitions of all steps but the last of a truncated episode.
        assert found.transition_count == len(episode) - episode[-1].truncated
    buffer = d3rlpy.dataset.create_infinite_replay_buffer(episodes=dataset.episodes)
    assert buffer.transition_count == sum(episode.transition_count for episode in dataset.episodes)
    learner = d3rlpy.algos.DiscreteBCConfig().create(device="cpu:0")
    silent = d3rlpy.logging.NoopAdapterFactory()
    learner.fit(dataset, n_steps=10, n_steps_per_epoch=10, logger_adapter=silent, show_progress=False)
    assert 0 <= learner.predict(record.rows[0].observation[None])[0] < 10


def test_tianshou(record: Record) -> None:
    library("tianshou")
    buffer = load.tianshou(url=record.url)
    assert len(buffer) == len(record.rows)
    columns = [("obs", "observation"), ("act", "index"), ("rew", "reward"), ("obs_next", "next_observation")]
    for column, row in [*columns, ("terminated", "terminated"), ("truncated", "truncated")]:
        np.testing.assert_array_equal(getattr(buffer, column), record.column(row), column)
    np.testing.assert_array_equal(buffer.done, buffer.terminated | buffer.truncated)
    # Where the buffer itself goes from a step: to the next of its episode, and nowhere from the last.
    everywhere = np.arange(len(buffer))
    ends = record.column("terminated") | record.column("truncated")
    np.testing.assert_array_equal(buffer.next(everywhere), np.where(ends, everywhere, everywhere + 1))
    assert buffer.sample(64)[0].obs_next.shape == (64, len(record.rows[0].observation))


def test_rllib(record: Record, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its reader's rows, and a round of training on them."""
    monkeypatch.setenv("RAY_AUTH_MODE", "disabled")
    ray = library("ray")
    bc = library("ray.rllib.algorithms.bc")
    from gymnasium import spaces

    data = load.rllib(tmp_path / "record.parquet", url=record.url)
    width = len(record.rows[0].observation)
    ray.init(num_cpus=4, include_dashboard=False, log_to_driver=False)
    try:
        config = (
            bc.BCConfig()
            .environment(observation_space=spaces.Box(-1, 16, (width,)), action_space=spaces.Discrete(10))
            .offline_data(**data, dataset_num_iters_per_learner=1)
            .env_runners(num_env_runners=0)
            .learners(num_learners=0)
            .training(train_batch_size_per_learner=256)
            .evaluation(evaluation_interval=None)
        )
        algorithm = config.build_algo()
        compare_rllib_columns(record, algorithm.offline_data.data.to_pandas())
        learnt = algorithm.train()["learners"]["default_policy"]
        assert learnt["num_module_steps_trained"] >= 256
        algorithm.stop()
    finally:
        ray.shutdown()


def compare_rllib_columns(record: Record, frame: Any) -> None:
    columns = [("eps_id", "session"), ("actions", "index"), ("rewards", "reward")]
    for column, row in [*columns, ("terminateds", "terminated"), ("truncateds", "truncated")]:
        assert frame[column].tolist() == record.column(row).tolist(), column
    assert frame["t"].tolist() == (record.column("seq") - 1).tolist()
    assert [infos["event_id"] for infos in frame["infos"]] == record.column("id").tolist()
    np.testing.assert_array_equal(np.stack(frame["obs"]), record.column("observation"))
    np.testing.assert_array_equal(np.stack(frame["new_obs"]), record.column("next_observation"))


@pytest.mark.long
def test_a_session_longer_than_minari_reads_comes_apart(record: Record, tmp_path: Path) -> None:
    """131,072 steps of one session: an episode of the most that Minari reads, and one of the last step."""
    library("minari")
    server = Server(record.url)
    wallet = server.post("/wallets", {"balance": "1000000.00"})["wallet_id"]
    body = {"game_id": find_game(server, "fruit-5x3"), "wallet_id": wallet, "training_seed": 1}
    session = server.post("/sessions", body)["session_id"]
    actions = [{"type": "bet", "amount": "0.05"}, {"type": "void"}] * 500
    for _ in range(131):
        server.post(f"/sessions/{session}/action", actions)
    server.post(f"/sessions/{session}/action", [*actions[:71], {"type": "spin"}])
    server.close()
    whole = load.arrays("tianshou", url=record.url, session_id=session)
    dataset = load.minari(tmp_path, url=record.url, session_id=session)
    assert (dataset.total_steps, dataset.total_episodes) == (131_072, 2)
    first, second = dataset.iterate_episodes()
    assert (len(first.actions), len(second.actions)) == (131_071, 1)
    for name, column in [("actions", "act"), ("rewards", "rew")]:
        both = [*getattr(first, name), *getattr(second, name)]
        np.testing.assert_array_equal(both, whole[column].ravel())
    np.testing.assert_array_equal(first.observations[:-1], whole["obs"][:-1])
    np.testing.assert_array_equal(first.observations[-1], second.observations[0])
    np.testing.assert_array_equal(second.observations, [whole["obs"][-1], whole["obs_next"][-1]])
    for episode in (first, second):
        assert not episode.terminations.any()
        assert np.flatnonzero(episode.truncations).tolist() == [len(episode.actions) - 1]
