// A small rich text editor: buttons, keys and pasting. Rendered by kit/editor.html, read by richtext.js.

const COMMANDS = { bold: "bold", italic: "italic", strike: "strikeThrough", ordered: "insertOrderedList", bullet: "insertUnorderedList" };
const BLOCKS = { quote: "blockquote", preformatted: "pre" };
const KEYS = { b: "bold", i: "italic", k: "link" };
const SHIFT_KEYS = { KeyX: "strike", KeyC: "code", Digit7: "ordered", Digit8: "bullet", Digit9: "quote" };

const editorOf = (element) => element?.closest?.(".editor");
const wordsOf = (editor) => editor.querySelector(".editor-words");

function selected() {
  const selection = getSelection();
  const node = selection.anchorNode;
  const start = node?.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  return { selection, words: start?.closest?.(".editor-words"), inside: (names) => start?.closest?.(names) };
}

function style(editor, name) {
  const words = wordsOf(editor);
  if (document.activeElement !== words) words.focus();
  if (COMMANDS[name]) document.execCommand(COMMANDS[name]);
  else if (BLOCKS[name]) document.execCommand("formatBlock", false, selected().inside(BLOCKS[name]) ? "div" : BLOCKS[name]);
  else if (name === "code") code();
  else askAddress(editor);
  words.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Replace the selection by an element; the caret moves into it, or after it. */
function insert(name, text, { after = false, ...more } = {}) {
  const { selection } = selected();
  const range = selection.getRangeAt(0);
  const made = Object.assign(document.createElement(name), { textContent: text, ...more });
  range.deleteContents();
  range.insertNode(made);
  selection.selectAllChildren(made);
  if (after) selection.setBaseAndExtent(made.parentNode, nth(made) + 1, made.parentNode, nth(made) + 1);
  else selection.collapseToEnd();
}

const nth = (node) => [...node.parentNode.childNodes].indexOf(node);

/** Toggle code for the selection; the browser has no command for it. */
function code() {
  const { selection, inside } = selected();
  const around = inside("code");
  if (!around) {
    // An empty place to type, if nothing is selected.
    insert("code", selection.toString() || "\u200b");
  } else if (selection.isCollapsed) {
    around.after("\u200b");
    selection.collapse(around.nextSibling, 1);
  } else {
    selection.selectAllChildren(around);
    const text = around.textContent;
    around.replaceWith(text);
  }
}

let where; // the selection when the link form was opened

function askAddress(editor) {
  const { selection, inside } = selected();
  if (inside("a")) selection.selectAllChildren(inside("a"));
  where = selection.rangeCount ? selection.getRangeAt(0).cloneRange() : null;
  const form = editor.querySelector(".editor-link");
  form.hidden = false;
  form.querySelector("input").value = inside("a")?.getAttribute("href") ?? "";
  form.querySelector("input").focus();
}

function link(editor, address) {
  const form = editor.querySelector(".editor-link");
  form.hidden = true;
  wordsOf(editor).focus();
  const { selection } = selected();
  if (where) selection.setBaseAndExtent(where.startContainer, where.startOffset, where.endContainer, where.endOffset);
  if (address === null) return;
  const url = /^(https?:|mailto:)/i.test(address) ? address : `https://${address}`;
  if (!address) document.execCommand("unlink");
  else if (selection.isCollapsed) insert("a", address, { href: url, after: true });
  else document.execCommand("createLink", false, url);
  wordsOf(editor).dispatchEvent(new Event("input", { bubbles: true }));
}

const BEGINNINGS = { "- ": "bullet", "* ": "bullet", "1. ": "ordered" };

/** Start a list when a line starts like one. */
function listed(event) {
  const { selection, inside } = selected();
  const { anchorNode: node, anchorOffset: offset } = selection;
  const name = event.data === " " && node.nodeType === Node.TEXT_NODE && BEGINNINGS[node.data.slice(0, offset).replace("\u00a0", " ")];
  const first = !node.previousSibling || node.previousSibling.nodeName === "BR";
  if (!name || !first || !node.parentElement.matches("div") || inside("li, pre")) return;
  selection.setBaseAndExtent(node, 0, node, offset);
  document.execCommand("delete");
  document.execCommand(COMMANDS[name]);
}

/** Update the buttons to the style of the selection. */
function reflect() {
  const { words, inside } = selected();
  const editor = editorOf(words);
  if (!editor) return;
  for (const button of editor.querySelectorAll("[data-style]")) {
    const { style: name } = button.dataset;
    const on = COMMANDS[name] ? document.queryCommandState(COMMANDS[name]) : inside(BLOCKS[name] ?? { code: "code", link: "a" }[name]);
    button.ariaPressed = String(Boolean(on));
  }
}

/** Move along the buttons with the arrow keys, so that Tab leaves the toolbar. */
function along(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const buttons = [...event.target.parentElement.children];
  const next = buttons[(buttons.indexOf(event.target) + step + buttons.length) % buttons.length];
  for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
  next.focus();
  event.preventDefault();
}

function keyed(event) {
  if (!(event.ctrlKey || event.metaKey)) return null;
  if (event.altKey) return event.shiftKey && event.code === "KeyC" ? "preformatted" : null;
  return event.shiftKey ? SHIFT_KEYS[event.code] : KEYS[event.key.toLowerCase()];
}

function typedAddress(event, editor) {
  if (!["Enter", "Escape"].includes(event.key)) return;
  event.preventDefault();
  event.stopPropagation();
  link(editor, event.key === "Enter" ? event.target.value.trim() : null);
}

document.addEventListener("keydown", (event) => {
  const editor = editorOf(event.target);
  if (!editor) return;
  if (event.target.matches("[data-style]")) along(event);
  else if (event.target.matches(".editor-link input")) typedAddress(event, editor);
  else if (event.target === wordsOf(editor) && keyed(event)) {
    event.preventDefault();
    style(editor, keyed(event));
  }
}, true);

// The text keeps the focus and the selection while a button is clicked.
document.addEventListener("mousedown", (event) => { if (event.target.closest("[data-style]")) event.preventDefault(); });

document.addEventListener("click", (event) => {
  const editor = editorOf(event.target);
  const button = event.target.closest("[data-style]");
  if (button) style(editor, button.dataset.style);
  else if (editor && event.target.closest(".editor-link button")) link(editor, editor.querySelector(".editor-link input").value.trim());
});

document.addEventListener("paste", (event) => {
  if (!event.target.closest?.(".editor-words")) return;
  event.preventDefault();
  document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
});

document.addEventListener("input", (event) => { if (event.target.matches?.(".editor-words")) listed(event); });
document.addEventListener("selectionchange", reflect);
document.execCommand("defaultParagraphSeparator", false, "div");
