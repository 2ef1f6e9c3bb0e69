// The content of an editor as Slack's rich text.

const STYLES = { B: "bold", STRONG: "bold", I: "italic", EM: "italic", S: "strike", STRIKE: "strike", DEL: "strike", CODE: "code" };
const LISTS = { UL: "bullet", OL: "ordered" };
const QUOTES = { BLOCKQUOTE: "quote", PRE: "preformatted" };
const PARAGRAPHS = new Set(["DIV", "P", "LI"]);

/** Return the rich text of an editor; undefined if it is empty. */
export function richText(root) {
  const lines = [];
  walk(root, { kind: "section", style: {}, indent: -1, more: NOTHING }, lines);
  while (lines.length && isEmpty(lines.at(-1))) lines.pop();
  while (lines.length && isEmpty(lines[0])) lines.shift();
  if (!lines.length) return undefined;
  const parts = [];
  for (const line of lines) {
    const last = parts.at(-1);
    if (last && alike(last, line)) last.lines.push(line.elements);
    else parts.push({ ...line, lines: [line.elements] });
  }
  return { type: "rich_text", elements: parts.map(shape) };
}

const alike = (one, other) => one.kind === other.kind && one.indent === other.indent && one.more === other.more;
const isEmpty = (line) => line.elements.every((one) => one.type === "text" && !one.text.trim());

function shape({ kind, indent, more, lines }) {
  if (Object.values(LISTS).includes(kind)) {
    const elements = lines.map((elements) => ({ type: "rich_text_section", elements }));
    return { type: "rich_text_list", style: kind, indent, elements, ...more };
  }
  const elements = [];
  for (const [index, line] of lines.entries()) {
    if (index) add(elements, "\n", {});
    for (const one of line) {
      if (one.type === "text") add(elements, one.text, one.style ?? {});
      else elements.push(one);
    }
  }
  return { type: `rich_text_${kind}`, elements, ...more };
}

/** Add text, joining it to the text before if the style is the same. */
function add(elements, text, style) {
  const last = elements.at(-1);
  if (last?.type === "text" && JSON.stringify(last.style ?? {}) === JSON.stringify(style)) last.text += text;
  else elements.push({ type: "text", text, ...(Object.keys(style).length ? { style } : {}) });
}

function walk(node, look, lines) {
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) words(child, look, lines);
    else if (child.nodeType === Node.ELEMENT_NODE) element(child, look, lines);
  }
}

/** Return the current line, or begin a new one. */
function current(look, lines, { fresh = false } = {}) {
  const last = lines.at(-1);
  if (!fresh && last && !last.done && alike(last, look)) return last;
  lines.push({ kind: look.kind, indent: look.indent, more: look.more, elements: [], done: false });
  return lines.at(-1);
}

function words(node, look, lines) {
  // Whitespace between paragraphs belongs to the markup, not to the text.
  const between = node.data.includes("\n") || LISTS[node.parentNode.nodeName];
  if (!node.data.trim() && between && look.kind !== "preformatted") return;
  for (const [index, part] of node.data.replace(/\u200b/g, "").replace(/\u00a0/g, " ").split("\n").entries()) {
    const line = current(look, lines, { fresh: index > 0 });
    if (!part) continue;
    if (look.url) line.elements.push({ type: "link", url: look.url, text: part, ...styled(look) });
    else add(line.elements, part, look.style);
  }
}

const styled = ({ style }) => (Object.keys(style).length ? { style } : {});

function element(node, look, lines) {
  const name = node.nodeName;
  if (node.dataset.rich) current(look, lines).elements.push(JSON.parse(node.dataset.rich));
  else if (name === "BR") broken(node, look, lines);
  else if (STYLES[name]) walk(node, { ...look, style: { ...look.style, [STYLES[name]]: true } }, lines);
  else if (name === "A") walk(node, { ...look, url: node.getAttribute("href") }, lines);
  else if (LISTS[name]) walk(node, { ...look, kind: LISTS[name], indent: look.indent + 1 + deeper(node), more: extras(node) }, lines);
  else if (QUOTES[name]) paragraph(node, { ...look, kind: QUOTES[name], more: extras(node) }, lines);
  else if (PARAGRAPHS.has(name)) paragraph(node, look, lines);
  else walk(node, look, lines);
}

const deeper = (list) => Number(/indent-(\d)/.exec(list.className)?.[1] ?? 0);

// One shared object, because parts are joined if it is the same.
const NOTHING = {};

/** Return what the app has specified for a part beyond its text. */
function extras(node) {
  const found = {};
  if (node.classList.contains("bordered")) found.border = 1;
  if (node.start > 1) found.offset = node.start - 1;
  return Object.keys(found).length ? found : NOTHING;
}

function paragraph(node, look, lines) {
  finish(lines);
  const before = lines.length;
  walk(node, look, lines);
  if (lines.length === before && !node.querySelector("li")) current(look, lines, { fresh: true });
  finish(lines);
}

const finish = (lines) => { if (lines.length) lines.at(-1).done = true; };

function broken(node, look, lines) {
  current(look, lines);
  const only = !node.nextSibling && PARAGRAPHS.has(node.parentNode.nodeName);
  if (!only) finish(lines);
}
