// Where something stands that the app has drawn, as the control interface names it.

export function placeOf(element) {
  const view = element.closest("[data-view]");
  if (view) return { view_id: view.dataset.view };
  if (element.closest("[data-home]")) return { home: true };
  const { channel, ts } = element.closest("[data-ts]").dataset;
  return { channel, ts };
}
