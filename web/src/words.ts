// SPDX-License-Identifier: Apache-2.0
// The scripts' sentences in the page's language. The English sentence is its own key, as in Python and templates.

type Catalog = Record<string, string | string[]>;

let catalog: Catalog = {};

const files = import.meta.glob<Catalog>("./words/*.json", { import: "default" });

/** What is built in comes with the scripts; a language that an operator added is asked of the server. */
export async function loadWords(wanted: string): Promise<void> {
  if (wanted === "en") return;
  const load = files[`./words/${wanted}.json`] ?? (() => fetched(wanted));
  try {
    catalog = await load();
  } catch {
    // an old page after a new build: English is better than silence
  }
}

async function fetched(wanted: string): Promise<Catalog> {
  const answer = await fetch(`/words/${encodeURIComponent(wanted)}.json`);
  return answer.ok ? ((await answer.json()) as Catalog) : {};
}

/** Which plural form a number takes: one digit a number to 199, larger ones by their last two digits. */
function formOf(count: number): number | undefined {
  const table = catalog[""];
  const whole = Math.trunc(Math.abs(count));
  const digit = typeof table === "string" ? table[whole < 200 ? whole : 100 + (whole % 100)] : undefined;
  return digit === undefined ? undefined : Number(digit);
}

export function fill(sentence: string, values: Record<string, string>): string {
  return sentence.replace(/%\((\w+)\)s/g, (whole, name: string) => values[name] ?? whole);
}

export function _(sentence: string, values: Record<string, string> = {}): string {
  const said = catalog[sentence];
  return fill(typeof said === "string" ? said : sentence, values);
}

export function ngettext(one: string, many: string, count: number, values: Record<string, string> = {}): string {
  const forms = catalog[one];
  const form = formOf(count);
  if (!Array.isArray(forms) || form === undefined) return fill(count === 1 ? one : many, values);
  return fill(forms[form] ?? many, values);
}
