// SPDX-License-Identifier: Apache-2.0
// The scripts' sentences in the page's language. The English sentence is its own key, as in Python and templates.

type Catalog = Record<string, string | string[]>;

const FORMS: Record<string, (n: number) => number> = {
  zh: () => 0,
  fr: (n) => (n > 1 ? 1 : 0),
  // the order of the catalog's header: zero, one, two, few, hundreds, many
  ar: (n) => {
    const rest = n % 100;
    if (n <= 2) return n;
    if (rest >= 3 && rest <= 10) return 3;
    return rest <= 2 ? 4 : 5;
  },
};

let catalog: Catalog = {};
let language = "en";

const files = import.meta.glob<Catalog>("./words/*.json", { import: "default" });

export async function loadWords(wanted: string): Promise<void> {
  language = wanted.split("-")[0] ?? "en";
  const load = files[`./words/${language}.json`];
  if (language === "en" || !load) return;
  try {
    catalog = await load();
  } catch {
    // an old page after a new build: English is better than silence
  }
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
  const form = FORMS[language];
  if (!Array.isArray(forms) || !form) return fill(count === 1 ? one : many, values);
  return fill(forms[form(count)] ?? many, values);
}
