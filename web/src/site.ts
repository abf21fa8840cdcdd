// SPDX-License-Identifier: Apache-2.0
import { startFinding } from "./finding.js";
import { startForms } from "./forms.js";
import { Stock } from "./room/pin.js";
import { startSharing } from "./sharing.js";
import { startSheet } from "./sheet.js";
import { Timer } from "./timer.js";
import { loadWords } from "./words.js";

await loadWords(document.documentElement.lang);
customElements.define("sc-stock", Stock);
customElements.define("sc-timer", Timer);
startSheet();
startForms();
startFinding();
startSharing();
if (document.querySelector("sc-passkey, sc-code")) void import("./signing.js").then(({ startSigning }) => startSigning());
