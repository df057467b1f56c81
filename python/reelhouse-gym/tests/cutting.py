"""A proxy whose connections break after so many bytes of answers."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

# With this, closing a socket resets the connection.
RESET = struct.pack("ii", 1, 0)


class Proxy:
    """Passes on what a server answers; a connection ends after the next number of bytes, for None never."""

    def __init__(self, url: str, budgets: Iterator[int | None], on_cut: Callable[[], None]) -> None:
        split = urlsplit(url)
        assert split.hostname is not None
        assert split.port is not None
        self._upstream = (split.hostname, split.port)
        self._budgets = budgets
        self._on_cut = on_cut
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._name = b"127.0.0.1:%d" % self._listener.getsockname()[1]
        self.url = f"http://{self._name.decode()}"
        self.cuts: list[int] = []
        self._threads = [threading.Thread(target=self._accept)]

    def __enter__(self) -> Proxy:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        """Ends when the clients have closed their connections."""
        # A listener that is shut down wakes whoever waits for connections.
        self._listener.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._threads.append(threading.Thread(target=self._serve, args=(client, next(self._budgets))))
                self._threads[-1].start()

    def _serve(self, client: socket.socket, budget: int | None) -> None:
        with client, socket.create_connection(self._upstream) as server:
            self._pass(client, server, budget)

    def _pass(self, client: socket.socket, server: socket.socket, budget: int | None) -> None:
        up = threading.Thread(target=self._pass_up, args=(client, server))
        up.start()
        whole = copy(server, client, budget)
        if not whole and budget is not None:
            self._on_cut()
            self.cuts.append(budget)
            if len(self.cuts) % 2:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        end(server)
        end(client)
        up.join()

    def _pass_up(self, client: socket.socket, server: socket.socket) -> None:
        """Passes on what is asked; a client that leaves ends the connection to the server as well."""
        copy(client, server, None, self._renamed)
        end(server)

    def _renamed(self, request: bytes) -> bytes:
        """The request as of the server: it answers to no other name."""
        return request.replace(self._name, b"%s:%d" % (self._upstream[0].encode(), self._upstream[1]))


def end(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)


def copy(
    source: socket.socket,
    target: socket.socket,
    budget: int | None,
    change: Callable[[bytes], bytes] = bytes,
) -> bool:
    """Copies up to so many bytes, changed; whether it came to the end."""
    left = budget
    while left is None or left > 0:
        try:
            data = source.recv(min(1 << 16, left or 1 << 16))
            if not data:
                return True
            target.sendall(change(data))
        except OSError:
            return True
        left = None if left is None else left - len(data)
    return False
