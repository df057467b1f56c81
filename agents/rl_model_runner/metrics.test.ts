// The streaming figures against numbers worked out by hand.

import { expect, test } from "vitest";
import { EpisodeMetrics, Welford } from "./metrics.ts";

const of = (values: number[]) => values.reduce((stream, value) => stream.add(value), new Welford());

test("mean and variance of eight numbers", () => {
  // The sum is 40, so the mean is 5; the squares off it are 9+1+1+1+0+0+4+16 = 32, over 7.
  const stream = of([2, 4, 4, 4, 5, 5, 7, 9]);
  expect(stream.count).toBe(8);
  expect(stream.mean).toBe(5);
  expect(stream.variance).toBeCloseTo(32 / 7, 14);
  // The half width is 1.959963984540054 × √(32/7/8) = 1.959963984540054 × 0.7559289460184544.
  expect(stream.estimate.low).toBeCloseTo(5 - 1.4815935090674932, 12);
  expect(stream.estimate.high).toBeCloseTo(5 + 1.4815935090674932, 12);
});

test("a large offset takes nothing from the variance", () => {
  // 1e9 + {4, 7, 13, 16}: the mean is 1e9 + 10, the squares off it 36 + 9 + 9 + 36 = 90, over 3.
  const stream = of([4, 7, 13, 16].map((value) => 1e9 + value));
  expect(stream.mean).toBe(1e9 + 10);
  expect(stream.variance).toBe(30);
});

test("streams merge to what one stream would have seen", () => {
  const values = Array.from({ length: 1000 }, (_, at) => Math.sin(at) * at);
  for (const cut of [0, 1, 333, 999, 1000]) {
    const merged = of(values.slice(0, cut)).merge(of(values.slice(cut)));
    expect(merged.count).toBe(1000);
    expect(merged.mean).toBeCloseTo(of(values).mean, 10);
    expect(merged.variance).toBeCloseTo(of(values).variance, 6);
  }
});

test("figures that a sample is too small for are not made up", () => {
  expect(new Welford().mean).toBeNaN();
  expect(new Welford().merge(new Welford()).mean).toBeNaN();
  expect(of([3]).mean).toBe(3);
  expect(of([3]).variance).toBeNaN();
  expect(of([3]).estimate.low).toBeNaN();
  expect(of([3, 3]).estimate).toEqual({ mean: 3, low: 3, high: 3 });
});

test("the figures of three episodes", () => {
  const metrics = new EpisodeMetrics()
    .episode([-1, -1, 4], "terminated")
    .episode([-1], "truncated")
    .episode([-1, 2, -1, 0], "terminated");
  // Eight rewards with the sum 1; the sum of their squares is 25, less 8 × (1/8)² for the mean, over 7.
  expect(metrics.reward.count).toBe(8);
  expect(metrics.reward.mean).toBeCloseTo(0.125, 14);
  expect(metrics.reward.variance).toBeCloseTo((25 - 0.125) / 7, 14);
  // Returns 2, -1, 0: the mean is 1/3, the squares off it (25 + 16 + 1) / 9, over 2.
  expect(metrics.episodeReturn.mean).toBeCloseTo(1 / 3, 14);
  expect(metrics.episodeReturn.variance).toBeCloseTo(42 / 9 / 2, 14);
  // Lengths 3, 1, 4: the mean is 8/3, the squares off it (1 + 25 + 16) / 9, over 2.
  expect(metrics.episodeLength.mean).toBeCloseTo(8 / 3, 14);
  expect(metrics.episodeLength.variance).toBeCloseTo(42 / 9 / 2, 14);
  expect([metrics.episodes, metrics.terminated, metrics.truncated]).toEqual([3, 2, 1]);
});

test("an episode that goes on counts its steps, not itself", () => {
  const metrics = new EpisodeMetrics().step(1, "open").step(1, "open");
  expect([metrics.reward.count, metrics.episodes, metrics.episodeLength.count]).toEqual([2, 0, 0]);
  metrics.step(1, "terminated");
  expect([metrics.episodeReturn.mean, metrics.episodeLength.mean]).toEqual([3, 3]);
});
