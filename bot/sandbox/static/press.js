// A button that is replaced between pointerdown and click would not get the click, so changes wait for the press to end.

const PRESSED = "button, a, summary, label, [role=option]";
let pressing = false;
let later = [];

/** Run now, or after the current press. */
export function afterPress(work) {
  if (pressing) later.push(work);
  else work();
}

/** Discard what waits for the current press. */
export function forget() {
  later = [];
}

function end() {
  // The click event follows this one.
  if (pressing) setTimeout(() => { pressing = false; later.splice(0).forEach((work) => work()); });
}

document.addEventListener("pointerdown", (event) => {
  if (event.button === 0 && event.target.closest(PRESSED)) pressing = true;
}, true);
for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, end, true);
// The button may have been released outside the window.
document.addEventListener("pointermove", (event) => { if (!event.buttons) end(); }, true);
