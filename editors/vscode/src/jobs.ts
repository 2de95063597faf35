// Which job is meant: the one at the cursor first, the others to choose from.
import * as vscode from "vscode";

/** Asks for a job of a file; nothing if the person thinks better of it. */
export async function chooseJob(uri: vscode.Uri): Promise<string | undefined> {
  const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>(
    "vscode.executeDocumentSymbolProvider", uri,
  );
  const document = await vscode.workspace.openTextDocument(uri);
  const jobs = (symbols ?? []).flatMap((symbol) => symbol.children).filter((symbol) => isJob(symbol, document));
  if (jobs.length === 0) {
    throw new Error("there is no job in this file");
  }
  const editor = vscode.window.activeTextEditor;
  const cursor = editor?.document === document ? editor.selection.active : undefined;
  const here = (symbol: vscode.DocumentSymbol): number => (cursor && symbol.range.contains(cursor) ? 0 : 1);
  const names = [...jobs].sort((a, b) => here(a) - here(b)).map((symbol) => symbol.name);
  return vscode.window.showQuickPick(names, { placeHolder: "The job to run, with all it needs" });
}

function isJob(symbol: vscode.DocumentSymbol, document: vscode.TextDocument): boolean {
  return /^\s*job\s/.test(document.lineAt(symbol.selectionRange.start.line).text);
}
