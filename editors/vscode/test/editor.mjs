// Looks at what a real VS Code shows: with a working nixc, without one, and where nothing is trusted.
// usage: node test/editor.mjs CODE_SERVER CHROMIUM NIXC VSIX PICTURES
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import assert from "node:assert/strict";
import { checks } from "./checks.mjs";
import { nixc, report, statusSays, until, WAIT, withEditor } from "./driver.mjs";

/** Programs in a workspace, and a setting, that leave a mark where they are started. */
function planted(repo) {
  mkdirSync(path.join(repo, ".venv/bin"), { recursive: true });
  mkdirSync(path.join(repo, ".vscode"), { recursive: true });
  for (const program of [".venv/bin/nixc", "nixc", "set"]) {
    const mark = path.join(repo, `started-${program.replaceAll("/", "-")}`);
    writeFileSync(path.join(repo, program), `#!/bin/sh\n: > '${mark}'\nexit 1\n`, { mode: 0o755 });
  }
}

const scenes = {
  async features() {
    await withEditor({ settings: { "nixc.server.path": nixc } }, async (editor) => {
      for (const [name, check] of Object.entries(checks)) await report(name, () => check(editor), editor);
    });
  },
  async "a wrong path of the server is said, and nothing else is taken for it"() {
    await withEditor({ settings: { "nixc.server.path": "/nowhere/nixc" } }, async (editor) => {
      await editor.open("bad.nxa");
      await editor.sees(".notification-list-item", "/nowhere/nixc");
      await statusSays(editor, "nixc was not found");
      assert.equal(await editor.page.locator(".squiggly-error").count(), 0);
      await editor.picture("missing");
    });
  },
  async "where nixc is nowhere, it is said what to install"() {
    await withEditor({ environment: () => ({ PATH: "/usr/bin:/bin" }) }, async (editor) => {
      await editor.open("bad.nxa");
      await editor.sees(".notification-list-item", "Install it with pip");
      await statusSays(editor, "nixc was not found");
    });
  },
  async "without trust nothing of the workspace is started; with trust it is"() {
    const setting = (repo) => {
      planted(repo);
      writeFileSync(path.join(repo, ".vscode/settings.json"), JSON.stringify({ "nixc.server.path": path.join(repo, "set") }));
    };
    await untrusted(setting, "started-set");
  },
  async "without trust its virtual environment is not started; with trust it is"() {
    await untrusted(planted, "started-.venv-bin-nixc");
  },
};

/** A folder without trust: its plants lie still, even first on PATH. Once it is trusted, one grows (a control). */
async function untrusted(plant, grows) {
  const only = (root) => ({ PATH: `${path.join(root, "repo")}:${path.join(root, "repo/.venv/bin")}:.:/usr/bin:/bin` });
  await withEditor({ trusted: false, plant, environment: only }, async (editor) => {
    const marks = () => readdirSync(path.join(editor.root, "repo")).filter((name) => name.startsWith("started-"));
    await editor.page.locator(".monaco-dialog-box .monaco-button", { hasText: "No, I don't trust" }).click({ timeout: WAIT });
    await editor.open("bad.nxa");
    await editor.sees(".notification-list-item", "not trusted");
    assert.deepEqual(marks(), []);
    await editor.picture("untrusted");
    await editor.command("Workspaces: Manage Workspace Trust");
    await editor.page.locator(".workspace-trust-editor .monaco-button", { hasText: "Trust" }).first().click({ timeout: WAIT });
    await until(() => marks().length > 0);
    assert.deepEqual(marks(), [grows]);
  });
}

for (const [name, scene] of Object.entries(scenes)) {
  if (process.env.NIXC_EDITOR_SCENE && !name.includes(process.env.NIXC_EDITOR_SCENE)) continue;
  await (name === "features" ? scene() : report(name, scene));
}
