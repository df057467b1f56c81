// The verifier of session proofs, for Node.js and browsers alike.

export { type Fault, sentence } from "./fault.ts";
export { type Options, type Proven, type Refuted, type Report, verifyProof } from "./verify.ts";
