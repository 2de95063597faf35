// Builds, runs and checks, each a task: VS Code gives them a terminal and reads their mistakes.
import * as path from "node:path";
import * as vscode from "vscode";
import { look } from "./server";

export interface Definition extends vscode.TaskDefinition {
  readonly type: "nixc";
  readonly action: "build" | "run" | "check";
  /** Relative to the folder, or absolute. */
  readonly file: string;
  readonly job?: string;
  readonly arguments?: readonly string[];
}

/** A file has a workflow if a line of it opens one; modules can neither be built nor run. */
const OPENS_WORKFLOW = /^\s*workflow\s+[A-Za-z_]/m;

/** More than anybody wants to choose from. */
const MOST_FILES = 200;

export class Tasks implements vscode.TaskProvider {
  async provideTasks(): Promise<vscode.Task[]> {
    if (!vscode.workspace.isTrusted) {
      return [];
    }
    const files = await vscode.workspace.findFiles("**/*.nxa", "**/node_modules/**", MOST_FILES);
    const workflows = await Promise.all(files.map(async (file) => ((await opensWorkflow(file)) ? [file] : [])));
    return workflows.flat().flatMap((file) => tasksOf(file));
  }

  resolveTask(task: vscode.Task): vscode.Task | undefined {
    const folder = typeof task.scope === "object" ? task.scope : vscode.workspace.workspaceFolders?.[0];
    return vscode.workspace.isTrusted ? makeTask(task.definition as Definition, folder) : undefined;
  }
}

/** Starts a task, after what is written in its file has been saved. */
export async function start(action: Definition["action"], uri: vscode.Uri, job?: string): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    throw new Error("this workspace is not trusted: nothing of it is run");
  }
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (uri.scheme !== "file" || (open?.isDirty === true && !(await open.save()))) {
    throw new Error("the workflow must be saved to a file first");
  }
  const task = makeTask(definition(action, uri, job), vscode.workspace.getWorkspaceFolder(uri));
  if (task === undefined) {
    throw new Error("nixc was not found");
  }
  await vscode.tasks.executeTask(task);
}

async function opensWorkflow(file: vscode.Uri): Promise<boolean> {
  const bytes = await vscode.workspace.fs.readFile(file);
  return OPENS_WORKFLOW.test(new TextDecoder().decode(bytes));
}

function tasksOf(file: vscode.Uri): vscode.Task[] {
  const folder = vscode.workspace.getWorkspaceFolder(file);
  return (["build", "run", "check"] as const).flatMap((action) => makeTask(definition(action, file), folder) ?? []);
}

function definition(action: Definition["action"], uri: vscode.Uri, job?: string): Definition {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  const file = folder === undefined ? uri.fsPath : path.relative(folder.uri.fsPath, uri.fsPath);
  return { type: "nixc", action, file, ...(job === undefined ? {} : { job }) };
}

function makeTask(what: Definition, folder: vscode.WorkspaceFolder | undefined): vscode.Task | undefined {
  const found = look();
  if (found.kind === "missing") {
    return undefined;
  }
  const root = folder?.uri.fsPath ?? path.dirname(what.file);
  // As arguments, not as a line for a shell: names are never read as commands.
  const execution = new vscode.ProcessExecution(found.program, argumentsOf(what, folder?.uri), { cwd: root });
  const name = [what.action, what.file, ...(what.job === undefined ? [] : [what.job])].join(" ");
  const task = new vscode.Task(what, folder ?? vscode.TaskScope.Workspace, name, "nixc", execution, "$nixc");
  task.group = what.action === "build" ? vscode.TaskGroup.Build : undefined!;
  task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, panel: vscode.TaskPanelKind.Dedicated, clear: true };
  return task;
}

function argumentsOf(what: Definition, scope: vscode.Uri | undefined): string[] {
  if (what.action !== "run") {
    return [what.action, what.file];
  }
  const always = vscode.workspace.getConfiguration("nixc", scope).get<string[]>("run.arguments", []);
  const job = what.job === undefined ? [] : [what.job];
  return ["run", what.file, "--", "--log-format", "pretty", ...always, ...(what.arguments ?? []), ...job];
}
