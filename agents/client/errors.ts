// What a call can fail with.

import type { Problem } from "./types.ts";

/** The server refused the request and said why (RFC 9457). */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.code}: ${problem.detail}`);
    this.problem = problem;
  }

  /** The kind of problem, such as `insufficient_funds`. */
  get code(): string {
    return this.problem.code;
  }

  get status(): number {
    return this.problem.status;
  }
}

/** Nothing answered at the address, or the answer broke off. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
  readonly url: string;

  constructor(url: string, cause: unknown) {
    const lines = [
      `no Reelhouse server answers at ${url} (${reason(cause)})`,
      "Start one in the repository with `cargo run --release`, or name another with --url.",
    ];
    super(lines.join("\n"), { cause });
    this.url = url;
  }
}

/** Something answered, but not as Reelhouse does. */
export class Unexpected extends Error {
  override readonly name = "Unexpected";
}

/** The innermost reason: fetch hides it behind "fetch failed". */
function reason(cause: unknown): string {
  let found = cause;
  while (found instanceof Error && found.cause instanceof Error) found = found.cause;
  if (!(found instanceof Error)) return String(found);
  const code = "code" in found && typeof found.code === "string" ? found.code : "";
  return found.message || code || found.name;
}
