// The token that proves a request comes from a page of this system; the page carries it in a meta element.

export function csrfToken(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
}

export function csrfHeaders(): Record<string, string> {
  return { "X-CSRFToken": csrfToken() };
}
