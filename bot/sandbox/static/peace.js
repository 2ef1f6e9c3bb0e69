// A press takes a while: a button that is drawn anew between its beginning and its end would not hear of it.

const PRESSED = "button, a, summary, label, [role=option]";
let pressing = false;
let later = [];

/** Do something now, or when the press that is under way has come to its end. */
export function inPeace(work) {
  if (pressing) later.push(work);
  else work();
}

/** Forget what was to be done. */
export function forget() {
  later = [];
}

function end() {
  // The click itself comes right after this.
  if (pressing) setTimeout(() => { pressing = false; later.splice(0).forEach((work) => work()); });
}

document.addEventListener("pointerdown", (event) => {
  if (event.button === 0 && event.target.closest(PRESSED)) pressing = true;
}, true);
for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, end, true);
// Whoever let go outside the window comes back without holding anything.
document.addEventListener("pointermove", (event) => { if (!event.buttons) end(); }, true);
