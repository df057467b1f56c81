// Runs one server for all tests; a test reads its address with `inject("url")`.

import type { TestProject } from "vitest/node";
import { start } from "./server.ts";

declare module "vitest" {
  interface ProvidedContext {
    url: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await start();
  project.provide("url", server.url);
  return () => server.stop();
}
