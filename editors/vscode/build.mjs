// Builds dist/: the extension, the graph view's script, the grammar. Needs no network.
import { mkdirSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import { grammar } from "./syntaxes/nxa.mjs";

mkdirSync("dist", { recursive: true });
writeFileSync("dist/nxa.tmLanguage.json", JSON.stringify(grammar, null, 1));
const shared = { bundle: true, minify: true, logLevel: "warning", legalComments: "none" };
await build({
  ...shared, entryPoints: ["src/extension.ts"], outfile: "dist/extension.js",
  platform: "node", target: "node18", format: "cjs", external: ["vscode"],
});
await build({
  ...shared, entryPoints: ["src/view/graph.ts"], outfile: "dist/graph.js",
  platform: "browser", target: "es2022", format: "iife",
});
