// SPDX-License-Identifier: Apache-2.0
// <sc-camera data-socket>: goes live from this browser. Camera and microphone are recorded in chunks of 250 ms and sent
// over a WebSocket to the video engine. The first frame tells the type that was chosen; every other is a chunk.
// Inside: <video data-preview>, <select data-choose>, buttons data-start data-stop data-microphone data-picture data-turn,
// <p data-status>. In a <details> the preview begins when it is opened, and nothing leaves the browser before data-start.

import { setIcon } from "../page.js";
import { _ } from "../words.js";
import { chooseType } from "./recording.js";

const CHUNK_MS = 250;
/** Chunks are dropped, and the recording begun anew, when this much waits in the browser: a weak line. */
const MOST_WAITING = 4_000_000;
/** How the house closes the socket; 4400 to 4499: do not come back. */
const ENDED = 4409, TAKEN_OVER = 4410, BAD_MEDIA = 4422;

export class Camera extends HTMLElement {
  private stream: MediaStream | null = null;
  private recorder: MediaRecorder | null = null;
  private socket: WebSocket | null = null;
  private facing: "user" | "environment" = "environment";
  private device = "";
  private wanted = false;
  private tries = 0;

  connectedCallback(): void {
    this.on("[data-start]", () => void this.start());
    this.on("[data-stop]", () => this.stop());
    this.on("[data-microphone]", (button) => this.toggle("audio", button, "microphone-fill", "microphone-slash-fill"));
    this.on("[data-picture]", (button) => this.toggle("video", button, "video-camera-fill", "video-camera-slash-fill"));
    this.on("[data-turn]", () => void this.turn());
    this.querySelector("[data-choose]")?.addEventListener("change", (event) => void this.choose((event.target as HTMLSelectElement).value));
    const box = this.closest("details");
    box?.addEventListener("toggle", () => (box.open ? void this.look() : this.wanted || this.letGo()));
    if (box?.id && location.hash === `#${box.id}`) box.open = true;
  }

  disconnectedCallback(): void {
    this.stop();
    this.letGo();
  }

  /** The preview alone: nothing leaves this browser yet. */
  async look(): Promise<boolean> {
    if (this.stream) return true;
    const which = this.device ? { deviceId: { exact: this.device } } : { facingMode: this.facing };
    const video = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 }, ...which };
    try {
      if (!navigator.mediaDevices) throw new DOMException("no secure context", "SecurityError");
      this.stream = await navigator.mediaDevices.getUserMedia({ video, audio: { echoCancellation: true, noiseSuppression: true } });
    } catch (error) {
      this.say(this.why(error instanceof DOMException ? error.name : ""));
      return false;
    }
    this.say("");
    const film = this.querySelector<HTMLVideoElement>("[data-preview]");
    if (film) {
      film.srcObject = this.stream;
      film.muted = true;
      void film.play().catch(() => undefined);
    }
    void this.offer();
    return true;
  }

  private why(name: string): string {
    if (name === "NotAllowedError") return _("The browser may not use the camera. Allow it in the address bar.");
    if (name === "SecurityError") return _("The camera works only where the address begins with https.");
    if (name === "NotReadableError") return _("Another program holds the camera. Close it, then try again.");
    return _("No camera was found.");
  }

  /** Which cameras there are, where there are several. Their names are told only after the first was allowed. */
  private async offer(): Promise<void> {
    const list = this.querySelector<HTMLSelectElement>("[data-choose]");
    if (!list) return;
    const cameras = (await navigator.mediaDevices.enumerateDevices()).filter((one) => one.kind === "videoinput");
    const used = this.stream?.getVideoTracks()[0]?.getSettings().deviceId;
    list.replaceChildren(...cameras.map((one) => new Option(one.label, one.deviceId, false, one.deviceId === used)));
    list.parentElement!.hidden = cameras.length < 2;
  }

  private async choose(device: string): Promise<void> {
    this.device = device;
    await this.again();
  }

  async start(): Promise<void> {
    this.wanted = true;
    if (!this.stream && !(await this.look())) return;
    this.connect();
  }

  stop(): void {
    this.wanted = false;
    if (this.recorder?.state !== "inactive") this.recorder?.stop();
    this.recorder = null;
    this.socket?.close(1000, "stopped");
    this.socket = null;
    this.mark("off");
    this.say(_("Not on air."));
  }

  private connect(): void {
    const type = chooseType((one) => MediaRecorder.isTypeSupported(one));
    if (!type) return this.say(_("This browser cannot record video. Use an app with the address and key instead."));
    const address = new URL(this.dataset["socket"] ?? "", location.href);
    address.protocol = address.protocol.replace("http", "ws");
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.say(_("Connecting"));
    socket.addEventListener("open", () => {
      if (socket !== this.socket) return;
      this.tries = 0;
      socket.send(JSON.stringify({ type }));
      this.record(socket, type);
    });
    // one that was left for another camera closes late: it must not end the new recording
    socket.addEventListener("close", (event) => socket === this.socket && this.closed(event));
  }

  private record(socket: WebSocket, type: string): void {
    const options = { mimeType: type, videoBitsPerSecond: 2_500_000, audioBitsPerSecond: 128_000, videoKeyFrameIntervalDuration: 1000 };
    const recorder = new MediaRecorder(this.stream!, options as MediaRecorderOptions);
    this.recorder = recorder;
    recorder.addEventListener("dataavailable", (event) => {
      if (!event.data.size || socket.readyState !== WebSocket.OPEN) return;
      // a chunk may not be left out of the middle: the engine would see a broken file
      if (socket.bufferedAmount > MOST_WAITING) return socket.close(4000, "behind");
      socket.send(event.data);
    });
    recorder.start(CHUNK_MS);
    this.mark("on");
    this.say(_("On air."));
  }

  private closed(event: CloseEvent): void {
    if (this.recorder?.state !== "inactive") this.recorder?.stop();
    if (!this.wanted) return;
    this.mark("off");
    if (event.code >= 4400 && event.code < 4500) {
      this.wanted = false;
      return this.say(this.refused(event.code));
    }
    this.say(_("The line broke. Trying again."));
    setTimeout(() => this.wanted && this.connect(), Math.min(10_000, 1000 * 2 ** this.tries++));
  }

  private refused(code: number): string {
    if (code === ENDED) return _("The show is over.");
    if (code === TAKEN_OVER) return _("Another camera or program sends to this show now.");
    if (code === BAD_MEDIA) return _("This browser cannot record video. Use an app with the address and key instead.");
    return _("The show did not take this stream. Reload the page and try again.");
  }

  private async turn(): Promise<void> {
    this.facing = this.facing === "user" ? "environment" : "user";
    this.device = "";
    await this.again();
  }

  /** With another camera: from the beginning, and on air again if it was. */
  private async again(): Promise<void> {
    const wasOn = this.wanted;
    this.stop();
    this.letGo();
    if (wasOn) await this.start();
    else await this.look();
  }

  private letGo(): void {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
  }

  private toggle(kind: "audio" | "video", button: Element, on: string, off: string): void {
    const tracks = kind === "audio" ? this.stream?.getAudioTracks() : this.stream?.getVideoTracks();
    for (const track of tracks ?? []) track.enabled = !track.enabled;
    const isOn = tracks?.[0]?.enabled ?? true;
    button.setAttribute("aria-pressed", String(!isOn));
    setIcon(button, isOn ? on : off);
  }

  private mark(state: "on" | "off"): void {
    this.dataset["air"] = state;
    this.dispatchEvent(new CustomEvent("sc:air", { bubbles: true, detail: state }));
  }

  private say(words: string): void {
    const place = this.querySelector("[data-status]");
    if (place) place.textContent = words;
  }

  private on(which: string, run: (button: Element) => void): void {
    for (const button of this.querySelectorAll(which)) button.addEventListener("click", () => run(button));
  }
}
