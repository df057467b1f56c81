"""Random play, a policy trained on its record, and the proof by the server's own figures that it does better.

The task: keep a bankroll in play for as many spins of a day as possible, under a fee for each spin and a
daily limit. `python examples/train/run.py` does it all; README.md beside this file explains it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

try:
    import gymnasium
    import matplotlib
    import numpy as np

    import reelhouse_gym
    from network import Array, Dataset, train
    from reelhouse_gym import load
    from reelhouse_gym.server import Server
except ImportError as error:
    sys.exit(f"{error}: pip install -r examples/train/requirements.txt (in a virtual environment)")

import house

GAME = "fruit-5x3"
BALANCE, LIMIT, FEE, SMALLEST = "5.00", "10.00", "0.01", "0.05"
STAKES = {"game": GAME, "balance": BALANCE, "daily_limit": LIMIT, "fee": FEE, "reward": "spins"}
PLACES = 256
SPIN, CASH_OUT, OTHER, FIRST_STAKE = range(4)


def main() -> None:
    """Runs every part, and says how long it took."""
    options = arguments()
    out = options.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("house.db*"):
        old.unlink()
    house.prepare_agents()
    start = time.monotonic()
    with house.server(out) as url:
        record(url, options.episodes, options.seed)
        model = out / "policy.onnx"
        learn(url, model, options.seed)
        figures = compare(url, model, options.sessions)
        (out / "figures.json").write_text(json.dumps(figures, indent=2) + "\n")
        draw(url, figures, out / "figures.png")
    print(f"\nplot: {out / 'figures.png'}\nmodel: {model}\ntook {time.monotonic() - start:.0f} s")


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--episodes", type=int, default=1000, help="episodes of random play to learn from")
    parser.add_argument("--sessions", type=int, default=100, help="sessions of each player in the comparison")
    parser.add_argument("--seed", type=int, default=1, help="of the random play and of the training")
    parser.add_argument("--out", type=Path, default=house.ROOT / "target" / "train", help="where results go")
    return parser.parse_args()


def record(url: str, episodes: int, seed: int) -> None:
    """Plays at random, many sessions at once: any open stake up to one that the session drew at its start.

    So some sessions are over after a few spins, and some last for as long as the limit lets them. One time in
    a hundred or less the player leaves.
    """
    chance = np.random.default_rng(seed)
    envs = gymnasium.make_vec(reelhouse_gym.ENV_ID, num_envs=PLACES, url=url, behavior="recorder", **STAKES)
    _, infos = envs.reset(seed=seed)
    stakes = envs.single_action_space.n - FIRST_STAKE
    boldest = chance.integers(stakes, size=PLACES)
    ended, steps = 0, 0
    while ended < episodes:
        masks = infos["action_mask"].astype(float)
        masks[:, CASH_OUT] *= 0.01
        masks[:, FIRST_STAKE:] *= np.arange(stakes) <= boldest[:, None]
        # A place that has ended allows nothing: any action opens its next session.
        masks[masks.sum(1) == 0, CASH_OUT] = 1
        actions = (masks.cumsum(1) / masks.sum(1, keepdims=True) > chance.random((PLACES, 1))).argmax(1)
        *_, terminated, truncated, infos = envs.step(actions)
        over = terminated | truncated
        boldest[over] = chance.integers(stakes, size=over.sum())
        ended += int(over.sum())
        steps += PLACES
    envs.close()
    print(f"recorded {ended} episodes of random play, about {steps} steps")


def learn(url: str, model: Path, seed: int) -> None:
    """Trains a network on the export, and writes it as ONNX."""
    spaces = Server(url).get("/rl/spaces", {"game_id": game_id(url)})
    found = load.arrays("tianshou", url=url)
    known = found["act"].ravel() != OTHER
    names = [entry["name"] for entry in spaces["observation_space"]["entries"]]
    stakes = np.array([float(stake) for stake in spaces["ladder"]])
    next_masks = allowed(found["obs_next"][known], names, stakes)
    # The task is one day, so the limit is an end like any other. A session that was open still is none.
    goes_on = next_masks[:, [SPIN, *range(FIRST_STAKE, next_masks.shape[1])]].any(1)
    data = Dataset(
        observations=found["obs"][known],
        actions=found["act"].ravel()[known],
        rewards=found["rew"].ravel()[known].astype(np.float32),
        next_observations=found["obs_next"][known],
        last=found["terminated"].ravel()[known] | ~goes_on,
        next_masks=next_masks,
    )
    began = time.monotonic()

    def tell(round_: int, value: float) -> None:
        if round_ % 50 == 0:
            print(f"  round {round_}: a step is thought to be worth {value:.1f} spins")

    network = train(data, spaces["action_space"]["n"], seed, tell)
    network.save(str(model))
    print(f"trained on {len(data.actions)} exported steps in {time.monotonic() - began:.0f} s")


def allowed(observations: Array, names: list[str], stakes: Any) -> Any:
    """Which actions are open in observations, as floats tell it: the server's mask goes by exact amounts."""
    column = {name: observations[:, at] for at, name in enumerate(names)}
    between = (column["is_initialized"] + column["is_playing"]) > 0
    money = np.minimum(column["balance"], column["spend_left"])[:, None] * float(BALANCE)
    masks = np.zeros((len(observations), FIRST_STAKE + len(stakes)), bool)
    masks[:, SPIN] = (column["is_bet_placed"] + column["is_free_games"]) > 0
    masks[:, CASH_OUT] = between
    masks[:, FIRST_STAKE:] = between[:, None] & (stakes + float(FEE) <= money + 1e-4)
    # An observation after the last step allows nothing; it is not looked at, and a row needs a maximum.
    masks[~masks.any(1), CASH_OUT] = True
    return masks


def compare(url: str, model: Path, sessions: int) -> dict[str, Any]:
    """Lets the TypeScript agents play, and reads from the server what each player's sessions came to."""
    server, figures = Server(url), {}
    players = {"random": "random", "conservative": "conservative", "trained": f"onnx:{model}"}
    for name, policy in players.items():
        since = now()
        options = ["--url", url, "--policy", policy, "--sessions", str(sessions), "--seed", name]
        options += ["--game", GAME, "--balance", BALANCE, "--daily-limit", LIMIT, "--fee", FEE]
        options += ["--reward", "spins", "--max-steps", "1000", "--concurrency", "32"]
        house.play(*options)
        until = now()
        figures[name] = {
            "since": since,
            "until": until,
            **server.get("/rl/metrics", {"from": since, "to": until}),
        }
    print(
        f"\nspins of a session until bust or limit ({sessions} sessions each, 95 % interval, GET /rl/metrics)"
    )
    for name, found in figures.items():
        spins = found["episode_return"]
        low, high = spins["interval"]
        print(
            f"  {name:13} {spins['mean']:6.1f}   {low:6.1f} … {high:6.1f}   variance {spins['variance']:8.1f}"
        )
    print(f"  {'the ceiling':13} {ceiling():6.1f}   the smallest stake and its fee into the limit")
    lowest = figures["trained"]["episode_return"]["interval"][0]
    for name in ("random", "conservative"):
        better = lowest > figures[name]["episode_return"]["interval"][1]
        print(f"the trained policy {'beats' if better else 'does NOT beat'} {name} play")
    return figures


def ceiling() -> int:
    """The most spins that the limit allows whatever is won."""
    units = {
        name: round(float(text) * 10_000)
        for name, text in [("limit", LIMIT), ("fee", FEE), ("stake", SMALLEST)]
    }
    return units["limit"] // (units["stake"] + units["fee"])


def draw(url: str, figures: dict[str, Any], path: Path) -> None:
    """Plots how many sessions are still in play after so many spins, and the mean with its interval."""
    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (alive, means) = pyplot.subplots(
        1, 2, figsize=(11, 4.5), width_ratios=[2, 1], layout="constrained"
    )
    colours = {"random": "#b5523b", "conservative": "#8a8a8a", "trained": "#2f6db3"}
    for place, (name, found) in enumerate(figures.items()):
        spins = np.sort(spins_of_sessions(url, found))
        shares = 1 - np.arange(len(spins) + 1) / len(spins)
        alive.step([0, *spins], shares, where="post", color=colours[name], label=name, linewidth=2)
        mean, (low, high) = found["episode_return"]["mean"], found["episode_return"]["interval"]
        means.bar(place, mean, color=colours[name], width=0.6)
        means.errorbar(place, mean, yerr=[[mean - low], [high - mean]], color="black", capsize=5)
        means.annotate(f"{mean:.0f}", (place, 2), ha="center", va="bottom", color="white")
    for axes, line in ((alive, alive.axvline), (means, means.axhline)):
        line(ceiling(), color="black", linestyle=":", label="most that the limit allows")
        axes.spines[["top", "right"]].set_visible(False)
    alive.set(title="Sessions still in play", xlabel="paid spins", ylabel="share of sessions", ylim=(0, 1.03))
    alive.legend(frameon=False)
    means.set(title="Spins of a session", ylabel="mean, with its 95 % interval")
    means.set_xticks(range(len(figures)), list(figures))
    figure.savefig(path, dpi=120)


def spins_of_sessions(url: str, found: dict[str, Any]) -> Any:
    """The return of each session, which is its spins: rewards summed up to each end."""
    data = load.arrays("tianshou", url=url, since=found["since"], until=found["until"])
    ends = np.flatnonzero(data["done"].ravel())
    return np.diff(np.concatenate([[0], data["rew"].ravel().cumsum()[ends]]))


def game_id(url: str) -> str:
    """The id of the game."""
    return reelhouse_gym.tables.find_game(Server(url), GAME)


def now() -> str:
    """The present instant as the API takes it."""
    time.sleep(0.01)
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


if __name__ == "__main__":
    main()
