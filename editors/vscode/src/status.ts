// The status bar's word about the server, beside .nxa files.
import * as vscode from "vscode";
import type { Server, Status } from "./server";

export function showStatus(server: Server): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem("nixc.server", { language: "nxa" });
  const bar = vscode.window.createStatusBarItem("nixc.status", vscode.StatusBarAlignment.Right, 100);
  item.name = bar.name = "nixc";
  const draw = (): void => {
    const { icon, text, detail, bad } = words(server.status);
    item.text = text;
    item.detail = detail;
    item.severity = bad ? vscode.LanguageStatusSeverity.Error : vscode.LanguageStatusSeverity.Information;
    item.command = { command: bad ? "nixc.restart" : "nixc.showOutput", title: bad ? "Restart" : "Show output" };
    bar.text = `$(${icon}) nixc`;
    bar.tooltip = `${text}\n${detail}`;
    bar.accessibilityInformation = { label: `${text}. ${detail}` };
    bar.command = bad ? "nixc.restart" : "nixc.showOutput";
    bar.backgroundColor = bad ? new vscode.ThemeColor("statusBarItem.errorBackground") : undefined;
    if (vscode.window.activeTextEditor?.document.languageId === "nxa") {
      bar.show();
    } else {
      bar.hide();
    }
  };
  draw();
  return vscode.Disposable.from(
    item, bar, server.onDidChangeStatus(draw), vscode.window.onDidChangeActiveTextEditor(draw),
  );
}

function words(status: Status): { icon: string; text: string; detail: string; bad: boolean } {
  switch (status.kind) {
    case "running":
      return { icon: "check", text: `nixc ${status.version} is running`, detail: status.program, bad: false };
    case "starting":
      return { icon: "sync~spin", text: "nixc is starting", detail: "", bad: false };
    case "stopped":
      return { icon: "circle-slash", text: "nixc is stopped", detail: "", bad: false };
    case "missing":
      return { icon: "error", text: "nixc was not found", detail: status.explanation, bad: true };
    case "failed":
      return { icon: "error", text: "nixc has failed", detail: status.explanation, bad: true };
  }
}
