// What people do on the page goes to the sandbox; changes come back through live.js.

import * as clock from "./clock.js";
import * as composer from "./composer.js";
import { ask } from "./control.js";
import "./elements.js";
import * as inspector from "./inspector.js";
import { listen } from "./live.js";
import * as modals from "./modals.js";
import * as newest from "./newest.js";
import * as people from "./people.js";
import * as permalinks from "./permalinks.js";
import * as shortcuts from "./shortcuts.js";
import * as sidebar from "./sidebar.js";
import * as tour from "./tour.js";
import * as unread from "./unread.js";

const who = document.body.dataset.who;
document.body.classList.toggle("framed", window.top !== window);

/** Update what depends on new fragments. */
function arrange() {
  modals.arrange();
  for (const pane of document.querySelectorAll("[data-pane]")) {
    const wanted = pane.dataset.pane === "traffic" ? "inspect" : "thread";
    pane.hidden = !new URLSearchParams(location.search).get(wanted);
  }
  unread.mark();
  newest.update();
  tour.check();
}

// --- navigation ---

document.addEventListener("click", (event) => {
  const soft = event.target.closest("a[data-soft]");
  if (!soft || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  soft.closest("details.menu")?.removeAttribute("open");
  history.pushState(null, "", soft.href);
  listen(arrange);
  arrange();
  if (new URLSearchParams(soft.search).get("thread")) document.getElementById("reply").focus();
});
addEventListener("popstate", () => location.reload());

if (document.body.dataset.tab === "home") ask("home", { user: who });
tour.start();
newest.start();
tour.showTopic();
people.start();
sidebar.start();
clock.start();
inspector.start(() => listen(arrange));
composer.start();
shortcuts.start(who);
arrange();
permalinks.start(who);
listen(arrange);
