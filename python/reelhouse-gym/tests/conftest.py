"""A real server for the tests: the program that REELHOUSE_BIN names, on a temporary database."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gymnasium
import pytest

import reelhouse_gym
from reelhouse_gym.server import Server

ROOT = Path(__file__).resolve().parents[3]


def program() -> Path:
    named = os.environ.get("REELHOUSE_BIN")
    found = Path(named) if named else ROOT / "target" / "debug" / "reelhouse"
    if not found.is_file():
        raise FileNotFoundError(f"{found} is not there: cargo build -p reelhouse-app, or set REELHOUSE_BIN")
    return found.resolve()


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """A server with its data in a folder; gives its address."""
    database = f"sqlite://{folder / 'house.db'}"
    command = [str(program()), "--listen", "127.0.0.1:0", "--database-url", database, "--log", "warn"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if match := re.search(r"listens on (http://\S+)", line):
                try:
                    yield match[1]
                finally:
                    child.terminate()
                return
        raise RuntimeError(f"the server ended with {child.wait()} before it listened")


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("house")) as url:
        yield url


@pytest.fixture
def server(url: str) -> Iterator[Server]:
    server = Server(url)
    yield server
    server.close()


@pytest.fixture
def make(url: str) -> Iterator[Any]:
    """Makes environments at the server under test, and closes them after it."""
    made = []

    def make(num: int | None = None, **settings: Any) -> Any:
        settings = {"url": url, "game": "fruit-5x3", **settings}
        if num is None:
            env = gymnasium.make(reelhouse_gym.ENV_ID, **settings)
        else:
            env = gymnasium.make_vec(reelhouse_gym.ENV_ID, num_envs=num, **settings)
        made.append(env)
        return env

    yield make
    for env in made:
        env.close()
