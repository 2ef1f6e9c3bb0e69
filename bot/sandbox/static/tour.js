// The guided tour: steps shown beside the page; each advances automatically when it is done.

import { type } from "./composer.js";

const { who, room, team, tab } = document.body.dataset;
const steps = JSON.parse(document.getElementById("tour-steps").textContent);
const panel = document.getElementById("tour");
const part = (name) => panel.querySelector(`[data-tour="${name}"]`);
const KEY = `tour ${team}`;
const FRESH = { at: 0, typed: 0, over: false };

let state = JSON.parse(localStorage.getItem(KEY) ?? "null") ?? FRESH;
const happened = new Set();

export function start() {
  const again = document.getElementById("tour-again");
  if (!steps.length || window.top !== window) return;
  again.hidden = false;
  again.addEventListener("click", () => { go(0); part("title").focus(); });
  part("next").addEventListener("click", next);
  part("back").addEventListener("click", () => go(state.at - 1));
  part("skip").addEventListener("click", () => { keep({ over: true }); again.focus(); });
  part("type").addEventListener("click", () => type(words()));
  document.addEventListener("sent", (event) => {
    if (state.over) return;
    if (event.detail === words()) keep({ typed: state.typed + 1 });
    happened.add(`sent ${event.detail.split(/\s/, 1)[0]}`);
    check();
  });
  document.addEventListener("turned", () => { happened.add("turned"); check(); });
  show();
}

/** Go on if the step is done; a condition that was true from the start does not count. */
export function check() {
  const step = steps[state.at];
  if (!step || state.over || panel.hidden) return;
  const done = isDone(step.done ?? {});
  if (!done && !state.ready) keep({ ready: true });
  else if (done && state.ready && !missing(step)) next();
}

const missing = (step) => list(step).length > state.typed && step.done?.all;

function isDone({ acts, sees, sent, turned }) {
  if (acts) return acts === who;
  if (sent) return happened.has(`sent ${sent}`);
  if (turned) return happened.has("turned");
  return Boolean(sees && find(sees));
}

/** Find the latest message or modal that contains all the texts. */
function find(wanted) {
  const places = document.querySelectorAll('[data-part="messages"] > .piece, [data-part="thread"] > .piece, [data-part="modals"] > .piece');
  return [...places].findLast((piece) => wanted.every((word) => piece.textContent.includes(word)));
}

const list = (step) => [step.type ?? []].flat();
const words = () => list(steps[state.at])[state.typed] ?? "";

function next() {
  if (state.at + 1 >= steps.length) keep({ over: true });
  else go(state.at + 1);
}

function go(at) {
  happened.clear();
  keep({ ...FRESH, at, ready: false });
  check();
  showTopic();
}

/** Scroll to what a step is about. */
export function showTopic() {
  const step = steps[state.at];
  if (!panel.hidden && step.shows) find(step.shows)?.scrollIntoView({ block: "nearest" });
}

function keep(changes) {
  state = { ...state, ...changes };
  localStorage.setItem(KEY, JSON.stringify(state));
  show();
}

function show() {
  const step = steps[state.at];
  panel.hidden = state.over || !step;
  if (panel.hidden) return;
  const there = (!step.as || step.as === who) && (!step.in || (step.in === room || step.in === document.body.dataset.place)) && (!step.in || tab !== "home");
  put("count", `Step ${state.at + 1} of ${steps.length}`);
  part("progress").max = steps.length;
  part("progress").value = state.at + 1;
  put("title", step.title);
  put("text", step.text);
  put("words", there ? words() : "");
  part("type").hidden = !there || !words();
  const way = part("go");
  way.hidden = there;
  if (!there) {
    const address = new URLSearchParams({ as: step.as ?? who, ...(step.in ? { in: step.in } : {}) });
    way.href = `/?${address}`;
    put("go", step.go ?? "Go there");
  }
  part("back").hidden = state.at === 0;
  put("next", state.at + 1 === steps.length ? "Finish" : "Next");
  part("skip").hidden = state.at + 1 === steps.length;
}

function put(name, text) {
  if (part(name).textContent !== text) part(name).textContent = text;
  if (name === "words") part(name).hidden = !text;
}
