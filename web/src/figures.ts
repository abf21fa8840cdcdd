// SPDX-License-Identifier: Apache-2.0
// Counts and clocks as the page's language and market write them. Money is never written here: the server does.

const root = document.documentElement;
const locale = `${root.lang || "en"}-u-nu-${root.dataset["numerals"] ?? "latn"}`;
const whole = new Intl.NumberFormat(locale);
const short = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
const two = new Intl.NumberFormat(locale, { minimumIntegerDigits: 2 });

export function count(value: number): string {
  return whole.format(value);
}

/** In full to 9,999, then 12.4K. */
export function compact(value: number): string {
  return value < 10_000 ? whole.format(value) : short.format(value);
}

/** mm:ss, over an hour h:mm:ss. */
export function clock(seconds: number): string {
  const left = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(left / 3600);
  const parts = `${two.format(Math.floor((left % 3600) / 60))}:${two.format(left % 60)}`;
  return hours ? `${whole.format(hours)}:${parts}` : parts;
}
