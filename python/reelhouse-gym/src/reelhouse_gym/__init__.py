"""Gymnasium environments over Reelhouse's simulated slots, and its record for your library.

Importing this package registers `Reelhouse/Slots-v0`; `gymnasium.make` and `make_vec` then play at the server
that REELHOUSE_URL names, or at the default port of this machine. `reelhouse_gym.load` reads the record back.
"""

from __future__ import annotations

import gymnasium

from . import load
from .env import SlotsEnv
from .errors import BrokenOff, ReelhouseError, Refused, ServerUnreachable, UnexpectedAnswer
from .tables import Stakes
from .vector import SlotsVectorEnv

__all__ = [
    "BrokenOff",
    "ReelhouseError",
    "Refused",
    "ServerUnreachable",
    "SlotsEnv",
    "SlotsVectorEnv",
    "Stakes",
    "UnexpectedAnswer",
    "load",
    "register",
]

ENV_ID = "Reelhouse/Slots-v0"


def register() -> None:
    """Registers the environments; importing this package does it."""
    if ENV_ID not in gymnasium.registry:
        gymnasium.register(
            id=ENV_ID,
            entry_point="reelhouse_gym.env:SlotsEnv",
            vector_entry_point="reelhouse_gym.vector:SlotsVectorEnv",
        )


register()
