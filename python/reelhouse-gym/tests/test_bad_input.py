"""What is asked for wrongly, and what there is nothing of."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reelhouse_gym import Refused, ServerUnreachable, load
from reelhouse_gym.server import Server
from reelhouse_gym.tables import find_game

FORMATS = ["ndjson", "arrow", "parquet", "npz", "minari"]
NEVER = "2000-01-01T00:00:00Z"
NOBODY = "01976e3c-9f00-7abc-8000-000000000001"


def test_an_unknown_format_is_answered_with_the_list(url: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=", ".join(FORMATS)) as error:
        load.export(tmp_path / "x", "csv", url=url)  # type: ignore[arg-type]
    assert (error.value.problem["status"], error.value.code) == (406, "not_acceptable")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("cursor", ["x", NOBODY, f"{NOBODY}:-1", f"{NOBODY}:1:2", ":", "é:1"])
def test_a_bad_cursor_is_refused(url: str, tmp_path: Path, format: Any, cursor: str) -> None:
    with pytest.raises(Refused) as error:
        load.export(tmp_path / "x", format, url=url, cursor=cursor)
    assert (error.value.problem["status"], error.value.code) == (400, "invalid_cursor")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    ("filters", "status", "code"),
    [
        ({"limit": 0}, 400, "invalid_query"),
        ({"limit": "ten"}, 400, "invalid_query"),
        ({"since": "yesterday"}, 400, "invalid_query"),
        ({"until": "2000-13-01T00:00:00Z"}, 400, "invalid_query"),
        ({"session_id": "mine"}, 400, "invalid_query"),
        ({"session_id": NOBODY}, 404, "not_found"),
        ({"game_id": NOBODY}, 404, "not_found"),
        ({"ladder": "0.05"}, 422, "invalid_request"),
    ],
)
def test_bad_filters_are_refused(
    url: str, tmp_path: Path, format: Any, filters: Any, status: int, code: str
) -> None:
    with pytest.raises(Refused) as error:
        load.export(tmp_path / "x", format, url=url, **filters)
    assert (error.value.problem["status"], error.value.code) == (status, code)


@pytest.fixture(params=["of all games", "of one game"])
def nothing(request: pytest.FixtureRequest, url: str, server: Server) -> dict[str, Any]:
    """Filters that choose no row."""
    game = {} if request.param == "of all games" else {"game_id": find_game(server, "fruit-5x3")}
    return {"url": url, "until": NEVER, **game}


def test_nothing_as_lines(nothing: dict[str, Any], tmp_path: Path) -> None:
    assert load.export(tmp_path / "x", "ndjson", **nothing).read_bytes() == b""


def test_nothing_as_arrow(nothing: dict[str, Any]) -> None:
    table = load.arrow(**nothing)
    assert table.num_rows == 0
    assert table.schema.names[:3] == ["session_id", "seq", "id"]
    assert load.polars(**nothing).shape == (0, table.num_columns)


def test_nothing_as_parquet(nothing: dict[str, Any]) -> None:
    frame = load.pandas(**nothing)
    assert len(frame) == 0
    assert {"eps_id", "obs", "actions", "rewards", "new_obs"} <= set(frame.columns)


@pytest.mark.parametrize("keys", ["d3rlpy", "tianshou"])
def test_nothing_as_arrays(nothing: dict[str, Any], keys: Any) -> None:
    found = load.arrays(keys, **nothing)
    assert {len(array) for array in found.values()} == {0}
    assert found["observations" if keys == "d3rlpy" else "obs"].dtype == np.float32


def test_nothing_as_a_minari_dataset(nothing: dict[str, Any], tmp_path: Path) -> None:
    dataset = load.minari(tmp_path, **nothing)
    assert (dataset.total_episodes, dataset.total_steps) == (0, 0)
    assert list(dataset.iterate_episodes()) == []


def test_nothing_for_d3rlpy_and_tianshou(nothing: dict[str, Any]) -> None:
    tried = 0
    if importlib.util.find_spec("d3rlpy"):
        tried += 1
        with pytest.raises(ValueError, match="no step of the record"):
            load.d3rlpy(**nothing)
    if importlib.util.find_spec("tianshou"):
        tried += 1
        assert len(load.tianshou(**nothing)) == 0
    if not tried:
        pytest.skip("neither d3rlpy nor tianshou is installed")


@pytest.mark.parametrize("name", ["arrays", "arrow", "pandas", "polars", "minari"])
def test_no_server_is_told_by_every_loader(name: str, tmp_path: Path) -> None:
    where = {"root": tmp_path} if name == "minari" else {}
    with pytest.raises(ServerUnreachable, match=r"127\.0\.0\.1:9 .*cargo run --release"):
        getattr(load, name)(url="http://127.0.0.1:9", **where)
    assert list(tmp_path.iterdir()) == []
