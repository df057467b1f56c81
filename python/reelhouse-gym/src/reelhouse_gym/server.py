"""HTTP to one server: connections that stay open, and retries that never write twice."""

from __future__ import annotations

import http.client
import json
import os
import random
import time
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

from .errors import BrokenOff, Refused, ServerUnreachable, UnexpectedAnswer

DEFAULT_URL = "http://127.0.0.1:8080"
# Answers that say "not now": the request had no effect, or its key makes a second one harmless.
PASSING = frozenset({408, 429, 502, 503, 504})
ATTEMPTS = 6
FIRST_DELAY = 0.1
LONGEST_DELAY = 10.0
CHUNK = 1 << 16


class Server:
    """A Reelhouse server. One thread at a time may use an instance."""

    def __init__(self, url: str | None = None, key: str | None = None, *, timeout: float = 60.0) -> None:
        """Address: `url`, else REELHOUSE_URL, else the default port of this machine. Key: likewise."""
        self.url = (url or os.environ.get("REELHOUSE_URL") or DEFAULT_URL).rstrip("/")
        self._key = key or os.environ.get("REELHOUSE_KEY")
        self._timeout = timeout
        self._connection: http.client.HTTPConnection | None = None
        split = urlsplit(self.url)
        if split.scheme not in ("http", "https") or not split.hostname:
            raise ValueError(f"{self.url!r} is not the address of a server, such as {DEFAULT_URL}")

    def get(self, path: str, query: dict[str, Any] | None = None) -> Any:
        """The JSON that a read answers."""
        return _json(self._send("GET", _with_query(path, query), None, {}))

    def post(self, path: str, body: Any) -> Any:
        """The JSON that a write answers."""
        data = json.dumps(body).encode()
        return _json(self._send("POST", path, data, {"content-type": "application/json"}))

    def post_bytes(self, path: str, body: bytes, media_type: str) -> bytes:
        """The bytes that a write of bytes answers."""
        return self._send("POST", path, body, {"content-type": media_type, "accept": media_type})

    def stream(self, path: str, query: dict[str, Any] | None = None) -> Iterator[bytes]:
        """The bytes of an answer, piece by piece, over a connection of its own."""
        connection = self._connect()
        try:
            try:
                connection.request("GET", _with_query(path, query), headers=self._headers({}))
                response = connection.getresponse()
            except (OSError, http.client.HTTPException) as error:
                raise ServerUnreachable(self.url, error) from error
            if response.status >= 400:
                raise _refusal(response.status, response.read())
            while piece := self._piece(response):
                yield piece
            # A length that was announced and did not come is an end like any other to `http.client`.
            if response.length:
                raise BrokenOff(f"the answer of {self.url} broke off {response.length} bytes before its end")
        finally:
            connection.close()

    def _piece(self, response: http.client.HTTPResponse) -> bytes:
        """What has arrived by now: a longer read would lose it when the rest does not come."""
        try:
            return response.read1(CHUNK)
        except (OSError, http.client.HTTPException) as error:
            raise BrokenOff(f"the answer of {self.url} broke off ({error!r})") from error

    def close(self) -> None:
        """Closes the connection; the next request opens another."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> bytes:
        """One request, tried again while that may help. A write keeps its key from try to try."""
        if method == "POST":
            headers = {**headers, "idempotency-key": str(uuid.uuid4())}
        for attempt in range(1, ATTEMPTS + 1):
            delay = min(LONGEST_DELAY, FIRST_DELAY * 2 ** (attempt - 1)) * random.random()
            try:
                status, answer, after = self._try(method, path, body, self._headers(headers))
            except (OSError, http.client.HTTPException) as error:
                self.close()
                # A connection that was never made is not worth the wait: nobody is there.
                if attempt == ATTEMPTS or isinstance(error, ConnectionRefusedError):
                    raise ServerUnreachable(self.url, error) from error
            else:
                if status < 400:
                    return answer
                if status not in PASSING or attempt == ATTEMPTS or after > LONGEST_DELAY:
                    raise _refusal(status, answer)
                delay = max(delay, after)
            time.sleep(delay)
        raise AssertionError("the last attempt returns or raises")

    def _try(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, bytes, float]:
        if self._connection is None:
            self._connection = self._connect()
        self._connection.request(method, path, body=body, headers=headers)
        response = self._connection.getresponse()
        after = response.getheader("retry-after", "")
        return response.status, response.read(), float(after) if after.isdigit() else 0.0

    def _connect(self) -> http.client.HTTPConnection:
        split = urlsplit(self.url)
        kind = http.client.HTTPSConnection if split.scheme == "https" else http.client.HTTPConnection
        assert split.hostname is not None
        return kind(split.hostname, split.port, timeout=self._timeout)

    def _headers(self, headers: dict[str, str]) -> dict[str, str]:
        return {**headers, "authorization": f"Bearer {self._key}"} if self._key else headers


def _with_query(path: str, query: dict[str, Any] | None) -> str:
    given = {name: value for name, value in (query or {}).items() if value is not None}
    return f"{path}?{urlencode(given)}" if given else path


def _json(answer: bytes) -> Any:
    try:
        return json.loads(answer)
    except ValueError as error:
        raise UnexpectedAnswer("the answer is no JSON: is it Reelhouse?") from error


def _refusal(status: int, answer: bytes) -> Exception:
    try:
        problem = json.loads(answer)
    except ValueError:
        problem = None
    if isinstance(problem, dict) and "code" in problem:
        return Refused(problem)
    return UnexpectedAnswer(f"the answer is {status} without a reason: is it Reelhouse?")
