# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from pathlib import Path

from PIL import Image

import silkcast.faces.demo

DEMO = Path(silkcast.faces.demo.__file__).parent


def test_every_picture_opens() -> None:
    pictures = [p for p in (DEMO / "pictures").iterdir() if p.suffix in {".jpg", ".webp"}]

    for picture in pictures:
        with Image.open(picture) as image:
            image.verify()
    assert len(pictures) >= 11
