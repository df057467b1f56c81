// How the page is built: un-hashed names, so that the built files can be kept beside their sources.

import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import solid from "vite-plugin-solid";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
/** The server that the page speaks to while it is written. */
const SERVER = process.env.REELHOUSE_URL ?? "http://127.0.0.1:8080";
const API = [
  "games",
  "wallets",
  "sessions",
  "simulations",
  "analytics",
  "metadata",
  "docs",
  "openapi.json",
  "healthz",
];

/** The client and the verifier are those of the agents; what they depend on is taken from here. */
export const sources = {
  alias: { "@client": here("../agents/client"), "@verifier": here("../agents/verifier") },
  dedupe: ["@noble/ed25519", "@noble/hashes", "eventsource-parser", "openapi-fetch"],
};

export default defineConfig({
  plugins: [solid()],
  resolve: sources,
  build: {
    target: "es2023",
    modulePreload: false,
    rolldownOptions: {
      output: {
        entryFileNames: "assets/app.js",
        chunkFileNames: "assets/[name].js",
        assetFileNames: "assets/app[extname]",
      },
    },
  },
  server: {
    fs: { allow: [here("..")] },
    proxy: Object.fromEntries(
      API.map((path) => [`^/${path}(/|\\?|$)`, { target: SERVER, changeOrigin: true }]),
    ),
  },
});
