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
