// SPDX-License-Identifier: Apache-2.0
// What every script needs of the page: fragments, posts, toasts.

export interface Fragment {
  html: string;
  /** The address the fragment came from, after redirects. */
  address: string;
}

/** The inside of a page, as the server draws it for this viewer's market and language. */
export async function fetchFragment(address: string, form?: FormData, method = "GET"): Promise<Fragment> {
  const headers = { "X-Fragment": "1", Accept: "text/html" };
  let answer: Response;
  if (method === "GET" && form) {
    const url = new URL(address, location.href);
    for (const [name, value] of form) if (typeof value === "string") url.searchParams.set(name, value);
    answer = await fetch(url, { headers });
  } else {
    const body = form ? new URLSearchParams([...form].map(([name, value]) => [name, String(value)])) : null;
    answer = await fetch(address, { method, headers, body });
  }
  const elsewhere = answer.headers.get("X-Location");
  if (elsewhere) {
    location.assign(elsewhere);
    return { html: "", address: elsewhere };
  }
  if (answer.status === 204) return { html: "", address: answer.url };
  if (!answer.headers.get("content-type")?.startsWith("text/html")) throw new Error(`${answer.status}`);
  const html = await answer.text();
  if (/^\s*<!doctype/i.test(html)) {
    // a whole page, a log-in say: it does not belong inside another
    location.assign(answer.url);
    return { html: "", address: answer.url };
  }
  return { html, address: answer.url };
}

/** A small post that needs no page back. True when it was taken. */
export async function post(address: string, body: Record<string, string | number | readonly string[]>): Promise<Response | null> {
  try {
    return await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(body),
      keepalive: true,
    });
  } catch {
    return null;
  }
}

/** Our own server's drawing, escaped there. Scripts in it do not run; nothing a viewer wrote becomes markup here. */
export function draw(html: string): DocumentFragment {
  const template = document.createElement("template");
  template.innerHTML = html;
  return document.importNode(template.content, true);
}

let shown: HTMLElement | undefined;

export function toast(words: string, action?: { words: string; href: string }): void {
  const place = document.querySelector<HTMLElement>(".toasts");
  if (!place) return;
  shown?.remove();
  const made = document.createElement("div");
  made.className = "toast";
  made.textContent = words;
  if (action) {
    const link = document.createElement("a");
    link.href = action.href;
    link.dataset["sheet"] = "";
    link.textContent = action.words;
    link.addEventListener("click", () => setTimeout(() => made.remove()));
    made.append(" ", link);
  }
  place.append(made);
  shown = made;
  setTimeout(() => made.remove(), action ? 8000 : 4000);
}

export function icon(name: string): SVGSVGElement | null {
  const any = document.querySelector<SVGUseElement>("svg.icon use");
  const sprite = any?.getAttribute("href")?.split("#")[0];
  if (!sprite) return null;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

/** Changes the drawing inside a button that has one. */
export function setIcon(button: Element, name: string): void {
  const use = button.querySelector("use");
  const sprite = use?.getAttribute("href")?.split("#")[0];
  if (use && sprite) use.setAttribute("href", `${sprite}#${name}`);
}
