"""The record of play, handed to the library that is to learn from it: one call each.

Every function takes the address of the server (`url`, else REELHOUSE_URL, else the default port) and the
filters of `GET /rl/export`: `session_id`, `game_id`, `ladder`, `since`, `until`, `limit`, `cursor`.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timezone
from pathlib import Path, PurePosixPath
from typing import IO, Any, Literal, TypedDict

import numpy as np
from numpy.typing import NDArray

from .download import download
from .errors import UnexpectedAnswer
from .server import Server

if sys.version_info >= (3, 11):
    from typing import NotRequired, Unpack
else:  # Gymnasium brings it.
    from typing_extensions import NotRequired, Unpack

Format = Literal["ndjson", "arrow", "parquet", "npz", "minari"]
Keys = Literal["d3rlpy", "tianshou"]

# Where Minari looks for its datasets, when it is set.
MINARI_ROOT = "MINARI_DATASETS_PATH"
# The actions whose indices come before those of the stakes: spin, cash out, and what is none of the others.
BEFORE_STAKES = 3


class Filters(TypedDict):
    """What of the record is asked for, and where."""

    url: NotRequired[str]
    key: NotRequired[str]
    session_id: NotRequired[str]
    game_id: NotRequired[str]
    since: NotRequired[datetime | str]
    until: NotRequired[datetime | str]
    ladder: NotRequired[str]
    limit: NotRequired[int]
    cursor: NotRequired[str]


def export(path: str | os.PathLike[str], format: Format = "parquet", **filters: Unpack[Filters]) -> Path:
    """Writes the export to a file, which is there in whole or not at all."""
    target = Path(path)
    part = target.with_name(target.name + ".part")
    try:
        with part.open("wb") as file:
            _copy(file, format, {}, filters)
        return part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def arrays(keys: Keys = "d3rlpy", **filters: Unpack[Filters]) -> dict[str, NDArray[Any]]:
    """NumPy arrays: `observations, actions, rewards, terminals, timeouts`, or tianshou's names."""
    return _npz(keys, filters)[0]


def pandas(**filters: Unpack[Filters]) -> Any:
    """A pandas DataFrame with a row for each step: the columns of RLlib."""
    library = _optional("pandas")
    _optional("pyarrow", extra="pandas")
    with _fetched("parquet", {}, filters) as file:
        return library.read_parquet(file)


def polars(**filters: Unpack[Filters]) -> Any:
    """A Polars DataFrame with a row for each step."""
    library = _optional("polars")
    with _fetched("arrow", {}, filters) as file:
        return library.read_ipc_stream(file)


def arrow(**filters: Unpack[Filters]) -> Any:
    """A pyarrow Table with a row for each step."""
    ipc = _optional("pyarrow.ipc", extra="arrow")
    with _fetched("arrow", {}, filters) as file, ipc.open_stream(file) as reader:
        return reader.read_all()


def minari(root: str | os.PathLike[str] | None = None, **filters: Unpack[Filters]) -> Any:
    """A Minari dataset, unpacked below `root`, else where Minari looks for its own.

    A dataset of the same name that is there already is replaced.
    """
    library = _optional("minari")
    datasets = Path(root or os.environ.get(MINARI_ROOT) or Path.home() / ".minari" / "datasets")
    datasets.mkdir(parents=True, exist_ok=True)
    with _fetched("minari", {}, filters) as file, tarfile.open(fileobj=file, mode="r:") as tar:
        name = _unpack(tar, datasets)
    with _minari_root(datasets):
        return library.load_dataset(name)


def d3rlpy(**filters: Unpack[Filters]) -> Any:
    """A d3rlpy `MDPDataset`, whose discrete actions are all of the game's, whether they were taken or not."""
    datasets = _optional("d3rlpy.dataset", extra="d3rlpy")
    constants = importlib.import_module("d3rlpy.constants")
    found, manifest = _npz("d3rlpy", filters)
    if not manifest["rows"]:
        raise ValueError("the filters choose no step of the record, and d3rlpy has no empty datasets")
    longest = max((len(game["ladder"]) for game in manifest["games"]), default=0)
    return datasets.MDPDataset(
        **found, action_space=constants.ActionSpace.DISCRETE, action_size=BEFORE_STAKES + longest
    )


def tianshou(**filters: Unpack[Filters]) -> Any:
    """A tianshou `ReplayBuffer`."""
    data = _optional("tianshou.data", extra="tianshou")
    buffer = data.ReplayBuffer.from_data(**arrays("tianshou", **filters))
    # `from_data` takes the first step for the one that was added last, which then has no next.
    buffer.last_index[0] = max(0, len(buffer) - 1)
    return buffer


def rllib(path: str | os.PathLike[str], **filters: Unpack[Filters]) -> dict[str, Any]:
    """Writes Parquet and returns what RLlib's `offline_data(**…)` takes to read it."""
    file = export(path, "parquet", **filters)
    return {"input_": [str(file)], "input_read_method": "read_parquet"}


def _copy(file: IO[bytes], format: Format, more: dict[str, str], filters: Filters) -> None:
    query: dict[str, Any] = {"format": format, **more}
    for name in ("session_id", "game_id", "ladder", "limit", "cursor"):
        query[name] = filters.get(name)
    query["from"] = _instant(filters.get("since"))
    query["to"] = _instant(filters.get("until"))
    with closing(Server(filters.get("url"), filters.get("key"))) as server:
        download(server, query, file)


def _npz(keys: Keys, filters: Filters) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """The arrays, and the manifest that the file has for a comment."""
    with _fetched("npz", {"keys": keys}, filters) as file, zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.comment)
        file.seek(0)
        with np.load(file) as found:
            return {name: found[name] for name in found.files}, manifest


def _fetched(format: Format, more: dict[str, str], filters: Filters) -> IO[bytes]:
    # No spooled file: in Python 3.10 it lacks `seekable`, which zip files are asked for.
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the caller closes it)
    try:
        _copy(file, format, more, filters)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _instant(at: datetime | str | None) -> str | None:
    """An instant as the API takes it; a datetime without a zone is in UTC."""
    if at is None or isinstance(at, str):
        return at
    aware = at if at.tzinfo else at.replace(tzinfo=timezone.utc)
    return aware.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _unpack(tar: tarfile.TarFile, root: Path) -> str:
    """Puts a dataset's files in their place, and returns its name."""
    members = tar.getmembers()
    names = {str(PurePosixPath(*PurePosixPath(member.name).parts[:2])) for member in members}
    if len(names) != 1:
        raise UnexpectedAnswer("the tar does not hold one Minari dataset")
    name = names.pop()
    # The folders of an older and longer dataset would be read as episodes of this one.
    for old in sorted((root / name).glob("**/*"), reverse=True):
        old.rmdir() if old.is_dir() and not old.is_symlink() else old.unlink()
    tar.extractall(root, members, filter="data")
    return name


@contextmanager
def _minari_root(path: Path) -> Iterator[None]:
    """Makes Minari look here for as long as a dataset is being opened."""
    before = os.environ.get(MINARI_ROOT)
    os.environ[MINARI_ROOT] = str(path)
    try:
        yield
    finally:
        if before is None:
            del os.environ[MINARI_ROOT]
        else:
            os.environ[MINARI_ROOT] = before


def _optional(module: str, extra: str | None = None) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        extra = extra or module
        raise ImportError(f"{module} is not installed: pip install 'reelhouse-gym[{extra}]'") from error
