// The language server's life: found, started, started again when what it depends on changes.
import * as os from "node:os";
import * as vscode from "vscode";
import {
  CodeLensRequest, type DynamicFeature, ExecuteCommandRequest, LanguageClient, type LanguageClientOptions,
  type Location, type Position,
  type ServerOptions, type StaticFeature, State,
} from "vscode-languageclient/node";
import { type Found, findServer } from "./find";

export type Status =
  | { readonly kind: "stopped" | "starting" }
  | { readonly kind: "running"; readonly program: string; readonly version: string }
  | { readonly kind: "missing" | "failed"; readonly explanation: string };

/** The commands of the server have our own counterparts, under the same names: they are what code
 * lenses start. The library would register the server's beside them, which VS Code refuses. */
class Client extends LanguageClient {
  override registerFeature(feature: StaticFeature | DynamicFeature<unknown>): void {
    if ("registrationType" in feature && feature.registrationType.method === ExecuteCommandRequest.method) {
      return;
    }
    super.registerFeature(feature);
  }
}

export class Server implements vscode.Disposable {
  readonly output = vscode.window.createOutputChannel("nixc");
  private readonly changes = new vscode.EventEmitter<Status>();
  readonly onDidChangeStatus = this.changes.event;
  private client: Client | undefined;
  private turn: Promise<void> = Promise.resolve();
  private current: Status = { kind: "stopped" };

  get status(): Status {
    return this.current;
  }

  /** Stops what runs and starts what is to be found now; one after the other, however often it is asked. */
  restart(): Promise<void> {
    this.turn = this.turn.then(() => this.stop()).then(() => this.start());
    return this.turn;
  }

  /** Asks the server to do one of its commands; fails where it does not have it. */
  async execute<T>(command: string, args: readonly unknown[]): Promise<T> {
    const client = this.client;
    if (client === undefined || this.current.kind !== "running") {
      throw new Error("the language server is not running");
    }
    const commands = client.initializeResult?.capabilities.executeCommandProvider?.commands ?? [];
    if (!commands.includes(command)) {
      throw new Error(`this nixc (${this.current.version}) does not know ${command} yet; a newer one does`);
    }
    return (await client.sendRequest(ExecuteCommandRequest.type, { command, arguments: [...args] })) as T;
  }

  /** Has all lenses asked for again: they tell of runs, which end without an edit. */
  refreshLenses(): void {
    const lenses = this.client?.getFeature(CodeLensRequest.method);
    for (const document of vscode.workspace.textDocuments) {
      lenses?.getProvider(document)?.onDidChangeCodeLensEmitter.fire();
    }
  }

  dispose(): void {
    void this.stop().finally(() => this.output.dispose());
  }

  private async start(): Promise<void> {
    const found = look();
    if (found.kind === "missing") {
      this.say({ kind: "missing", explanation: found.explanation });
      void this.explain(found.explanation);
      return;
    }
    this.say({ kind: "starting" });
    this.output.appendLine(`starting ${found.program} (${found.source})`);
    const client = new Client("nixc", "nixc", serverOptions(found.program), this.clientOptions());
    client.onDidChangeState((change) => {
      if (change.newState === State.Stopped && client === this.client && this.current.kind === "running") {
        this.say({ kind: "failed", explanation: "The language server has ended." });
      }
    });
    try {
      await client.start();
    } catch (problem) {
      const explanation = `${found.program} could not be started as a language server: ${String(problem)}`;
      this.say({ kind: "failed", explanation });
      void this.explain(explanation);
      return;
    }
    this.client = client;
    const version = client.initializeResult?.serverInfo?.version ?? "unknown version";
    this.say({ kind: "running", program: found.program, version });
  }

  private async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.say({ kind: "stopped" });
    await client?.stop().catch((problem: unknown) => this.output.appendLine(`while stopping: ${String(problem)}`));
  }

  private clientOptions(): LanguageClientOptions {
    return {
      documentSelector: [{ language: "nxa", scheme: "file" }, { language: "nxa", scheme: "untitled" }],
      outputChannel: this.output,
      synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher("**/*.nxa") },
      diagnosticCollectionName: "nixc",
      middleware: {
        provideCodeLenses: async (document, token, next) => {
          const lenses = await next(document, token);
          return lenses?.map((lens) => this.forEditor(lens));
        },
      },
    };
  }

  /** VS Code's own command wants objects of its classes, where the protocol has plain ones. */
  private forEditor(lens: vscode.CodeLens): vscode.CodeLens {
    const convert = this.client?.protocol2CodeConverter;
    if (convert === undefined || lens.command?.command !== "editor.action.showReferences") {
      return lens;
    }
    const [uri, place, locations] = lens.command.arguments as [string, Position, Location[]];
    const given = [convert.asUri(uri), convert.asPosition(place), locations.map((one) => convert.asLocation(one))];
    return new vscode.CodeLens(lens.range, { ...lens.command, arguments: given });
  }

  private say(status: Status): void {
    this.current = status;
    this.changes.fire(status);
  }

  private async explain(explanation: string): Promise<void> {
    this.output.appendLine(explanation);
    const choice = await vscode.window.showErrorMessage(explanation, "Open Settings", "Show Output");
    if (choice === "Open Settings") {
      await vscode.commands.executeCommand("workbench.action.openSettings", "nixc.server");
    } else if (choice === "Show Output") {
      this.output.show();
    }
  }
}

/** The `nixc` that is to be used now. */
export function look(): Found {
  return findServer({
    setting: vscode.workspace.getConfiguration("nixc").get<string>("server.path", "").trim(),
    folders: (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath),
    trusted: vscode.workspace.isTrusted,
    home: os.homedir(),
    searchPath: process.env["PATH"] ?? "",
    windows: process.platform === "win32",
  });
}

function serverOptions(program: string): ServerOptions {
  const args = vscode.workspace.getConfiguration("nixc").get<string[]>("server.arguments", ["lsp"]);
  // Not in the workspace: nothing that lies there can be taken for a part of the server.
  return { command: program, args, options: { cwd: os.homedir() } };
}
