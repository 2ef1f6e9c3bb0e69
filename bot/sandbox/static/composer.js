// The message composer: sending, files, drafts that survive navigation, and earlier inputs.

import { completion } from "./completion.js";
import { ask, notify } from "./control.js";
import { contents } from "./fields.js";
import * as typedHistory from "./history.js";

const { who, room } = document.body.dataset;

export function start() {
  for (const form of document.querySelectorAll(".composer")) equip(form);
}

/** Put a text into the composer as if it had been typed. */
export function type(words) {
  const text = document.getElementById("text");
  text.value = words;
  text.dispatchEvent(new Event("input", { bubbles: true }));
  text.focus();
  text.setSelectionRange(words.length, words.length);
}

function equip(form) {
  const text = form.querySelector("textarea");
  const draft = () => `draft ${who} ${room} ${form.dataset.thread && "thread"} ${thread(form)}`;
  const choices = completion(text, form.querySelector(".completions"));
  const put = (words) => {
    text.value = words;
    sessionStorage.setItem(draft(), words);
    grow(text);
  };
  put(sessionStorage.getItem(draft()) ?? "");
  text.addEventListener("input", () => {
    put(text.value);
    choices.update();
  });
  const attached = attaching(form);
  const before = typedHistory.of(who);
  text.addEventListener("keydown", (event) => {
    if (event.isComposing || choices.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const words = before.step(event.key === "ArrowUp" ? -1 : 1, text.value);
      if (words === null) return;
      event.preventDefault();
      put(words);
    }
  });
  let waiting = 0;
  let sent = Promise.resolve();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const words = text.value.trim();
    const files = attached.files();
    if (!words && !files.length) return;
    const ts = thread(form);
    choices.hide();
    if (words) before.keep(words);
    put("");
    attached.put([]);
    text.focus();
    waiting += 1;
    form.ariaBusy = "true";
    // One after the other, because a message may depend on the one before.
    sent = sent.then(() => send(ts, words, files)).then((done) => {
      waiting -= 1;
      form.ariaBusy = String(waiting > 0);
      if (done) {
        scrollDown(form);
        document.dispatchEvent(new CustomEvent("sent", { detail: words }));
      } else {
        if (!text.value) put(words);
        if (!attached.files().length) attached.put(files);
      }
    });
  });
}

const thread = (form) => (form.dataset.thread ? new URLSearchParams(location.search).get("thread") : "") ?? "";

/** Let files be chosen or dropped, and show which will be sent. */
function attaching(form) {
  const input = form.querySelector('input[type="file"]');
  const shown = form.querySelector(".attached");
  const show = () => {
    shown.hidden = !input.files.length;
    shown.firstElementChild.textContent = [...input.files].map((file) => file.name).join(", ");
  };
  const put = (files) => {
    const data = new DataTransfer();
    for (const file of files) data.items.add(file);
    input.files = data.files;
    show();
  };
  input.addEventListener("change", show);
  shown.lastElementChild.addEventListener("click", () => put([]));
  form.addEventListener("dragover", (event) => event.preventDefault());
  form.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    put(event.dataTransfer.files);
  });
  // A copy, because a browser may empty its own list.
  return { files: () => [...input.files], put };
}

async function send(ts, words, files) {
  const where = { user: who, channel: room };
  const isCommand = /^\/[a-z]/i.test(words);
  if (isCommand && ts) {
    notify("Commands don't work in threads. Type it in the channel.");
    return false;
  }
  if (isCommand && files.length) {
    notify("Commands take no files. Send them in a message of their own.");
    return false;
  }
  const uploads = await contents(files).catch(() => null);
  if (!uploads) {
    notify("This file could not be read.");
    return false;
  }
  const answer = isCommand
    ? await ask("command", { ...where, text: words })
    : await ask("say", { ...where, text: words, ...(ts ? { thread_ts: ts } : {}), ...(uploads.length ? { files: uploads } : {}) });
  return answer.ok;
}

function scrollDown(form) {
  const stage = form.parentElement.querySelector("[data-sticky]");
  if (stage) stage.scrollTop = stage.scrollHeight;
}

function grow(text) {
  text.rows = Math.min(8, Math.max(1, text.value.split("\n").length));
}
