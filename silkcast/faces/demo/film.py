# SPDX-License-Identifier: Apache-2.0
"""The demo's film: drawn and spoken once, kept in the data folder, sent round and round by `broadcast`.

Portrait 720 by 1280, 30 pictures a second, H.264 with a key frame each second and no B-frames, AAC sound:
what a seller's good encoder sends, so that it can be passed on without being encoded again.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg

from silkcast.faces.demo import music, plates, script
from silkcast.faces.demo.script import Scene, Script
from silkcast.plumbing.children import dies_with_us

FPS = 30
DISSOLVE = 0.7
LEAD, TAIL = 0.75, 0.75
SHORTEST = 5.0
SILENT = 6.0
STILL = ("-framerate", str(FPS), "-i")

_LENGTH = re.compile(r"Duration: (\d+):(\d+):([\d.]+)")
# zoom at the start and at the end, then how far the middle travels, in pixels, across and down
_MOTION = {
    "in": (1.03, 1.17, 0, -18),
    "out": (1.17, 1.03, 0, 14),
    "left": (1.13, 1.13, -46, 0),
    "right": (1.13, 1.13, 46, 0),
    "up": (1.13, 1.10, 0, -60),
    "still": (1.05, 1.07, 0, 0),
}


@dataclass(frozen=True, slots=True)
class Shot:
    """A scene with its time in the film, in whole frames."""

    scene: Scene
    start: float
    seconds: float


def ffmpeg() -> str:
    return str(imageio_ffmpeg.get_ffmpeg_exe())


def film(name: str, folder: Path, say: Callable[[str], None] = print) -> Path:
    """The film of that script in `folder`, drawn now if it is not there or its script has changed."""
    told = script.read(name)
    target = where(told, folder)
    if target.exists():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    say(f"Drawing the film of {told.shop} (once)")
    for left in folder.glob("drawing-*"):  # of a start that was cut short
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix="drawing-") as work:
        draft = _draw(told, Path(work), say)
        for old in folder.glob(f"{name}-*.mp4"):
            old.unlink()
        draft.replace(target)
    return target


def where(told: Script, folder: Path) -> Path:
    """The film's place, whether it is drawn yet or not."""
    return folder / f"{told.name}-{_mark(told)}.mp4"


def _mark(told: Script) -> str:
    """Changes when the script, a picture, a voice or the way of drawing does."""
    digest = hashlib.sha256()
    for module in (__file__, plates.__file__, music.__file__):
        digest.update(Path(module).read_bytes())
    for scene in told.scenes:
        digest.update(repr((scene.slug, scene.motion, scene.caption, scene.detail, scene.steam)).encode())
        digest.update(scene.picture.read_bytes())
        digest.update(scene.voice.read_bytes() if scene.voice else b"")
    return digest.hexdigest()[:12]


def plan(told: Script) -> list[Shot]:
    shots, start = [], 0.0
    for scene in told.scenes:
        spoken = _seconds(scene.voice) if scene.voice else SILENT - LEAD - TAIL
        seconds = max(SHORTEST, LEAD + spoken + TAIL)
        seconds = round(seconds * FPS) / FPS
        shots.append(Shot(scene, start, seconds))
        start += seconds - DISSOLVE
    return shots


def _seconds(path: Path) -> float:
    words = subprocess.run([ffmpeg(), "-hide_banner", "-i", str(path)], capture_output=True, check=False)  # noqa: S603
    found = _LENGTH.search(words.stderr.decode(errors="replace"))
    if found is None:
        return SILENT
    return int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3])


def _draw(told: Script, work: Path, say: Callable[[str], None]) -> Path:
    shots = plan(told)
    whole = shots[-1].start + shots[-1].seconds
    whole = int(whole * FPS) // FPS  # whole seconds: the loop meets itself at a key frame
    inputs: list[str] = []
    graph: list[str] = []

    def add(*arguments: str) -> int:
        inputs.extend(arguments)
        return inputs.count("-i") - 1

    plates.light().save(work / "light.png")
    for number, shot in enumerate(shots):
        _shot(number, shot, work, add, graph)
    _dissolve(shots, graph)
    sound = _sound(shots, whole, work, add, graph)
    draft = work / "film.mp4"
    command = [
        *(ffmpeg(), "-hide_banner", "-v", "error", "-nostats", "-y", "-progress", "pipe:1", *inputs),
        *("-filter_complex", ";".join(graph), "-map", "[film]", "-map", sound, "-t", str(whole)),
        *("-c:v", "libx264", "-profile:v", "main", "-preset", "superfast", "-crf", "24", "-maxrate", "2600k"),
        *("-bufsize", "2600k", "-bf", "0", "-g", str(FPS), "-keyint_min", str(FPS), "-sc_threshold", "0"),
        *("-pix_fmt", "yuv420p", "-r", str(FPS), "-colorspace", "bt709", "-color_primaries", "bt709"),
        *("-color_trc", "bt709", "-color_range", "tv"),
        *("-c:a", "aac", "-b:a", "128k", "-ar", "48000", "-ac", "2", "-movflags", "+faststart", str(draft)),
    ]
    _run(command, whole, say)
    return draft


def _names(letter: str, count: int) -> str:
    return "".join(f"[{letter}{number}]" for number in range(count))


def _shot(number: int, shot: Shot, work: Path, add: Callable[..., int], graph: list[str]) -> None:
    """One scene as a moving picture called [s<number>]."""
    scene, frames = shot.scene, round(shot.seconds * FPS)
    path = work / f"plate{number}.png"
    plates.plate(scene.picture).save(path)
    source = add(*STILL, str(path))
    chain = f"[{source}]loop=-1:1,setpts=N/{FPS}/TB,trim=end_frame={frames},format=yuv420p[p{number}]"
    graph.append(chain)
    name = f"p{number}"
    for place, (x, y) in enumerate(scene.steam):
        name = _steam(number, place, x, y, frames, name, work, add, graph)
    light = add(
        *STILL, str(work / "light.png")
    )  # one each: shared, its frames would pile up for later scenes
    graph.append(f"[{light}]loop=-1:1,setpts=N/{FPS}/TB,trim=end_frame={frames},format=yuva420p[l{number}]")
    sweep = f"-w+(W+2*w)*(t-{shot.seconds * 0.28:.2f})/{shot.seconds * 0.5:.2f}"
    lit = f"enable='between(t,{shot.seconds * 0.28:.2f},{shot.seconds * 0.8:.2f})'"
    graph.append(f"[{name}][l{number}]overlay=x='{sweep}':y=0:{lit}:shortest=1[w{number}]")
    graph.append(f"[w{number}]{_camera(scene.motion, frames, number)}[m{number}]")
    if not scene.caption:
        graph.append(f"[m{number}]null[s{number}]")
        return
    label = work / f"caption{number}.png"
    plates.caption(scene.caption, scene.detail).save(label)
    words = add(*STILL, str(label))
    end = min(shot.seconds - 1.0, 5.4)
    graph.append(
        f"[{words}]loop=-1:1,setpts=N/{FPS}/TB,trim=end={shot.seconds:.3f},format=yuva420p,"
        f"fade=in:st=0.8:d=0.45:alpha=1,fade=out:st={end:.2f}:d=0.4:alpha=1[c{number}]"
    )
    rise = f"{plates.CAPTION_TOP}+14*pow(1-min(1\\,max(0\\,(t-0.8)/0.6))\\,3)"
    graph.append(
        f"[m{number}][c{number}]overlay=x={plates.CAPTION_LEFT}:y='{rise}':eof_action=pass[s{number}]"
    )


def _steam(
    number: int,
    place: int,
    x: int,
    y: int,
    frames: int,
    under: str,
    work: Path,
    add: Callable[..., int],
    graph: list[str],
) -> str:
    drawn = plates.steam(seed=number * 10 + place)
    path = work / f"steam{number}-{place}.png"
    drawn[0].save(path, format="PNG", save_all=True, append_images=drawn[1:], duration=1000 / FPS, loop=0)
    source = add("-f", "apng", "-i", str(path))
    name = f"t{number}x{place}"
    graph.append(
        f"[{source}]loop=-1:{len(drawn)},settb=1/{FPS},setpts=N/{FPS}/TB,trim=end_frame={frames}[v{name}]"
    )
    left, top = x - drawn[0].width // 2, y - drawn[0].height + 12
    graph.append(f"[{under}][v{name}]overlay={left}:{top}:shortest=1[{name}]")
    return name


def _camera(motion: str, frames: int, number: int) -> str:
    """A slow move by a hand that is not quite still. Corners in fractions of a pixel, so nothing steps."""
    begin, end, across, down = _MOTION[motion]
    t = f"(in/{frames})"
    ease = f"({t}*{t}*(3-2*{t}))"
    half = f"(0.5/({begin}+({end - begin:.4f})*{ease}))"
    x = f"(W/2+({across})*({ease}-0.5)+2.2*sin(in/47+{number})+1.1*sin(in/19+{number * 2}))"
    y = f"(H/2-40+({down})*({ease}-0.5)+1.8*sin(in/53+{number * 3})+0.9*sin(in/23))"
    y = f"clip({y},H*{half},H-H*{half})"
    x = f"clip({x},W*{half},W-W*{half})"
    corners = [f"{x}{a}W*{half}:{y}{b}H*{half}" for b in "-+" for a in "-+"]
    pairs = [
        f"x{i}='{corner.split(':')[0]}':y{i}='{corner.split(':')[1]}'" for i, corner in enumerate(corners)
    ]
    return "perspective=" + ":".join(pairs) + ":interpolation=linear:sense=source:eval=frame"


def _dissolve(shots: list[Shot], graph: list[str]) -> None:
    before = "s0"
    for number, shot in enumerate(shots[1:], 1):
        after = f"x{number}"
        graph.append(
            f"[{before}][s{number}]xfade=transition=fade:duration={DISSOLVE}:offset={shot.start:.4f}[{after}]"
        )
        before = after
    graph.append(f"[{before}]fps={FPS}[film]")


def _sound(shots: list[Shot], whole: int, work: Path, add: Callable[..., int], graph: list[str]) -> str:
    """The voice in front, the strings behind it and lower while it speaks."""
    bed = work / "bed.wav"
    music.write(bed, whole)
    strings = add("-i", str(bed))
    spoken = [(add("-i", str(shot.scene.voice)), shot) for shot in shots if shot.scene.voice]
    graph.append(
        f"[{strings}]aresample=48000,lowpass=3800,aecho=0.8:0.72:83|149|223:0.35|0.24|0.16,"
        f"volume=0.34,aformat=channel_layouts=stereo[bed]"
    )
    if not spoken:
        graph.append("[bed]alimiter=limit=0.9[sound]")
        return "[sound]"
    for number, (source, shot) in enumerate(spoken):
        late = round((shot.start + LEAD) * 1000)
        graph.append(f"[{source}]aresample=48000,adelay={late}:all=1[a{number}]")
    graph.append(
        f"{_names('a', len(spoken))}amix=inputs={len(spoken)}:normalize=0:duration=longest,"
        f"apad=whole_dur={whole},aformat=channel_layouts=stereo,asplit[voice][key]"
    )
    graph.append("[bed][key]sidechaincompress=threshold=0.02:ratio=4:attack=60:release=700[low]")
    graph.append("[voice][low]amix=inputs=2:normalize=0:duration=longest,alimiter=limit=0.9:level=0[sound]")
    return "[sound]"


def _run(command: list[str], whole: int, say: Callable[[str], None]) -> None:
    with subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=dies_with_us(),
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        said = 0
        for line in process.stdout:
            word, _, value = line.strip().partition("=")
            if word == "out_time_us" and value.isdigit():
                done = int(value) * 100 // (whole * 1_000_000)
                if done >= said + 20:
                    said = done - done % 20
                    say(f"  film {said} %")
        words = process.stderr.read()
    if process.returncode:
        raise RuntimeError(f"ffmpeg could not draw the film: {words[-1000:]}")


if __name__ == "__main__":
    print(film(sys.argv[1], Path(sys.argv[2])))
