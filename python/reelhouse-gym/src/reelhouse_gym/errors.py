"""What a call to the server can fail with."""

from __future__ import annotations

from typing import Any


class ReelhouseError(Exception):
    """The base of this package's errors."""


class ServerUnreachable(ReelhouseError):
    """Nothing answers at the address."""

    def __init__(self, url: str, reason: object) -> None:
        super().__init__(
            f"no Reelhouse server answers at {url} ({reason}). Start one in the repository with "
            "`cargo run --release`, or name another with url=… or the variable REELHOUSE_URL."
        )
        self.url = url


class UnexpectedAnswer(ReelhouseError):
    """Something answered, but not as Reelhouse does."""


class BrokenOff(UnexpectedAnswer):
    """An answer stopped before its end."""


class Refused(ReelhouseError):
    """The server refused the request and said why (RFC 9457)."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(f"{problem['code']}: {problem.get('detail', '')}")
        self.problem = problem

    @property
    def code(self) -> str:
        """The kind of problem, such as `insufficient_funds`."""
        return str(self.problem["code"])
