// SPDX-License-Identifier: Apache-2.0
import "htmx.org";
import { startFinding } from "./finding.js";
import { startForms } from "./forms.js";
import { Player } from "./room/player.js";
import { Stock } from "./room/pin.js";
import { startSharing } from "./sharing.js";
import { startSheet } from "./sheet.js";
import { Camera } from "./studio/camera.js";
import { startFilling, startWalking } from "./studio/fill.js";
import { LiveDesk } from "./studio/live-desk.js";
import { Timer } from "./timer.js";
import { loadWords } from "./words.js";

await loadWords(document.documentElement.lang);
customElements.define("sc-stock", Stock);
customElements.define("sc-timer", Timer);
customElements.define("sc-player", Player);
customElements.define("sc-camera", Camera);
customElements.define("sc-live-desk", LiveDesk);
startSheet();
startFinding();
startForms();
startFilling();
startWalking();
document.querySelector(".desk-side [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
startSharing();
