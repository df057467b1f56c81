// How the tests run: against a real server, with time to spare on a busy machine.

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    globalSetup: "testing/setup.ts",
    testTimeout: 120_000,
    hookTimeout: 240_000,
  },
});
