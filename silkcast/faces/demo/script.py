# SPDX-License-Identifier: Apache-2.0
"""The scripts of the demo's films, and their voice.

The spoken lines lie beside the scripts as small Opus files, so that a bare machine has a voice. They were
made with `hibari-tts` (Apache-2.0), whose wheel ships its voice. After a change of a script, speak it again:

    pip install hibari-tts
    python -m silkcast.faces.demo.script qinghe-kiln
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg

HERE = Path(__file__).parent
SPEED = "0.94"


@dataclass(frozen=True, slots=True)
class Scene:
    slug: str
    picture: Path
    motion: str
    say: str
    spoken: str
    caption: str = ""
    detail: str = ""
    steam: tuple[tuple[int, int], ...] = ()
    voice: Path | None = None


@dataclass(frozen=True, slots=True)
class Script:
    name: str
    shop: str
    scenes: tuple[Scene, ...]


def read(name: str) -> Script:
    """A script, without the scenes whose picture is not there."""
    with (HERE / "films" / f"{name}.toml").open("rb") as file:
        told = tomllib.load(file)
    scenes = []
    for scene in told["scene"]:
        picture = HERE / "pictures" / f"{scene['picture']}.jpg"
        voice = HERE / "voice" / f"{name}-{scene['slug']}.opus"
        if not picture.exists():
            continue
        scenes.append(
            Scene(
                slug=scene["slug"],
                picture=picture,
                motion=scene["motion"],
                say=scene["say"],
                spoken=scene.get("spoken", scene["say"]),
                caption=scene.get("caption", ""),
                detail=scene.get("detail", ""),
                steam=tuple((x, y) for x, y in scene.get("steam", ())),
                voice=voice if voice.exists() else None,
            )
        )
    return Script(name, told["shop"], tuple(scenes))


def speak(name: str, hibari: str = "hibari") -> None:
    """Make the voice files of a script anew; needs the command of `hibari-tts`."""
    (HERE / "voice").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        raw = str(Path(folder) / "line.wav")
        for scene in read(name).scenes:
            target = HERE / "voice" / f"{name}-{scene.slug}.opus"
            subprocess.run([hibari, scene.spoken, "-o", raw, "--speed", SPEED], check=True)  # noqa: S603
            tidy = "silenceremove=start_periods=1:start_threshold=-50dB,loudnorm=I=-18:TP=-2:LRA=7"
            encode = ("-ac", "1", "-ar", "48000", "-c:a", "libopus", "-b:a", "40k", "-application", "voip")
            ffmpeg = (imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-i", raw, "-af", tidy, *encode)
            subprocess.run([*ffmpeg, str(target)], check=True)  # noqa: S603
            print(target.name)


if __name__ == "__main__":
    speak(*sys.argv[1:])
