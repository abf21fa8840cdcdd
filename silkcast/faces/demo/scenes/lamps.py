# SPDX-License-Identifier: Apache-2.0
"""Luming Lamps: opal glass, paper, spun metal and candle flames, photographed in half light."""

from __future__ import annotations

import numpy as np
from shapes import ball, disc, joined, lathe, moved, sweep
from studio import (
    BEECH,
    BRASS,
    MOON,
    STEEL,
    Thing,
    ceramic,
    glass,
    glowing_through,
    light,
    matte,
    metal,
    wood,
)

BRICK, CREAM, BOTTLE, FOREST = [0.42, 0.07, 0.04], [0.70, 0.62, 0.48], [0.03, 0.11, 0.07], [0.05, 0.10, 0.06]
WARM = [8.0, 4.9, 2.3]
OPAL = glowing_through([0.93, 0.90, 0.85], 1.3)

SHADE = lathe(
    [(1.12, 1.42), (1.16, 1.44), (1.18, 1.55), (1.05, 1.95), (0.72, 2.3), (0.3, 2.46), (0, 2.47)], wobble=0
)
STEM = lathe(
    [(0, 0), (0.78, 0), (0.82, 0.05), (0.8, 0.11), (0.4, 0.2), (0.2, 0.42), (0.16, 0.9), (0.2, 1.4),
        (0.26, 1.6),
     (0, 1.62)],
    wobble=0,
)  # fmt: skip


def mushroom(colour, at=(0, 0, 0), scale=1.0, power=1.0):
    bulb = ball(0.3, (0, 0, 1.82))
    return [
        Thing(moved(SHADE, at, scale), OPAL),
        Thing(moved(STEM, at, scale), ceramic(colour, 0.3, 0.6)),
        Thing(moved(bulb, at, scale), light(np.array(WARM) * power)),
    ]


def lantern(at=(0, 0, 0), scale=1.0, power=1.0, folds=26):
    turn = np.linspace(0.22, np.pi - 0.22, folds * 8)
    fold = 1 + 0.03 * np.abs(np.sin(turn * folds)) - 0.01
    paper = lathe(np.stack([1.3 * np.sin(turn) * fold, 1.5 - 1.18 * np.cos(turn)], 1), smooth=0, wobble=0.002)
    ring = disc(0.5, 0.3, 0.08, hole=0.34)
    hoop = moved(disc(0.31, 0.05, 0.02, hole=0.25), (0, 0, 2.63))
    return [
        Thing(moved(paper, at, scale), glowing_through([0.95, 0.91, 0.82], 1.25)),
        Thing(moved(ring, at, scale), wood(BEECH, 4), tile=3.0),
        Thing(moved(hoop, at, scale), wood(BEECH, 5), tile=3.0),
        Thing(moved(ball(0.34, (0, 0, 1.5)), at, scale), light(np.array(WARM) * 0.8 * power)),
    ]


def dome(colour, at=(0, 0, 0), scale=1.0, turn=0.0):
    foot = lathe(
        [(0, 0), (0.95, 0), (0.98, 0.05), (0.95, 0.12), (0.3, 0.18), (0.14, 0.25), (0.1, 0.4), (0, 0.4)]
    )
    arm = sweep(
        [(0, 0, 0.3), (0, 0, 1.6), (-0.1, 0, 2.6), (0.3, 0, 3.3), (1.0, 0, 3.35), (1.35, 0, 2.95)],
        [0.075] * 2,
    )
    outside = lathe(
        [(1.0, 0), (1.02, 0.02), (0.98, 0.3), (0.75, 0.66), (0.4, 0.86), (0.12, 0.9), (0.1, 1.05), (0, 1.06)]
    )
    inside = lathe([(0.99, 0.01), (0.93, 0.3), (0.7, 0.62), (0.35, 0.8), (0, 0.82)])
    tilt = (0, 14, 0)
    head = (1.38, 0, 1.98)
    parts = [
        (moved(outside, head, 1, tilt), ceramic(colour, 0.35, 0.5)),
        (moved(inside, head, 1, tilt), matte([0.85, 0.83, 0.78], 0.6)),
        (joined(foot, arm), ceramic(colour, 0.35, 0.5)),
        (ball(0.13, (1.36, 0, 2.98)), metal(BRASS)),
        (ball(0.27, (1.46, 0, 2.36)), light(np.array(WARM) * 2.6)),
    ]
    return [Thing(moved(mesh, at, scale, (0, 0, turn)), material) for mesh, material in parts]


def pendant(at=(0, 0, 0), scale=1.0, power=1.0, cable=6.0):
    cap = lathe(
        [
            (0.42, 1.2),
            (0.44, 1.24),
            (0.4, 1.34),
            (0.2, 1.42),
            (0.13, 1.5),
            (0.13, 1.86),
            (0.1, 1.92),
            (0, 1.92),
        ]
    )
    cord = moved(disc(0.035, cable, 0.01), (0, 0, 1.9))
    parts = [
        (ball(1.25), OPAL),
        (cap, metal(BRASS, 0.22)),
        (cord, matte([0.16, 0.14, 0.12])),
        (ball(0.36), light(np.array(WARM) * power)),
    ]
    return [Thing(moved(mesh, at, scale), material) for mesh, material in parts]


FLAME = lathe([(0, 0), (0.05, 0.03), (0.075, 0.12), (0.05, 0.26), (0.012, 0.4), (0, 0.42)], wobble=0)


def flame(at, scale=1.0):
    wick = moved(disc(0.012, 0.1, 0.004), (at[0], at[1], at[2] - 0.06))
    glow = Thing(moved(FLAME, at, scale), light([17.0, 8.2, 2.0]))
    return [Thing(wick, matte([0.03, 0.02, 0.02])), glow]


def candlestick(height, at, candle=1.5, scale=1.0):
    h = height
    stick = lathe(
        [(0, 0), (0.52, 0), (0.55, 0.04), (0.5, 0.1), (0.2, 0.17), (0.11, 0.3), (0.09, h * 0.45),
            (0.15, h * 0.5),
         (0.15, h * 0.53), (0.09, h * 0.58), (0.1, h - 0.3), (0.19, h - 0.2), (0.24, h - 0.05), (0.24, h),
         (0.15, h),
         (0.14, h - 0.12), (0, h - 0.12)],
        smooth=2, wobble=0,
    )  # fmt: skip
    wax = moved(disc(0.13, candle, 0.03), (0, 0, h - 0.12))
    top = np.array(at) + np.array((0, 0, h - 0.12 + candle + 0.03)) * scale
    return [
        Thing(moved(stick, at, scale), metal(BRASS, 0.2)),
        Thing(moved(wax, at, scale), matte([0.85, 0.80, 0.70], 0.45)),
        *flame(tuple(top), scale),
    ]


def tealight(tint, at, scale=1.0):
    tumbler = lathe(
        [(0, 0), (0.5, 0), (0.56, 0.04), (0.62, 0.3), (0.68, 1.1), (0.66, 1.14), (0.6, 1.12), (0.54, 0.34),
         (0.46, 0.22), (0, 0.2)],
        segments=288, wobble=0, ribs=24, depth=0.022,
    )  # fmt: skip
    cup = moved(disc(0.36, 0.2, 0.02), (0, 0, 0.23))
    wax = moved(disc(0.34, 0.02, 0.01), (0, 0, 0.43))
    tinted = {**glass(), "specular_transmittance": {"type": "rgb", "value": tint}}
    top = np.array(at) + np.array((0, 0, 0.5)) * scale
    return [
        Thing(moved(tumbler, at, scale), tinted),
        Thing(moved(cup, at, scale), metal(STEEL, 0.35)),
        Thing(moved(wax, at, scale), matte([0.85, 0.8, 0.7], 0.4)),
        *flame(tuple(top), 1.1 * scale),
    ]


def camp(at=(0, 0, 0), scale=1.0, turn=0.0):
    tank = lathe(
        [
            (0, 0),
            (0.78, 0),
            (0.82, 0.04),
            (0.84, 0.42),
            (0.78, 0.5),
            (0.5, 0.58),
            (0.46, 0.66),
            (0.42, 0.76),
            (0, 0.76),
        ]
    )
    top = lathe(
        [(0.42, 1.95), (0.5, 1.97), (0.52, 2.05), (0.36, 2.16), (0.34, 2.36), (0.46, 2.42), (0.44, 2.5),
            (0.2, 2.6),
         (0, 2.62)],
    )  # fmt: skip
    chimney = lathe([(0.4, 0.74), (0.56, 1.0), (0.6, 1.3), (0.5, 1.7), (0.4, 1.97)])
    sides = [
        sweep([(s * 0.74, 0, 0.45), (s * 0.92, 0, 0.8), (s * 0.92, 0, 1.6), (s * 0.8, 0, 2.2),
            (s * 0.36, 0, 2.3)],
              [0.065] * 2)
        for s in (-1, 1)
    ]  # fmt: skip
    bail = sweep([(-0.86, 0, 1.9), (-0.98, 0.25, 2.6), (-0.5, 0.5, 3.1), (0.5, 0.5, 3.1), (0.98, 0.25, 2.6),
                  (0.86, 0, 1.9)], [0.03] * 2)  # fmt: skip
    knob = moved(disc(0.13, 0.18, 0.03), (0, -0.94, 0.3), 1, (-90, 0, 0))
    parts = [
        (joined(tank, top, *sides), ceramic(FOREST, 0.35, 0.5)),
        (bail, metal(STEEL, 0.3)),
        (knob, metal(BRASS, 0.25)),
        (ball(0.16, (0, 0, 1.3), (1, 1, 1.9)), light(np.array(WARM) * 2.5)),
        (chimney, {"type": "thindielectric", "int_ior": 1.3}),
    ]
    return [Thing(moved(mesh, at, scale, (0, 0, turn)), material) for mesh, material in parts]


def candle(at=(0, 0, 0), scale=1.0):
    cup = lathe(
        [
            (0, 0),
            (0.72, 0),
            (0.78, 0.05),
            (0.84, 0.6),
            (0.86, 1.3),
            (0.84, 1.33),
            (0.79, 1.3),
            (0.78, 0.9),
            (0, 0.9),
        ]
    )
    wax = lathe([(0, 1.06), (0.5, 1.06), (0.78, 1.08), (0.785, 1.1)], smooth=2)
    top = np.array(at) + np.array((0, 0, 1.16)) * scale
    return [
        Thing(moved(cup, at, scale), ceramic(MOON, 0.25)),
        Thing(moved(wax, at, scale), matte([0.80, 0.70, 0.50], 0.35)),
        *flame(tuple(top), 1.2 * scale),
    ]


DUSK, SAND, TEAL, PLUM = [0.34, 0.30, 0.27], [0.55, 0.47, 0.39], [0.16, 0.23, 0.23], [0.30, 0.22, 0.21]
GLASSES = ([0.62, 0.62, 0.64], [0.95, 0.66, 0.28], [0.55, 0.80, 0.70])
LOW = {"light_": 0.3, "depth": 5}
PICTURES = {
    "mushroom": (mushroom(BRICK), SAND, {**LOW, "view": {"fill": 0.76}}),
    "mushroom-2": (
        [*mushroom(CREAM, (-0.9, 0.3, 0)), *mushroom(BRICK, (1.3, -0.5, 0), 0.8)],
        DUSK,
        {**LOW, "view": {"fill": 0.8}},
    ),
    "lantern": (lantern(), TEAL, {**LOW, "view": {"fill": 0.74, "direction": (2.2, -9, 2.2)}}),
    "lantern-2": (
        [*lantern((-0.8, 0.8, 0), 1.25, 0.9), *lantern((1.5, -0.7, 0), 0.75)],
        PLUM,
        {**LOW, "view": {"fill": 0.82, "direction": (2.2, -9, 2.6)}},
    ),
    "dome": (dome(BOTTLE, turn=-14), SAND, {"light_": 0.5, "view": {"fill": 0.8, "direction": (1, -9, 1.8)}}),
    "pendant": (
        pendant((0, 0, 2.7)),
        TEAL,
        {**LOW, "first": 2, "view": {"fill": 0.66, "direction": (1.5, -9, 0.6), "lift": 0.03}},
    ),
    "candlesticks": (
        [
            *candlestick(2.4, (-0.9, 0.4, 0)),
            *candlestick(1.7, (0.3, -0.2, 0)),
            *candlestick(1.1, (1.35, 0.3, 0), 1.3),
        ],
        DUSK,
        {"light_": 0.42, "view": {"fill": 0.82, "direction": (1.5, -9, 2.4)}},
    ),
    "candlesticks-2": (
        [*candlestick(1.7, (0, 0, 0), 0.9)],
        TEAL,
        {"light_": 0.4, "view": {"fill": 0.9, "direction": (-2.5, -8, 3.4)}},
    ),
    "tealights": (
        [
            *tealight(GLASSES[0], (-1.05, 0.5, 0)),
            *tealight(GLASSES[1], (0, -0.7, 0)),
            *tealight(GLASSES[2], (1.05, 0.5, 0)),
        ],
        SAND,
        {"light_": 0.45, "samples": 28, "depth": 9, "view": {"fill": 0.82, "direction": (1.2, -9, 4)}},
    ),
    "camp": (
        camp(turn=12),
        SAND,
        {"light_": 0.42, "depth": 9, "view": {"fill": 0.8, "direction": (2, -9, 2.6)}},
    ),
    "candle": (candle(), PLUM, {"light_": 0.45, "view": {"fill": 0.62, "direction": (2, -8, 4.6)}}),
}

PICTURES |= {
    "mushroom-cream": (mushroom(CREAM), SAND, {**LOW, "view": {"fill": 0.76}}),
    "dome-ochre": (
        dome([0.50, 0.30, 0.06], turn=-14),
        TEAL,
        {"light_": 0.5, "view": {"fill": 0.8, "direction": (1, -9, 1.8)}},
    ),
}
