// The position of a field's list.

/** Put a list below its field, or above if there is more room, within the window and clear of a phone's keyboard. */
export function putBeside(field, pop, list) {
  const box = field.getBoundingClientRect();
  const { height, offsetTop } = window.visualViewport;
  const below = offsetTop + height - box.bottom - 12;
  const above = box.top - offsetTop - 12;
  const up = below < 200 && above > below;
  const width = Math.min(Math.max(box.width, 240), innerWidth - 16);
  pop.style.width = `${width}px`;
  pop.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
  pop.style.top = up ? "auto" : `${box.bottom + 4}px`;
  pop.style.bottom = up ? `${innerHeight - box.top + 4}px` : "auto";
  list.style.maxHeight = `${Math.max(80, Math.min(300, up ? above : below) - 40)}px`;
}
