// A real VS Code (code-server in chromium), driven as a person would. Its arguments: CODE_SERVER CHROMIUM NIXC VSIX PICTURES
import { spawn, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";

const [codeServer, browserProgram, program, vsix, pictures] = process.argv.slice(2);
export const nixc = program;
export const WAIT = Number(process.env.NIXC_EDITOR_WAIT ?? 90_000); // a cold extension host on a busy machine
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

export class Editor {
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
      "files.autoSave": "off", "editor.acceptSuggestionOnEnter": "off", "editor.hover.delay": 100,
      "task.allowAutomaticTasks": "off", ...settings,
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

  /** Forgets what was typed and not saved. */
  async revert() {
    await this.command("File: Revert File");
    await until(async () => (await this.page.locator(".tab.active.dirty").count()) === 0);
  }

  /** Puts the cursor before a column of the active editor, both 1-based. */
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

export async function until(what, timeout = WAIT) {
  const end = Date.now() + timeout;
  for (;;) {
    const found = await what();
    if (found) return found;
    if (Date.now() > end) throw new Error(`did not come to be: ${what}`);
    await new Promise((done) => setTimeout(done, 200));
  }
}

/** What stands in the graph's view. */
export const drawing = (editor) => editor.page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");

/** The language servers of this very editor: by its home in their environment. */
export function servers(editor) {
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
export const statusSays = (editor, text) =>
  editor.page.locator(`[id$="nixc.status"] a[aria-label*="${text}"]`).first().waitFor({ timeout: WAIT });

export async function withEditor(options, does) {
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
export async function report(name, check, editor) {
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
