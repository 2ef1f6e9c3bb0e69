// Shortcuts, from a message's menu or from the sidebar.

import { ask, notify, sentence } from "./control.js";

export function start(who) {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-shortcut]");
    if (!button || button.ariaBusy === "true") return;
    const message = button.closest("[data-ts]");
    const where = message ? { channel: message.dataset.channel, ts: message.dataset.ts } : {};
    const menu = button.closest("details");
    if (menu) menu.open = false;
    button.ariaBusy = "true";
    const answer = await ask("shortcut", { user: who, callback_id: button.dataset.shortcut, ...where });
    button.ariaBusy = "false";
    if (answer.failed) notify(sentence(answer.failed));
  });
}
