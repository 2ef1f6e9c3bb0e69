// Unread messages: marks in the sidebar, and a line above the first new message.

const { who, team, now } = document.body.dataset;
const key = (line) => `read ${team} ${who} ${line.id}`;
let before;

/** Mark what this person has not seen; what is on the screen counts as seen. */
export function mark() {
  const lines = [...document.querySelectorAll("a.line[data-recent]")];
  const latest = (line) => line.dataset.recent.split(" ", 1)[0];
  const start = localStorage.getItem(`start ${team}`) ?? (localStorage.setItem(`start ${team}`, now), now);
  for (const line of lines) {
    const read = localStorage.getItem(key(line)) ?? start;
    const here = line.getAttribute("aria-current") === "page";
    if (here) before ??= read;
    if (here && !document.hidden && latest(line) > read) localStorage.setItem(key(line), latest(line));
    show(line, here && !document.hidden ? 0 : line.dataset.recent.split(" ").filter((ts) => ts > read).length);
  }
  drawLine();
}

/** Show unread channels in bold, and the number of direct messages. */
function show(line, count) {
  const badge = line.querySelector(".unread");
  const direct = line.id.startsWith("line-app");
  badge.hidden = !count;
  badge.textContent = direct ? (count >= 20 ? "20+" : String(count)) : "";
  badge.classList.toggle("counted", direct);
  if (!count) return;
  badge.append(Object.assign(document.createElement("span"), { className: "sr", textContent: " unread" }));
}

function drawLine() {
  const pieces = [...document.querySelectorAll('[data-part="messages"] > .piece')];
  const first = pieces.find((piece) => {
    const message = piece.querySelector("[data-ts]");
    return message && before && message.dataset.ts > before && !("mine" in message.dataset);
  });
  for (const piece of pieces) {
    if (piece.classList.contains("first-new") !== (piece === first)) piece.classList.toggle("first-new", piece === first);
  }
  return first;
}

/** Return the first message that was new when this conversation was opened. */
export const firstNew = () => document.querySelector(".first-new");

// Messages that arrive while the window is hidden are new when it is shown again.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    const here = document.querySelector('a.line[aria-current="page"]');
    before = (here && localStorage.getItem(key(here))) ?? before;
  } else mark();
});
