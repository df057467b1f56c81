// The names of the API's bodies, taken from the generated types.

import type { components, operations } from "./schema.d.ts";

type Schemas = components["schemas"];

export type Action = Schemas["Action"];
export type ActionAnswer = Schemas["ActionAnswer"];
export type Event = Schemas["Event"];
export type Game = Schemas["Game"];
export type NewOperation = Schemas["NewOperation"];
export type NewSession = Schemas["NewSession"];
export type NewSteps = Schemas["NewSteps"];
export type NewWallet = Schemas["NewWallet"];
export type OperationAnswer = Schemas["OperationAnswer"];
export type Problem = Schemas["Problem"];
export type Observation = Schemas["Observation"];
export type RewardName = Schemas["Reward"];
export type RlMetrics = Schemas["RlMetrics"];
export type Session = Schemas["Session"];
export type SessionMetrics = Schemas["SessionMetrics"];
export type SessionState = Schemas["SessionState"];
export type Spaces = Schemas["Spaces"];
export type Steps = Schemas["Steps"];
export type Wallet = Schemas["Wallet"];

/** Which rows of the record are meant. */
export type RlFilter = NonNullable<operations["rl_metrics"]["parameters"]["query"]>;

/** A step to be taken: an index of the action space, or the body of an action. */
export interface Step {
  session_id: string;
  action: number | Action;
}
