// What pages do better with a script. Each works without one.

// Menus: Escape closes and gives the focus back, a click elsewhere closes.
const menus = () => document.querySelectorAll("details.ee-menu[open], details.ee-filter[open]");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});

// Back to a form as it was typed.
for (const button of document.querySelectorAll("[data-back]")) {
  button.hidden = history.length < 2;
  button.addEventListener("click", () => history.back());
}

// On a phone the views are one row that scrolls: the current one is in sight.
document.querySelector("#tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// What is to be pasted elsewhere: selected with one click, copied with another, where a page may.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  field.addEventListener("focus", () => field.select?.());
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    field.select?.();
    await navigator.clipboard.writeText(field.value ?? field.innerText);
    button.querySelector("[aria-live]").textContent = button.dataset.copied;
  });
}

// A page on paper: browsers hide the command in a menu.
for (const part of document.querySelectorAll("[data-print]")) {
  part.hidden = false;
  part.querySelector("button").addEventListener("click", () => print());
}

// A button that shows what is typed as a password.
for (const input of document.querySelectorAll("input[data-show]")) {
  const button = document.createElement("button");
  const say = () => {
    button.textContent = input.type === "password" ? input.dataset.show : input.dataset.hide;
  };
  button.type = "button";
  button.className = "ee-reveal";
  button.setAttribute("aria-controls", input.id);
  button.addEventListener("click", () => {
    input.type = input.type === "password" ? "text" : "password";
    say();
  });
  say();
  input.after(button);
  // It leaves as a password: browsers keep the texts that were typed.
  input.form.addEventListener("submit", () => { input.type = "password"; });
}

// A demonstration account fills the sign-in form.
for (const link of document.querySelectorAll("[data-login]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.querySelector("[name=login]").value = link.dataset.login;
    const password = document.querySelector("[name=password]");
    password.value = link.closest("[data-password]").dataset.password;
    password.form.querySelector("button:not([type])").focus();
  });
}

// What is typed and not saved: said near the buttons, and asked about before one leaves.
const unsaved = new Set();
const differs = (field) => {
  if (field.type === "hidden") return false; // A part of the page, not typed.
  if (["checkbox", "radio"].includes(field.type)) return field.checked !== field.defaultChecked;
  if (!field.options) return field.value !== field.defaultValue;
  const shown = [...field.options].findIndex((option) => option.defaultSelected);
  return field.selectedIndex !== Math.max(shown, 0);
};
const look = (form) => {
  // A form that came back was typed before.
  const typed = "typed" in form.dataset || [...form.elements].some((field) => field.name && differs(field));
  unsaved[typed ? "add" : "delete"](form);
  form.querySelector("[data-unsaved]").hidden = !typed;
};
const watched = () => [...document.forms].filter((form) => form.querySelector("[data-unsaved]"));
document.addEventListener("input", ({ target }) => {
  if (target.form?.querySelector("[data-unsaved]")) look(target.form);
});
document.addEventListener("submit", ({ target }) => unsaved.delete(target));
addEventListener("pageshow", () => watched().forEach(look)); // Back again, as it was left.
addEventListener("beforeunload", (event) => {
  if (unsaved.size) event.preventDefault();
});

// How much more a long text may hold, once it is nearly full.
document.addEventListener("input", ({ target }) => {
  if (!target.dataset?.left) return;
  const left = target.maxLength - target.value.length;
  let hint = target.nextElementSibling;
  if (!hint?.matches(".ee-left")) {
    hint = document.createElement("div");
    hint.className = "ee-hint ee-left";
    hint.setAttribute("role", "status");
    target.after(hint);
  }
  hint.textContent = left > target.maxLength / 10 ? "" : `${target.dataset.left} ${left}`;
});

// Rows to choose: how many are, and all of them with one click.
const boxes = () => [...document.forms.bulk.elements].filter((field) => field.name === "chosen");
const count = () => {
  const form = document.forms.bulk;
  if (!form) return;
  const chosen = boxes().filter((box) => box.checked).length;
  const told = form.querySelector("[data-chosen]");
  told.textContent = chosen ? `${told.dataset.chosen} ${chosen}` : "";
  form.querySelector("[data-choose-all]").hidden = chosen === boxes().length;
};
document.addEventListener("change", ({ target }) => {
  if (target.name === "chosen") count();
});
document.addEventListener("click", ({ target }) => {
  if (!target.matches("[data-choose-all]")) return;
  for (const box of boxes()) box.checked = true;
  count();
});
addEventListener("pageshow", count);
document.addEventListener("htmx:afterSwap", count);

// What htmx could not do: a line says so where it was asked, its link tries without htmx.
for (const name of ["htmx:beforeSwap", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, ({ detail }) => {
    const line = document.getElementById("failed");
    const { verb, elt } = detail.requestConfig;
    const form = verb === "post" && elt.closest("form");
    line.hidden = name === "htmx:beforeSwap" && detail.shouldSwap;
    if (form && detail.xhr.status > 399 && detail.xhr.status < 500) { // Refused: a page says why.
      detail.shouldSwap = false;
      return form.submit();
    }
    if (line.hidden) return;
    line.querySelector("[data-loading]").hidden = Boolean(form);
    line.querySelector("[data-saving]").hidden = !form;
    detail.target.before(line);
    const link = line.querySelector("a");
    link.href = form ? location.href : detail.pathInfo.finalRequestPath;
    link.onclick = form && ((event) => { event.preventDefault(); form.submit(); });
  });
}

// A deed done in place: how many there are now is said, and the focus does not get lost.
{
  let heading;
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    heading = detail.requestConfig.elt.closest("section[aria-labelledby]")?.getAttribute("aria-labelledby");
  });
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    const region = detail.elt.closest("[data-live]");
    if (!region) return;
    const count = region.querySelector("[data-count]") ?? document.getElementById("headline");
    document.getElementById("said").textContent = count?.textContent ?? "";
    const told = document.getElementById("messages");
    const header = region.querySelector(":scope > header");
    if (header && told.getBoundingClientRect().bottom < 0) header.after(...told.children); // In sight.
    const lost = document.activeElement === document.body;
    const there = lost && (document.getElementById(heading) ?? region.querySelector("h1, h2"));
    if (!there) return;
    there.tabIndex = -1;
    there.focus();
  });
}

// A field that is being corrected is not red any more; what is wrong is said above until it is sent.
document.addEventListener("input", ({ target }) => {
  if (!target.matches(".is-invalid")) return;
  target.classList.remove("is-invalid");
  target.removeAttribute("aria-invalid");
  document.getElementById(`${target.id}_error`)?.remove();
});

// Filters that were applied are shown as chips: their panel does not lie over what was found.
document.addEventListener("submit", ({ target }) => {
  if (target.id === "find") target.querySelector("#filters").open = false;
});
