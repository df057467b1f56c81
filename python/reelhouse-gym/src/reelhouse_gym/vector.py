"""Many sessions at once as a Gymnasium vector environment: one request for a step of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gymnasium
import numpy as np
from gymnasium.utils import seeding
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from .env import SEEDS
from .server import Server
from .tables import Floats, Stakes, Tables

Bools = NDArray[np.bool_]
Step = tuple[Floats, NDArray[np.float64], Bools, Bools, dict[str, Any]]


def _next_step() -> Any:
    """Gymnasium's name of the autoreset mode; 1.0 has that one only, and no name for it."""
    modes = getattr(gymnasium.vector, "AutoresetMode", None)
    return "NextStep" if modes is None else modes.NEXT_STEP


class SlotsVectorEnv(gymnasium.vector.VectorEnv[Floats, NDArray[np.int64], Any]):
    """Each place plays as a `SlotsEnv` does.

    A place whose episode has ended opens the next one in the next step. In that step its action is not
    looked at, its reward is 0, and the observation is the first of the new episode.
    """

    metadata = {"render_modes": [], "autoreset_mode": _next_step()}  # noqa: RUF012 (Gymnasium declares it so)

    def __init__(
        self,
        num_envs: int = 1,
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
        self.num_envs = num_envs
        self.tables = Tables(Server(url, key), Stakes(game=game, **stakes))
        self.single_observation_space = self.tables.observation_space
        self.single_action_space = self.tables.action_space
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self._chances = self._seeded(None)
        self._sessions: list[str] = []
        self._ended = np.zeros(num_envs, np.bool_)

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Floats, dict[str, Any]]:
        """Opens a session in every place. A number seeds the places with it and the numbers that follow."""
        if seed is not None:
            self._chances = self._seeded(seed)
        opened = self.tables.open([self._next_seed(place) for place in range(self.num_envs)])
        self._sessions = opened.sessions
        self._ended[:] = False
        return opened.observations, self._infos(opened.masks, {})

    def step(self, actions: NDArray[np.int64]) -> Step:
        """Acts in all places with one request; the steps are durable when this returns."""
        if not self._sessions:
            raise gymnasium.error.ResetNeeded("call reset() before step()")
        actions = np.asarray(actions, np.int64)
        if actions.shape != (self.num_envs,):
            raise ValueError(f"{self.num_envs} actions were expected, not an array of shape {actions.shape}")
        going, fresh = np.flatnonzero(~self._ended), np.flatnonzero(self._ended)
        observations = np.zeros(self.observation_space.shape or (), np.float32)
        masks = np.zeros((self.num_envs, int(self.tables.action_space.n)), np.int8)
        rewards = np.zeros(self.num_envs)
        terminated, truncated = np.zeros((2, self.num_envs), np.bool_)
        refusals: dict[int, str] = {}
        if going.size:
            steps = self.tables.step([self._sessions[place] for place in going], actions[going])
            observations[going], masks[going], rewards[going] = steps.observations, steps.masks, steps.rewards
            terminated[going], truncated[going] = steps.terminated, steps.truncated
            refusals = {int(going[at]): code for at, code in steps.refusals.items()}
        if fresh.size:
            opened = self.tables.open([self._next_seed(int(place)) for place in fresh])
            observations[fresh], masks[fresh] = opened.observations, opened.masks
            for place, session in zip(fresh, opened.sessions, strict=True):
                self._sessions[place] = session
        self._ended = terminated | truncated
        return observations, rewards, terminated, truncated, self._infos(masks, refusals)

    @property
    def session_ids(self) -> list[str]:
        """The sessions that are played now; infos do not have them, since a seed does not reproduce them."""
        return list(self._sessions)

    def close_extras(self, **kwargs: Any) -> None:
        """Closes the connection to the server."""
        self.tables.server.close()

    def _seeded(self, seed: int | Sequence[int | None] | None) -> list[np.random.Generator]:
        if seed is None or isinstance(seed, (int, np.integer)):
            seeds = [None if seed is None else int(seed) + place for place in range(self.num_envs)]
        else:
            seeds = list(seed)
        if len(seeds) != self.num_envs:
            raise ValueError(f"{self.num_envs} seeds were expected, not {len(seeds)}")
        return [seeding.np_random(one)[0] for one in seeds]

    def _next_seed(self, place: int) -> int:
        return int(self._chances[place].integers(SEEDS))

    def _infos(self, masks: NDArray[np.int8], refusals: dict[int, str]) -> dict[str, Any]:
        """Each key with, after an underscore, which places have it: Gymnasium's convention."""
        everywhere = np.ones(self.num_envs, np.bool_)
        infos: dict[str, Any] = {"action_mask": masks, "_action_mask": everywhere}
        if refusals:
            codes = np.full(self.num_envs, None, object)
            for place, code in refusals.items():
                codes[place] = code
            infos |= {"refused": codes, "_refused": codes != np.asarray(None, object)}
        return infos
