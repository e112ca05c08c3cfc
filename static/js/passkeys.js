/* <form data-passkey="create|get"> lets the browser make or use a passkey and sends what it answered in [name=credential].
   What is asked of it stands in data-options as JSON, or is fetched from the address in data-options-from. */

function decoded(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
}

function encoded(buffer) {
  const text = Array.from(new Uint8Array(buffer), (one) => String.fromCharCode(one)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// Bytes travel as base64url.
function asked({ publicKey }) {
  publicKey.challenge = decoded(publicKey.challenge);
  if (publicKey.user) publicKey.user.id = decoded(publicKey.user.id);
  for (const known of [...(publicKey.excludeCredentials ?? []), ...(publicKey.allowCredentials ?? [])]) {
    known.id = decoded(known.id);
  }
  return publicKey;
}

function answered(credential) {
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[part]) response[part] = encoded(credential.response[part]);
  }
  return JSON.stringify({ id: credential.id, rawId: encoded(credential.rawId), type: credential.type, response, clientExtensionResults: {} });
}

async function options(form) {
  if (form.dataset.options) return asked(JSON.parse(form.dataset.options));
  const answer = await fetch(form.dataset.optionsFrom, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.status);
  return asked((await answer.json()).request_options);
}

async function use(form) {
  const told = form.querySelector("[data-refused]");
  told.hidden = true;
  try {
    const publicKey = await options(form);
    const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
    form.elements.credential.value = answered(credential);
  } catch {
    // Cancelled, timed out, or no passkey that fits: browsers do not say which, so that no page can find out.
    told.hidden = false;
    return;
  }
  form.submit();
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    use(form);
  });
}
