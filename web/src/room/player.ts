// SPDX-License-Identifier: Apache-2.0
// <sc-player>: the picture. Poster first, sound off until asked, close behind live, back by itself after a stop.

import type Hls from "hls.js";
import { clock } from "../figures.js";
import { setIcon } from "../page.js";
import { _ } from "../words.js";

const STALL_MS = 8000;

export class Player extends HTMLElement {
  private hls: Hls | null = null;
  private tries = 0;
  private again = 0;
  private watching = 0;
  private seenAt = { time: 0, moment: 0 };
  private wanted = true;
  private hasMoved = false;

  connectedCallback(): void {
    this.button("[data-sound]")?.addEventListener("click", () => this.toggleSound());
    this.button("[data-retry]")?.addEventListener("click", () => this.restart());
    this.button("[data-play]")?.addEventListener("click", () => this.togglePlay());
    this.button("[data-full]")?.addEventListener("click", () => void this.fullScreen());
    document.addEventListener("sc:seek", (event) => this.seek((event as CustomEvent<number>).detail));
    this.video.addEventListener("playing", () => this.moving());
    this.video.addEventListener("timeupdate", () => this.advanced());
    this.video.addEventListener("pause", () => this.drawPlay());
    const at = Number(new URLSearchParams(location.search).get("at"));
    if (at && !this.isLive) this.video.addEventListener("loadedmetadata", () => this.seek(at), { once: true });
    this.position?.addEventListener("input", () => (this.video.currentTime = Number(this.position?.value)));
    this.count();
    if (this.stream) void this.begin();
  }

  disconnectedCallback(): void {
    this.stopAll();
  }

  get video(): HTMLVideoElement {
    return this.querySelector("video")!;
  }

  private get stream(): string {
    return this.dataset["stream"] ?? "";
  }

  private get isLive(): boolean {
    return this.dataset["live"] === "yes";
  }

  /** The show's state as the feed tells it: a picture that comes is begun, one that goes is said so. */
  told(hasPicture: boolean, ended: boolean): void {
    if (ended) {
      this.wanted = this.wanted && !this.isLive;
      return;
    }
    if (!hasPicture && this.isLive) this.stopped();
    if (hasPicture && this.classList.contains("stopped")) this.restart();
  }

  private async begin(): Promise<void> {
    clearTimeout(this.again);
    // a replay is one file, which every browser plays by itself; of a live playlist only Safari does
    if (!this.stream.split("?", 1)[0]!.endsWith(".m3u8") || this.playsPlaylists()) {
      this.video.src = this.stream;
      this.video.onerror = () => this.lost();
      return this.video.controls ? undefined : this.play();
    }
    const { default: HlsLight } = await import("hls.js/light");
    if (!HlsLight.isSupported()) return this.stopped();
    this.hls?.destroy();
    const hls = new HlsLight({
      liveSyncDurationCount: 2,
      liveMaxLatencyDurationCount: 8,
      maxLiveSyncPlaybackRate: 1.2,
      manifestLoadingMaxRetry: 2,
      backBufferLength: 30,
    });
    this.hls = hls;
    hls.on(HlsLight.Events.ERROR, (_event, detail) => {
      if (!detail.fatal) return;
      if (detail.type === HlsLight.ErrorTypes.MEDIA_ERROR && this.tries < 2) {
        this.tries += 1;
        return hls.recoverMediaError();
      }
      this.lost();
    });
    hls.on(HlsLight.Events.MANIFEST_PARSED, () => this.play());
    hls.loadSource(this.stream);
    hls.attachMedia(this.video);
    this.watchStall();
  }

  private playsPlaylists(): boolean {
    const isApple = !("MediaSource" in window) || navigator.vendor === "Apple Computer, Inc.";
    return isApple && this.video.canPlayType("application/vnd.apple.mpegurl") !== "";
  }

  private play(): void {
    this.video.play().catch(() => this.drawPlay());
  }

  private moving(): void {
    this.tries = 0;
    this.hasMoved = true;
    this.classList.remove("stopped");
    this.classList.add("playing");
    this.toggleNote(false);
    this.drawPlay();
  }

  private get position(): HTMLInputElement | null {
    return this.querySelector<HTMLInputElement>("[data-position]");
  }

  private advanced(): void {
    this.seenAt = { time: this.video.currentTime, moment: Date.now() };
    if (!this.position || !Number.isFinite(this.video.duration)) return;
    this.position.max = String(Math.floor(this.video.duration));
    this.position.value = String(Math.floor(this.video.currentTime));
    const words = clock(this.video.currentTime);
    this.position.setAttribute("aria-valuetext", words);
    const place = this.querySelector("[data-at]");
    if (place) place.textContent = words;
  }

  /** A live picture that stands still without an error is lost as well. */
  private watchStall(): void {
    clearInterval(this.watching);
    this.advanced();
    this.watching = window.setInterval(() => {
      if (this.video.paused || document.visibilityState === "hidden") return this.advanced();
      if (Date.now() - this.seenAt.moment > STALL_MS) this.lost();
    }, 2000);
  }

  private lost(): void {
    if (!this.wanted) return;
    this.stopped();
    clearTimeout(this.again);
    const pause = Math.min(20_000, 1500 * 2 ** Math.min(this.tries, 4));
    this.tries += 1;
    this.again = window.setTimeout(() => this.restart(), pause);
  }

  private restart(): void {
    this.hls?.destroy();
    this.hls = null;
    void this.begin();
  }

  private stopped(): void {
    clearInterval(this.watching);
    this.classList.add("stopped");
    this.toggleNote(true);
  }

  private toggleNote(isShown: boolean): void {
    const note = this.querySelector<HTMLElement>(".film-stopped");
    if (!note) return;
    note.hidden = !isShown;
    const title = note.querySelector(".title-2");
    if (title && this.isLive) title.textContent = this.hasMoved ? _("The picture stopped") : _("The picture comes any moment");
  }

  private toggleSound(): void {
    this.video.muted = !this.video.muted;
    const button = this.button("[data-sound]");
    if (!button) return;
    setIcon(button, this.video.muted ? "speaker-x-fill" : "speaker-high-fill");
    button.setAttribute("aria-pressed", String(!this.video.muted));
    button.setAttribute("aria-label", this.video.muted ? _("Turn sound on") : _("Turn sound off"));
    if (this.video.paused) this.play();
  }

  private togglePlay(): void {
    if (this.video.paused) return this.play();
    this.video.pause();
  }

  private drawPlay(): void {
    const button = this.button("[data-play]");
    if (!button) return;
    const isPaused = this.video.paused;
    button.hidden = this.isLive && !isPaused;
    setIcon(button, isPaused ? "play-fill" : "pause-fill");
    button.setAttribute("aria-label", isPaused ? _("Play") : _("Pause"));
  }

  private seek(seconds: number): void {
    if (this.isLive) return;
    this.video.currentTime = seconds;
    this.play();
  }

  private async fullScreen(): Promise<void> {
    if (document.fullscreenElement) return document.exitFullscreen();
    await this.requestFullscreen().catch(() => undefined);
  }

  private count(): void {
    const place = this.querySelector<HTMLElement>("[data-running]");
    if (!place) return;
    const began = Date.now() - Number(place.dataset["running"]) * 1000;
    window.setInterval(() => (place.textContent = clock((Date.now() - began) / 1000)), 1000);
  }

  private button(which: string): HTMLElement | null {
    return this.querySelector<HTMLElement>(which);
  }

  private stopAll(): void {
    clearTimeout(this.again);
    clearInterval(this.watching);
    this.hls?.destroy();
  }
}
