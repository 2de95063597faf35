// Drives a real VS Code (code-server in chromium) as a person would, and looks at what it shows.
// usage: node test/editor.mjs CODE_SERVER CHROMIUM NIXC VSIX PICTURES
import { spawn, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const [codeServer, browserProgram, nixc, vsix, pictures] = process.argv.slice(2);
const WAIT = Number(process.env.NIXC_EDITOR_WAIT ?? 90_000); // a cold extension host on a busy machine
const FILES = {
  "lib.nxa": `# Greets somebody.\naction greet(who) {\n  run = """\n    echo "hello, $who"\n  """\n}\n`,
  "ci.nxa": `import "./lib.nxa" as lib

workflow ci {
  # Says hello.
  job hello {
    use lib.greet(who = "world")
    step "shell" {
      run = """
        word=green
        if [ -n "$word" ]; then echo "all $word here"; fi
      """
    }
  }

  job last {
    needs = [hello]
    run "echo bye"
  }
}
`,
  "bad.nxa": `workflow bad {\n  job test {\n    neds = []\n    run "true"\n  }\n}\n`,
  // Nobody opens it.
  "shut.nxa": `workflow shut {\n  job test {\n    neds = []\n    run "true"\n  }\n}\n`,
};

class Editor {
  constructor(root, page, stop) {
    Object.assign(this, { root, page, stop });
  }

  /** A server of its own with settings, a folder of files and a browser on it. */
  static async start({ settings = {}, trusted = true, plant = () => {}, environment = () => ({}) } = {}) {
    const root = mkdtempSync(path.join(tmpdir(), "nixc-vscode-"));
    const at = (...parts) => path.join(root, ...parts);
    for (const folder of ["home", "data/Machine", "exts", "repo"]) mkdirSync(at(folder), { recursive: true });
    for (const [name, text] of Object.entries(FILES)) writeFileSync(at("repo", name), text);
    plant(at("repo"));
    writeFileSync(at("data/Machine/settings.json"), JSON.stringify({
      "workbench.startupEditor": "none", "editor.minimap.enabled": false, "telemetry.telemetryLevel": "off",
      "security.workspace.trust.startupPrompt": "never", "security.workspace.trust.banner": "never",
      "security.workspace.trust.untrustedFiles": "open", "workbench.enableExperiments": false,
      "terminal.integrated.gpuAcceleration": "off", "[nxa]": { "editor.formatOnSave": true },
      "files.autoSave": "off", "editor.hover.delay": 100, "task.allowAutomaticTasks": "off", ...settings,
    }));
    const env = { ...process.env, HOME: at("home"), ...environment(root) };
    const own = ["--user-data-dir", at("data"), "--extensions-dir", at("exts")];
    execFileSync(codeServer, [...own, "--install-extension", vsix], { env, stdio: "pipe" });
    const log = openSync(at("server.log"), "w");
    const server = spawn(codeServer, [
      ...own, "--auth", "none", "--bind-addr", "127.0.0.1:0", "--disable-telemetry", "--disable-update-check",
      ...(trusted ? ["--disable-workspace-trust"] : []),
    ], { env, detached: true, stdio: ["ignore", log, log] });
    let browser;
    const stop = async () => {
      await browser?.close();
      try { process.kill(-server.pid, "SIGTERM"); } catch (problem) { if (problem.code !== "ESRCH") throw problem; }
      await new Promise((done) => (server.exitCode === null && server.signalCode === null ? server.once("exit", done) : done()));
      rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    };
    try {
      const address = await until(() => /HTTP server listening on (http:\S+)/.exec(readFileSync(at("server.log"), "utf8"))?.[1]);
      browser = await chromium.launch({ executablePath: browserProgram, args: ["--no-sandbox"] });
      const page = await browser.newPage({ viewport: { width: 1100, height: 700 } });
      await page.goto(`${address.replace(/\/$/, "")}/?folder=${at("repo")}`);
      await page.locator(".explorer-folders-view .monaco-list-row").first().waitFor({ timeout: WAIT });
      return new Editor(root, page, stop);
    } catch (problem) {
      await stop();
      throw problem;
    }
  }

  async open(name) {
    await this.page.locator(`.explorer-folders-view .monaco-list-row[aria-label^="${name}"]`).dblclick();
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor({ timeout: WAIT });
  }

  async command(title) {
    await this.page.keyboard.press("F1");
    await this.page.locator(".quick-input-widget input").first().fill(`>${title}`);
    await this.page.locator(`.quick-input-list .monaco-list-row[aria-label^="${title}"]`).first().click({ timeout: WAIT });
  }

  /** Takes an entry of the list that is open. */
  async choose(entry) {
    await this.page.locator(".quick-input-list .monaco-list-row", { hasText: entry }).first().click({ timeout: WAIT });
  }

  /** Puts the cursor right behind the first `text` of the active editor's lines. */
  async after(line, column) {
    await this.page.keyboard.press("Control+g");
    await this.page.locator(".quick-input-widget input").first().fill(`:${line}:${column}`);
    await this.page.keyboard.press("Enter");
    await this.page.locator("#status\\.editor\\.selection", { hasText: `Ln ${line}, Col ${column}` }).waitFor({ timeout: WAIT });
  }

  text(name) {
    return readFileSync(path.join(this.root, "repo", name), "utf8");
  }

  sees(selector, text, timeout = WAIT) {
    return this.page.locator(selector, { hasText: text }).first().waitFor({ timeout });
  }

  /** A picture of what was there when a check failed, where one wants them. */
  async keep(name) {
    const folder = process.env.NIXC_FAILED_PICTURES;
    if (folder) await this.page.screenshot({ path: path.join(folder, `${name}.png`) });
  }

  async picture(name) {
    if (pictures) await this.page.screenshot({ path: path.join(pictures, `${name}.png`) });
  }
}

async function until(what, timeout = WAIT) {
  const end = Date.now() + timeout;
  for (;;) {
    const found = await what();
    if (found) return found;
    if (Date.now() > end) throw new Error(`did not come to be: ${what}`);
    await new Promise((done) => setTimeout(done, 200));
  }
}

const checks = {
  async "a mistake is underlined and stands in Problems"(editor) {
    await editor.open("bad.nxa");
    await editor.page.locator(".squiggly-error").first().waitFor({ timeout: WAIT });
    await editor.page.keyboard.press("Control+Shift+m");
    await editor.sees(".markers-panel .monaco-list-row", "neds");
    await editor.picture("problems");
  },
  async "a quick fix mends it, and saving lays it out"(editor) {
    await editor.after(3, 6);
    await editor.page.keyboard.press("Control+.");
    await editor.sees(".action-widget .monaco-list-row", "needs");
    await editor.picture("quick-fix");
    await editor.page.keyboard.press("Enter");
    await until(async () => (await editor.page.locator(".squiggly-error").count()) === 0);
    await editor.after(4, 5);
    await editor.page.keyboard.type("   ");
    await editor.page.keyboard.press("Control+s");
    await until(() => editor.text("bad.nxa").includes("\n    needs = []\n    run \"true\"\n"));
  },
  async "completion comes with documentation"(editor) {
    await editor.open("ci.nxa");
    await editor.after(16, 20);
    await editor.page.keyboard.press("Enter");
    await editor.page.keyboard.type("time");
    await editor.sees(".suggest-widget .monaco-list-row", "timeout");
    await editor.page.keyboard.press("Control+Space");
    await editor.sees(".suggest-details", "Bounds the whole job");
    await editor.picture("completion");
    await editor.page.keyboard.press("Escape");
    await editor.command("File: Revert File");
    await until(async () => (await editor.page.locator(".tab.active.dirty").count()) === 0);
  },
  async "hover shows what is known"(editor) {
    await editor.after(16, 15);
    await editor.command("Show or Focus Hover");
    await editor.sees(".monaco-hover", "Says hello");
    await editor.picture("hover");
    await editor.page.keyboard.press("Escape");
  },
  async "the outline has the jobs"(editor) {
    await editor.command("Explorer: Focus on Outline View");
    await editor.sees(".outline-tree .monaco-list-row", "hello");
    await editor.sees(".outline-tree .monaco-list-row", "last");
  },
  async "shell is coloured within its text"(editor) {
    await editor.after(10, 1);
    const colours = await until(async () => {
      const line = editor.page.locator(".view-line", { hasText: "all" }).first();
      const found = new Set(await line.locator("span span").evaluateAll((spans) => spans.map((span) => getComputedStyle(span).color)));
      return found.size >= 3 && found;
    });
    assert.ok(colours.size >= 3);
  },
  async "definition goes to the other file"(editor) {
    await editor.after(6, 15);
    await editor.page.keyboard.press("F12");
    await editor.page.locator('.tab.active[data-resource-name="lib.nxa"]').waitFor({ timeout: WAIT });
    await editor.sees("#status\\.editor\\.selection", "Ln 2");
  },
  async "rename shows what it will change, then changes both files"(editor) {
    await editor.page.keyboard.press("F2");
    const box = editor.page.locator(".rename-box input");
    await box.waitFor({ timeout: WAIT });
    await box.fill("welcome");
    await editor.page.keyboard.press("Control+Enter");
    await editor.sees(".monaco-list-row", "greetwelcome(who = ");
    await editor.picture("rename");
    await editor.page.locator(".monaco-button", { hasText: "Apply" }).first().click();
    await editor.command("File: Save All Files");
    await until(() => editor.text("ci.nxa").includes("lib.welcome(") && editor.text("lib.nxa").includes("action welcome("));
  },
  async "a run is shown green in a terminal"(editor) {
    await editor.open("ci.nxa");
    await editor.page.locator('.editor-actions a[aria-label^="Run Workflow"]').first().click({ timeout: WAIT });
    await editor.sees(".terminal-wrapper .xterm-rows", /ci\s+succeeded.*2\s+succeeded/);
    // A row that is drawn anew while it is looked at has no colour.
    const shown = () => editor.page.locator(".terminal-wrapper .xterm-rows span", { hasText: "success" }).first()
      .evaluate((span) => getComputedStyle(span).color);
    let colour = "";
    await until(async () => (colour = await shown()) !== "");
    const [red, green, blue] = colour.match(/\d+/g).map(Number);
    assert.ok(green > red && green > blue, `not green: ${colour}`);
    await editor.picture("run");
  },
  async "lenses tell how the last run went, and show references"(editor) {
    await editor.command("View: Toggle Panel Visibility");
    await editor.sees(".codelens-decoration a", "run job");
    await editor.sees(".codelens-decoration", /✓ success in \d/);
    await editor.page.mouse.move(190, 400); // no tooltip in the picture
    await editor.page.locator(".monaco-hover:visible, .workbench-hover:visible").waitFor({ state: "hidden", timeout: WAIT });
    await editor.picture("lenses");
    await editor.open("lib.nxa");
    await editor.page.locator(".codelens-decoration a", { hasText: "1 reference" }).click({ timeout: WAIT });
    await editor.sees(".reference-zone-widget .preview .view-line", "lib.welcome");
    await editor.page.keyboard.press("Escape");
    await editor.open("ci.nxa");
  },
  async "a lens runs its job"(editor) {
    await editor.page.locator(".codelens-decoration a", { hasText: "run job" }).first().click({ timeout: WAIT });
    await editor.sees(".terminal-wrapper .xterm-rows", /1\s+succeeded/);
    await editor.command("View: Toggle Panel Visibility");
  },
  async "the graph shows the jobs, follows edits, and leads to them"(editor) {
    await editor.command("nixc: Show Graph");
    const graph = drawing(editor);
    await graph.locator('g.job.status-success[data-job="hello"]').waitFor({ timeout: WAIT });
    await graph.locator('g.job[data-job="last"]').click();
    await editor.sees("#status\\.editor\\.selection", "Ln 15");
    await editor.picture("graph");
    await editor.page.keyboard.press("End");
    await editor.page.keyboard.press("Enter");
    await editor.page.keyboard.type("needs = [nobody]");
    await graph.locator("#says", { hasText: "An older graph" }).waitFor({ timeout: WAIT });
    await editor.command("File: Revert File");
    await graph.locator("#says", { hasText: "ci: 2 jobs" }).waitFor({ timeout: WAIT });
  },
  async "the keyboard leads through the graph"(editor) {
    const graph = drawing(editor);
    assert.deepEqual(
      await graph.locator("g.job").evaluateAll((jobs) => jobs.map((job) => [job.getAttribute("role"), job.tabIndex])),
      [["link", 0], ["link", 0]],
    );
    await graph.locator('g.job[data-job="hello"]').focus();
    assert.match(await graph.locator("g.job:focus").getAttribute("aria-label"), /^hello\b.*success/);
    await editor.page.keyboard.press("ArrowRight");
    await graph.locator('g.job[data-job="last"]:focus').waitFor({ timeout: WAIT });
    await editor.page.keyboard.press("ArrowLeft");
    await editor.page.keyboard.press("Enter");
    await editor.sees("#status\\.editor\\.selection", "Ln 5");
  },
  async "the graph can be read in light, dark and high-contrast themes"(editor) {
    const graph = drawing(editor);
    const seen = new Set();
    for (const theme of ["Light High Contrast", "Dark High Contrast", "Dark Modern", "Light Modern"]) {
      await editor.command("Preferences: Color Theme");
      await editor.page.locator(".quick-input-widget input").first().fill(theme);
      await editor.page.locator(".quick-input-list .monaco-list-row.focused", { hasText: theme }).waitFor({ timeout: WAIT });
      await editor.page.keyboard.press("Enter");
      const [back, ...texts] = await until(async () => {
        const found = await graph.locator("body").evaluate((body) => [
          getComputedStyle(body).backgroundColor,
          ...[...body.querySelectorAll("#says, #graph text")].map((text) => getComputedStyle(text)[text.id ? "color" : "fill"]),
        ]);
        return !seen.has(found[0] + found[1]) && found;
      });
      seen.add(back + texts[0]);
      // WCAG 2.1, 1.4.3: the least contrast for text.
      for (const text of texts) assert.ok(contrast(text, back) >= 4.5, `${theme}: ${text} on ${back}`);
      await editor.picture(`graph-${theme.replaceAll(" ", "-")}`);
    }
    await editor.command("View: Close All Editors");
    await editor.open("ci.nxa");
  },
  async "a snippet is offered, and fills in"(editor) {
    await editor.after(18, 4);
    await editor.page.keyboard.press("Enter");
    await editor.page.keyboard.type("matri");
    await editor.page.locator('.suggest-widget .monaco-list-row[aria-label*="Matrix job"]').first().click({ timeout: WAIT });
    await editor.sees(".view-line", /matrix\s=\s\{\sversion\s=\s\["1",\s"2"\]\s\}/);
    await editor.page.keyboard.press("Escape");
    await editor.command("File: Revert File");
    await until(async () => (await editor.page.locator(".tab.active.dirty").count()) === 0);
  },
  async "brackets and texts close by themselves, lines are indented and made comments"(editor) {
    const lines = () => editor.page.locator(".view-line").evaluateAll((found) => found // not in their order
      .sort((one, other) => Number.parseFloat(one.style.top) - Number.parseFloat(other.style.top))
      .map((line) => line.textContent.replaceAll("\u00a0", " ")));
    await editor.after(18, 4);
    await editor.page.keyboard.press("Enter");
    await editor.page.keyboard.type("job more {");
    await editor.page.keyboard.press("Enter");
    await editor.page.keyboard.type('run = """');
    await editor.page.keyboard.press("Enter");
    await editor.page.keyboard.type("true");
    await until(async () => (await lines()).join("\n").includes('  job more {\n    run = """\n      true\n    """\n  }'));
    await editor.page.keyboard.press("Control+/");
    await until(async () => (await lines()).includes("      # true"));
    await editor.command("File: Revert File");
    await until(async () => (await editor.page.locator(".tab.active.dirty").count()) === 0);
  },
  async "a script is built"(editor) {
    await editor.command("nixc: Build Script");
    await until(() => existsSync(path.join(editor.root, "repo/ci.sh")));
    assert.match(execFileSync(path.join(editor.root, "repo/ci.sh"), ["--list"], { encoding: "utf8" }), /hello/);
  },
  async "tasks are listed, and what they find wrong stands in Problems"(editor) {
    await editor.command("Tasks: Run Task");
    // The tasks of nixc, below those that ran before.
    await editor.page.locator('.quick-input-list .monaco-list-row:has(.codicon-folder)', { hasText: "nixc" }).click({ timeout: WAIT });
    await editor.sees(".quick-input-list .monaco-list-row", "build bad.nxa");
    const listed = await editor.page.locator(".quick-input-list .monaco-list-row").allTextContents();
    const wanted = ["bad", "ci", "shut"].flatMap((file) => ["build", "check", "run"].map((action) => `${action} ${file}.nxa`));
    assert.deepEqual(wanted.filter((task) => !listed.some((row) => row.includes(task))), []);
    assert.ok(!listed.some((row) => row.includes("lib.nxa")), "lib.nxa has no workflow");
    await editor.choose("check shut.nxa");
    await editor.sees(".terminal-wrapper .xterm-rows", "neds");
    await editor.page.keyboard.press("Control+Shift+m");
    // The server's, and the task's.
    await until(async () => (await editor.page.locator('.markers-panel .monaco-list-row[aria-label*="neds"]').count()) === 2);
    await editor.picture("tasks");
    await editor.command("View: Toggle Panel Visibility");
  },
  async "the server is started anew"(editor) {
    const before = servers(editor);
    assert.equal(before.length, 1);
    await editor.command("nixc: Restart Language Server");
    await until(() => servers(editor).length === 1 && servers(editor)[0] !== before[0]);
    await statusSays(editor, "is running");
    await editor.open("ci.nxa");
    await editor.after(16, 15);
    await editor.command("Show or Focus Hover");
    await editor.sees(".monaco-hover", "Says hello");
    await editor.page.keyboard.press("Escape");
  },
  async "the walkthrough leads to the first run"(editor) {
    await editor.command("Welcome: Open Walkthrough");
    await editor.choose("Start with nixc");
    for (const step of ["Install nixc", "Write a workflow", "Run it", "See its graph"]) {
      await editor.page.locator(".getting-started-step", { hasText: step }).first().click({ timeout: WAIT });
    }
    await editor.sees(".getting-started-step.expanded", "follows what you write");
    await editor.picture("walkthrough");
  },
};

/** What stands in the graph's view. */
const drawing = (editor) => editor.page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");

/** The contrast of two colours (WCAG 2.1); one that lets some through lies on the other. */
function contrast(text, back) {
  const [on, below] = [text, back].map((colour) => colour.match(/[\d.]+/g).map(Number));
  const alpha = on[3] ?? 1;
  const light = (parts) => {
    const [red, green, blue] = parts.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const shown = on.slice(0, 3).map((part, at) => alpha * part + (1 - alpha) * below[at]);
  const [high, low] = [light(shown), light(below.slice(0, 3))].sort((one, other) => other - one);
  return (high + 0.05) / (low + 0.05);
}

/** The language servers of this very editor: by its home in their environment. */
function servers(editor) {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").endsWith("/nixc\0lsp\0")
        && readFileSync(`/proc/${pid}/environ`, "utf8").includes(`HOME=${path.join(editor.root, "home")}\0`);
    } catch {
      return false; // it has ended
    }
  });
}

/** Waits until the status bar says this of the server. */
const statusSays = (editor, text) =>
  editor.page.locator(`[id$="nixc.status"] a[aria-label*="${text}"]`).first().waitFor({ timeout: WAIT });

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

async function withEditor(options, does) {
  const editor = await Editor.start(options);
  try {
    await does(editor);
  } catch (problem) {
    await editor.keep("failed");
    throw problem;
  } finally {
    await editor.stop();
  }
}

/** One line for each check, as TAP has them; a failed one fails the whole, and the next is tried. */
async function report(name, check, editor) {
  const begun = Date.now();
  try {
    await check();
    console.log(`ok ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
  } catch (problem) {
    await editor?.keep(name.replace(/\W+/g, "-"));
    console.log(`not ok ${name}\n${problem.stack}`);
    process.exitCode = 1;
  }
}

for (const [name, scene] of Object.entries(scenes)) {
  if (process.env.NIXC_EDITOR_SCENE && !name.includes(process.env.NIXC_EDITOR_SCENE)) continue;
  await (name === "features" ? scene() : report(name, scene));
}
