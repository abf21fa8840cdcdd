# SPDX-License-Identifier: Apache-2.0
"""The demo's broadcaster: sends a film to a show's RTMP address round and round, as a seller's encoder would.

Nothing is encoded again, so it costs next to nothing. When the engine hangs up, it waits and tries again.
"""

from __future__ import annotations

import argparse
import asyncio
from contextlib import suppress
from pathlib import Path

import imageio_ffmpeg
import structlog

from silkcast.faces.demo.film import film
from silkcast.plumbing.children import dies_with_us

log = structlog.get_logger(__name__)

LONGEST_PAUSE_SECONDS = 15.0
LASTING_SECONDS = 30.0


def command(path: Path, address: str) -> list[str]:
    return [
        *(str(imageio_ffmpeg.get_ffmpeg_exe()), "-hide_banner", "-v", "error", "-nostats"),
        *("-stream_loop", "-1", "-re", "-i", str(path), "-c", "copy"),
        *("-f", "flv", "-flvflags", "no_duration_filesize", address),
    ]


async def broadcast(path: Path, rtmp_url: str, key: str) -> None:
    """Send `path` until cancelled; then the encoder is gone too. The key is never logged."""
    pause = 1.0
    while True:
        begun = asyncio.get_running_loop().time()
        process = await asyncio.create_subprocess_exec(
            *command(path, f"{rtmp_url}/{key}"),
            stdin=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=dies_with_us(),
        )
        log.info("demo.on_air", url=rtmp_url, film=path.name)
        try:
            code = await process.wait()
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.terminate()
                await process.wait()
        lasted = asyncio.get_running_loop().time() - begun
        pause = 1.0 if lasted > LASTING_SECONDS else min(pause * 2, LONGEST_PAUSE_SECONDS)
        log.info("demo.off_air", code=code, again_in_seconds=pause)
        await asyncio.sleep(pause)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True, help="the RTMP address, without the key")
    parser.add_argument("--key", required=True, help="the show's stream key")
    parser.add_argument("--film", default="qinghe-kiln", help="the name of a script under films/")
    parser.add_argument("--folder", type=Path, default=Path("data/films"), help="where films are kept")
    options = parser.parse_args()
    with suppress(KeyboardInterrupt):
        asyncio.run(broadcast(film(options.film, options.folder), options.url, options.key))


if __name__ == "__main__":
    main()
