"""Runs what the example needs of the repository: a server of its own, and the TypeScript agents."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def program(name: str, advice: str) -> str:
    """The path of a program, or the end of this one with advice."""
    found = shutil.which(name)
    if found is None:
        sys.exit(f"{name} was not found: {advice}")
    return found


def server_program() -> Path:
    """The server: REELHOUSE_BIN, else a release build, which cargo makes or renews."""
    if named := os.environ.get("REELHOUSE_BIN"):
        return Path(named).resolve()
    cargo = program("cargo", "install Rust (https://rustup.rs), or set REELHOUSE_BIN to a built server")
    subprocess.run([cargo, "build", "--release", "-p", "reelhouse-app"], cwd=ROOT, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", "target"))
    return ROOT / target / "release" / "reelhouse"


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Starts a server whose data is in `folder`; gives its address."""
    command = [str(server_program()), "--listen", "127.0.0.1:0", "--log", "warn"]
    command += ["--database-url", f"sqlite://{folder / 'house.db'}"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        url = next(
            (match[1] for line in child.stdout if (match := re.search(r"listens on (\S+)", line))), None
        )
        if url is None:
            sys.exit(f"the server ended with {child.wait()} before it listened")
        try:
            yield url
        finally:
            child.terminate()


def prepare_agents() -> None:
    """Installs the packages of the TypeScript agents when they are not there."""
    npm = program("npm", "install Node.js 20 or newer (https://nodejs.org)")
    if not (ROOT / "agents" / "node_modules").is_dir():
        subprocess.run([npm, "ci", "--no-fund", "--no-audit"], cwd=ROOT / "agents", check=True)


def play(*options: str) -> dict[str, Any]:
    """`npm start` with these options; returns its summary."""
    npm = program("npm", "install Node.js 20 or newer (https://nodejs.org)")
    command = [npm, "start", "--silent", "--", "--json", *options]
    done = subprocess.run(command, cwd=ROOT / "agents", check=True, stdout=subprocess.PIPE, text=True)
    summary: dict[str, Any] = json.loads(done.stdout)
    return summary
