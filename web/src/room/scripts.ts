// SPDX-License-Identifier: Apache-2.0
// What letters a text is in, and whether this reader may want it translated: the same as silkcast/ground/scripts.py.

const SCRIPTS: readonly (readonly [string, RegExp])[] = [
  ["Latn", /\p{Script=Latin}/gu],
  ["Hani", /\p{Script=Han}/gu],
  ["Jpan", /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ["Arab", /\p{Script=Arabic}/gu],
  ["Cyrl", /\p{Script=Cyrillic}/gu],
  ["Thai", /\p{Script=Thai}/gu],
  ["Kore", /\p{Script=Hangul}/gu],
  ["Deva", /\p{Script=Devanagari}/gu],
  ["Hebr", /\p{Script=Hebrew}/gu],
  ["Grek", /\p{Script=Greek}/gu],
];

/** The script most letters are of, empty where there are none. Kana among Han is Japanese. */
export function scriptOf(text: string): string {
  const found = new Map(SCRIPTS.map(([name, letters]) => [name, text.match(letters)?.length ?? 0]));
  const [name, most] = [...found].reduce((best, one) => (one[1] > best[1] ? one : best));
  if (!most) return /\p{L}/u.test(text) ? "Zyyy" : "";
  const kana = found.get("Jpan") ?? 0;
  return kana && kana + (found.get("Hani") ?? 0) >= most ? "Jpan" : name;
}

function isWrittenIn(text: string, language: string): boolean {
  const script = scriptOf(text);
  if (!script) return true;
  const own = new Intl.Locale(language).maximize().script ?? "Latn";
  if (own === "Hans" || own === "Hant") return script === "Hani";
  return script === own || (script === "Hani" && (own === "Jpan" || own === "Kore"));
}

function read(language: string): string {
  const full = new Intl.Locale(language).maximize();
  return full.language === "zh" ? `zh-${full.script}` : full.language;
}

export function isForeign(text: string, said: string, reader: string): boolean {
  try {
    if (!scriptOf(text)) return false;
    if (!isWrittenIn(text, reader)) return true;
    return Boolean(said) && isWrittenIn(text, said) && read(said) !== read(reader);
  } catch {
    return false; // a tag that is none
  }
}
