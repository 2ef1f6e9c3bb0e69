// Permalinks open on this page as the same person, and can be copied.

import { notify } from "./control.js";

const MESSAGE = /^\/archives\/@?[\w.-]+\/p(\d{10})(\d{6})$/;

export function start(who) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const address = new URL(link.href);
    const found = address.origin === location.origin && MESSAGE.exec(decodeURIComponent(address.pathname));
    if (!found) return;
    event.preventDefault();
    if (link.matches(".time, .stamp")) {
      history.replaceState(null, "", `#${link.closest("article").id}`);
      link.closest("article").scrollIntoView({ block: "nearest" });
      return;
    }
    address.searchParams.set("as", who);
    location.assign(address);
  });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    button.closest("details").open = false;
    try {
      await navigator.clipboard.writeText(new URL(button.dataset.copy, location.origin));
      notify("Link copied.");
    } catch {
      notify("The link could not be copied. The message's time is the same link.");
    }
  });
  const wanted = document.getElementById(location.hash.slice(1));
  wanted?.scrollIntoView({ block: "center" });
  wanted?.classList.add("pointed-at");
}
