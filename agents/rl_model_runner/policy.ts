// A trained policy: an ONNX model that scores every action of an observation.

import { readFile } from "node:fs/promises";
import { InferenceSession, Tensor } from "onnxruntime-web";

/** One observation: float32 entries as `GET /rl/spaces` names them. */
export type Observation = Float32Array | readonly number[];
/** For each action whether it may be taken now: non-zero or true. */
export type Mask = Uint8Array | readonly (number | boolean)[];

/** What a policy chose. */
export interface Decision {
  /** The index of the allowed action with the highest score; of equal ones the first. */
  action: number;
  /** The scores of all actions, the forbidden ones included. */
  scores: Float32Array;
}

/** How long the vectors are that a policy reads and writes. */
export interface Shape {
  observation: number;
  actions: number;
}

/** The model cannot be used as a policy, and why. */
export class UnfitModel extends Error {
  override readonly name = "UnfitModel";
}

/** The policy was asked for something that it cannot answer. */
export class BadObservation extends Error {
  override readonly name = "BadObservation";
}

/** The name of the output that is read when a model has several. */
const SCORES = "scores";

export class Policy {
  readonly shape: Shape;
  readonly #session: InferenceSession;
  readonly #output: string;
  readonly #fixedBatch: number | null;

  private constructor(session: InferenceSession, shape: Shape, output: string, fixedBatch: number | null) {
    this.#session = session;
    this.shape = shape;
    this.#output = output;
    this.#fixedBatch = fixedBatch;
  }

  /**
   * Loads a model from a file, or from its bytes. It must take one float32 tensor [batch, entries] and give one
   * [batch, actions], or one of that kind named `scores` among several.
   * @throws UnfitModel when it does not, or when its sizes are not those of `expected`.
   */
  static async load(model: string | Uint8Array, expected: Partial<Shape> = {}): Promise<Policy> {
    const name = typeof model === "string" ? model : "the model";
    const session = await open(model, name);
    const input = matrix(onlyInput(session, name), `${name}: the input`);
    const output = scores(session, name);
    const { columns } = matrix(output, `${name}: the output`);
    const shape = { observation: input.columns, actions: columns };
    for (const key of ["observation", "actions"] as const) {
      const wanted = expected[key];
      if (wanted === undefined || wanted === shape[key]) continue;
      const [what, thing] = key === "observation" ? ["reads", "observations of"] : ["scores", "actions:"];
      throw new UnfitModel(
        `${name} ${what} ${thing} ${shape[key]}, but here are ${wanted}: it was made for other spaces`,
      );
    }
    return new Policy(session, shape, output.name, input.batch);
  }

  /** Chooses an action for one observation, or for each of many in one run of the model. */
  infer(observation: Observation, mask?: Mask): Promise<Decision>;
  infer(observations: readonly Observation[], masks?: readonly Mask[]): Promise<Decision[]>;
  async infer(
    observation: Observation | readonly Observation[],
    mask?: Mask | readonly Mask[],
  ): Promise<Decision | Decision[]> {
    if (isBatch(observation)) return this.#batch(observation, mask as readonly Mask[] | undefined);
    const [decision] = await this.#batch([observation], mask === undefined ? undefined : [mask as Mask]);
    return decision as Decision;
  }

  async #batch(observations: readonly Observation[], masks?: readonly Mask[]): Promise<Decision[]> {
    this.#check(observations, masks);
    const size = this.#fixedBatch ?? observations.length;
    const decisions: Decision[] = [];
    for (let from = 0; from < observations.length; from += size) {
      const rows = await this.#run(observations.slice(from, from + size), size);
      for (const scores of rows) decisions.push({ action: best(scores, masks?.[decisions.length]), scores });
    }
    return decisions;
  }

  #check(observations: readonly Observation[], masks?: readonly Mask[]): void {
    if (masks && masks.length !== observations.length) {
      throw new BadObservation(`there are ${observations.length} observations and ${masks.length} masks`);
    }
    for (const [at, observation] of observations.entries()) {
      check(observation.length, this.shape.observation, `observation ${at}`);
      const mask = masks?.[at];
      if (mask) check(mask.length, this.shape.actions, `mask ${at}`);
      const odd = observation.findIndex((entry) => !Number.isFinite(entry));
      if (odd >= 0) throw new BadObservation(`entry ${odd} of observation ${at} is ${observation[odd]}`);
    }
  }

  /** Runs the model on at most `size` observations; the rest of a fixed batch is zeros. */
  async #run(observations: readonly Observation[], size: number): Promise<Float32Array[]> {
    const { observation, actions } = this.shape;
    const data = new Float32Array(size * observation);
    for (const [row, entries] of observations.entries()) data.set(entries, row * observation);
    const name = this.#session.inputNames[0] as string;
    const feeds = { [name]: new Tensor("float32", data, [size, observation]) };
    const result = (await this.#session.run(feeds, [this.#output]))[this.#output];
    const found = result?.data;
    if (!(found instanceof Float32Array) || found.length !== size * actions) {
      throw new UnfitModel(
        `the model gave ${result?.type} [${result?.dims}] in place of float32 [${size},${actions}]`,
      );
    }
    return observations.map((_, row) => found.slice(row * actions, (row + 1) * actions));
  }
}

async function open(model: string | Uint8Array, name: string): Promise<InferenceSession> {
  const bytes = typeof model === "string" ? await read(model) : model;
  try {
    return await InferenceSession.create(bytes, { executionProviders: ["wasm"], logSeverityLevel: 3 });
  } catch (cause) {
    throw new UnfitModel(`${name} is no ONNX model that can be run: ${(cause as Error).message}`, { cause });
  }
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new UnfitModel(`${path} could not be read: ${(cause as Error).message}`, { cause });
  }
}

function onlyInput(session: InferenceSession, name: string): InferenceSession.ValueMetadata {
  const [input, ...more] = session.inputMetadata;
  if (input && more.length === 0) return input;
  throw new UnfitModel(
    `${name} has ${session.inputNames.length} inputs (${session.inputNames}) in place of one`,
  );
}

function scores(session: InferenceSession, name: string): InferenceSession.ValueMetadata {
  const outputs = session.outputMetadata;
  const found = outputs.length === 1 ? outputs[0] : outputs.find((output) => output.name === SCORES);
  if (found) return found;
  throw new UnfitModel(`${name} has the outputs ${session.outputNames}, and none is named ${SCORES}`);
}

/** The sizes of a float32 matrix whose columns are fixed; its rows may be. */
function matrix(
  value: InferenceSession.ValueMetadata,
  what: string,
): { batch: number | null; columns: number } {
  const shown = value.isTensor ? `${value.type} [${value.shape}]` : "no tensor";
  const fault = new UnfitModel(`${what} ${value.name} is ${shown}; float32 [batch, fixed size] was expected`);
  if (!value.isTensor || value.type !== "float32" || value.shape.length !== 2) throw fault;
  const [rows, columns] = value.shape;
  if (typeof columns !== "number" || columns < 1) throw fault;
  return { batch: typeof rows === "number" && rows > 0 ? rows : null, columns };
}

function check(found: number, wanted: number, what: string): void {
  if (found !== wanted) throw new BadObservation(`${what} has ${found} entries in place of ${wanted}`);
}

/** The allowed action with the highest score. */
function best(scores: Float32Array, mask: Mask | undefined): number {
  let found = -1;
  for (const [action, score] of scores.entries()) {
    if (Number.isNaN(score)) throw new UnfitModel(`the model scores action ${action} as NaN`);
    const allowed = mask === undefined || Boolean(mask[action]);
    if (allowed && (found < 0 || score > (scores[found] as number))) found = action;
  }
  if (found < 0) throw new BadObservation("the mask allows no action at all");
  return found;
}

function isBatch(value: Observation | readonly Observation[]): value is readonly Observation[] {
  return Array.isArray(value) && typeof value[0] !== "number";
}
