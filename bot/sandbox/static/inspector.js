// The traffic inspector: its filters are part of the address, and an exchange's details are fetched when it is opened.

export function start(listen) {
  const form = document.getElementById("inspector");
  let waiting;
  const filter = () => {
    const address = new URL(location);
    for (const field of form.elements) {
      if (!field.name) continue;
      const value = field.type === "checkbox" ? (field.checked ? "1" : "") : field.value.trim();
      if (value) address.searchParams.set(field.name, value);
      else address.searchParams.delete(field.name);
    }
    history.replaceState(null, "", address);
    listen();
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); filter(); });
  form.addEventListener("change", filter);
  form.addEventListener("input", (event) => {
    if (event.target.type !== "search") return;
    clearTimeout(waiting);
    waiting = setTimeout(filter, 250);
  });
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.("[data-exchange][open]")) open(event.target);
  }, true);
}

async function open(exchange) {
  const { who } = document.body.dataset;
  const place = exchange.querySelector(".exchange-detail");
  const answer = await fetch(`/page/exchange/${exchange.dataset.exchange}?as=${encodeURIComponent(who)}`);
  if (answer.ok) place.innerHTML = await answer.text();
  else place.textContent = "This exchange is no longer stored.";
}
