"""What is tried again, and with which key, at a server that answers by script."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

import reelhouse_gym.server as module
from reelhouse_gym import Refused, ServerUnreachable, UnexpectedAnswer
from reelhouse_gym.server import Server

Answer = tuple[int, bytes, dict[str, str]]
BUSY: Answer = (503, b'{"code":"busy"}', {"retry-after": "2"})
DONE: Answer = (200, b'{"done":true}', {})
BREAK: Answer = (0, b"", {})


class Script:
    """Gives the answers in turn, and keeps what was asked."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.seen: list[dict[str, Any]] = []

    def handler(self) -> type[BaseHTTPRequestHandler]:
        script = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                script.seen.append({"path": self.path, "body": body, **dict(self.headers.items())})
                status, answer, headers = script.answers.pop(0)
                if status == 0:
                    self.close_connection = True
                    return
                self.send_response(status)
                length = {} if "transfer-encoding" in headers else {"content-length": str(len(answer))}
                for name, value in {**length, **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST = answer

            def log_message(self, *_: object) -> None:
                pass

        return Handler


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    delays: list[float] = []
    monkeypatch.setattr(module.time, "sleep", delays.append)
    monkeypatch.setattr(module.random, "random", lambda: 1.0)
    return delays


@pytest.fixture
def script(slept: list[float]) -> Iterator[tuple[Script, Server]]:
    script = Script()
    http = HTTPServer(("127.0.0.1", 0), script.handler())
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    server = Server(f"http://127.0.0.1:{http.server_port}", "secret", timeout=30)
    yield script, server
    server.close()
    http.shutdown()
    thread.join()
    http.server_close()


def test_a_write_keeps_its_key_and_body_from_try_to_try(
    script: tuple[Script, Server], slept: list[float]
) -> None:
    plan, server = script
    plan.answers = [BUSY, BREAK, DONE, DONE]
    assert server.post("/wallets", {"balance": "1"}) == {"done": True}
    assert server.post("/wallets", {"balance": "1"}) == {"done": True}
    keys = [seen["idempotency-key"] for seen in plan.seen]
    assert keys[0] == keys[1] == keys[2] != keys[3]
    assert {seen["body"] for seen in plan.seen} == {b'{"balance": "1"}'}
    assert {seen["authorization"] for seen in plan.seen} == {"Bearer secret"}
    assert slept == [2, 0.2]


def test_a_read_has_no_key(script: tuple[Script, Server]) -> None:
    plan, server = script
    plan.answers = [DONE]
    server.get("/games", {"limit": 1, "cursor": None})
    assert plan.seen[0]["path"] == "/games?limit=1"
    assert "idempotency-key" not in plan.seen[0]


@pytest.mark.parametrize("status", [400, 404, 409, 422, 500])
def test_a_refusal_is_not_tried_again(script: tuple[Script, Server], status: int) -> None:
    plan, server = script
    plan.answers = [(status, b'{"code":"no","detail":"because"}', {})]
    with pytest.raises(Refused, match="no: because") as error:
        server.get("/games")
    assert error.value.code == "no"


def test_tries_come_to_an_end(script: tuple[Script, Server], slept: list[float]) -> None:
    plan, server = script
    plan.answers = [(503, b'{"code":"busy"}', {})] * module.ATTEMPTS
    with pytest.raises(Refused, match="busy"):
        server.post("/wallets", {})
    assert slept == [0.1, 0.2, 0.4, 0.8, 1.6]
    plan.answers = [BREAK] * module.ATTEMPTS
    with pytest.raises(ServerUnreachable):
        server.post("/wallets", {})


def test_a_wait_that_is_too_long_is_not_waited(script: tuple[Script, Server], slept: list[float]) -> None:
    plan, server = script
    plan.answers = [(429, b'{"code":"too_many"}', {"retry-after": "3600"})]
    with pytest.raises(Refused, match="too_many"):
        server.get("/games")
    assert slept == []


@pytest.mark.parametrize(
    "call",
    [lambda server: server.get("/x"), lambda server: list(server.stream("/x"))],
    ids=["get", "stream"],
)
def test_another_program_at_the_address_is_told_apart(
    script: tuple[Script, Server], call: Callable[[Server], Any]
) -> None:
    plan, server = script
    plan.answers = [(404, b"<html>", {})]
    with pytest.raises(UnexpectedAnswer, match="is it Reelhouse"):
        call(server)


def test_a_stream_that_breaks_off_is_an_error(script: tuple[Script, Server]) -> None:
    plan, server = script
    plan.answers = [(200, b"5\r\nhello\r\n", {"transfer-encoding": "chunked", "connection": "close"})]
    with pytest.raises(UnexpectedAnswer, match="broke off"):
        list(server.stream("/x"))
