// The live graph: the compiler draws it, the view follows edits and takes clicks to the job.
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { Server } from "./server";

/** What `nixc.showGraph` answers, as far as it is used here. */
export interface Graph {
  readonly workflow: string;
  readonly svg: string;
  readonly jobs: readonly Job[];
}

export interface Job {
  readonly name: string;
  readonly executor: string;
  readonly needs: readonly string[];
  readonly uri: string;
  readonly range: { readonly start: Place; readonly end: Place };
  readonly status: string | null;
  readonly duration_ms: number | null;
}

interface Place {
  readonly line: number;
  readonly character: number;
}

/** How long nothing is typed before the graph is drawn again, in milliseconds. */
const PAUSE = 300;

/** How often a graph in sight is asked for, to see runs that have ended, in milliseconds. */
const LOOK_AGAIN = 3000;

export class GraphView implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private uri: vscode.Uri | undefined;
  private graph: Graph | undefined;
  private asked = 0;
  private pause: NodeJS.Timeout | undefined;
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly server: Server, private readonly home: vscode.Uri) {
    this.subscriptions = [
      vscode.workspace.onDidChangeTextDocument((change) => {
        if (change.document.languageId === "nxa") {
          this.soon();
        }
      }),
      vscode.window.onDidChangeActiveTextEditor((editor) => this.follow(editor)),
      server.onDidChangeStatus(() => this.soon()),
      vscode.tasks.onDidEndTask(() => this.soon()),
    ];
    const timer = setInterval(() => {
      if (this.panel?.visible === true) {
        void this.draw();
      }
    }, LOOK_AGAIN);
    this.subscriptions.push({ dispose: () => clearInterval(timer) });
  }

  show(uri: vscode.Uri): Promise<void> {
    this.uri = uri;
    this.panel ??= this.open();
    this.panel.reveal(vscode.ViewColumn.Beside, true);
    return this.draw();
  }

  dispose(): void {
    clearTimeout(this.pause);
    this.panel?.dispose();
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private open(): vscode.WebviewPanel {
    const roots = [vscode.Uri.joinPath(this.home, "dist"), vscode.Uri.joinPath(this.home, "media")];
    const panel = vscode.window.createWebviewPanel(
      "nixc.graph", "Graph", { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { enableScripts: true, localResourceRoots: roots, retainContextWhenHidden: true },
    );
    panel.webview.onDidReceiveMessage((message: { kind: string; job?: string }) => {
      if (message.kind === "ready") {
        void this.draw();
      } else if (message.kind === "open" && message.job !== undefined) {
        void this.goTo(message.job);
      }
    });
    panel.onDidDispose(() => {
      this.panel = undefined;
    });
    panel.webview.html = page(panel.webview, this.home);
    return panel;
  }

  private follow(editor: vscode.TextEditor | undefined): void {
    const follows = vscode.workspace.getConfiguration("nixc").get<boolean>("graph.followEditor", true);
    if (this.panel !== undefined && follows && editor?.document.languageId === "nxa") {
      this.uri = editor.document.uri;
      this.soon();
    }
  }

  private soon(): void {
    clearTimeout(this.pause);
    this.pause = setTimeout(() => void this.draw(), PAUSE);
  }

  private async draw(): Promise<void> {
    const panel = this.panel;
    if (panel === undefined || this.uri === undefined) {
      return;
    }
    const turn = ++this.asked;
    try {
      const graph = await this.server.execute<Graph>("nixc.showGraph", [this.uri.toString()]);
      if (turn === this.asked) {
        this.graph = graph;
        panel.title = `Graph of ${graph.workflow}`;
        await panel.webview.postMessage({ kind: "graph", ...graph });
      }
    } catch (problem) {
      const message = problem instanceof Error ? problem.message : String(problem);
      await panel.webview.postMessage({ kind: "problem", message });
    }
  }

  private async goTo(name: string): Promise<void> {
    const job = this.graph?.jobs.find((one) => one.name === name);
    if (job === undefined) {
      return;
    }
    const { start, end } = job.range;
    await vscode.window.showTextDocument(vscode.Uri.parse(job.uri), {
      viewColumn: vscode.ViewColumn.One,
      selection: new vscode.Range(start.line, start.character, end.line, end.character),
    });
  }
}

function page(webview: vscode.Webview, home: vscode.Uri): string {
  const nonce = randomBytes(16).toString("base64");
  const file = (...parts: string[]): string => webview.asWebviewUri(vscode.Uri.joinPath(home, ...parts)).toString();
  const policy = `default-src 'none'; style-src ${webview.cspSource} 'nonce-${nonce}'; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <link rel="stylesheet" href="${file("media", "graph.css")}">
  <title>Graph</title>
</head>
<body>
  <p id="says" role="status" aria-live="polite">Asking nixc for the graph…</p>
  <main id="graph" aria-label="Jobs"></main>
  <script nonce="${nonce}" src="${file("dist", "graph.js")}"></script>
</body>
</html>`;
}
