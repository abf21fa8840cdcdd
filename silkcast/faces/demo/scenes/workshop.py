# SPDX-License-Identifier: Apache-2.0
"""Pinecone Yard: toys and kitchen things of wood, with a flask, canisters and a radio."""

from __future__ import annotations

import numpy as np
import trimesh
from shapely.geometry import Polygon
from shapes import arch, ball, block, disc, joined, lathe, moved
from studio import BEECH, BRASS, STEEL, WALNUT, Thing, ceramic, matte, metal, painted, wood

RED, ORANGE, YELLOW = [0.48, 0.06, 0.045], [0.62, 0.22, 0.04], [0.66, 0.42, 0.07]
GREEN, BLUE, PLUM = [0.13, 0.27, 0.12], [0.07, 0.20, 0.34], [0.17, 0.10, 0.24]
SAGE, CLAY, NAVY, CREAM = [0.27, 0.34, 0.25], [0.45, 0.18, 0.10], [0.04, 0.07, 0.14], [0.70, 0.64, 0.52]
ELM = ([0.52, 0.33, 0.19], [0.32, 0.18, 0.09])
BARE, DARK = wood(BEECH, 2, 0.45), wood(WALNUT, 7, 0.4)
COLOURS = (RED, ORANGE, YELLOW, GREEN, BLUE, PLUM)


def stained(colour, seed):
    """Colour on wood: the grain still shows."""
    colour = np.array(colour)
    return wood((colour * 1.12, colour * 0.78), seed, 0.5)


STAINS = [stained(colour, 20 + index) for index, colour in enumerate(COLOURS)]


WOODLAND = [
    stained(colour, 40 + index)
    for index, colour in enumerate(
        (
            [0.09, 0.15, 0.09],
            GREEN,
            [0.30, 0.36, 0.14],
            [0.58, 0.38, 0.10],
            [0.40, 0.17, 0.06],
            [0.20, 0.10, 0.06],
        )
    )
]


def bow(index, at=(0, 0, 0), turn=(0, 0, 0), scale=1.0, stains=STAINS):
    """One of the rainbow's arches, 0 the largest."""
    inner = 0.35 + 0.33 * (5 - index)
    return Thing(
        moved(arch(inner, inner + 0.31, 0.9, 0.06), at, scale, turn), stains[index], tile=3.5, shift=index
    )


def tower(at=(0, 0, 0), scale=1.0):
    made = [Thing(moved(disc(1.25, 0.26, 0.1), at, scale), BARE, tile=3)]
    height = 0.26
    for index in range(7):
        ring = moved(disc(1.12 - 0.09 * index, 0.36, 0.17, hole=0.2), (0, 0, height))
        stain = BARE if index == 6 else STAINS[index]
        made.append(Thing(moved(ring, at, scale), stain, tile=3, shift=index))
        height += 0.36
    peg = moved(disc(0.17, height + 0.25, 0.1), (0, 0, 0.1))
    return [
        *made,
        Thing(moved(peg, at, scale), BARE, 2),
        Thing(moved(ball(0.36, (0, 0, height + 0.3)), at, scale), STAINS[0]),
    ]


def prism(width, depth, height):
    triangle = Polygon([(-width / 2, 0), (width / 2, 0), (0, height)])
    mesh = trimesh.creation.extrude_polygon(triangle, depth)
    return moved(mesh, (0, depth / 2, 0), 1, (90, 0, 0))


def castle():
    cube, bar, pillar = block(0.8, 0.8, 0.8, 0.05), block(2.4, 0.8, 0.4, 0.05), disc(0.36, 0.8, 0.05)
    roof, half = prism(0.96, 0.8, 0.6), arch(0.4, 0.79, 0.8, 0.04)
    plan = [
        (cube, (-1.2, 0, 0), BARE), (cube, (1.2, 0, 0), BARE), (half, (0, 0, 0), STAINS[4]),
        (cube, (-1.2, 0, 0.8), STAINS[0]), (cube, (1.2, 0, 0.8), STAINS[2]), (bar, (0, 0, 1.6), BARE),
        (pillar, (-0.8, 0, 2.0), STAINS[3]), (pillar, (0.8, 0, 2.0), STAINS[3]), (half, (0, 0, 2.0), BARE),
        (bar, (0, 0, 2.8), STAINS[1]), (cube, (0, 0, 3.2), BARE), (roof, (0, 0, 4.0), STAINS[0]),
        (pillar, (-2.3, -0.3, 0), STAINS[2]), (roof, (-2.3, -0.3, 0.8), STAINS[5]),
        (cube, (2.4, -0.8, 0), STAINS[4]), (half, (1.3, -1.6, 0), STAINS[3]),
    ]  # fmt: skip
    return [
        Thing(moved(mesh, at), stain, tile=2.6, flat=mesh is roof, shift=0.17 * index)
        for index, (mesh, at, stain) in enumerate(plan)
    ]


FOOT = [(0, 0), (0.36, 0), (0.38, 0.04), (0.37, 0.12), (0.3, 0.17), (0.31, 0.24), (0.2, 0.32)]
PIECES = {
    "pawn": [
        *FOOT,
        (0.13, 0.5),
        (0.12, 0.66),
        (0.22, 0.7),
        (0.22, 0.74),
        (0.12, 0.76),
        (0.2, 0.88),
        (0.2, 1.0),
        (0.1, 1.1),
        (0, 1.11),
    ],
    "rook": [*FOOT, (0.19, 0.5), (0.18, 0.85), (0.29, 0.93), (0.3, 1.2), (0.2, 1.2), (0.19, 1.12), (0, 1.12)],
    "bishop": [
        *FOOT,
        (0.14, 0.6),
        (0.12, 0.95),
        (0.24, 1.0),
        (0.24, 1.05),
        (0.12, 1.08),
        (0.2, 1.22),
        (0.17, 1.4),
        (0.05, 1.55),
        (0.08, 1.6),
        (0.05, 1.67),
        (0, 1.68),
    ],
    "queen": [
        *FOOT,
        (0.17, 0.65),
        (0.14, 1.15),
        (0.27, 1.2),
        (0.27, 1.25),
        (0.14, 1.3),
        (0.18, 1.5),
        (0.28, 1.72),
        (0.24, 1.74),
        (0.12, 1.7),
        (0.09, 1.78),
        (0.1, 1.86),
        (0, 1.88),
    ],
    "king": [
        *FOOT,
        (0.18, 0.7),
        (0.15, 1.25),
        (0.28, 1.3),
        (0.28, 1.35),
        (0.15, 1.4),
        (0.19, 1.6),
        (0.27, 1.85),
        (0.22, 1.9),
        (0.1, 1.94),
        (0, 1.95),
    ],
}


def piece(kind, x, y, material):
    mesh = lathe(PIECES[kind], 96, 2, wobble=0)
    if kind == "king":
        mesh = joined(
            mesh, block(0.07, 0.07, 0.3, 0.02, (0, 0, 1.92)), block(0.22, 0.07, 0.07, 0.02, (0, 0, 2.05))
        )
    return Thing(moved(mesh, (x, y, 0.2)), material, 2, tile=2.2, shift=0.3 * x + 0.2 * y)


def board():
    squares = {0: [], 1: []}
    for row in range(8):
        for column in range(8):
            at = (column - 3.5, row - 3.5, 0.1)
            squares[(row + column) % 2].append(block(1.0, 1.0, 0.1, 0.006, at, 6))
    return [
        Thing(joined(*squares[0]), DARK, tile=5.3),
        Thing(joined(*squares[1]), BARE, tile=5.3),
        Thing(block(9.2, 9.2, 0.185, 0.06), DARK, tile=7),
    ]


def chess():
    set_up = [("rook", -3.5, -3.5), ("bishop", -1.5, -3.5), ("queen", -0.5, -3.5), ("king", 0.5, -3.5)]
    set_up += [("bishop", 1.5, -3.5), ("rook", 3.5, -3.5)]
    set_up += [("pawn", x - 3.5, -2.5) for x in (0, 1, 2, 5, 6, 7)] + [
        ("pawn", -0.5, -0.5),
        ("pawn", 0.5, -1.5),
    ]
    near = [piece(kind, x, y, BARE) for kind, x, y in set_up]
    far = [piece(kind, x, -y, DARK) for kind, x, y in set_up if (kind, x) != ("pawn", 0.5)]
    return [*near, *far, *board()]


def wheels(places, radius=0.36):
    turned = [moved(disc(radius, 0.16, 0.05), (x, y, radius), 1, (90, 0, 0)) for x, y in places]
    return joined(*turned)


def train(at=(0, 0, 0), scale=1.0, turn=0.0):
    boiler = moved(disc(0.46, 1.5, 0.08), (-0.15, 0, 1.02), 1, (0, 90, 0))
    parts = [
        (block(2.6, 1.0, 0.3, 0.08, (0, 0, 0.36)), BARE, 0),
        (boiler, STAINS[0], 0),
        (block(0.85, 1.0, 1.15, 0.08, (-0.75, 0, 0.64)), STAINS[4], 2),
        (block(1.05, 1.2, 0.2, 0.08, (-0.75, 0, 1.78)), BARE, 0),
        (lathe([(0, 1.4), (0.16, 1.4), (0.15, 1.75), (0.24, 1.9), (0.23, 1.95), (0, 1.95)]), BARE, 2),
        (ball(0.2, (0.3, 0, 1.45)), STAINS[2], 2),
        (wheels([(x, y) for x in (-0.8, 0.0, 0.8) for y in (-0.46, 0.62)]), DARK, 0),
    ]
    parts = [(moved(mesh, (3.0, 0, 0)), material, grain) for mesh, material, grain in parts]
    for index, x in enumerate((0.1, -2.5)):
        parts.append((block(2.1, 1.0, 0.3, 0.08, (x, 0, 0.36)), BARE, 0))
        parts.append((wheels([(x + dx, y) for dx in (-0.6, 0.6) for y in (-0.46, 0.62)]), DARK, 0))
        if index == 0:
            parts.append((block(1.8, 0.9, 0.6, 0.1, (x, 0, 0.66)), STAINS[3], 0))
        else:
            logs = [(-0.28, 0.9), (0.28, 0.9), (0, 1.36)]
            rolls = [moved(disc(0.27, 1.9, 0.05), (x - 0.95, y, z), 1, (0, 90, 0)) for y, z in logs]
            parts.append((joined(*rolls), DARK, 0))
    return [
        Thing(moved(mesh, at, scale, (0, 0, turn)), material, grain, tile=3, shift=0.13 * index)
        for index, (mesh, material, grain) in enumerate(parts)
    ]


def flask(colour, at=(0, 0, 0), scale=1.0):
    body = lathe(
        [(0, 0), (0.52, 0), (0.58, 0.04), (0.6, 0.3), (0.6, 2.6), (0.58, 2.85), (0.44, 3.1), (0.42, 3.2)],
        wobble=0,
    )
    collar = moved(disc(0.43, 0.14, 0.03), (0, 0, 3.17))
    cap = moved(disc(0.46, 0.62, 0.08), (0, 0, 3.3))
    return [
        Thing(moved(body, at, scale), matte(colour, 0.42)),
        Thing(moved(collar, at, scale), metal(STEEL, 0.25)),
        Thing(moved(cap, at, scale), BARE, 2, tile=2),
    ]


def canister(colour, height, at=(0, 0, 0), scale=1.0, radius=1.0):
    r, h = radius, height
    body = lathe([(0, 0), (r - 0.08, 0), (r, 0.06), (r, h - 0.05), (r - 0.03, h), (0, h)], smooth=2, wobble=0)
    lid = joined(
        moved(disc(r * 0.97, 0.2, 0.06), (0, 0, h + 0.03)), ball(0.16, (0, 0, h + 0.32), (1, 1, 0.8))
    )
    seal = moved(disc(r * 0.93, 0.06, 0.02), (0, 0, h - 0.01))
    return [
        Thing(moved(body, at, scale), ceramic(colour, 0.3, 0.5)),
        Thing(moved(lid, at, scale), BARE, tile=3),
        Thing(moved(seal, at, scale), matte([0.5, 0.5, 0.48])),
    ]


WOODEN_BOWL = lathe(
    [(0, 0), (0.6, 0), (0.66, 0.04), (1.1, 0.4), (1.35, 0.95), (1.3, 1.02), (1.2, 0.98), (0.95, 0.45),
        (0.5, 0.18),
     (0, 0.15)],
    wobble=0.006,
)  # fmt: skip


def wooden_bowl(at=(0, 0, 0), scale=1.0, seed=31, turn=0.0):
    return Thing(moved(WOODEN_BOWL, at, scale, (0, 0, turn)), wood(ELM, seed, 0.42), tile=3.4)


def mill(material, at=(0, 0, 0), scale=1.0):
    body = lathe(
        [(0, 0), (0.56, 0), (0.6, 0.05), (0.6, 0.35), (0.5, 0.7), (0.42, 1.2), (0.44, 1.55), (0.52, 1.76),
         (0.52, 1.83), (0, 1.83)],
    )  # fmt: skip
    head = lathe([(0, 1.87), (0.51, 1.87), (0.53, 1.92), (0.5, 2.18), (0.36, 2.32), (0.14, 2.38), (0, 2.38)])
    ring = moved(disc(0.49, 0.08, 0.02), (0, 0, 1.81))
    return [
        Thing(moved(joined(body, head), at, scale), material, 2, tile=2.6),
        Thing(
            moved(
                joined(
                    ring,
                    moved(disc(0.1, 0.12, 0.02), (0, 0, 2.35)),
                    moved(disc(0.19, 0.14, 0.06), (0, 0, 2.46)),
                ),
                at,
                scale,
            ),
            metal(STEEL, 0.25),
        ),
    ]


def cloth():
    random = np.random.default_rng(9)
    x, y = np.meshgrid(np.arange(512), np.arange(512))
    weave = 0.5 + 0.25 * np.sin(x * np.pi / 4) * np.sin(y * np.pi / 4) + 0.1 * random.random((512, 512))
    return painted(weave[..., None] * np.array([0.62, 0.56, 0.46]), 0.95)


def radio(at=(0, 0, 0), scale=1.0, turn=0.0):
    parts = [
        (block(4.0, 2.0, 2.4, 0.22, (0, 0, 0.2), 40), DARK, 0, 5),
        (moved(disc(0.92, 0.08, 0.03), (-0.8, -0.97, 1.4), 1, (90, 0, 0)), cloth(), 0, 1.2),
        (moved(disc(0.98, 0.07, 0.03, hole=0.9), (-0.8, -0.98, 1.4), 1, (90, 0, 0)), metal(BRASS, 0.25), 0,
        1),
        (moved(disc(0.36, 0.34, 0.06), (1.15, -0.97, 1.75), 1, (90, 0, 0)), metal(BRASS, 0.22), 0, 1),
        (block(0.05, 0.03, 0.2, 0.01, (1.15, -1.32, 1.85)), matte([0.05, 0.04, 0.03]), 0, 1),
        (joined(*(moved(disc(0.07, 0.05, 0.02), (0.85 + 0.3 * k, -0.98, 0.85), 1,
        (90, 0, 0)) for k in range(3))),
         metal(BRASS, 0.25), 0, 1),
        (joined(*(disc(0.16, 0.22, 0.03, (x, y, 0)) for x in (-1.5, 1.5) for y in (-0.6, 0.6))), BARE, 0, 2),
    ]  # fmt: skip
    return [
        Thing(moved(mesh, at, scale, (0, 0, turn)), material, grain, tile)
        for mesh, material, grain, tile in parts
    ]


SNOW, SAND, MIST, ROSE = [0.78, 0.77, 0.74], [0.72, 0.62, 0.50], [0.55, 0.62, 0.62], [0.74, 0.60, 0.54]
PICTURES = {
    "rainbow": (
        [bow(k, turn=(0, 0, -6)) for k in range(6)],
        SNOW,
        {"view": {"fill": 0.74, "direction": (1.6, -9, 2.8)}},
    ),
    "rainbow-2": (
        [
            bow(0, (0, 1.2, 0)),
            bow(1, (0.1, -0.1, 0)),
            bow(2, (0.1, -1.4, 0)),
            bow(3, (-2.6, -1.6, 0), (0, 0, 40)),
            bow(4, (2.5, -1.8, 0), (90, 0, 20)),
            bow(5, (2.5, -1.8, 0.46), (90, 0, 200)),
        ],
        MIST,
        {"view": {"fill": 0.84, "direction": (2.5, -8, 5)}},
    ),
    "rings": (tower(), SAND, {"view": {"fill": 0.78, "direction": (2.2, -9, 2.8)}}),
    "blocks": (castle(), MIST, {"view": {"fill": 0.82, "direction": (2.6, -9, 2.6)}}),
    "chess": (
        chess(),
        SAND,
        {"first": 20, "aperture": 0.09, "view": {"fill": 0.8, "direction": (3.4, -8, 4.0), "distance": 15}},
    ),
    "chess-2": (
        [
            piece("king", -0.5, -0.5, BARE),
            piece("queen", 0.5, 0.5, DARK),
            piece("pawn", 0.5, -0.5, DARK),
            piece("bishop", -1.5, 0.5, BARE),
            piece("rook", 1.5, -0.5, BARE),
            *board(),
        ],
        ROSE,
        {"first": 5, "aperture": 0.12, "view": {"fill": 0.8, "direction": (2, -9, 2.4)}},
    ),
    "train": (train(turn=-22), SNOW, {"view": {"fill": 0.86, "direction": (1.6, -9, 3.2), "distance": 13}}),
    "flask": (flask(SAGE), SAND, {"view": {"fill": 0.8, "direction": (2, -9, 2)}}),
    "flask-2": (
        [*flask(SAGE, (0, 0.3, 0)), *flask(CLAY, (-1.5, -0.2, 0)), *flask(NAVY, (1.5, -0.3, 0))],
        MIST,
        {"view": {"fill": 0.82, "direction": (2, -9, 2)}},
    ),
    "canisters": (
        [
            *canister(CREAM, 2.6, (-1.3, 0.6, 0)),
            *canister([0.55, 0.33, 0.09], 1.9, (0.85, 0.5, 0)),
            *canister([0.14, 0.20, 0.14], 1.25, (0.2, -1.3, 0), radius=0.9),
        ],
        [0.74, 0.71, 0.66],
        {"view": {"fill": 0.8, "direction": (2, -9, 3.2)}},
    ),
    "elm": (
        [wooden_bowl((-0.7, 0.3, 0)), wooden_bowl((1.6, -0.9, 0), 0.74, 32, 60)],
        SNOW,
        {"view": {"fill": 0.82, "direction": (1.6, -8, 4.6)}},
    ),
    "mill": (
        [*mill(DARK, (-0.65, 0.1, 0)), *mill(BARE, (0.75, -0.2, 0))],
        ROSE,
        {"view": {"fill": 0.8, "direction": (2, -9, 2)}},
    ),
    "speaker": (radio(turn=-14), SAND, {"view": {"fill": 0.78, "direction": (1.4, -9, 2.6)}}),
}

PICTURES |= {
    "rainbow-forest": (
        [bow(k, turn=(0, 0, -6), stains=WOODLAND) for k in range(6)],
        SNOW,
        {"view": {"fill": 0.74, "direction": (1.6, -9, 2.8)}},
    ),
    "flask-clay": (flask(CLAY), MIST, {"view": {"fill": 0.8, "direction": (2, -9, 2)}}),
    "flask-navy": (flask(NAVY), SNOW, {"view": {"fill": 0.8, "direction": (2, -9, 2)}}),
}
