// Passkeys: what a browser asks and answers is bytes, what travels is text.

const decode = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const encode = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const question = (text) => {
  const { publicKey } = JSON.parse(text);
  publicKey.challenge = decode(publicKey.challenge);
  if (publicKey.user) publicKey.user.id = decode(publicKey.user.id);
  for (const known of publicKey.excludeCredentials ?? []) known.id = decode(known.id);
  for (const known of publicKey.allowCredentials ?? []) known.id = decode(known.id);
  return { publicKey };
};

const answer = (credential) => {
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const said = parts.filter((part) => credential.response[part]);
  const response = Object.fromEntries(said.map((part) => [part, encode(credential.response[part])]));
  return JSON.stringify({
    id: credential.id,
    rawId: encode(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  });
};

// Only where it can work: a browser that knows them, and HTTPS or localhost.
for (const button of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  for (const part of document.querySelectorAll("[data-without-passkeys]")) part.hidden = true;
  for (const part of [button, ...document.querySelectorAll("[data-with-passkeys]")]) part.hidden = false;
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    const failed = document.querySelector("[data-passkey-failed]");
    failed.hidden = true;
    try {
      const asked = question(button.dataset.options);
      const credential = button.dataset.passkey === "new"
        ? await navigator.credentials.create(asked)
        : await navigator.credentials.get(asked);
      button.form.querySelector("[name$=credential]").value = answer(credential);
    } catch {
      failed.hidden = false;
      failed.focus();
      return;
    }
    button.form.requestSubmit();
  });
}
