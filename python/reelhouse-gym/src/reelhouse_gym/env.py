"""One session after the other as a Gymnasium environment."""

from __future__ import annotations

from typing import Any, cast

import gymnasium
import numpy as np

from .server import Server
from .tables import Floats, Stakes, Tables

# Training seeds are whole numbers below this: every JSON reader keeps them.
SEEDS = 2**53


class SlotsEnv(gymnasium.Env[Floats, np.int64]):
    """An episode is a session with a wallet of its own.

    An action that the server refuses changes nothing: the observation stays, the reward is 0 and
    `info["refused"]` has the code. `info["action_mask"]` tells which actions would be taken; such a mask
    goes into `action_space.sample(mask)`. A seed fixes the draws of all episodes that follow, unless the
    environment is `fair`.
    """

    metadata = {"render_modes": []}  # noqa: RUF012 (Gymnasium declares it so)

    def __init__(
        self,
        game: str | None = None,
        *,
        url: str | None = None,
        key: str | None = None,
        render_mode: str | None = None,
        **stakes: Any,
    ) -> None:
        """Takes the fields of `Stakes` as keywords. No server: `ServerUnreachable`."""
        if render_mode is not None:
            raise ValueError("there is nothing to render")
        self.tables = Tables(Server(url, key), Stakes(game=game, **stakes))
        self.observation_space = cast("gymnasium.Space[Floats]", self.tables.observation_space)
        self.action_space = self.tables.action_space
        self._session: str | None = None

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Floats, dict[str, Any]]:
        """Opens the next session. One that was left open stays so, and expires."""
        super().reset(seed=seed)
        opened = self.tables.open([int(self.np_random.integers(SEEDS))])
        self._session = opened.sessions[0]
        return opened.observations[0], {"action_mask": opened.masks[0]}

    def step(self, action: np.int64 | int) -> tuple[Floats, float, bool, bool, dict[str, Any]]:
        """Acts in the session; the step is durable when this returns."""
        if self._session is None:
            raise gymnasium.error.ResetNeeded("call reset() before step()")
        steps = self.tables.step([self._session], np.asarray([action], np.int64))
        info: dict[str, Any] = {"action_mask": steps.masks[0]}
        if refusal := steps.refusals.get(0):
            info["refused"] = refusal
        return (
            steps.observations[0],
            float(steps.rewards[0]),
            bool(steps.terminated[0]),
            bool(steps.truncated[0]),
            info,
        )

    @property
    def session_id(self) -> str | None:
        """The session that is played now; `info` does not have it, since a seed does not reproduce it."""
        return self._session

    def close(self) -> None:
        """Closes the connection to the server."""
        self.tables.server.close()
