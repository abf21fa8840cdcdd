// SPDX-License-Identifier: Apache-2.0
// What a browser records in. Pure: the browser is asked through a function.

/** H.264 first: the engine copies it. What the browser cannot write is passed over. */
export const TYPES = [
  "video/mp4;codecs=avc1.42E01F,mp4a.40.2",
  "video/x-matroska;codecs=avc1,opus",
  "video/webm;codecs=h264,opus",
  "video/mp4;codecs=avc1.42E01F,opus",
  "video/webm;codecs=vp8,opus",
  "video/webm",
] as const;

export function chooseType(isSupported: (type: string) => boolean): string | null {
  return TYPES.find((type) => isSupported(type)) ?? null;
}
