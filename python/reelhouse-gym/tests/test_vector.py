"""The vector environment at a real server."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
import pytest

from reelhouse_gym import SlotsVectorEnv
from reelhouse_gym.tables import MOST, join, read_steps

FIRST_STAKE = 3
SETTINGS = {"balance": "0.50", "daily_limit": "2.00", "fee": "0.01"}


def choose(masks: Any, chance: np.random.Generator) -> Any:
    """For each place an allowed action, other than leaving where there is another; 0 where there is none."""
    actions = np.zeros(len(masks), np.int64)
    for place, mask in enumerate(masks):
        allowed = np.flatnonzero(mask)
        stakes = allowed[allowed != 1]
        if len(allowed):
            actions[place] = chance.choice(stakes if len(stakes) else allowed)
    return actions


def roll(env: Any, seed: int, steps: int) -> list[Any]:
    chance = np.random.default_rng(0)
    observations, infos = env.reset(seed=seed)
    seen = [observations]
    for _ in range(steps):
        observations, rewards, terminated, truncated, infos = env.step(choose(infos["action_mask"], chance))
        seen += [observations, rewards, terminated, truncated]
    return seen


def test_make_vec_takes_the_vector_environment(make: Any) -> None:
    env = make(3)
    assert isinstance(env.unwrapped, SlotsVectorEnv)
    observations, infos = env.reset(seed=1)
    assert observations in env.observation_space
    assert infos["action_mask"].shape == (3, env.single_action_space.n)
    assert len(set(env.unwrapped.session_ids)) == 3


def test_it_names_its_autoreset_mode() -> None:
    modes = getattr(gymnasium.vector, "AutoresetMode", None)
    assert SlotsVectorEnv.metadata["autoreset_mode"] == ("NextStep" if modes is None else modes.NEXT_STEP)


def test_a_seed_reproduces(make: Any) -> None:
    first, second, other = (roll(make(4, **SETTINGS), seed, 40) for seed in (5, 5, 6))
    for one, two in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, two)
    assert any(not np.array_equal(one, two) for one, two in zip(first, other, strict=True))


def test_every_place_plays_as_a_single_environment_does(make: Any) -> None:
    vector = make(3, **SETTINGS)
    singles = [make(**SETTINGS) for _ in range(3)]
    observations, infos = vector.reset(seed=[10, 20, 30])
    alone = [env.reset(seed=seed) for env, seed in zip(singles, (10, 20, 30), strict=True)]
    ended, episodes = np.zeros(3, bool), 0
    chance = np.random.default_rng(0)
    for _ in range(60):
        np.testing.assert_array_equal(observations, [observation for observation, _ in alone])
        np.testing.assert_array_equal(infos["action_mask"], [info["action_mask"] for _, info in alone])
        actions = choose(infos["action_mask"], chance)
        observations, rewards, terminated, truncated, infos = vector.step(actions)
        for place, env in enumerate(singles):
            if ended[place]:
                alone[place] = env.reset()
                assert (rewards[place], terminated[place], truncated[place]) == (0, False, False)
                continue
            observation, reward, gone, cut, info = env.step(actions[place])
            alone[place] = (observation, info)
            assert (rewards[place], terminated[place], truncated[place]) == (reward, gone, cut)
        ended = terminated | truncated
        episodes += int(ended.sum())
    assert episodes >= 6


def test_all_ends_at_once_open_new_sessions(make: Any) -> None:
    env = make(2)
    env.reset(seed=1)
    before = env.unwrapped.session_ids
    *_, terminated, truncated, _ = env.step(np.array([1, 1]))
    assert terminated.all()
    assert not truncated.any()
    observations, rewards, terminated, *_ = env.step(np.array([1, 1]))
    assert not terminated.any()
    assert not rewards.any()
    assert set(before).isdisjoint(env.unwrapped.session_ids)
    np.testing.assert_array_equal(observations[:, env.unwrapped.tables.entries.index("balance")], 1)


def test_refusals_are_told_by_place(make: Any) -> None:
    env = make(3)
    env.reset(seed=1)
    *_, infos = env.step(np.array([FIRST_STAKE, 0, FIRST_STAKE]))
    assert infos["refused"].tolist() == [None, "invalid_transition", None]
    assert infos["_refused"].tolist() == [False, True, False]
    *_, infos = env.step(np.array([FIRST_STAKE, FIRST_STAKE, FIRST_STAKE]))
    assert "refused" not in infos


def test_steps_are_recorded_as_they_were_told(make: Any, server: Any) -> None:
    env = make(5)
    env.reset(seed=3)
    sessions = env.unwrapped.session_ids
    rewards = np.array([env.step(np.full(5, FIRST_STAKE))[1] for _ in range(4)])
    for place, session in enumerate(sessions):
        events = server.get(f"/sessions/{session}/events")["items"]
        assert [event["reward"] for event in events] == rewards[:, place].tolist()


def test_wrong_shapes_are_refused(make: Any) -> None:
    env = make(2)
    with pytest.raises(gymnasium.error.ResetNeeded):
        env.unwrapped.step(np.zeros(2, np.int64))
    with pytest.raises(ValueError, match="2 seeds were expected, not 3"):
        env.reset(seed=[1, 2, 3])
    env.reset()
    with pytest.raises(ValueError, match="2 actions were expected"):
        env.unwrapped.step(np.zeros(3, np.int64))


def test_more_sessions_than_a_request_takes_go_in_several(make: Any) -> None:
    env = make(MOST + 2)
    env.reset(seed=1)
    assert len(set(env.unwrapped.session_ids)) == MOST + 2
    actions = np.full(MOST + 2, FIRST_STAKE)
    actions[-1] = 0
    observations, rewards, *_, infos = env.step(actions)
    assert observations.shape[0] == rewards.shape[0] == MOST + 2
    assert np.flatnonzero(infos["_refused"]).tolist() == [MOST + 1]


def test_answers_join_with_their_refusals() -> None:
    one, two = (read_steps(answer(rewards)) for rewards in ([1.0, 2.0], [3.0]))
    two.refusals = {0: "not_found"}
    both = join([one, two])
    assert both.rewards.tolist() == [1, 2, 3]
    assert both.refusals == {2: "not_found"}


def answer(rewards: list[float]) -> bytes:
    """A binary answer with observations of one entry and two actions."""
    count = len(rewards)
    head = np.array([1, count, 1, 2], "<u4").tobytes()
    body = np.array(rewards, "<f8").tobytes() + np.arange(count, dtype="<i8").tobytes()
    return head + body + np.zeros(count, "<f4").tobytes() + bytes(5 * count) + b"[]"
