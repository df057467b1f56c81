"""Several hundred sessions that end in every way there is, and the database's own account of them."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np
from numpy.typing import NDArray

import reelhouse_gym
from reelhouse_gym.server import Server
from reelhouse_gym.tables import find_game

CASH_OUT, OTHER, FIRST_STAKE = 1, 2, 3
# Longer ago than any session may be left alone.
LONG_AGO = "2001-01-01T00:00:00.000Z"


def play(url: str) -> None:
    """Plays everything but the expiries, which `leave_alone` prepares."""
    fruit, pearl = {"game": "fruit-5x3"}, {"game": "pearl-5x3"}
    crowd(url, 80, 40, leaving=0.15, behavior="cashes out", **fruit)
    crowd(url, 80, 60, balance="0.60", fee="0.01", behavior="is ruined", reward="log_bankroll", **fruit)
    crowd(url, 60, 60, daily_limit="1.00", fee="0.01", behavior="at the limit", reward="spins", **fruit)
    crowd(url, 60, 40, behavior="stays", reward="net_per_stake", **pearl)
    server = Server(url)
    try:
        for place in range(12):
            one_by_one(server, find_game(server, "fruit-5x3"), place)
        for place in range(60):
            left_open(server, find_game(server, "pearl-5x3"), place)
    finally:
        server.close()


def crowd(url: str, places: int, steps: int, leaving: float = 0.0, **stakes: Any) -> None:
    """Plays one episode in each place with small stakes; some leave, and some are still there at the end."""
    envs = gymnasium.make_vec(reelhouse_gym.ENV_ID, num_envs=places, url=url, **stakes)
    chance = np.random.default_rng(places)
    _, infos = envs.reset(seed=places)
    tables = envs.unwrapped.tables
    sessions, masks = envs.unwrapped.session_ids, infos["action_mask"]
    for _ in range(steps):
        wishes = chance.random(masks.shape) * np.where(masks[:, :FIRST_STAKE].any(1), 1, 0)[:, None]
        wishes[:, FIRST_STAKE + 3 :] = 0
        wishes[:, CASH_OUT] = np.where(chance.random(len(sessions)) < leaving, 2, 1e-9)
        actions = np.where(masks, wishes, -1).argmax(1)
        found = tables.step(sessions, actions)
        going = ~(found.terminated | found.truncated)
        sessions = [session for session, goes in zip(sessions, going, strict=True) if goes]
        masks = found.masks[going]
        if not sessions:
            break
    envs.close()


def one_by_one(server: Server, game: str, place: int) -> None:
    """What the environments do not do: actions that are none of theirs, operators, wallets that change."""
    wallet = server.post("/wallets", {"balance": "0.40", "cost_rate": {"per_query": "0.0010"}})["wallet_id"]
    spin, small = {"type": "spin"}, {"type": "spin", "amount": "0.05"}

    def session(*actions: dict[str, Any], wallet_id: str | None = wallet) -> str:
        body = {"game_id": game, "wallet_id": wallet_id, "training_seed": place}
        opened = str(server.post("/sessions", body)["session_id"])
        act(server, opened, *actions)
        return opened

    session({"type": "close"}, wallet_id=None)
    session(wallet_id=None)
    attached = session({"type": "attach_wallet", "wallet_id": wallet}, small, wallet_id=None)
    session(
        {"type": "bet", "amount": "0.10"},
        {"type": "void"},
        {"type": "probe", "spins": 3},
        {"type": "cash_out"},
    )
    # Another session and a deposit change the wallet between two steps.
    act(server, attached, {"type": "rotate_seed"}, {"type": "bet", "amount": "0.05"}, spin)
    ruined = session()
    while True:
        last = act(server, ruined, small)["session"]
        if last["state"] == "free_games":
            act(server, ruined, spin)
        elif Decimal(last["observation"]["balance"]) < Decimal("0.05"):
            break
    server.post(f"/wallets/{wallet}/operations", {"type": "deposit", "amount": "20.00"})
    act(server, ruined, {"type": "spin", "amount": "0.15"}, {"type": "suspend"}, {"type": "resume"})
    held = session(small, {"type": "suspend"})
    if server.get(f"/sessions/{held}")["allowed_actions"].count("cash_out"):
        act(server, held, {"type": "cash_out"})


def left_open(server: Server, game: str, place: int) -> None:
    """A session that is left with a stake held, or in the middle of its free games."""
    wallet = server.post("/wallets", {"balance": "50.00"})["wallet_id"]
    body = {
        "game_id": game,
        "wallet_id": wallet,
        "training_seed": place,
        "player_profile": {"behavior": "left"},
    }
    session = server.post("/sessions", body)["session_id"]
    for _ in range(30):
        if act(server, session, {"type": "spin", "amount": "0.50"})["session"]["state"] == "free_games":
            return
    act(server, session, {"type": "bet", "amount": "0.50"})


def act(server: Server, session: str, *actions: dict[str, Any]) -> Any:
    """Takes the actions one after the other; the answer to the last."""
    answer = None
    for action in actions:
        answer = server.post(f"/sessions/{session}/action", action)
    return answer


def leave_alone(database: Path) -> int:
    """Makes the sessions of `left_open` look forgotten long ago; how many they are. No server may run."""
    with sqlite3.connect(database) as connection:
        marked = "player_profile LIKE '%\"left\"%' AND state IN ('bet_placed', 'free_games')"
        change = f"UPDATE sessions SET updated_at = ?, idle_check_at = ? WHERE {marked}"
        count = connection.execute(change, (LONG_AGO, LONG_AGO)).rowcount
    connection.close()
    return count


def wait_for_expiries(database: Path, count: int) -> None:
    """Waits until the server has swept the sessions that were left alone."""
    for _ in range(600):
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
            (swept,) = connection.execute("SELECT count(*) FROM sessions WHERE state = 'expired'").fetchone()
        connection.close()
        if swept >= count:
            return
        time.sleep(0.2)
    raise AssertionError(f"{swept} of {count} sessions had expired after two minutes")


@dataclass
class Row:
    """A row of `rl_store`, and what its game's spaces make of it."""

    session: str
    seq: int
    id: str
    state: dict[str, Any]
    action: dict[str, Any]
    reward: float
    next_state: dict[str, Any]
    stored: tuple[bool, bool]
    observation: NDArray[np.float32]
    index: int
    next_observation: NDArray[np.float32]
    # As exported: the last row of an episode has exactly one, the others none.
    terminated: bool = False
    truncated: bool = False


def rows(database: Path, url: str) -> list[Row]:
    """The database's rows in the order of session and `seq`, read without the server."""
    query = """SELECT r.session_id, r.seq, r.id, r.state, r.action, r.reward, r.next_state, r.terminated,
        r.truncated, s.game_id FROM rl_store r JOIN sessions s USING (session_id)
        ORDER BY r.session_id, r.seq"""
    server, spaces, found = Server(url), {}, []
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        stored = connection.execute(query).fetchall()
    connection.close()
    for session, seq, id_, state, action, reward, after, terminated, truncated, game in stored:
        if game not in spaces:
            spaces[game] = server.get("/rl/spaces", {"game_id": game})
        space, flags = spaces[game], (bool(terminated), bool(truncated))
        state, action, after = json.loads(state), json.loads(action), json.loads(after)
        floats = [encode(document, space) for document in (state, after)]
        index = action_index(action, space)
        found.append(Row(session, seq, id_, state, action, reward, after, flags, floats[0], index, floats[1]))
    server.close()
    for episode in episodes(found):
        last = episode[-1]
        last.terminated = last.stored[0]
        last.truncated = not last.terminated
    return found


def episodes(found: list[Row]) -> Iterator[list[Row]]:
    """The rows of each session."""
    start = 0
    for at in range(1, len(found) + 1):
        if at == len(found) or found[at].session != found[start].session:
            yield found[start:at]
            start = at


def action_index(action: dict[str, Any], spaces: dict[str, Any]) -> int:
    """The index of an action, by `docs/rl.md`."""
    if action["type"] == "cash_out":
        return CASH_OUT
    if action["type"] != "spin":
        return OTHER
    if action.get("amount") is None:
        return 0
    ladder = [Decimal(stake) for stake in spaces["ladder"]]
    amount = Decimal(action["amount"])
    return FIRST_STAKE + ladder.index(amount) if amount in ladder else OTHER


def encode(document: dict[str, Any], spaces: dict[str, Any]) -> NDArray[np.float32]:
    """The floats of an observation document, by the table of formulas in `docs/rl.md`."""
    ladder = [units(stake) for stake in spaces["ladder"]]
    entries = spaces["observation_space"]["entries"]
    exact = [evaluate(entry, document, ladder) for entry in entries]
    low, high = ([entry[bound] for entry in entries] for bound in ("low", "high"))
    return np.clip(np.array(exact, np.float64), low, high).astype(np.float32)


def evaluate(entry: dict[str, Any], document: dict[str, Any], ladder: list[float]) -> float:
    formula = entry["formula"]

    def number(name: str) -> float | None:
        if name == "smallest_stake":
            return ladder[0]
        value = document[name]
        return units(value) if isinstance(value, str) else value

    if formula["kind"] == "state":
        return float(document["state"] == formula["is"])
    of = number(formula["of"])
    if formula["kind"] == "ladder":
        return formula["absent"] if of is None else sum(stake <= of for stake in ladder) / len(ladder)
    if formula["kind"] == "ratio":
        return (
            formula["absent"] if of is None else over(of, number(formula["to"]), entry["low"], entry["high"])
        )
    x = max(0.0, of or 0.0)
    if "to" in formula:
        x = over(x, number(formula["to"]), 0.0, np.inf)
    return 1.0 if x == np.inf else x / (x + formula["half"])


def over(of: float, to: float | None, low: float, high: float) -> float:
    if to:
        return of / to
    return 0.0 if of == 0 else high if of > 0 else low


def units(amount: str) -> float:
    return float(Decimal(amount) * 10_000)
