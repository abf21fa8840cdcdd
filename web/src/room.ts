// SPDX-License-Identifier: Apache-2.0
import { Chat } from "./room/chat.js";
import { Claim } from "./room/claim.js";
import { Coupons } from "./room/coupons.js";
import { Likes } from "./room/likes.js";
import { Pin, Stock } from "./room/pin.js";
import { Player } from "./room/player.js";
import { Room } from "./room/room.js";
import { startForms } from "./forms.js";
import { startSharing } from "./sharing.js";
import { startSheet } from "./sheet.js";
import { Timer } from "./timer.js";
import { loadWords } from "./words.js";

await loadWords(document.documentElement.lang);
customElements.define("sc-stock", Stock);
customElements.define("sc-timer", Timer);
customElements.define("sc-claim", Claim);
customElements.define("sc-coupons", Coupons);
customElements.define("sc-pin", Pin);
customElements.define("sc-chat", Chat);
customElements.define("sc-likes", Likes);
customElements.define("sc-player", Player);
customElements.define("sc-room", Room);
startSheet();
startForms();
startSharing();
