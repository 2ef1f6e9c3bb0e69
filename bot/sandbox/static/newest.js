// The scroll position of a conversation: at its end or at the first new message, with a button to the newest.

import { atBottom } from "./live.js";
import { firstNew, mark } from "./unread.js";

const stage = document.querySelector('[data-part="messages"]');
const button = document.querySelector("[data-newest]");
let seen = "";

export function start() {
  for (const each of document.querySelectorAll("[data-sticky]")) each.scrollTop = each.scrollHeight;
  if (!stage) return;
  mark();
  firstNew()?.scrollIntoView({ block: "start" });
  button.addEventListener("click", () => {
    stage.scrollTop = stage.scrollHeight;
    document.getElementById("text").focus();
  });
  stage.addEventListener("scroll", update, { passive: true });
}

/** Show the button when the newest message is out of sight, with the number of messages since. */
export function update() {
  if (!stage) return;
  const all = [...stage.querySelectorAll("[data-ts]")];
  const here = atBottom(stage);
  if (here) seen = all.at(-1)?.dataset.ts ?? "";
  const since = all.filter((one) => one.dataset.ts > seen && seen).length;
  const words = since ? `${since} new · Jump to newest` : "Jump to newest";
  button.hidden = here;
  if (button.textContent !== words) button.textContent = words;
}
