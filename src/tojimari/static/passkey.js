// Makes a passkey, or signs in with one. Without this file, or where the browser knows no passkeys, nothing of it is shown.
//
// The server says what to sign; the browser's answer goes back in an ordinary form. All words stand in data- attributes.
{
  const bytes = (text) => {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(plain, (mark) => mark.charCodeAt(0));
  };
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

  // Older browsers have no parse…OptionsFromJSON and no toJSON, so both are done by hand.
  const asked = (options) => {
    const named = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));
    const read = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
    if (read.user) read.user = { ...read.user, id: bytes(read.user.id) };
    if (read.excludeCredentials) read.excludeCredentials = named(read.excludeCredentials);
    return { publicKey: read };
  };
  const answer = (credential) => {
    const response = {};
    for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[part]) response[part] = text(credential.response[part]);
    }
    return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
  };

  const way = (form) => {
    const [button, said] = [form.querySelector("button"), form.querySelector("[role=status]")];
    const say = (words = "") => { said.textContent = words; };

    const go = async () => {
      const told = await fetch(form.dataset.options, { method: "POST", body: new FormData(form) });
      if (!told.headers.get("content-type")?.includes("json")) {
        location.reload(); // signed out meanwhile: the page itself leads on
        return;
      }
      const options = await told.json();
      if (!told.ok) {
        say(options.refused);
        return;
      }
      say(form.dataset.waiting);
      const credential = await navigator.credentials[form.dataset.passkey](asked(options));
      form.elements.credential.value = answer(credential);
      form.submit();
    };

    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        await go();
      } catch (fault) {
        const what = { NotAllowedError: "cancelled", AbortError: "cancelled", InvalidStateError: "known" }[fault.name];
        say(form.dataset[what] ?? form.dataset.broken);
        if (!what) console.warn(fault);
      } finally {
        button.disabled = false;
      }
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault(); // Enter in the field for the name
      button.click();
    });
    form.hidden = false;
  };

  const isAddress = /^[\d.]+$|:/.test(location.hostname); // passkeys belong to names, not to IP addresses
  if (window.PublicKeyCredential && navigator.credentials && !isAddress) {
    document.querySelectorAll("form[data-passkey]").forEach(way);
    document.querySelectorAll("[data-passkey-offer]").forEach((offer) => { offer.hidden = false; });
  }
}
