"use strict";
const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
const by = (id) => document.getElementById(id);
const jobs = all("details.job");
const limit = 1000;
let matches = [], at = -1, timer;

// Every place of a word within a node, as ranges, at most `limit` in all.
function search(node, word) {
  const text = node.data.toLowerCase();
  let from = text.length === node.data.length ? text.indexOf(word) : -1;
  while (from >= 0 && matches.length < limit) {
    const range = new Range();
    range.setStart(node, from);
    range.setEnd(node, from + word.length);
    matches.push(range);
    from = text.indexOf(word, from + word.length);
  }
}

function holds(element, word) {
  return element.textContent.toLowerCase().includes(word);
}

// Shows what has the word and opens where it is; jobs and steps without it are hidden.
function show() {
  const word = by("find").value.toLowerCase(), bad = by("bad").checked;
  let shown = 0;
  matches = [];
  at = -1;
  for (const job of jobs) {
    const wanted = !bad || !/success|skipped/.test(job.dataset.status);
    const named = !word || holds(job.firstElementChild, word);
    let inside = false;
    for (const step of all("details.step", job)) {
      const has = !word || holds(step, word);
      step.hidden = !named && !has;
      if (word && wanted && has) step.open = true;
      inside = inside || has;
    }
    const own = word && all(":scope > pre, :scope > p", job).some((each) => holds(each, word));
    job.hidden = !wanted || (word !== "" && !named && !inside && !own);
    if (word && (inside || own) && !job.hidden) job.open = true;
    shown += job.hidden ? 0 : 1;
    if (word && !job.hidden) for (const pre of all("pre", job)) if (pre.firstChild) search(pre.firstChild, word);
  }
  if (CSS.highlights) CSS.highlights.set("found", new Highlight(...matches));
  const places = matches.length < limit ? matches.length : limit + " or more";
  by("found").value = word ? places + (matches.length === 1 ? " place" : " places") + " in logs; " + shown + " of " + jobs.length + " jobs shown"
    : bad ? shown + " of " + jobs.length + " jobs shown" : "";
  for (const row of all("li[data-job]")) row.hidden = by("j" + row.dataset.job).hidden;
}

function next() {
  if (!matches.length) return;
  at = (at + 1) % matches.length;
  const pre = matches[at].startContainer.parentElement;
  pre.scrollTop += matches[at].getBoundingClientRect().top - pre.getBoundingClientRect().top - 60;
  scrollBy(0, matches[at].getBoundingClientRect().top - innerHeight / 2);
  by("found").value = (at + 1) + " of " + matches.length;
}

function reveal() {
  const target = location.hash.length > 1 && by(location.hash.slice(1));
  if (target && target.tagName === "DETAILS") target.open = true;
}

by("find").addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(show, 200); });
by("bad").addEventListener("change", show);
by("next").addEventListener("click", next);
by("open").addEventListener("click", () => all("details").forEach((each) => { each.open = true; }));
by("close").addEventListener("click", () => all("details").forEach((each) => { each.open = false; }));
document.querySelector(".tools").addEventListener("submit", (event) => { event.preventDefault(); next(); });
addEventListener("hashchange", reveal);
document.querySelector(".tools").hidden = false;
reveal();
