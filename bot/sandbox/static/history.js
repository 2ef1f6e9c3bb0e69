// Each person's earlier inputs, recalled with the arrow keys as in a shell.

const MOST = 50;

export function of(who) {
  const key = `typed ${document.body.dataset.team} ${who}`;
  const all = () => JSON.parse(localStorage.getItem(key) ?? "[]");
  let back = 0;
  return {
    keep(words) {
      localStorage.setItem(key, JSON.stringify([...all().filter((one) => one !== words), words].slice(-MOST)));
      back = 0;
    },
    /** Return the input one step earlier or later; null where the arrow key means something else. */
    step(by, shown) {
      const typed = all();
      if (shown !== (back ? typed.at(-back) : "")) back = 0;
      if (shown && !back) return null;
      const to = back - by;
      if (to < 0 || to > typed.length) return null;
      back = to;
      return back ? typed.at(-back) : "";
    },
  };
}
