// How the tests run: pages in a real browser against a real server, with time to spare on a busy machine.

import { defineConfig, mergeConfig } from "vitest/config";
import vite from "./vite.config.ts";

export default mergeConfig(
  vite,
  defineConfig({ test: { include: ["test/**/*.test.ts"], testTimeout: 120_000, hookTimeout: 240_000 } }),
);
