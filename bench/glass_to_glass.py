# SPDX-License-Identifier: Apache-2.0
"""How old is what a viewer sees, and what does a stream cost?

A source paints the wall clock into each picture as a row of bars, encodes it with a key frame a second, and
pushes it by RTMP into the built-in engine, which runs in a process of its own. Chromium plays it with hls.js,
reads the bars back from the video, and compares them with the same clock. Beside that stands the floor of
this way of streaming in the same run: a picture waits for the end of its segment, so it is one segment and
the way there old. It prints JSON.

    python -m bench.glass_to_glass [--seconds 20] [--hls web/node_modules/hls.js/dist/hls.min.js]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import UUID

import imageio_ffmpeg

from bench.row import Floor, Row
from silkcast.engines.video.embedded import EmbeddedVideo, EmbeddedVideoSettings
from silkcast.ground.ids import ShowId
from silkcast.stage.rooms.port import Source

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
SHOW = ShowId(UUID("00000000-0000-7000-8000-000000000001"))
KEY = "bench-key"
BITS, CELL, BAR, WIDTH, HEIGHT = 24, 30, 60, 720, 1280
FPS = 30
PLAYERS: dict[str, dict[str, float]] = {
    "default": {},
    "room": {"liveSyncDurationCount": 2, "liveMaxLatencyDurationCount": 8, "maxLiveSyncPlaybackRate": 1.2},
    "middle": {"liveSyncDuration": 1.5, "liveMaxLatencyDuration": 8, "maxLiveSyncPlaybackRate": 1.5},
    "tight": {"liveSyncDurationCount": 1, "maxLiveSyncPlaybackRate": 1.5},
}
PAGE = """<!doctype html><video id=v muted autoplay playsinline width=360></video>
<script src=/hls.js></script><script>
const hls = new Hls(CONFIG), v = document.getElementById('v'), c = document.createElement('canvas')
const d = c.getContext('2d', {willReadFrequently: true}); c.width = 240; c.height = 10
window.seen = []; window.faults = 0
hls.on(Hls.Events.ERROR, (_, e) => { if (e.fatal) window.faults++ })
hls.loadSource('/PATH'); hls.attachMedia(v)
function look() {
  d.drawImage(v, 0, 0, v.videoWidth, v.videoWidth / 12, 0, 0, 240, 10 * 2)
  const row = d.getImageData(0, 4, 240, 1).data
  let told = 0
  for (let i = 0; i < 24; i++) told = told * 2 + (row[(i * 10 + 5) * 4] > 128 ? 1 : 0)
  window.seen.push(((Date.now() % 16777216) - told + 16777216) % 16777216)
  v.requestVideoFrameCallback(look)
}
v.requestVideoFrameCallback(look)
</script>"""


class House:
    async def authorize(self, key: str, address: str) -> ShowId | None:
        return SHOW if key == KEY else None

    async def published(self, show: ShowId, how: Source) -> None: ...

    async def unpublished(self, show: ShowId) -> None: ...

    async def recorded(self, show: ShowId, file: str, seconds: float) -> None: ...


async def engine(folder: Path) -> None:
    """The process that is measured."""
    video = EmbeddedVideo(EmbeddedVideoSettings(folder, "127.0.0.1", 0, "127.0.0.1"))
    await video.start(House())
    print(video.ingest_address(KEY).rtmp_url, flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await video.stop()


def source(url: str, stop: threading.Event) -> None:
    """Pictures with the clock in them, at their time, into an encoder that pushes."""
    size = ("-f", "rawvideo", "-pix_fmt", "gray", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(FPS), "-i", "pipe:0")
    sound = ("-f", "lavfi", "-i", "sine=330:r=48000")
    video = (
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
        "-tune",
        "zerolatency",
        "-g",
        str(FPS),
        "-b:v",
        "2500k",
    )
    rest = (
        "-maxrate",
        "2500k",
        "-bufsize",
        "1000k",
        "-pix_fmt",
        "yuv420p",
        "-c:a",
        "aac",
        "-shortest",
        "-f",
        "flv",
    )
    encoder = subprocess.Popen(
        [FFMPEG, "-v", "error", "-fflags", "nobuffer", *size, *sound, *video, *rest, f"{url}/{KEY}"],
        stdin=subprocess.PIPE,
    )
    assert encoder.stdin is not None
    chance = random.Random(1)
    walls = [bytes(chance.randrange(70, 110) for _ in range(WIDTH)) * (HEIGHT - BAR) for _ in range(5)]
    begun, number = time.time(), 0
    while not stop.is_set():
        time.sleep(max(0.0, begun + number / FPS - time.time()))
        told = int(time.time() * 1000) % (1 << BITS)
        row = b"".join((b"\xeb" if told >> (BITS - 1 - i) & 1 else b"\x10") * CELL for i in range(BITS))
        encoder.stdin.write(row * BAR + walls[number % len(walls)])
        number += 1
    encoder.stdin.close()
    encoder.wait()


class Web(SimpleHTTPRequestHandler):
    pages: dict[str, bytes]

    def do_GET(self) -> None:
        name = self.path.partition("?")[0]
        if name not in self.pages:
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if name.endswith(".js") else "text/html")
        self.end_headers()
        self.wfile.write(self.pages[name])

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *words: object) -> None: ...


def cpu(pid: int, *, own: bool = True) -> float:
    """Seconds of processor the process and its children have had, or the children alone."""
    ticks = 0
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for one in ([str(pid)] if own else []) + children:
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += sum(int(value) for value in fields[11:13])
    return ticks / os.sysconf("SC_CLK_TCK")


def way_there(live: Path) -> float:
    """From a segment's last picture at the source to the segment in the playlist, in seconds."""
    playlist = live / "live.m3u8"
    written = playlist.stat().st_mtime
    text = playlist.read_text()
    init = re.findall(r'URI="([^"]+)"', text)[-1]
    newest = text.split()[-1]
    crop = ("-vf", f"crop={WIDTH}:2:0:30", "-pix_fmt", "gray", "-f", "rawvideo", "pipe:1")
    pictures = subprocess.run(
        [FFMPEG, "-v", "error", "-f", "mp4", "-i", "pipe:0", *crop],
        input=(live / init).read_bytes() + (live / newest).read_bytes(),
        capture_output=True,
        check=True,
    ).stdout
    row = pictures[-WIDTH:]
    told = int("".join("1" if row[i * CELL + CELL // 2] > 128 else "0" for i in range(BITS)), 2)
    return ((int(written * 1000) % (1 << BITS)) - told) / 1000


def watch(base: str, name: str, seconds: float, chromium: str | None) -> dict[str, object]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
        )
        page = browser.new_page()
        page.goto(f"{base}/{name.replace(' ', '-')}.html")
        page.wait_for_function("window.seen.length > 30", timeout=30_000)
        page.wait_for_timeout(4_000)  # let a player that speeds up arrive
        page.evaluate("window.seen = []")
        page.wait_for_timeout(seconds * 1000)
        seen, faults = page.evaluate("[window.seen, window.faults]")
        quality = page.evaluate(
            "(q => [q.droppedVideoFrames, q.totalVideoFrames])(v.getVideoPlaybackQuality())"
        )
        browser.close()
    ages = [value / 1000 for value in seen if value < 60_000]
    return {
        "seconds": round(statistics.median(ages), 2),
        "worst": round(max(ages), 2),
        "pictures": len(seen),
        "dropped": quality[0],
        "faults": faults,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--hls", type=Path, default=Path("web/node_modules/hls.js/dist/hls.min.js"))
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    options = parser.parse_args()
    if options.engine:
        asyncio.run(engine(options.engine))
        return
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(Path(folder), options), indent=1))


def measure(folder: Path, options: argparse.Namespace) -> dict[str, object]:
    measured = subprocess.Popen(
        [sys.executable, __file__, "--engine", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert measured.stdout is not None
    assert measured.stdin is not None
    line = ""
    while not line.startswith("rtmp://"):
        line = measured.stdout.readline().strip()
    threading.Thread(target=lambda: [None for _ in measured.stdout or ()], daemon=True).start()
    path = f"live/{SHOW}/live.m3u8"
    Web.pages = {"/hls.js": options.hls.read_bytes()}
    for name, config in PLAYERS.items():
        page = PAGE.replace("CONFIG", json.dumps(config)).replace("PATH", path)
        Web.pages[f"/{name.replace(' ', '-')}.html"] = page.encode()
    web = ThreadingHTTPServer(("127.0.0.1", 0), partial(Web, directory=str(folder)))
    threading.Thread(target=web.serve_forever, daemon=True).start()
    stop = threading.Event()
    painter = threading.Thread(target=source, args=(line, stop))
    painter.start()
    try:
        live = folder / "live" / str(SHOW)
        while not (live / "live.m3u8").exists():
            time.sleep(0.1)
        time.sleep(5)
        before, theirs, at = cpu(measured.pid), cpu(measured.pid, own=False), time.monotonic()
        time.sleep(options.seconds)
        took = time.monotonic() - at
        share = (cpu(measured.pid) - before) / took
        least = (cpu(measured.pid, own=False) - theirs) / took
        ways = []
        for _ in range(5):
            ways.append(way_there(live))
            time.sleep(1.07)
        chromium = options.chromium if Path(options.chromium).exists() else None
        base = f"http://127.0.0.1:{web.server_address[1]}"
        players = {name: watch(base, name, options.seconds, chromium) for name in PLAYERS}
    finally:
        stop.set()
        painter.join()
        measured.stdin.close()
        measured.wait()
        web.shutdown()
    lengths = [float(value) for value in re.findall(r"EXTINF:([\d.]+)", (live / "live.m3u8").read_text())]
    segment, way = statistics.median(lengths), statistics.median(ways)
    return {
        "glass_to_glass": players,
        "floor": {
            "seconds": round(segment + way, 2),
            "segment_seconds": round(segment, 2),
            "source_to_playlist_seconds": round(way, 3),
        },
        "cpu_percent_of_a_core_for_one_stream": round(share * 100, 1),
        "of_which_ffmpeg_alone": round(least * 100, 1),
        "load_average": os.getloadavg()[0],
    }


def rows() -> list[Row]:
    """In a process of its own, since the engine and the browser are measured beside it."""
    said = subprocess.run(
        [sys.executable, "-m", "bench.glass_to_glass"],
        check=True,
        capture_output=True,
        text=True,
        timeout=600,
    )
    found = json.loads(said.stdout[said.stdout.index("{") :])
    players = found["glass_to_glass"]
    room = players["room"]
    return [
        Row(
            "glass to glass, the room's player",
            room["seconds"],
            "s",
            Floor("one segment and the way there", found["floor"]["seconds"]),
            at_most=3,
        ),
        Row(
            "a stream, of one core",
            found["cpu_percent_of_a_core_for_one_stream"],
            "%",
            Floor("ffmpeg's part alone", found["of_which_ffmpeg_alone"]),
            at_most=8,
        ),
    ]


if __name__ == "__main__":
    main()
