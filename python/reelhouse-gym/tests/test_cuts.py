"""Exports over connections that break at arbitrary bytes: no gap, no row twice."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
import pytest
from cutting import Proxy

import reelhouse_gym
import reelhouse_gym.download
import reelhouse_gym.server
from reelhouse_gym import BrokenOff, load

CASH_OUT, FIRST_STAKE = 1, 3
# Together more rows than two Arrow batches have.
PLACES, STEPS = 150, 60


@pytest.fixture(scope="module")
def record(url: str) -> Iterator[Any]:
    """Sessions that are still open, of more rows than an Arrow batch has."""
    envs = gymnasium.make_vec(
        reelhouse_gym.ENV_ID, num_envs=PLACES, url=url, game="pearl-5x3", behavior="cut", balance="1000.00"
    )
    _, infos = envs.reset(seed=5)
    for _ in range(STEPS):
        masks = infos["action_mask"]
        masks[:, CASH_OUT] = 0
        _, _, _, _, infos = envs.step(masks.argmax(1))
    yield envs
    envs.close()


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (reelhouse_gym.download, reelhouse_gym.server):
        monkeypatch.setattr(module, "FIRST_DELAY", 0.0)


def chosen(seed: int, least: int, most: int) -> Iterator[int]:
    """Numbers of bytes at random."""
    chance = random.Random(seed)
    return (chance.randint(least, most) for _ in itertools.count())


def wanted(record: Any) -> dict[str, Any]:
    return {"game_id": record.unwrapped.tables.game_id}


def play_on(record: Any) -> None:
    """A step in each session, which an export that has begun must not show."""
    record.step(np.full(PLACES, FIRST_STAKE))


@pytest.mark.parametrize("seed", range(2))
def test_lines_arrive_once_each_wherever_it_breaks(record: Any, url: str, tmp_path: Path, seed: int) -> None:
    whole = load.export(tmp_path / "whole", "ndjson", url=url, **wanted(record))
    with Proxy(url, chosen(seed, 1, 2_000_000), lambda: play_on(record)) as proxy:
        found = load.export(tmp_path / "cut", "ndjson", url=proxy.url, **wanted(record))
    assert len(proxy.cuts) >= 5
    assert found.read_bytes() == whole.read_bytes()


def test_single_bytes_are_survived_as_well(record: Any, url: str, tmp_path: Path) -> None:
    """Connections that end in the head of the answer, in its first line, between lines."""
    budgets = itertools.chain([None], itertools.cycle([1, 300, 2000, 5003]))
    session = record.unwrapped.session_ids[0]
    whole = load.export(tmp_path / "whole", "ndjson", url=url, session_id=session)
    with Proxy(url, budgets, lambda: None) as proxy:
        found = load.export(tmp_path / "cut", "ndjson", url=proxy.url, session_id=session)
    assert len(proxy.cuts) >= 40
    assert found.read_bytes() == whole.read_bytes()


def test_a_limit_counts_over_all_connections(record: Any, url: str, tmp_path: Path) -> None:
    whole = load.export(tmp_path / "whole", "ndjson", url=url, limit=777, **wanted(record))
    with Proxy(url, chosen(4, 1, 200_000), lambda: None) as proxy:
        found = load.export(tmp_path / "cut", "ndjson", url=proxy.url, limit=777, **wanted(record))
    assert len(proxy.cuts) >= 5
    assert found.read_bytes().count(b"\n") == 777
    assert found.read_bytes() == whole.read_bytes()


@pytest.mark.parametrize("seed", range(2))
def test_arrow_batches_arrive_once_each(record: Any, url: str, seed: int) -> None:
    whole = load.arrow(url=url, **wanted(record))
    with Proxy(url, chosen(seed, 1, 2_500_000), lambda: play_on(record)) as proxy:
        found = load.arrow(url=proxy.url, **wanted(record))
    assert len(proxy.cuts) >= 2
    assert found.equals(whole)


def test_arrow_without_pyarrow_and_other_formats_start_over(
    record: Any, url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(reelhouse_gym.download, "_pyarrow", lambda: None)
    for format in ("arrow", "parquet", "npz", "minari"):
        asked = {**wanted(record), "until": now(url), "limit": 2000}
        whole = load.export(tmp_path / "whole", format, url=url, **asked)
        with Proxy(url, iter([1, 5_000, 60_000, None]), lambda: None) as proxy:
            found = load.export(tmp_path / "cut", format, url=proxy.url, **asked)
        assert proxy.cuts == [1, 5_000, 60_000]
        assert found.read_bytes() == whole.read_bytes(), format


@pytest.mark.parametrize(("format", "first"), [("ndjson", [None]), ("parquet", [])])
def test_a_connection_that_always_breaks_is_an_error(
    record: Any, url: str, tmp_path: Path, format: Any, first: list[None]
) -> None:
    budgets = itertools.chain(first, itertools.repeat(500))
    with Proxy(url, budgets, lambda: None) as proxy, pytest.raises(BrokenOff, match="broke off"):
        load.export(tmp_path / "cut", format, url=proxy.url, **wanted(record))
    assert len(proxy.cuts) == reelhouse_gym.server.ATTEMPTS
    assert list(tmp_path.iterdir()) == []


def now(url: str) -> str:
    manifest = reelhouse_gym.server.Server(url).get("/rl/export/manifest", {"limit": 1})
    return str(manifest["filter"]["to"])
