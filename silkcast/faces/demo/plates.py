# SPDX-License-Identifier: Apache-2.0
"""The still things of a demo film: portrait plates from square pictures, captions, steam and light."""

from __future__ import annotations

import math
import random
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

WIDTH, HEIGHT = 720, 1280
PHOTO_TOP = 236  # where a square picture begins: its middle stands above the chat and the pinned card
FEATHER = 90
CAPTION_LEFT, CAPTION_TOP = 84, 212  # clear of what a phone cuts off at the sides and of the room's head

GLASS = (10, 15, 14, 176)
WHITE = (255, 255, 255, 255)
SOFT = (255, 255, 255, 224)
JADE = (95, 207, 160, 255)

_BUILT = Path(__file__).parents[1] / "static" / "built"


def plate(picture: Path) -> Image.Image:
    """The picture as a portrait frame: a tall one is cropped, a square one gets more of its own backdrop."""
    image = Image.open(picture).convert("RGB")
    if image.height > image.width * 1.5:
        return _shade(_crop(image), strength=0.25)
    return _shade(_extend(image), strength=0.17)


def _crop(image: Image.Image) -> Image.Image:
    scale = max(WIDTH / image.width, HEIGHT / image.height)
    image = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)
    left = (image.width - WIDTH) // 2
    return image.crop((left, 0, left + WIDTH, HEIGHT))


def _extend(image: Image.Image) -> Image.Image:
    """A backdrop has no edges: its top and bottom rows are carried on, and blended into the picture."""
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    photo = image.crop((left, top, left + side, top + side)).resize((WIDTH, WIDTH), Image.Resampling.LANCZOS)
    above = photo.crop((0, 0, WIDTH, 6)).resize((WIDTH, 1)).resize((WIDTH, PHOTO_TOP + FEATHER))
    below_top = PHOTO_TOP + WIDTH - FEATHER
    below = photo.crop((0, WIDTH - 6, WIDTH, WIDTH)).resize((WIDTH, 1)).resize((WIDTH, HEIGHT - below_top))
    frame = Image.new("RGB", (WIDTH, HEIGHT))
    frame.paste(above.filter(ImageFilter.GaussianBlur(40)), (0, 0))
    frame.paste(below.filter(ImageFilter.GaussianBlur(40)), (0, below_top))
    mask = Image.new("L", (WIDTH, WIDTH), 255)
    draw = ImageDraw.Draw(mask)
    for row in range(FEATHER):
        level = round(255 * (0.5 - 0.5 * math.cos(math.pi * row / FEATHER)))
        draw.line((0, row, WIDTH, row), fill=level)
        draw.line((0, WIDTH - 1 - row, WIDTH, WIDTH - 1 - row), fill=level)
    frame.paste(photo, (0, PHOTO_TOP), mask)
    return frame


def _shade(frame: Image.Image, strength: float) -> Image.Image:
    """Light falls off towards the corners, and the table below is darker, as in a room."""
    small = Image.new("L", (36, 64))
    for y in range(64):
        for x in range(36):
            away = math.hypot((x - 17.5) / 26, (y - 26) / 46)
            small.putpixel((x, y), round(255 * (1 - strength * min(1.0, away * away))))
    mask = small.resize(frame.size, Image.Resampling.BICUBIC)
    warm = Image.new("RGB", frame.size, (255, 248, 238))
    lit = ImageChops.multiply(frame, warm)
    shaded = ImageChops.multiply(lit, Image.merge("RGB", (mask, mask, mask)))
    sharp = shaded.filter(ImageFilter.UnsharpMask(radius=1.2, percent=60, threshold=2))  # the camera softens
    grain = Image.effect_noise(frame.size, 1.4)  # without it a smooth wall shows steps
    return ImageChops.add(sharp, Image.merge("RGB", (grain, grain, grain)), scale=1.0, offset=-128)


def font(size: int, weight: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Inter as the site has it; before the browser's files are built, the face that Pillow brings."""
    for path in sorted(_BUILT.glob("inter-latin-wght-normal-*.woff2")):
        face = ImageFont.truetype(str(path), size)
        face.set_variation_by_axes([weight])
        return face
    return ImageFont.load_default(size)


def caption(title: str, detail: str) -> Image.Image:
    """A label of dark glass with the house's thread: name, and one fact under it."""
    big, small = font(34, 650), font(24, 450)
    ruler = ImageDraw.Draw(Image.new("L", (1, 1)))
    width = round(max(ruler.textlength(title, big), ruler.textlength(detail, small))) + 92
    height = 116 if detail else 76
    scale = 3
    shape = Image.new("RGBA", (width * scale, height * scale), (0, 0, 0, 0))
    draw = ImageDraw.Draw(shape)
    draw.rounded_rectangle((0, 0, width * scale - 1, height * scale - 1), 22 * scale, fill=GLASS)
    line = 30 * scale
    draw.line((line, 22 * scale, line, (height - 22) * scale), fill=(*JADE[:3], 150), width=2 * scale)
    knot, middle = 6 * scale, 39 * scale
    draw.ellipse((line - knot, middle - knot, line + knot, middle + knot), fill=JADE)
    label = shape.resize((width, height), Image.Resampling.LANCZOS)
    draw = ImageDraw.Draw(label)
    draw.text((54, 38), title, font=big, fill=WHITE, anchor="lm")
    if detail:
        draw.text((54, 82), detail, font=small, fill=SOFT, anchor="lm")
    return label


def light() -> Image.Image:
    """A soft slanted band of light, to be drawn across a scene."""
    width, height = 820, HEIGHT
    band = Image.new("L", (width, 1))
    for x in range(width):
        band.putpixel((x, 0), round(58 * math.exp(-(((x - width / 2) / 95) ** 2))))
    mask = band.resize((width, height))
    mask = mask.transform(
        mask.size, Image.Transform.AFFINE, (1, 0.22, -0.11 * height, 0, 1, 0), Image.Resampling.BILINEAR
    )
    sheet = Image.new("RGBA", (width, height), (255, 246, 230, 0))
    sheet.putalpha(mask)
    return sheet


def steam(seed: int, frames: int = 90) -> list[Image.Image]:
    """Steam over a cup: wisps that rise, widen and fade, as a loop without a seam."""
    chance = random.Random(seed)  # noqa: S311 a drawing
    wisps = [
        (
            chance.random(),
            chance.uniform(-24, 24),
            chance.uniform(8, 18),
            chance.uniform(0.4, 1.0),
            chance.random(),
        )
        for _ in range(34)
    ]
    width, height = 150, 250
    drawn = []
    for number in range(frames):
        mask = Image.new("L", (width, height), 0)
        for start, offset, sway, strength, phase in wisps:
            age = (number / frames + start) % 1
            y = height - 10 - age * (height - 50)
            x = (
                width / 2
                + offset * (0.5 + age * 0.8)
                + sway * math.sin(2 * math.pi * (age * 1.2 + phase)) * age
            )
            size = 5 + 15 * age
            level = round(80 * strength * min(1.0, age / 0.12) * (1 - age) ** 1.4)
            wisp = Image.new("L", (width, height), 0)
            ImageDraw.Draw(wisp).ellipse((x - size, y - size * 2, x + size, y + size * 2), fill=level)
            mask = ImageChops.add(mask, wisp)
        frame = Image.new("RGBA", (width, height), (255, 252, 246, 0))
        frame.putalpha(mask.filter(ImageFilter.GaussianBlur(10)))
        drawn.append(frame)
    return drawn
