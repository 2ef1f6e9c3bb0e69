// The side, which lies over the conversation where the window is narrow.

const burger = document.querySelector(".burger");

export function start() {
  burger.addEventListener("click", () => show(!document.body.classList.contains("side-open")));
  document.querySelector(".main").addEventListener("click", (event) => {
    if (!event.target.closest(".burger")) show(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !document.body.classList.contains("side-open")) return;
    show(false);
    burger.focus();
  });
  // What the clock brings is to be seen, not what turns it.
  document.addEventListener("turning", () => show(false));
}

function show(open) {
  if (document.body.classList.contains("side-open") === open) return;
  document.body.classList.toggle("side-open", open);
  burger.ariaExpanded = String(open);
  if (open) document.querySelector("#acting > summary").focus();
}
