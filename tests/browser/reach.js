// What somebody cannot get at: what is wider than its window, and controls that lie beneath or beyond something.
() => {
  const name = (one) => `${one.tagName.toLowerCase()}${one.id ? `#${one.id}` : ""}.${one.className} “${one.textContent.trim().slice(0, 40)}”`;
  const visible = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length > 0;
  const scrolls = (one) => one === document.documentElement || /auto|scroll/.test(getComputedStyle(one).overflowX);
  // These scroll sideways on purpose, and can be reached by keyboard.
  const meant = ".scroll, .paper, pre, textarea";
  const wide = [document.documentElement, ...document.body.querySelectorAll("*")]
    .filter((one) => visible(one) && scrolls(one) && !one.matches(meant) && one.scrollWidth > one.clientWidth + 1);

  const top = document.querySelector("dialog[open]") ?? document.body;
  const covered = [...top.querySelectorAll("a[href], button, input, select, textarea, summary")].filter((one) => {
    if (!visible(one) || one.disabled) return false;
    one.focus({ preventScroll: true });
    one.scrollIntoView({ block: "center", inline: "nearest" });
    const box = one.getClientRects()[0];
    const hit = box && document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return !(hit && (one.contains(hit) || hit.closest("label")?.contains(one)));
  });
  return [...wide.map((one) => `wider than it may be: ${name(one)}`), ...covered.map((one) => `out of reach: ${name(one)}`)];
}
