// The built script of a workflow, to be read: a document that cannot be changed.
import * as vscode from "vscode";
import type { Server } from "./server";

const SCHEME = "nixc-script";

export class Scripts implements vscode.TextDocumentContentProvider {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changes.event;

  constructor(private readonly server: Server) {}

  register(): vscode.Disposable {
    return vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  async show(uri: vscode.Uri): Promise<void> {
    const script = vscode.Uri.from({ scheme: SCHEME, path: uri.path.replace(/\.nxa$/, ".sh"), query: uri.toString() });
    this.changes.fire(script);
    const document = await vscode.workspace.openTextDocument(script);
    await vscode.window.showTextDocument(document, { preview: true, viewColumn: vscode.ViewColumn.Beside });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    return (await this.server.execute<{ text: string }>("nixc.showScript", [uri.query])).text;
  }
}
