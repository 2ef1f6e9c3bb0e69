// Links to messages lead to their place on this page, seen by the same person.

const MESSAGE = /^\/archives\/\w+\/p\d{16}$/;

export function start(who) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const address = new URL(link.href);
    if (address.origin !== location.origin || !MESSAGE.test(address.pathname)) return;
    event.preventDefault();
    address.searchParams.set("as", who);
    location.assign(address);
  });
  document.getElementById(location.hash.slice(1))?.scrollIntoView({ block: "center" });
}
