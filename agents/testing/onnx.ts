// Writes small ONNX models for tests: one layer, scores = observation × weights + bias.

/** Numbers that ONNX gives to the types of tensors. */
export const TYPES = { float: 1, int64: 7, double: 11 } as const;

export interface LayerOptions {
  /** One row for each entry of the observation, one column for each action. */
  weights: number[][];
  bias: number[];
  /** The declared shape of the input; `["batch", entries]` unless given. */
  inputShape?: (string | number)[];
  inputType?: keyof typeof TYPES;
  /** A second output, a copy of the first. */
  copy?: string;
}

/** The bytes of a model with the input `observation` and the output `scores`. */
export function layer(options: LayerOptions): Uint8Array {
  const { weights, bias, inputType = "float" } = options;
  const size: [number, number] = [weights.length, bias.length];
  const input = options.inputShape ?? ["batch", size[0]];
  const output = [...input.slice(0, -1), size[1]];
  const nodes = [
    node("MatMul", ["observation", "weights"], "product"),
    node("Add", ["product", "bias"], "scores"),
  ];
  if (options.copy) nodes.push(node("Identity", ["scores"], options.copy));
  const outputs = ["scores", ...(options.copy ? [options.copy] : [])];
  const graph = [
    ...nodes.map((body) => bytes(1, body)),
    text(2, "policy"),
    bytes(5, tensor("weights", size, weights.flat(), inputType)),
    bytes(5, tensor("bias", [size[1]], bias, inputType)),
    bytes(11, value("observation", input, inputType)),
    ...outputs.map((name) => bytes(12, value(name, output, inputType))),
  ];
  return Uint8Array.from([...number(1, 8), ...bytes(7, graph.flat()), ...bytes(8, number(2, 13))]);
}

function node(operator: string, inputs: string[], output: string): number[] {
  return [...inputs.flatMap((name) => text(1, name)), ...text(2, output), ...text(4, operator)];
}

function tensor(name: string, dims: number[], data: number[], type: keyof typeof TYPES): number[] {
  const raw = type === "double" ? new Float64Array(data) : new Float32Array(data);
  const shape = dims.flatMap((dim) => number(1, dim));
  return [
    ...shape,
    ...number(2, TYPES[type]),
    ...text(8, name),
    ...bytes(9, [...new Uint8Array(raw.buffer)]),
  ];
}

function value(name: string, shape: (string | number)[], type: keyof typeof TYPES): number[] {
  const dims = shape.map((dim) => bytes(1, typeof dim === "number" ? number(1, dim) : text(2, dim)));
  const tensorType = [...number(1, TYPES[type]), ...bytes(2, dims.flat())];
  return [...text(1, name), ...bytes(2, bytes(1, tensorType))];
}

// Protocol buffers: a field is its number and kind, then a varint or a length with so many bytes.

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

function number(field: number, value: number): number[] {
  return [...varint(field * 8), ...varint(value)];
}

function bytes(field: number, body: number[]): number[] {
  return [...varint(field * 8 + 2), ...varint(body.length), ...body];
}

function text(field: number, value: string): number[] {
  return bytes(field, [...Buffer.from(value)]);
}
