// Policies: what they choose, and which models and observations are turned away.

import { describe, expect, test } from "vitest";
import { layer } from "../testing/onnx.ts";
import { BadObservation, infer, Policy, UnfitModel, use } from "./index.ts";

/** Scores of two entries for three actions: the first entry, the second, and one half. */
const weights = [
  [1, 0, 0],
  [0, 1, 0],
];
const bias = [0, 0, 0.5];
const small = layer({ weights, bias });

describe("a policy", () => {
  test("takes the action with the highest score", async () => {
    const policy = await Policy.load(small);
    expect(policy.shape).toEqual({ observation: 2, actions: 3 });
    const decision = await policy.infer([0.25, 0.75]);
    expect(decision).toEqual({ action: 1, scores: Float32Array.of(0.25, 0.75, 0.5) });
    expect((await policy.infer(Float32Array.of(0.1, 0.2))).action).toBe(2);
  });

  test("takes no action that the mask forbids, and of equal ones the first", async () => {
    const policy = await Policy.load(small);
    expect((await policy.infer([0.25, 0.75], [1, 0, 1])).action).toBe(2);
    expect((await policy.infer([0.25, 0.75], [true, false, false])).action).toBe(0);
    expect((await policy.infer([-9, -9], Uint8Array.of(1, 1, 0))).action).toBe(0);
  });

  test("answers a batch as it answers each", async () => {
    const policy = await Policy.load(small);
    const observations = Array.from({ length: 33 }, (_, at) => [Math.sin(at), Math.cos(at)]);
    const masks = observations.map((_, at) => [1, at % 2, at % 3]);
    const together = await policy.infer(observations, masks);
    const apart = await Promise.all(observations.map((one, at) => policy.infer(one, masks[at])));
    expect(together).toEqual(apart);
    expect(await policy.infer([])).toEqual([]);
  });

  test("of a fixed batch size answers any number", async () => {
    const policy = await Policy.load(layer({ weights, bias, inputShape: [2, 2] }));
    const decisions = await policy.infer([
      [1, 0],
      [0, 1],
      [0, 0],
    ]);
    expect(decisions.map(({ action }) => action)).toEqual([0, 1, 2]);
  });

  test("may have other outputs beside its scores", async () => {
    const policy = await Policy.load(layer({ weights, bias, copy: "features" }));
    expect((await policy.infer([1, 0])).action).toBe(0);
  });
});

describe("a model is turned away", () => {
  const cases: [string, () => Promise<unknown>, RegExp][] = [
    [
      "that is no file",
      () => Policy.load("/nowhere/policy.onnx"),
      /\/nowhere\/policy.onnx could not be read/,
    ],
    [
      "that is no ONNX",
      () => Policy.load(new TextEncoder().encode("hello")),
      /is no ONNX model that can be run/,
    ],
    [
      "of doubles",
      () => Policy.load(layer({ weights, bias, inputType: "double" })),
      /is float64 \[batch,2\]; float32/,
    ],
    [
      "without a batch",
      () => Policy.load(layer({ weights, bias, inputShape: [2] })),
      /the input observation is float32 \[2\]; float32 \[batch, fixed size\]/,
    ],
    [
      "whose input has no fixed size",
      () => Policy.load(layer({ weights, bias, inputShape: ["batch", "entries"] })),
      /float32 \[batch,entries\]/,
    ],
    [
      "for other observations",
      () => Policy.load(small, { observation: 17 }),
      /reads observations of 2, but here are 17/,
    ],
    ["for other actions", () => Policy.load(small, { actions: 12 }), /scores actions: 3, but here are 12/],
  ];
  test.each(cases)("%s", async (_, load, message) => {
    await expect(load()).rejects.toBeInstanceOf(UnfitModel);
    await expect(load()).rejects.toThrow(message);
  });

  test("that scores NaN", async () => {
    const policy = await Policy.load(layer({ weights, bias: [0, Number.NaN, 0] }));
    await expect(policy.infer([0, 0])).rejects.toThrow("scores action 1 as NaN");
  });
});

describe("an observation is turned away", () => {
  const cases: [string, (policy: Policy) => Promise<unknown>, RegExp][] = [
    ["of another size", (policy) => policy.infer([1, 2, 3]), /observation 0 has 3 entries in place of 2/],
    [
      "that is not finite",
      (policy) =>
        policy.infer([
          [0, 0],
          [0, Number.NaN],
        ]),
      /entry 1 of observation 1 is NaN/,
    ],
    [
      "with a mask of another size",
      (policy) => policy.infer([1, 2], [1]),
      /mask 0 has 1 entries in place of 3/,
    ],
    [
      "with too few masks",
      (policy) =>
        policy.infer(
          [
            [1, 2],
            [3, 4],
          ],
          [[1, 1, 1]],
        ),
      /2 observations and 1 masks/,
    ],
    ["with a mask that allows nothing", (policy) => policy.infer([1, 2], [0, 0, 0]), /allows no action/],
  ];
  test.each(cases)("%s", async (_, ask, message) => {
    const policy = await Policy.load(small);
    await expect(ask(policy)).rejects.toBeInstanceOf(BadObservation);
    await expect(ask(policy)).rejects.toThrow(message);
  });
});

test("infer asks the policy in use", async () => {
  await expect(infer([0, 1])).rejects.toThrow("call use(path) first");
  await use(small);
  expect((await infer([0, 1])).action).toBe(1);
  expect(
    (
      await infer(
        [
          [1, 0],
          [0, 1],
        ],
        [
          [1, 1, 1],
          [1, 0, 1],
        ],
      )
    ).map(({ action }) => action),
  ).toEqual([0, 2]);
});
