// Ctrl+K: the search of the top row as a combobox. Without a script it is a form like another.
{
  const input = document.getElementById("search");
  const form = input.form;
  const list = document.getElementById("palette");
  const said = document.getElementById("palette-said");
  let timer, asked;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => list.querySelector("[aria-selected=true]");
  const choose = (option) => {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  };
  const show = (open) => {
    list.hidden = !open;
    input.setAttribute("aria-expanded", open);
    if (!open) choose(null);
  };
  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const address = `${form.action}?${new URLSearchParams({ q: input.value })}`;
    try {
      const answer = await fetch(address, { headers: { "HX-Request": "true" }, signal: asked.signal });
      // Signed out meanwhile: the form leads to the sign-in page.
      if (!answer.ok || answer.redirected) return show(false);
      list.innerHTML = await answer.text();
    } catch {
      return; // Overtaken by the next letter, or no network: the form still works.
    }
    if (document.activeElement !== input) return;
    show(true);
    const number = options().length;
    said.textContent = `${said.dataset.said} ${number}`;
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, 400); // Each counts as a search: not one a letter.
  };

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  show(false);
  input.addEventListener("input", soon);
  input.addEventListener("keydown", (event) => {
    const all = options();
    const at = all.indexOf(chosen());
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) return ask();
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose(all[(at + step + (at < 0 && step < 0 ? 1 : 0) + all.length) % all.length]);
    } else if (event.key === "Enter" && !list.hidden && at >= 0) {
      event.preventDefault();
      location.assign(all[at].href);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      show(false);
    }
  });
  input.addEventListener("blur", () => show(false));
  list.addEventListener("mousedown", (event) => event.preventDefault()); // The focus stays.

  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    if (!input.offsetParent) return location.assign(form.action); // A phone has a page for it.
    input.focus();
    input.select();
    ask();
  });

  // On the page of results the arrows go from one to the next.
  const found = document.querySelector("[data-walk]");
  document.getElementById("content").addEventListener("keydown", (event) => {
    if (!found || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    const links = [...found.querySelectorAll("a")];
    const at = links.indexOf(document.activeElement);
    if (at < 0 && (document.activeElement.id !== "q" || event.key === "ArrowUp")) return;
    event.preventDefault();
    (links[at + (event.key === "ArrowDown" ? 1 : -1)] ?? document.getElementById("q")).focus();
  });
}
