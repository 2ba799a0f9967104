// Logging out also forgets the certificate key on this device, or the next person here could sign with it.
import { forgetSigner } from "../crypto/key_store.ts";

export function startLogout(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-forget-key]");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    // A browser without storage has nothing to forget.
    void forgetSigner()
      .catch(() => undefined)
      .then(() => form.submit());
  });
}
