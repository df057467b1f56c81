// What the runner offers: `use` a policy, then `infer(observation)`.

import { type Decision, type Mask, type Observation, Policy, type Shape } from "./policy.ts";

export { type Document, Encoder } from "./encoder.ts";
export { type Ending, EpisodeMetrics, type Estimate, Welford } from "./metrics.ts";
export * from "./policy.ts";

let current: Policy | undefined;

/** Loads the policy that `infer` asks from now on. */
export async function use(model: string | Uint8Array, expected?: Partial<Shape>): Promise<Policy> {
  current = await Policy.load(model, expected);
  return current;
}

/**
 * What the policy in use does with an observation, or with each of many.
 * @throws Error when no policy is in use.
 */
export function infer(observation: Observation, mask?: Mask): Promise<Decision>;
export function infer(observations: readonly Observation[], masks?: readonly Mask[]): Promise<Decision[]>;
export async function infer(
  observation: Observation | readonly Observation[],
  mask?: Mask | readonly Mask[],
): Promise<Decision | Decision[]> {
  if (!current) throw new Error("no policy is in use: call use(path) first");
  return current.infer(observation as Observation, mask as Mask | undefined);
}
