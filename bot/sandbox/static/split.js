// Two windows in one; the selectors above show who acts in each, however that was changed.

const sides = ["left", "right"];
const chooser = (side) => document.getElementById(side);
const frame = (side) => document.getElementById(`frame-${side}`);

for (const side of sides) {
  chooser(side).addEventListener("change", () => {
    const address = new URL(frame(side).contentWindow.location);
    address.searchParams.set("as", chooser(side).value);
    address.searchParams.delete("thread");
    frame(side).contentWindow.location.replace(address);
  });
  frame(side).addEventListener("load", () => follow(side));
  if (frame(side).contentDocument?.body?.dataset.who) follow(side);
}

/** Update the address and the selectors when a window has navigated. */
function follow(side) {
  const { body, title } = frame(side).contentDocument;
  if (!body?.dataset.who) return;
  chooser(side).value = body.dataset.who;
  const name = chooser(side).selectedOptions[0].textContent.split(" · ")[0];
  frame(side).title = title;
  const alone = document.querySelector(`[data-alone="${side}"]`);
  alone.href = frame(side).contentWindow.location.href;
  alone.setAttribute("aria-label", `Only ${name}`);
  const address = new URL(location);
  address.searchParams.set(side, body.dataset.who);
  history.replaceState(null, "", address);
  document.title = sides.map((one) => chooser(one).selectedOptions[0].textContent.split(" · ")[0]).join(" and ");
}

for (const button of document.querySelectorAll(".pick")) {
  button.addEventListener("click", () => {
    document.body.classList.toggle("right", button.dataset.side === "right");
    for (const one of document.querySelectorAll(".pick")) one.ariaPressed = String(one === button);
  });
}
