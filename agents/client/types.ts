// The names of the API's bodies, taken from the generated types.

import type { components } from "./schema.d.ts";

type Schemas = components["schemas"];

export type Action = Schemas["Action"];
export type ActionAnswer = Schemas["ActionAnswer"];
export type Event = Schemas["Event"];
export type Game = Schemas["Game"];
export type NewSession = Schemas["NewSession"];
export type NewWallet = Schemas["NewWallet"];
export type Problem = Schemas["Problem"];
export type Session = Schemas["Session"];
export type SessionMetrics = Schemas["SessionMetrics"];
export type SessionState = Schemas["SessionState"];
export type Wallet = Schemas["Wallet"];
