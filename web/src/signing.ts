// SPDX-License-Identifier: Apache-2.0
// <sc-passkey>: a button beside the form that logs in with a passkey, or adds one. <sc-code>: takes the code out
// of a text where the browser may read it. Without script, or where the browser knows neither, the form is whole.

import { _ } from "./words.js";

interface Answer {
  href?: string;
  words?: string;
}

export function startSigning(): void {
  customElements.define("sc-passkey", PasskeyButton);
  customElements.define("sc-code", CodeReader);
}

export class PasskeyButton extends HTMLElement {
  private waiting: AbortController | null = null;

  connectedCallback(): void {
    if (!("PublicKeyCredential" in window)) return;
    this.hidden = false;
    this.querySelector("button")?.addEventListener("click", () => void this.press());
    if (!this.isMaking) void this.offer();
  }

  disconnectedCallback(): void {
    this.waiting?.abort();
  }

  private get isMaking(): boolean {
    return "make" in this.dataset;
  }

  /** Passkeys among the suggestions of the field, where the browser does that. */
  private async offer(): Promise<void> {
    if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
    const waiting = (this.waiting = new AbortController());
    try {
      const publicKey = readSigning(await post(this.dataset["ask"] ?? "", {}));
      if (waiting.signal.aborted) return;
      const found = await navigator.credentials.get({ publicKey, mediation: "conditional", signal: waiting.signal });
      if (found) await this.bring(found as PublicKeyCredential);
    } catch (fault) {
      if (fault instanceof Refused) this.tell(fault.message);
    }
  }

  private async press(): Promise<void> {
    this.waiting?.abort();
    this.tell("");
    try {
      const asked = await post(this.dataset["ask"] ?? "", {});
      const found = this.isMaking
        ? await navigator.credentials.create({ publicKey: readMaking(asked) })
        : await navigator.credentials.get({ publicKey: readSigning(asked) });
      if (found) await this.bring(found as PublicKeyCredential);
    } catch (fault) {
      this.tell(fault instanceof Refused ? fault.message : reason(fault));
    }
  }

  private async bring(found: PublicKeyCredential): Promise<void> {
    const name = this.querySelector<HTMLInputElement>("input")?.value ?? "";
    const next = this.dataset["next"] ?? "/";
    const answer = (await post(this.dataset["bring"] ?? "", { credential: written(found), name, next })) as Answer;
    const address = new URL(answer.href ?? "/", location.href);
    // the same page with another fragment would not be asked for again
    if (address.pathname === location.pathname) location.reload();
    else location.assign(address);
  }

  private tell(words: string): void {
    const place = this.querySelector("[data-wrong]");
    if (place) place.textContent = words;
  }
}

export class CodeReader extends HTMLElement {
  private waiting = new AbortController();

  connectedCallback(): void {
    if (!("OTPCredential" in window)) return;
    const asked = { otp: { transport: ["sms"] }, signal: this.waiting.signal } as CredentialRequestOptions;
    navigator.credentials.get(asked).then(
      (found) => this.fill((found as { code?: string } | null)?.code ?? ""),
      () => undefined, // the person reads the text themselves
    );
    this.closest("form")?.addEventListener("submit", () => this.waiting.abort());
  }

  disconnectedCallback(): void {
    this.waiting.abort();
  }

  private fill(code: string): void {
    const input = this.querySelector("input");
    if (!input || !code) return;
    input.value = code;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

class Refused extends Error {}

function reason(fault: unknown): string {
  const name = fault instanceof Error ? fault.name : "";
  if (name === "NotAllowedError" || name === "AbortError") return "";
  if (name === "InvalidStateError") return _("This passkey is there already.");
  return _("That passkey did not work here. Try again, or ask for a code.");
}

async function post(address: string, body: unknown): Promise<unknown> {
  const answer = await fetch(address, {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const told = (await answer.json()) as Answer;
  if (!answer.ok) throw new Refused(told.words ?? "");
  return told;
}

type Json = Record<string, unknown>;

function readMaking(asked: unknown): PublicKeyCredentialCreationOptions {
  const found = asked as Json & { user: Json; excludeCredentials: Json[] };
  return {
    ...found,
    challenge: octets(found["challenge"]),
    user: { ...found.user, id: octets(found.user["id"]) },
    excludeCredentials: found.excludeCredentials.map((one) => ({ ...one, id: octets(one["id"]) })),
  } as unknown as PublicKeyCredentialCreationOptions;
}

function readSigning(asked: unknown): PublicKeyCredentialRequestOptions {
  const found = asked as Json;
  return { ...found, challenge: octets(found["challenge"]) } as unknown as PublicKeyCredentialRequestOptions;
}

/** A credential as JSON, as `toJSON` writes it where the browser has that. */
export function written(found: PublicKeyCredential): Json {
  const response = found.response as AuthenticatorAttestationResponse & AuthenticatorAssertionResponse;
  const said: Json = { clientDataJSON: text(response.clientDataJSON) };
  if (response.attestationObject) {
    said["attestationObject"] = text(response.attestationObject);
    said["transports"] = response.getTransports?.() ?? [];
  } else {
    said["authenticatorData"] = text(response.authenticatorData);
    said["signature"] = text(response.signature);
    said["userHandle"] = response.userHandle ? text(response.userHandle) : null;
  }
  return { id: found.id, rawId: text(found.rawId), type: found.type, clientExtensionResults: {}, response: said };
}

export function octets(written: unknown): Uint8Array<ArrayBuffer> {
  const plain = atob(String(written).replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

export function text(octets: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(octets));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
