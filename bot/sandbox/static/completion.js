// Completion of commands with their hints, @people and #channels.

const data = (id) => JSON.parse(document.getElementById(id).textContent);
const commands = data("commands");
const { people, channels } = data("names");
const MOST = 8;

/** Return the completions of the text before the caret, and where the replaced text starts. */
function find(text) {
  const before = text.value.slice(0, text.selectionStart);
  const called = /(?:^|[\s("“])([@#])([^\s@#]*)$/.exec(before);
  if (called) return { from: before.length - called[2].length - 1, ...named(called[1], called[2].toLowerCase()) };
  const [first] = text.value.split(/\s/, 1);
  if (!first.startsWith("/") || text.value.includes("\n")) return { found: [] };
  const whole = text.value === first;
  const found = commands.filter((one) => (whole ? one.command.startsWith(first) : one.command === first));
  return { from: 0, label: "Commands", hint: !whole, found: found.map(fromCommand) };
}

const fromCommand = (one) => ({ insert: one.command, code: one.usage_hint, note: one.description });

function named(sigil, wanted) {
  const fits = (...words) => words.some((word) => word.toLowerCase().split(/[\s-]+/).some((part) => part.startsWith(wanted)) || word.toLowerCase().startsWith(wanted));
  const found = sigil === "@"
    ? people.filter((one) => fits(one.name, one.called)).map((one) => ({ insert: `@${one.name}`, shown: one.called, code: `@${one.name}`, note: one.title }))
    : channels.filter((one) => fits(one.name)).map((one) => ({ insert: `#${one.name}`, note: one.topic }));
  return { label: sigil === "@" ? "People" : "Channels", found: found.slice(0, MOST) };
}

/** Show completions, chosen with Tab, Enter or a click. */
export function completion(text, list) {
  let now = { found: [] };
  let at = 0;
  const show = () => {
    list.replaceChildren(...now.found.map((one, index) => option(list, one, index, index === at && !now.hint)));
    list.hidden = !now.found.length;
    if (now.label) list.setAttribute("aria-label", now.label);
    if (now.found.length && !now.hint) text.setAttribute("aria-activedescendant", `${list.id}-${at}`);
    else text.removeAttribute("aria-activedescendant");
    list.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  };
  const hide = () => { now = { found: [] }; show(); };
  const update = () => {
    now = find(text);
    at = 0;
    show();
  };
  const take = (one) => {
    text.setRangeText(`${one.insert} `, now.from, text.selectionStart, "end");
    hide();
    text.dispatchEvent(new Event("input"));
    text.focus();
  };
  const key = (event) => {
    if (!now.found.length) return false;
    const choosing = !now.hint;
    const complete = text.value.slice(now.from, text.selectionStart) === now.found[at]?.insert;
    if (event.key === "Escape") hide();
    else if (choosing && event.key === "ArrowDown") { at = (at + 1) % now.found.length; show(); }
    else if (choosing && event.key === "ArrowUp") { at = (at + now.found.length - 1) % now.found.length; show(); }
    else if (choosing && (event.key === "Tab" || (event.key === "Enter" && !complete))) take(now.found[at]);
    else return false;
    event.preventDefault();
    return true;
  };
  list.addEventListener("mousedown", (event) => {
    const index = [...list.children].indexOf(event.target.closest("li"));
    event.preventDefault();
    if (index >= 0 && !now.hint) take(now.found[index]);
  });
  text.addEventListener("blur", hide);
  return { update, key, hide };
}

function option(list, one, index, selected) {
  const item = document.createElement("li");
  item.id = `${list.id}-${index}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", String(selected));
  for (const [tag, words] of [["strong", one.shown ?? one.insert], ["code", one.code], ["span", one.note]]) {
    if (words) item.appendChild(document.createElement(tag)).textContent = words;
  }
  return item;
}
