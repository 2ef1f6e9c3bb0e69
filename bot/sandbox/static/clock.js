// The clock's buttons. An advance takes long enough to watch, and can be stopped.

import { ask } from "./control.js";

const SECONDS = { PT1H: 1.5, P1D: 4, P7D: 10 };

export function start() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-advance], [data-to], [data-stop]");
    if (!button || button.ariaDisabled === "true") return;
    if ("stop" in button.dataset) ask("clock", { stop: true });
    else turn(button);
  });
}

async function turn(button) {
  const { advance, to } = button.dataset;
  button.ariaDisabled = "true";
  document.dispatchEvent(new CustomEvent("turning"));
  const answer = await ask("clock", advance ? { advance, over: SECONDS[advance] } : { to, over: 6 });
  button.ariaDisabled = "false";
  if (answer.ok) document.dispatchEvent(new CustomEvent("turned"));
}
