// The sidebar, which covers the conversation in a narrow window.

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
  // While the clock advances, show the conversation.
  document.addEventListener("turning", () => show(false));
}

function show(open) {
  if (document.body.classList.contains("side-open") === open) return;
  document.body.classList.toggle("side-open", open);
  burger.ariaExpanded = String(open);
  if (open) document.querySelector("#acting > summary").focus();
}
