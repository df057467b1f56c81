// How the tests run: pages in a real browser against a real server, with time to spare on a busy machine.

import { defineConfig } from "vitest/config";
import { sources } from "./vite.config.ts";

export default defineConfig({
  resolve: sources,
  test: { include: ["test/**/*.test.ts"], testTimeout: 120_000, hookTimeout: 240_000 },
});
