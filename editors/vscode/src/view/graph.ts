// Inside the webview: shows the compiler's drawing, takes clicks and keys.
interface Job {
  readonly name: string;
  readonly status: string | null;
}
type Message =
  | { readonly kind: "graph"; readonly workflow: string; readonly svg: string; readonly jobs: readonly Job[] }
  | { readonly kind: "problem"; readonly message: string };

declare function acquireVsCodeApi(): { postMessage(message: unknown): void };

const host = acquireVsCodeApi();
const says = document.getElementById("says") as HTMLElement;
const place = document.getElementById("graph") as HTMLElement;
const nonce = (document.currentScript as HTMLScriptElement).nonce;
let last = "";

window.addEventListener("message", (event: MessageEvent<Message>) => {
  const message = event.data;
  if (message.kind === "graph") {
    show(message);
  } else {
    say(place.childElementCount > 0 ? `An older graph, since: ${message.message}` : message.message);
  }
});
place.addEventListener("click", (event) => open(event.target));
place.addEventListener("keydown", (event) => {
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    open(event.target);
  } else if (event.key.startsWith("Arrow")) {
    event.preventDefault();
    step(event.key === "ArrowRight" || event.key === "ArrowDown" ? 1 : -1);
  }
});
host.postMessage({ kind: "ready" });

function show(graph: Extract<Message, { kind: "graph" }>): void {
  const same = JSON.stringify(graph);
  if (same !== last) {
    last = same;
    const focused = document.activeElement?.getAttribute("data-job");
    place.replaceChildren(drawing(graph.svg));
    jobs().find((job) => job.dataset["job"] === focused)?.focus();
  }
  const failed = graph.jobs.filter((job) => job.status === "failure").length;
  say(`${graph.workflow}: ${graph.jobs.length} jobs${failed > 0 ? `, ${failed} failed in the last run` : ""}`);
}

/** The compiler's svg as elements. Its style sheets are let in by the page's own nonce; nothing else runs. */
function drawing(text: string): Element {
  const svg = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  if (svg.localName !== "svg") {
    throw new Error("nixc did not answer with a drawing");
  }
  svg.querySelectorAll("script, foreignObject").forEach((element) => element.remove());
  svg.querySelectorAll("style").forEach((style) => style.setAttribute("nonce", nonce ?? ""));
  return document.importNode(svg, true);
}

function jobs(): SVGElement[] {
  return [...place.querySelectorAll<SVGElement>("g.job[data-job]")];
}

function open(target: EventTarget | null): void {
  const job = target instanceof Element ? target.closest("g.job[data-job]")?.getAttribute("data-job") : null;
  if (job) {
    host.postMessage({ kind: "open", job });
  }
}

function step(by: number): void {
  const all = jobs();
  const at = all.findIndex((job) => job === document.activeElement);
  all[(at + by + all.length) % all.length]?.focus();
}

function say(text: string): void {
  if (says.textContent !== text) {
    says.textContent = text;
  }
}
