"""The single environment at a real server."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from reelhouse_gym import ENV_ID, Refused, ServerUnreachable, SlotsEnv

CASH_OUT, OTHER, FIRST_STAKE = 1, 2, 3


def play(env: Any, seed: int, steps: int) -> list[tuple[Any, ...]]:
    """Plays with chance of the seed, over the ends of episodes, and returns all that there was to see."""
    chance = np.random.default_rng(seed)
    observation, info = env.reset(seed=seed)
    seen: list[tuple[Any, ...]] = [(observation.tolist(), info["action_mask"].tolist())]
    for _ in range(steps):
        action = chance.choice(np.flatnonzero(info["action_mask"]))
        observation, reward, terminated, truncated, info = env.step(action)
        seen.append((observation.tolist(), reward, terminated, truncated, info["action_mask"].tolist()))
        if terminated or truncated:
            observation, info = env.reset()
            seen.append((observation.tolist(), info["action_mask"].tolist()))
    return seen


@pytest.mark.filterwarnings("error")
def test_gymnasium_s_checker_finds_nothing(make: Any) -> None:
    check_env(make().unwrapped, skip_render_check=True)


def test_a_seed_reproduces_every_episode_that_follows(make: Any) -> None:
    first = play(make(balance="2.00"), 7, 60)
    assert play(make(balance="2.00"), 7, 60) == first
    assert play(make(balance="2.00"), 8, 60) != first


def test_fair_draws_are_reproduced_by_nothing(make: Any, server: Any) -> None:
    envs = [make(fair=True), make(fair=True)]
    assert play(envs[0], 7, 40) != play(envs[1], 7, 40)
    envs[0].reset(seed=7)
    assert not server.get(f"/sessions/{envs[0].unwrapped.session_id}")["fairness"]["training"]


def test_training_sessions_say_so(make: Any, server: Any) -> None:
    env = make()
    env.reset(seed=7)
    assert server.get(f"/sessions/{env.unwrapped.session_id}")["fairness"]["training"]


def test_spaces_and_observations_agree(make: Any) -> None:
    env = make()
    observation, _ = env.reset(seed=1)
    assert observation.dtype == np.float32
    assert observation in env.observation_space
    tables = env.unwrapped.tables
    assert len(tables.entries) == observation.shape[0]
    assert len(tables.actions) == env.action_space.n
    assert tables.actions[:FIRST_STAKE] == ["spin", "cash_out", "other"]
    balance = tables.entries.index("balance")
    assert observation[balance] == 1
    stepped, reward, *_ = env.step(FIRST_STAKE)
    assert stepped[balance] == pytest.approx(1 + reward / 100, abs=1e-6)


def test_a_cash_out_terminates(make: Any) -> None:
    env = make()
    env.reset(seed=1)
    _, reward, terminated, truncated, info = env.step(CASH_OUT)
    assert (reward, terminated, truncated) == (0, True, False)
    assert not info["action_mask"].any()


def test_going_bust_terminates(make: Any) -> None:
    env = make(balance="0.05")
    for seed in range(50):
        env.reset(seed=seed)
        _, reward, terminated, truncated, _ = env.step(FIRST_STAKE)
        if reward < 0:
            assert (terminated, truncated) == (True, False)
            return
    pytest.fail("fifty first spins in a row paid")


def test_the_daily_limit_truncates(make: Any) -> None:
    env = make(daily_limit="0.12", fee="0.01")
    env.reset(seed=1)
    assert env.step(FIRST_STAKE)[2:4] == (False, False)
    assert env.step(FIRST_STAKE)[2:4] == (False, True)


def test_what_the_server_refuses_changes_nothing(make: Any, server: Any) -> None:
    env = make(max_bet="0.05")
    before, info = env.reset(seed=1)
    assert info["action_mask"].tolist() == [0, 1, 0, 1, 0, 0, 0, 0, 0, 0]
    for action, code in [(0, "invalid_transition"), (FIRST_STAKE + 1, "max_bet_exceeded")]:
        after, reward, terminated, truncated, info = env.step(action)
        assert info["refused"] == code
        assert (after.tolist(), reward, terminated, truncated) == (before.tolist(), 0, False, False)
    assert "refused" in env.step(OTHER)[4]
    assert server.get(f"/sessions/{env.unwrapped.session_id}")["last_seq"] == 0


def test_the_reward_function_is_the_one_asked_for(make: Any) -> None:
    env = make(reward="spins")
    env.reset(seed=1)
    assert env.step(FIRST_STAKE)[1] == 1
    with pytest.raises(Refused, match="/reward"):
        make(reward="riches").reset()


def test_a_ladder_of_one_s_own(make: Any) -> None:
    env = make(ladder=["0.10", "5.00"])
    assert env.action_space.n == FIRST_STAKE + 2
    env.reset(seed=1)
    assert env.unwrapped.tables.actions[FIRST_STAKE:] == ["spin 0.1000", "spin 5.0000"]
    with pytest.raises(Refused, match="ladder"):
        make(ladder=["0.07"])


def test_observations_are_not_used_again(make: Any) -> None:
    env = make()
    first, _ = env.reset(seed=1)
    kept = first.copy()
    second = env.step(FIRST_STAKE)[0]
    second[:] = -1
    np.testing.assert_array_equal(first, kept)


def test_no_server_says_how_to_start_one() -> None:
    with pytest.raises(ServerUnreachable, match=r"127\.0\.0\.1:9 .*cargo run --release"):
        gymnasium.make(ENV_ID, url="http://127.0.0.1:9")


def test_the_address_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("REELHOUSE_URL", url + "/")
    env = gymnasium.make(ENV_ID)
    assert env.unwrapped.tables.server.url == url  # type: ignore[attr-defined]
    env.close()


def test_wrong_settings_are_refused(make: Any) -> None:
    with pytest.raises(ValueError, match=r"no game 'none'; it has .*fruit-5x3"):
        make(game="none")
    with pytest.raises(Refused, match="invalid_amount"):
        make(balance="ten").reset()
    with pytest.raises(TypeError, match="blance"):
        make(blance="10")
    with pytest.raises(ValueError, match="not the address"):
        SlotsEnv(url="localhost")
    with pytest.raises(gymnasium.error.ResetNeeded):
        SlotsEnv.step(make().unwrapped, 0)
