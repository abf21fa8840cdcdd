// SPDX-License-Identifier: Apache-2.0
import { CardForm } from "./card/form.js";
import { Timer } from "./timer.js";
import { loadWords } from "./words.js";

await loadWords(document.documentElement.lang);
customElements.define("sc-timer", Timer);
customElements.define("sc-card", CardForm);
