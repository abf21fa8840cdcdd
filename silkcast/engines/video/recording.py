# SPDX-License-Identifier: Apache-2.0
"""From the parts of a show to its replay: one MP4 that begins to play at once, and a picture of it.

Parts are fragmented MP4, so one cut off by a crash is whole up to its last second. Parts of one encoder are
joined as they are; where size or sound differ, they are first brought to the form of the first.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import structlog

from silkcast.engines.video.packager import ffmpeg
from silkcast.stage.rooms.port import Part, Recording

log = structlog.get_logger(__name__)

REPLAY = "replay.mp4"
FACTS = "replay.json"
JOIN_SECONDS = 3600.0
THUMBNAIL_SECONDS = 10.0

_DURATION = re.compile(r"Duration: (\d+):(\d+):([\d.]+)")
_VIDEO = re.compile(r"Video: (\w+) .*?, (\w+)[(,].*?, (\d{2,5})x(\d{2,5})")
_AUDIO = re.compile(r"Audio: (\w+).*?, (\d+) Hz, (\w+)")


@dataclass(frozen=True, slots=True)
class Form:
    """What must be the same for two parts to be joined as they are."""

    video: tuple[str, ...]
    audio: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    path: Path
    seconds: float
    form: Form
    parts: tuple[Part, ...]


async def run(*arguments: str, given: bytes | None = None, seconds: float) -> tuple[int, bytes, str]:
    """ffmpeg with these arguments: its exit code, what it wrote out, and its words."""
    process = await asyncio.create_subprocess_exec(
        *(ffmpeg(), "-hide_banner", "-nostats", "-y", *arguments),
        stdin=asyncio.subprocess.PIPE if given is not None else asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(seconds):
            out, words = await process.communicate(given)
    except BaseException:
        if process.returncode is None:
            process.kill()
            await process.wait()
        raise
    return process.returncode or 0, out, words.decode(errors="replace")


async def probe(path: Path) -> tuple[float, Form]:
    _, _, words = await run("-i", str(path), seconds=60)
    length = _DURATION.search(words)
    seconds = 0.0
    if length:
        seconds = int(length[1]) * 3600 + int(length[2]) * 60 + float(length[3])
    video, audio = _VIDEO.search(words), _AUDIO.search(words)
    return seconds, Form(video.groups() if video else (), audio.groups() if audio else ())


async def finish(parts: Path, replay: Path, name: str) -> Recording | None:
    """Join what lies in `parts` into `replay`, under the path `name`; asked again, the same answer."""
    raw = sorted(parts.glob("*.mp4"))  # noqa: ASYNC240 a few names
    kept = recall(replay, name)
    if not raw:
        return kept
    work = parts / "joining"
    for folder in (replay, work):
        folder.mkdir(parents=True, exist_ok=True)
    pieces: list[Piece] = []
    if kept is not None:
        seconds, form = await probe(replay / REPLAY)
        pieces.append(Piece(replay / REPLAY, seconds, form, kept.parts))
    for path in raw:
        piece = await _tidy(path, work)
        if piece is not None:
            pieces.append(piece)
    if not pieces:
        return kept
    whole, seconds = await _join(pieces, work)
    recording = Recording(name, seconds, tuple(part for piece in pieces for part in piece.parts))
    whole.replace(replay / REPLAY)
    (replay / FACTS).write_bytes(msgspec.json.encode(recording))
    for path in (*raw, *work.iterdir()):
        path.unlink(missing_ok=True)
    work.rmdir()
    log.info("video.replay_made", path=name, seconds=seconds, parts=len(recording.parts))
    return recording


def recall(replay: Path, name: str) -> Recording | None:
    """The replay made before, if there is one."""
    facts = replay / FACTS
    if not facts.exists() or not (replay / REPLAY).exists():
        return None
    recording = msgspec.json.decode(facts.read_bytes(), type=Recording)
    return Recording(name, recording.seconds, recording.parts)


async def _tidy(path: Path, work: Path) -> Piece | None:
    """A part without fragments, with a true length; None for one that holds nothing."""
    tidy = work / f"tidy-{path.name}"
    code, _, words = await run(
        *("-v", "error", "-fflags", "+discardcorrupt"),  # the last packet of a crash may be half a packet
        *("-i", str(path), "-map", "0:v:0", "-map", "0:a:0?", "-c", "copy"),
        *("-movflags", "+faststart", str(tidy)),
        seconds=JOIN_SECONDS,
    )
    if code or not tidy.exists():
        log.warning("video.part_empty", part=path.name, words=words[-200:])
        tidy.unlink(missing_ok=True)
        return None
    seconds, form = await probe(tidy)
    began = datetime.fromtimestamp(int(path.name.partition("-")[0]) / 1000, UTC)
    return Piece(tidy, seconds, form, (Part(began, seconds),))


async def _join(pieces: list[Piece], work: Path) -> tuple[Path, float]:
    """The whole and its length. ffmpeg ends well at a part it cannot copy on, so the length is checked."""
    first = pieces[0].form
    if len(pieces) == 1:
        return pieces[0].path, pieces[0].seconds
    alike = [piece.form == first and bool(first.audio) for piece in pieces]
    expected = sum(piece.seconds for piece in pieces)
    for same in (alike, [False] * len(pieces)):
        paths = [
            piece.path if copied else await _reform(piece, first, work / f"reformed-{number}.mp4")
            for number, (piece, copied) in enumerate(zip(pieces, same, strict=True))
        ]
        whole = await _concatenate(paths, work)
        seconds, _ = await probe(whole)
        if seconds > expected * 0.97 - 1:
            return whole, seconds
        log.warning("video.join_short", seconds=seconds, expected=expected)
    raise RuntimeError("the parts of a recording could not be joined")


async def _concatenate(paths: list[Path], work: Path) -> Path:
    listing = work / "list.txt"
    listing.write_text("".join(f"file '{path.absolute()}'\n" for path in paths))
    whole = work / REPLAY
    _, _, words = await run(
        *("-v", "error", "-f", "concat", "-safe", "0", "-i", str(listing)),
        *("-c", "copy", "-movflags", "+faststart", str(whole)),
        seconds=JOIN_SECONDS,
    )
    if words:
        log.warning("video.join_words", words=words[-400:])
    return whole


async def _reform(piece: Piece, first: Form, path: Path) -> Path:
    """The piece in H.264 of the first one's size with AAC sound, silent where it had none."""
    width, height = first.video[2:] if first.video else ("720", "1280")
    rate = first.audio[1] if first.audio else "48000"
    layout = first.audio[2] if first.audio and first.audio[2] in ("mono", "stereo") else "stereo"
    fit = (
        f"scale={width}:{height}:force_original_aspect_ratio=decrease,"
        f"pad={width}:{height}:(ow-iw)/2:(oh-ih)/2,setsar=1,format=yuv420p"
    )
    silence = ("-f", "lavfi", "-i", f"anullsrc=r={rate}:cl={layout}")
    sound = ("-map", "0:a:0") if piece.form.audio else ("-map", "1:a:0", "-shortest")
    code, _, words = await run(
        *("-v", "error", "-i", str(piece.path), *silence, "-map", "0:v:0", *sound, "-vf", fit),
        *("-c:v", "libx264", "-preset", "veryfast", "-crf", "22", "-g", "30"),
        *("-c:a", "aac", "-ar", rate, "-ac", "1" if layout == "mono" else "2", str(path)),
        seconds=JOIN_SECONDS,
    )
    if code:
        log.error("video.reform_failed", words=words[-400:])
        raise RuntimeError("a part of a recording could not be brought into form")
    return path


_JPEG = (
    "-frames:v",
    "1",
    "-vf",
    "scale=480:-2,format=yuvj420p",
    "-c:v",
    "mjpeg",
    "-q:v",
    "5",
    "-f",
    "image2",
    "pipe:1",
)


async def picture(octets: bytes) -> bytes | None:
    """A JPEG of the first picture of an init file and a segment."""
    _, out, _ = await run(
        "-v", "error", "-f", "mp4", "-i", "pipe:0", *_JPEG, given=octets, seconds=THUMBNAIL_SECONDS
    )
    return out or None


async def picture_of(path: Path, at_seconds: float) -> bytes | None:
    """A JPEG out of a file."""
    _, out, _ = await run(
        *("-v", "error", "-ss", f"{at_seconds:.2f}", "-i", str(path), *_JPEG), seconds=THUMBNAIL_SECONDS
    )
    return out or None
