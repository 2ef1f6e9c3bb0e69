// The message, modal or home tab that contains an element, as the control interface names it.

const AROUND = "[data-view], [data-home], [data-ts]";

export function containerOf(element) {
  const view = element.closest("[data-view]");
  if (view) return { view_id: view.dataset.view };
  if (element.closest("[data-home]")) return { home: true };
  const { channel, ts } = element.closest("[data-ts]").dataset;
  return { channel, ts };
}

/** Return an element's ids; the block_id only if it is needed, because a message that is posted again has new ones. */
export function elementIds(field) {
  const { block, action } = field.dataset;
  const same = field.closest(AROUND).querySelectorAll(`.element[data-action="${CSS.escape(action)}"]`);
  return same.length > 1 ? { block_id: block, action_id: action } : { action_id: action };
}
