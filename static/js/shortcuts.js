// Single keys, for those who asked for them in their preferences. Where they lead, links of the page say.
{
  const WAIT = 1500; // Milliseconds that the first of two keys is waited for.
  const TYPED = "input, textarea, select, [contenteditable]";
  const { help } = document.currentScript.dataset;
  let went = -Infinity; // When "g" was pressed.

  const use = (link) => {
    if (!link) return false;
    link.focus();
    link.click();
    return true;
  };
  const look = () => {
    const search = document.getElementById("search");
    if (!search) return false;
    if (!search.offsetParent) location.assign(search.form.action); // A phone has a page for it.
    search.focus();
    return true;
  };
  const walk = (step) => {
    const rows = [...document.querySelectorAll("tbody tr")].map((row) => row.querySelector("a")).filter(Boolean);
    const here = document.activeElement.closest?.("tbody tr")?.querySelector("a");
    const at = rows.indexOf(here);
    const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step];
    next?.focus();
    return Boolean(next);
  };
  const keys = {
    __proto__: null, // A key that is none of these is nothing.
    n: () => use(document.querySelector("[data-key=n]")),
    m: () => use(document.querySelector("[data-key=m]")),
    j: () => walk(1),
    k: () => walk(-1),
    "/": look,
    "?": () => (location.assign(help), true),
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === "shift") return;
    const second = event.timeStamp - went < WAIT;
    went = -Infinity;
    if (event.target.closest(TYPED)) return;
    if (key === "g" && !second) went = event.timeStamp;
    else if (second ? use(document.querySelector(`[data-go="${CSS.escape(key)}"]`)) : keys[key]?.()) event.preventDefault();
  });
}
