// Writes schema.d.ts, the types of the API, from openapi.json; with --check it only says whether they are stale.

import { readFile, writeFile } from "node:fs/promises";
import process from "node:process";
import openapiTS, { astToString } from "openapi-typescript";

const DOCUMENT = new URL("../../openapi.json", import.meta.url);
const TYPES = new URL("schema.d.ts", import.meta.url);
const HEADER = "// Generated from openapi.json by `npm run generate`: do not edit.\n\n";

const types =
  HEADER +
  astToString(
    await openapiTS(DOCUMENT, {
      emptyObjectsUnknown: true,
      defaultNonNullable: false,
    }),
  );
if (!process.argv.includes("--check")) {
  await writeFile(TYPES, types);
} else if ((await readFile(TYPES, "utf8").catch(() => "")) !== types) {
  process.stderr.write("client/schema.d.ts is stale: run `npm run generate` in agents/ and commit it\n");
  process.exitCode = 1;
}
