// What people do on the page, handed to the sandbox; what changes comes back through live.js.

import * as composer from "./composer.js";
import { ask } from "./control.js";
import "./elements.js";
import { listen } from "./live.js";
import * as modals from "./modals.js";
import * as permalinks from "./permalinks.js";
import * as shortcuts from "./shortcuts.js";

const who = document.body.dataset.who;

/** See to what was drawn anew. */
function arrange() {
  modals.arrange();
  for (const pane of document.querySelectorAll("[data-pane]")) {
    const wanted = pane.dataset.pane === "traffic" ? "inspect" : "thread";
    pane.hidden = !new URLSearchParams(location.search).get(wanted);
  }
  markUnread();
}

// --- the clock ---

const turns = [...document.querySelectorAll("[data-advance]")];
for (const button of turns) {
  button.addEventListener("click", async () => {
    if (button.ariaDisabled === "true") return;
    const busy = (on) => {
      for (const one of turns) one.ariaDisabled = String(on);
      document.querySelector(".turning").hidden = !on;
    };
    busy(true);
    await ask("clock", { advance: button.dataset.advance });
    busy(false);
  });
}

// --- getting about ---

document.getElementById("as").addEventListener("change", (event) => event.target.form.requestSubmit());

document.addEventListener("click", (event) => {
  const soft = event.target.closest("a[data-soft]");
  if (!soft || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState(null, "", soft.href);
  listen(arrange);
  arrange();
  if (new URLSearchParams(soft.search).get("thread")) document.getElementById("reply").focus();
});
addEventListener("popstate", () => location.reload());

const burger = document.querySelector(".burger");
burger.addEventListener("click", () => {
  const open = document.body.classList.toggle("side-open");
  burger.ariaExpanded = String(open);
  if (open) document.getElementById("as").focus();
});
document.querySelector(".main").addEventListener("click", (event) => {
  if (event.target.closest(".burger") || !document.body.classList.contains("side-open")) return;
  document.body.classList.remove("side-open");
  burger.ariaExpanded = "false";
});

/** Mark the conversations that have something newer than what this person has seen. */
function markUnread() {
  const lines = [...document.querySelectorAll("a.line")];
  const { team } = document.body.dataset;
  const now = lines.map((line) => line.dataset.latest).sort().at(-1) ?? "";
  const start = localStorage.getItem(`start ${team}`) ?? (localStorage.setItem(`start ${team}`, now), now);
  for (const line of lines) {
    const key = `read ${team} ${who} ${line.id}`;
    const here = line.getAttribute("aria-current") === "page";
    const { latest } = line.dataset;
    if (here) localStorage.setItem(key, latest);
    line.querySelector(".unread").hidden = here || latest <= (localStorage.getItem(key) ?? start);
  }
}

if (document.body.dataset.tab === "home") ask("home", { user: who });
for (const stage of document.querySelectorAll("[data-sticky]")) stage.scrollTop = stage.scrollHeight;
composer.start();
shortcuts.start(who);
arrange();
permalinks.start(who);
listen(arrange);
