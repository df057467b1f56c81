"""An export that survives a connection that breaks: it goes on where it was cut, or starts over.

NDJSON and the Arrow stream are made of whole parts, each of which ends at a row: after a cut the server is
asked for the rows after the last one that arrived. The other formats are whole only at their end, and start
over; so does the Arrow stream where pyarrow is not installed.
"""

from __future__ import annotations

import importlib
import io
import json
import time
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, NamedTuple

from .errors import BrokenOff, ServerUnreachable
from .server import ATTEMPTS, FIRST_DELAY, LONGEST_DELAY, Server

PATH = "/rl/export"
# What another attempt may mend.
PASSING = (BrokenOff, ServerUnreachable)
Query = dict[str, Any]


class Part(NamedTuple):
    """Bytes that end with a row, how many rows they have, and where to go on after the last one."""

    data: bytes
    rows: int
    cursor: str


Parts = Callable[[Iterable[bytes]], Iterator[Part]]


def download(server: Server, query: Query, file: IO[bytes]) -> None:
    """Writes an export to an empty file. A connection that breaks again and again is an error."""
    if query["format"] == "ndjson":
        _go_on(server, query, file, _lines)
    elif query["format"] == "arrow" and (ipc := _pyarrow()):
        batches = _Batches(ipc)
        _go_on(server, query, file, batches.parts)
        file.write(batches.end())
    else:
        _start_over(server, query, file)


def _go_on(server: Server, query: Query, file: IO[bytes], parts: Parts) -> None:
    """Asks for what is missing until it is all there."""
    query = _up_to_now(server, query)
    attempts = _Attempts()
    while True:
        try:
            for part in parts(server.stream(PATH, query)):
                file.write(part.data)
                query["cursor"] = part.cursor
                if query.get("limit") is not None:
                    query["limit"] -= part.rows
                attempts.progress()
            return
        except PASSING as error:
            if query.get("limit") == 0:
                return
            attempts.failed(error)


def _start_over(server: Server, query: Query, file: IO[bytes]) -> None:
    """Asks for all of it until it comes in one go."""
    attempts = _Attempts()
    while True:
        try:
            for piece in server.stream(PATH, query):
                file.write(piece)
            return
        except PASSING as error:
            attempts.failed(error)
            file.seek(0)
            file.truncate()


class _Attempts:
    """How often in a row nothing new came, and the waits between."""

    def __init__(self) -> None:
        self._failures = 0
        self._answered = False

    def progress(self) -> None:
        self._failures = 0
        self._answered = True

    def failed(self, error: Exception) -> None:
        """Waits for the next attempt, or raises the error when there is no use in one."""
        self._failures += 1
        absent = isinstance(error.__cause__, ConnectionRefusedError) and not self._answered
        if absent or self._failures == ATTEMPTS:
            raise error
        self._answered |= isinstance(error, BrokenOff)
        time.sleep(min(LONGEST_DELAY, FIRST_DELAY * 2 ** (self._failures - 1)))


def _up_to_now(server: Server, query: Query) -> Query:
    """The query with the instant that it goes up to: what is played meanwhile is not part of the export."""
    if query.get("to") is not None:
        return dict(query)
    asked = {name: value for name, value in query.items() if name not in ("format", "limit")}
    manifest = server.get(PATH + "/manifest", {**asked, "limit": 1})
    return {**query, "to": manifest["filter"]["to"]}


def _lines(pieces: Iterable[bytes]) -> Iterator[Part]:
    """The whole lines of NDJSON."""
    rest = b""
    for piece in pieces:
        lines, newline, rest = (rest + piece).rpartition(b"\n")
        if newline:
            last = json.loads(lines[lines.rfind(b"\n") + 1 :])
            yield Part(lines + newline, lines.count(b"\n") + 1, f"{last['session_id']}:{last['seq']}")


class _Batches:
    """The whole record batches of several Arrow streams, as one stream."""

    def __init__(self, ipc: Any) -> None:
        self._ipc = ipc
        self._sink = io.BytesIO()
        self._writer: Any = None

    def parts(self, pieces: Iterable[bytes]) -> Iterator[Part]:
        with self._ipc.open_stream(io.BufferedReader(_Pieces(pieces))) as reader:
            if self._writer is None:
                self._writer = self._ipc.new_stream(self._sink, reader.schema)
            for batch in reader:
                self._writer.write_batch(batch)
                session, seq = (batch.column(name)[-1].as_py() for name in ("session_id", "seq"))
                yield Part(self._taken(), batch.num_rows, f"{session}:{seq}")

    def end(self) -> bytes:
        """What a stream ends with."""
        self._writer.close()
        return self._taken()

    def _taken(self) -> bytes:
        data = self._sink.getvalue()
        self._sink.seek(0)
        self._sink.truncate()
        return data


class _Pieces(io.RawIOBase):
    """Pieces as a file to be read from."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest:
            self._rest = memoryview(next(self._pieces, b""))
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


def _pyarrow() -> Any:
    """The library that reads Arrow streams, when it is installed."""
    try:
        return importlib.import_module("pyarrow.ipc")
    except ImportError:
        return None
