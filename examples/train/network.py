"""A small network that values actions, trained on a recorded dataset: offline fitted Q-learning in NumPy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Array = NDArray[np.float32]

HIDDEN = 48
# Values are trained in units of this many spins.
SCALE = 50.0
# Each round carries what is known of a step to the one before it: more rounds than a day has spins.
ROUNDS = 200
BATCHES = 60
BATCH = 512
# What Adam begins with; it falls to a tenth.
RATE = 2e-3


@dataclass
class Dataset:
    """Steps: what was seen, done, got, seen next; whether it was the last, and what was open next."""

    observations: Array
    actions: NDArray[np.int64]
    rewards: Array
    next_observations: Array
    last: NDArray[np.bool_]
    next_masks: NDArray[np.bool_]


class Network:
    """Scores for each action: one hidden layer of tanh over standardised observations."""

    def __init__(self, observations: Array, outputs: int, chance: np.random.Generator) -> None:
        def layer(rows: int, columns: int) -> Array:
            return chance.normal(0, rows**-0.5, (rows, columns)).astype(np.float32)

        self.mean, self.spread = observations.mean(0), observations.std(0)
        # What never changes in the record says nothing, and must not be blown up when it does.
        self.spread[self.spread < 1e-3] = 1
        self.parameters = [
            layer(observations.shape[1], HIDDEN),
            np.zeros(HIDDEN, np.float32),
            layer(HIDDEN, outputs),
            np.zeros(outputs, np.float32),
        ]

    def hidden(self, observations: Array) -> tuple[Array, Array]:
        """The standardised observations, and what the hidden layer makes of them."""
        first, bias, *_ = self.parameters
        standard = (observations - self.mean) / self.spread
        return standard, np.tanh(standard @ first + bias)

    def scores(self, observations: Array) -> Array:
        """What each action is thought to be worth, a row for each observation."""
        *_, second, offset = self.parameters
        return self.hidden(observations)[1] @ second + offset

    def gradients(self, observations: Array, actions: NDArray[np.int64], targets: Array) -> list[Array]:
        """Of half the mean squared difference between targets and the scores of the actions."""
        *_, second, offset = self.parameters
        standard, hidden = self.hidden(observations)
        rows = np.arange(len(actions))
        errors = (hidden @ second + offset)[rows, actions] - targets
        outer = np.zeros((len(actions), len(offset)), np.float32)
        # Errors beyond one count as one: a jackpot does not pull the whole network with it.
        outer[rows, actions] = np.clip(errors, -1, 1) / len(actions)
        inner = (outer @ second.T) * (1 - hidden**2)
        return [standard.T @ inner, inner.sum(0), hidden.T @ outer, outer.sum(0)]

    def save(self, path: str) -> None:
        """Writes the network as ONNX: `observation` [batch, entries] to `scores` [batch, actions]."""
        names = ["mean", "spread", "first", "bias", "second", "offset"]
        nodes = [
            helper.make_node("Sub", ["observation", "mean"], ["centred"]),
            helper.make_node("Div", ["centred", "spread"], ["standard"]),
            helper.make_node("MatMul", ["standard", "first"], ["product"]),
            helper.make_node("Add", ["product", "bias"], ["sum"]),
            helper.make_node("Tanh", ["sum"], ["hidden"]),
            helper.make_node("MatMul", ["hidden", "second"], ["weighted"]),
            helper.make_node("Add", ["weighted", "offset"], ["scores"]),
        ]
        inputs, outputs = self.parameters[0].shape[0], self.parameters[2].shape[1]
        constants = zip(names, [self.mean, self.spread, *self.parameters], strict=True)
        graph = helper.make_graph(
            nodes,
            "policy",
            [helper.make_tensor_value_info("observation", TensorProto.FLOAT, ["batch", inputs])],
            [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["batch", outputs])],
            [numpy_helper.from_array(value, name) for name, value in constants],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        onnx.checker.check_model(model)
        onnx.save(model, path)


class Adam:
    """Kingma and Ba, ICLR 2015."""

    def __init__(self, parameters: list[Array]) -> None:
        self.means = [np.zeros_like(value) for value in parameters]
        self.squares = [np.zeros_like(value) for value in parameters]
        self.steps = 0

    def step(self, parameters: list[Array], gradients: list[Array], rate: float) -> None:
        """Moves the parameters, in place."""
        self.steps += 1
        rate = rate * (1 - 0.999**self.steps) ** 0.5 / (1 - 0.9**self.steps)
        for value, gradient, mean, square in zip(
            parameters, gradients, self.means, self.squares, strict=True
        ):
            mean += 0.1 * (gradient - mean)
            square += 0.001 * (gradient**2 - square)
            value -= rate * mean / (np.sqrt(square) + 1e-8)


def train(data: Dataset, actions: int, seed: int, tell: Callable[[int, float], None]) -> Network:
    """Fits the network round by round to reward plus what it thought, a round ago, the next step is worth.

    Nothing is discounted: a day has an end, and its last spin counts as much as its first.
    """
    chance = np.random.default_rng(seed)
    network = Network(data.observations, actions, chance)
    adam = Adam(network.parameters)
    for round_ in range(ROUNDS):
        following = np.where(data.next_masks, network.scores(data.next_observations), -np.inf).max(1)
        following = np.where(data.last, 0, following)
        targets = (data.rewards / SCALE + following).astype(np.float32)
        rate = RATE * (1 - 0.9 * round_ / ROUNDS)
        for _ in range(BATCHES):
            rows = chance.integers(len(targets), size=BATCH)
            adam.step(
                network.parameters,
                network.gradients(data.observations[rows], data.actions[rows], targets[rows]),
                rate,
            )
        tell(round_ + 1, float(targets.mean()) * SCALE)
    return network
