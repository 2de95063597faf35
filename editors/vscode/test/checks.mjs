// What a person sees in a VS Code with a working nixc: one after the other, in one window.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import assert from "node:assert/strict";
import { drawing, servers, statusSays, until, WAIT } from "./driver.mjs";

export const checks = {
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
    await editor.revert();
  },
  async "hover shows what is known"(editor) {
    await hovers(editor);
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
    const colour = await until(shown);
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
    await editor.revert();
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
    for (const theme of ["Light High Contrast", "Dark High Contrast", "Dark Modern", "Light Modern"]) {
      await editor.command("Preferences: Color Theme");
      await editor.page.locator(".quick-input-widget input").first().fill(theme);
      await editor.page.locator(".quick-input-list .monaco-list-row.focused", { hasText: theme }).waitFor({ timeout: WAIT });
      await editor.page.keyboard.press("Enter");
      // A view is told a theme's name and its colours at once.
      await graph.locator(`body[data-vscode-theme-name="${theme}"]`).waitFor({ timeout: WAIT });
      const [back, ...texts] = await graph.locator("body").evaluate((body) => [
        getComputedStyle(body).backgroundColor,
        ...[...body.querySelectorAll("#says, #graph text")].map((text) => getComputedStyle(text)[text.id ? "color" : "fill"]),
      ]);
      assert.ok(texts.length >= 3, "the sentence above and two jobs");
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
    await editor.revert();
  },
  async "brackets and texts close by themselves, lines are indented and made comments"(editor) {
    const lines = () => editor.page.locator(".view-line").evaluateAll((found) => found // not in their order
      .sort((one, other) => Number.parseFloat(one.style.top) - Number.parseFloat(other.style.top))
      .map((line) => line.textContent.replaceAll("\u00a0", " ")));
    // Signs that come at once are one text to VS Code, as if pasted: nothing is closed then.
    const types = async (column, text, becomes) => {
      const at = (place) => editor.sees("#status\\.editor\\.selection", new RegExp(`Col ${place}\\b`));
      await editor.page.keyboard.press("Enter");
      await at(column);
      for (const [typed, sign] of [...text].entries()) {
        await editor.page.keyboard.type(sign);
        await at(column + typed + 1);
      }
      await until(async () => (await lines()).join("\n").includes(becomes));
    };
    await editor.after(18, 4);
    await types(3, "job more {", "  job more {}");
    await types(5, 'run = """', '  job more {\n    run = """"""\n  }');
    await types(7, "true", '    run = """\n      true\n    """\n  }');
    // Not by its key, which belongs to the list of suggestions where that is shown.
    await editor.command("Toggle Line Comment");
    await until(async () => (await lines()).includes("      # true"));
    await editor.revert();
  },
  async "a script is built"(editor) {
    await editor.revert();
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
    await hovers(editor);
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

/** Looks at what stands beside a job that another one needs. */
async function hovers(editor) {
  await editor.after(16, 15);
  await editor.command("Show or Focus Hover");
  await editor.sees(".monaco-hover", "Says hello");
  await editor.picture("hover");
  await editor.page.keyboard.press("Escape");
}

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
