// What VS Code starts: the server, the commands, the tasks, the views.
import * as vscode from "vscode";
import { GraphView } from "./graph";
import { chooseJob } from "./jobs";
import { Scripts } from "./script";
import { Server } from "./server";
import { showStatus } from "./status";
import { start, Tasks } from "./tasks";

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const server = new Server();
  const graph = new GraphView(server, context.extensionUri);
  const scripts = new Scripts(server);
  context.subscriptions.push(
    server, graph, scripts.register(), showStatus(server),
    vscode.tasks.registerTaskProvider("nixc", new Tasks()),
    vscode.tasks.onDidEndTask(() => server.refreshLenses()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => server.restart()),
    vscode.workspace.onDidChangeWorkspaceFolders(() => server.restart()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("nixc.server")) {
        void server.restart();
      }
    }),
    command("nixc.run", (uri) => start("run", uri)),
    command("nixc.build", (uri) => start("build", uri)),
    command("nixc.runJob", async (uri, named) => {
      const job = typeof named === "string" ? named : await chooseJob(uri);
      return job === undefined ? undefined : start("run", uri, job);
    }),
    command("nixc.showGraph", (uri) => graph.show(uri)),
    command("nixc.showScript", (uri) => scripts.show(uri)),
    vscode.commands.registerCommand("nixc.restart", () => server.restart()),
    vscode.commands.registerCommand("nixc.showOutput", () => server.output.show()),
  );
  await server.restart();
}

/** A command on a file: the one it is given (a code lens gives text, a menu a Uri), else that of the editor. */
function command(name: string, does: (uri: vscode.Uri, argument: unknown) => Promise<void>): vscode.Disposable {
  return vscode.commands.registerCommand(name, async (given: unknown, argument: unknown) => {
    const uri = typeof given === "string" ? vscode.Uri.parse(given) : given instanceof vscode.Uri ? given : current();
    try {
      if (uri === undefined) {
        throw new Error("open a .nxa file first");
      }
      await does(uri, argument);
    } catch (problem) {
      void vscode.window.showErrorMessage(`nixc: ${problem instanceof Error ? problem.message : String(problem)}`);
    }
  });
}

function current(): vscode.Uri | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document?.languageId === "nxa" ? document.uri : undefined;
}
