/* Lets a passkey answer. Each [data-passkey] holds what the browser is asked, and a button that is hidden until this
   runs where passkeys can be used; the answer travels in a field of the form. Nothing is fetched, nothing is kept. */
"use strict";

(() => {
  const bytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const make = async (asked) => {
    const made = await navigator.credentials.create({
      publicKey: {
        ...asked,
        challenge: bytes(asked.challenge),
        user: { ...asked.user, id: bytes(asked.user.id) },
        excludeCredentials: known(asked.excludeCredentials),
      },
    });
    return [made, { attestationObject: text(made.response.attestationObject) }];
  };

  const show = async (asked) => {
    const shown = await navigator.credentials.get({
      publicKey: { ...asked, challenge: bytes(asked.challenge), allowCredentials: known(asked.allowCredentials) },
    });
    const { authenticatorData, signature } = shown.response;
    return [shown, { authenticatorData: text(authenticatorData), signature: text(signature) }];
  };

  const answer = async (asked) => {
    const [given, response] = asked.create ? await make(asked.create) : await show(asked.get);
    response.clientDataJSON = text(given.response.clientDataJSON);
    return JSON.stringify({ id: given.id, rawId: text(given.rawId), type: given.type, response });
  };

  const prepare = (place) => {
    const part = (name) => place.querySelector(`[data-part="${name}"]`);
    const button = part("use");
    part("without").hidden = true;
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      part("failed").hidden = part("there").hidden = true;
      try {
        part("answer").value = await answer(JSON.parse(place.dataset.passkey));
        place.closest("form").submit();
      } catch (error) {
        part(error.name === "InvalidStateError" ? "there" : "failed").hidden = false;
        button.disabled = false;
      }
    });
  };

  if (window.isSecureContext && window.PublicKeyCredential && navigator.credentials) {
    document.querySelectorAll("[data-passkey]").forEach(prepare);
  }
})();
