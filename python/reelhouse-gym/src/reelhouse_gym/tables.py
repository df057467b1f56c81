"""Sessions that are opened and stepped many at a time: what both kinds of environment play at."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from .errors import UnexpectedAnswer
from .server import Server

# The most sessions of one request: a server takes 4096, but its queue has to hold others too.
MOST = 1024
# The binary form of POST /rl/step: docs/rl.md has its layout.
MEDIA_TYPE = "application/vnd.reelhouse.steps"
VERSION = 1
STEP = np.dtype([("session", "V16"), ("action", "<i4")])
HEADER = np.dtype("<u4")

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Stakes:
    """What an environment plays with: amounts are decimal strings of test credits."""

    # A game's name or id; the catalogue's first when none is named.
    game: str | None = None
    # What each episode's wallet opens with.
    balance: str = "100.00"
    # What a wallet may spend in a day, stakes and fees together.
    daily_limit: str | None = None
    # What each paid spin costs beside its stake.
    fee: str = "0"
    # The largest stake that sessions accept.
    max_bet: str | None = None
    # The stakes to choose from, rising; the server's ladder of the game when none are given.
    ladder: Sequence[str] | None = None
    # The reward function, one of those that `GET /rl/spaces` lists.
    reward: str = "net"
    # Whether draws come from the house's own seeds: then a seed reproduces nothing.
    fair: bool = False
    # Kept in `player_profile.behavior` of the sessions.
    behavior: str = "gymnasium"


@dataclass
class Opened:
    """Sessions that were opened, in the order of their seeds."""

    sessions: list[str]
    observations: Floats
    masks: NDArray[np.int8]


@dataclass
class Steps:
    """What a step of each of some sessions came to, in their order."""

    observations: Floats
    rewards: NDArray[np.float64]
    terminated: NDArray[np.bool_]
    truncated: NDArray[np.bool_]
    masks: NDArray[np.int8]
    # By place: why the server refused the action. Nothing happened there.
    refusals: dict[int, str] = field(default_factory=dict)


class Tables:
    """A game, its spaces, and sessions of it."""

    def __init__(self, server: Server, stakes: Stakes) -> None:
        self.server = server
        self.stakes = stakes
        self.game_id = find_game(server, stakes.game)
        self._ladder = ",".join(stakes.ladder) if stakes.ladder else None
        self._spaces = server.get("/rl/spaces", {"game_id": self.game_id, "ladder": self._ladder})

    def open(self, seeds: Sequence[int]) -> Opened:
        """Opens a session for each seed, with a wallet of its own."""
        stakes = self.stakes
        body = {
            "wallet": {
                "balance": stakes.balance,
                "daily_limit": stakes.daily_limit,
                "cost_rate": {"per_spin": stakes.fee},
            },
            "player_profile": {"behavior": stakes.behavior, "max_bet": stakes.max_bet},
            "reward": stakes.reward,
        }
        parts = []
        for part in _parts(seeds):
            given = [None if stakes.fair else seed for seed in part]
            parts.append(self.server.post(self._path("reset"), {**body, "seeds": given}))
        return Opened(
            sessions=[session for part in parts for session in part["session_ids"]],
            observations=np.concatenate([np.asarray(part["observations"], np.float32) for part in parts]),
            masks=np.concatenate([np.asarray(part["action_masks"], np.int8) for part in parts]),
        )

    def step(self, sessions: Sequence[str], actions: NDArray[np.int64]) -> Steps:
        """Takes an action in each of the sessions: with one request, up to `MOST` of them."""
        steps = np.empty(len(sessions), STEP)
        steps["session"] = [np.void(uuid.UUID(session).bytes) for session in sessions]
        steps["action"] = actions
        answers = [
            read_steps(self.server.post_bytes(self._path("step"), part.tobytes(), MEDIA_TYPE))
            for part in _parts(steps)
        ]
        return answers[0] if len(answers) == 1 else join(answers)

    def _path(self, call: str) -> str:
        query = {"game_id": self.game_id, "ladder": self._ladder}
        return f"/rl/{call}?" + urlencode({name: value for name, value in query.items() if value is not None})

    @property
    def observation_space(self) -> spaces.Box:
        """The observations of one session."""
        box = self._spaces["observation_space"]
        low, high = (np.asarray(box[bound], np.float32) for bound in ("low", "high"))
        return spaces.Box(low, high, dtype=np.float32)

    @property
    def action_space(self) -> spaces.Discrete[Any]:
        """The actions of one session."""
        return spaces.Discrete(int(self._spaces["action_space"]["n"]))

    @property
    def entries(self) -> list[str]:
        """The names of the floats of an observation."""
        return [entry["name"] for entry in self._spaces["observation_space"]["entries"]]

    @property
    def actions(self) -> list[str]:
        """The names of the actions."""
        return [action["name"] for action in self._spaces["action_space"]["actions"]]


def read_steps(answer: bytes) -> Steps:
    """Reads the binary answer to a step."""
    if len(answer) < 4 * HEADER.itemsize:
        raise UnexpectedAnswer("the answer to the step is cut short")
    version, count, entries, actions = (int(word) for word in np.frombuffer(answer, HEADER, 4))
    if version != VERSION:
        raise UnexpectedAnswer(
            f"the answer to the step is of version {version}, this package reads {VERSION}"
        )
    place = 4 * HEADER.itemsize

    def take(kind: str, *shape: int) -> NDArray[Any]:
        nonlocal place
        dtype, size = np.dtype(kind), int(np.prod(shape))
        found = np.frombuffer(answer, dtype, size, place)
        place += size * dtype.itemsize
        # A copy: the answer's bytes cannot be written to, and arrays that are handed out may be.
        return found.reshape(shape).astype(dtype.newbyteorder("="))

    rewards, _seqs = take("<f8", count), take("<i8", count)
    observations = take("<f4", count, entries)
    terminated, truncated = take("?", count), take("?", count)
    masks, refused = take("i1", count, actions), take("?", count)
    errors = json.loads(answer[place:]) if refused.any() else []
    refusals = {int(at): str(errors[at]["code"]) for at in np.flatnonzero(refused)}
    return Steps(observations, rewards, terminated, truncated, masks, refusals)


def join(answers: Sequence[Steps]) -> Steps:
    """The answers to several requests as one."""
    starts = np.cumsum([0, *(len(answer.rewards) for answer in answers)])
    refusals = {
        int(start) + at: code
        for start, answer in zip(starts, answers, strict=False)
        for at, code in answer.refusals.items()
    }

    def together(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(answer, name) for answer in answers])

    return Steps(
        together("observations"),
        together("rewards"),
        together("terminated"),
        together("truncated"),
        together("masks"),
        refusals,
    )


Items = TypeVar("Items", bound=Any)


def _parts(items: Items) -> Iterator[Items]:
    for start in range(0, len(items), MOST):
        yield items[start : start + MOST]


def find_game(server: Server, asked: str | None) -> str:
    """The id of a game by its name or id; of the catalogue's first when none is asked for."""
    cursor: str | None = None
    names: list[str] = []
    while True:
        page = server.get("/games", {"limit": 1000, "cursor": cursor})
        for game in page["items"]:
            if asked is None or asked in (game["name"], game["game_id"]):
                return str(game["game_id"])
            names.append(game["name"])
        cursor = page["next_cursor"]
        if cursor is None:
            raise ValueError(f"the server has no game {asked!r}; it has {', '.join(names) or 'none'}")
