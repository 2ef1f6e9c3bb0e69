// Where something stands that the app has drawn, as the control interface names it.

const AROUND = "[data-view], [data-home], [data-ts]";

export function placeOf(element) {
  const view = element.closest("[data-view]");
  if (view) return { view_id: view.dataset.view };
  if (element.closest("[data-home]")) return { home: true };
  const { channel, ts } = element.closest("[data-ts]").dataset;
  return { channel, ts };
}

/** Name an element; its block only where that is needed, since a message that is sent anew names its blocks anew. */
export function nameOf(field) {
  const { block, action } = field.dataset;
  const same = field.closest(AROUND).querySelectorAll(`.element[data-action="${CSS.escape(action)}"]`);
  return same.length > 1 ? { block_id: block, action_id: action } : { action_id: action };
}
