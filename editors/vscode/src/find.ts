// Where the language server is: the setting, the workspace's virtual environment, PATH. Knows
// nothing of VS Code, so that its rules about trust can be read, and tested, on their own.
import { accessSync, constants, statSync } from "node:fs";
import * as path from "node:path";

export interface Surroundings {
  /** `nixc.server.path`, as far as it may be believed: VS Code hides a workspace's from us until it is trusted. */
  readonly setting: string;
  /** The folders that are open. */
  readonly folders: readonly string[];
  readonly trusted: boolean;
  readonly home: string;
  readonly searchPath: string;
  readonly windows: boolean;
}

export type Found =
  | { readonly kind: "found"; readonly program: string; readonly source: "setting" | "workspace" | "PATH" }
  | { readonly kind: "missing"; readonly explanation: string };

/** The `nixc` to start, or why there is none. A setting that names nothing is never passed over. */
export function findServer(around: Surroundings): Found {
  if (around.setting !== "") {
    return fromSetting(around);
  }
  const own = around.trusted ? inEnvironments(around) : undefined;
  if (own !== undefined) {
    return { kind: "found", program: own, source: "workspace" };
  }
  const installed = onPath(around);
  if (installed !== undefined) {
    return { kind: "found", program: installed, source: "PATH" };
  }
  return { kind: "missing", explanation: nowhere(around) };
}

function fromSetting(around: Surroundings): Found {
  const program = around.setting
    .replace(/^~(?=[\\/])/, around.home)
    .replaceAll("${workspaceFolder}", around.folders[0] ?? "");
  if (path.isAbsolute(program) && runnable(program)) {
    return { kind: "found", program, source: "setting" };
  }
  const why = path.isAbsolute(program) ? "is no program that can be started" : "is no absolute path";
  return { kind: "missing", explanation: `nixc.server.path: "${program}" ${why}.` };
}

function inEnvironments(around: Surroundings): string | undefined {
  const inside = around.windows ? ["Scripts", "nixc.exe"] : ["bin", "nixc"];
  return around.folders
    .flatMap((folder) => [".venv", "venv"].map((name) => path.join(folder, name, ...inside)))
    .find(runnable);
}

function onPath(around: Surroundings): string | undefined {
  return around.searchPath
    .split(path.delimiter)
    .filter((entry) => path.isAbsolute(entry))
    .filter((entry) => around.trusted || !around.folders.some((folder) => isInside(entry, folder)))
    .map((entry) => path.join(entry, around.windows ? "nixc.exe" : "nixc"))
    .find(runnable);
}

function isInside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return !relative.startsWith("..") && !path.isAbsolute(relative);
}

function runnable(program: string): boolean {
  try {
    accessSync(program, constants.X_OK);
    return statSync(program).isFile();
  } catch {
    return false; // there is none, or it is not ours to start: both are "not here"
  }
}

function nowhere(around: Surroundings): string {
  const trust = around.trusted ? "" : " This workspace is not trusted, so its virtual environment was not looked at.";
  return `nixc was found neither in a virtual environment (.venv, venv) nor on PATH.${trust} Install it with pip, or set nixc.server.path.`;
}
