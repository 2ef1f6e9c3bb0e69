// Lists of people, filtered by name or title.

export function start() {
  document.addEventListener("input", (event) => {
    const list = document.getElementById(event.target.dataset?.find ?? "");
    if (!list) return;
    const wanted = event.target.value.trim().toLowerCase();
    for (const item of list.children) item.hidden = !item.textContent.toLowerCase().includes(wanted);
  });
  document.addEventListener("keydown", (event) => {
    const list = event.key === "Enter" && document.getElementById(event.target.dataset?.find ?? "");
    if (list) list.querySelector("li:not([hidden]) a")?.click();
  });
  const acting = document.getElementById("acting");
  acting.addEventListener("toggle", () => acting.open && document.getElementById("find-person").focus());
}
