# SPDX-License-Identifier: Apache-2.0
"""Covers of shows: each shop's goods on a table, in a room of its own, upright for a phone."""

from __future__ import annotations

import kiln
import lamps
import workshop
from kiln import bunch, put, tea
from shapes import block, moved
from studio import (
    BEECH,
    CELADON,
    INK,
    MOON,
    OAK,
    OCHRE,
    PERSIMMON,
    SKY,
    WALNUT,
    Thing,
    camera,
    ceramic,
    develop,
    matte,
    rgb,
    softbox,
    wood,
)

SIZE = (540, 960)


def shelf(height, goods, material, depth=6.4):
    """A board on the wall, and what stands on it: (mesh, material, x, scale)."""
    stood = [Thing(moved(mesh, (x, depth, height), scale), stuff) for mesh, stuff, x, scale in goods]
    return [Thing(block(18, 1.5, 0.18, 0.04, (0, depth, height - 0.18), 8), material), *stood]


def room(
    things, out, *, wall, table, key, fill, sky, exposure=1.1, aim=0.9, angle=43.0, aperture=0.11, samples=12
):
    scene = {
        "key": softbox([-6.5, -4.5, 7.5], [0, 0, 0.6], 2.3, 2.6, key),
        "fill": softbox([6.5, 4, 6], [0, 0, 1], 1.3, 2, fill),
        "env": {"type": "constant", "radiance": rgb(sky)},
    }
    stage = [
        Thing(block(20, 11, 0.5, 0.05, (0, -1.2, -0.5), 8), table, tile=11),
        Thing(block(34, 0.3, 26, 0.01, (0, 7.4, -6), 4), matte(wall, 0.95), flat=True),
    ]
    for index, thing in enumerate([*stage, *things]):
        scene[f"thing{index}"] = thing.built(f"thing{index}")
    lens = camera((0.9, -11.5, 4.6), (0.05, 1.2, aim), angle, aperture, axis="y")
    develop(
        scene, lens, SIZE, out, samples=samples, exposure=exposure, enlarged=4 / 3, limit=150_000, depth=7
    )


def pot(mesh, colour, x, scale):
    return mesh, ceramic(colour, 0.3, 0.5), x, scale


def winter_glazes(out):
    goods = [
        put(kiln.VASE, MOON, (-0.9, 1.0, 0), 1.15, rough=0.25),
        *bunch((-0.9, 1.0, 0), 1.15),
        put(kiln.VASE, SKY, (1.35, 1.5, 0), 0.85, rough=0.25),
        put(kiln.BOTTLE, CELADON, (2.2, 0.2, 0), 0.7),
        put(kiln.BOWL, CELADON, (0.6, -1.0, 0), 0.85),
        put(kiln.BOWL, MOON, (0.6, -1.0, 0.24), 0.85),
        put(kiln.PLATE, SKY, (-1.5, -1.5, 0), 0.8),
        put(kiln.CUP, MOON, (-1.5, -1.5, 0.12), 0.85),
        tea((-1.5, -1.5, 0.12), 0.85),
        put(kiln.CENSER, MOON, (-2.4, 1.4, 0), 0.7),
        put(kiln.CENSER_FEET, MOON, (-2.4, 1.4, 0), 0.7),
        *shelf(
            4.7,
            [
                pot(kiln.JAR, SKY, -2.3, 0.6),
                pot(kiln.BOTTLE, MOON, -0.5, 0.62),
                pot(kiln.BOWL, INK, 1.2, 0.6),
                pot(kiln.VASE, CELADON, 2.9, 0.52),
            ],
            wood(OAK, 5),
        ),
    ]
    room(
        goods,
        out,
        wall=[0.50, 0.55, 0.56],
        table=wood(OAK, 12, 0.45),
        key=[11, 11.4, 12],
        fill=[3, 3.2, 3.6],
        sky=[0.2, 0.21, 0.23],
        exposure=0.9,
    )


def lights_on(out):
    goods = [
        *lamps.mushroom(lamps.BRICK, (-1.1, 0.2, 0), 1.05),
        *lamps.lantern((1.5, 1.6, 0), 0.95),
        *lamps.mushroom(lamps.CREAM, (1.15, -1.6, 0), 0.62),
        *lamps.camp((-2.0, 2.6, 0), 0.8, 10),
        *lamps.pendant((-1.6, 4.2, 5.4), 0.72),
        *lamps.pendant((1.4, 4.8, 6.1), 0.6),
    ]
    room(
        goods,
        out,
        wall=[0.13, 0.19, 0.19],
        table=wood(WALNUT, 3, 0.38),
        key=[1.7, 1.8, 2.0],
        fill=[0.9, 1.0, 1.2],
        sky=[0.05, 0.055, 0.065],
        aim=1.3,
        angle=45,
    )


def candlelight(out):
    goods = [
        *lamps.candlestick(2.4, (-0.9, 1.6, 0)),
        *lamps.candlestick(1.7, (0.2, 2.2, 0)),
        *lamps.candlestick(1.1, (1.2, 1.5, 0), 1.3),
        *lamps.candlestick(2.4, (2.3, 2.6, 0)),
        *lamps.candlestick(1.7, (-2.3, 2.8, 0)),
        *lamps.tealight(lamps.GLASSES[1], (-1.7, -0.1, 0), 0.8),
        *lamps.tealight(lamps.GLASSES[2], (1.9, -0.3, 0), 0.8),
        *lamps.candle((0.95, -0.2, 0), 0.62),
        put(kiln.PLATE, MOON, (-0.3, -1.7, 0), 0.95),
        put(kiln.BOWL, INK, (-0.3, -1.7, 0.13), 0.6),
        *lamps.lantern((0.3, 5.6, 4.6), 0.8, 0.6),
    ]
    room(
        goods,
        out,
        wall=[0.20, 0.12, 0.11],
        table=wood(WALNUT, 8, 0.35),
        key=[1.9, 1.7, 1.5],
        fill=[0.8, 0.8, 0.9],
        sky=[0.05, 0.048, 0.05],
        aim=1.2,
        angle=44,
        exposure=1.25,
    )


def toys(out):
    rainbow = [workshop.bow(k, (-0.2, 2.2, 0), (0, 0, -4), 0.95) for k in range(6)]
    blocks = [(-1.0, 0), (0.0, 0), (-0.5, 0.85)]
    stack = [
        Thing(moved(block(0.8, 0.8, 0.8, 0.05), (2.0 + dx * 0.9, 5.9, 5.0 + z)), workshop.STAINS[k], tile=2.6)
        for k, (dx, z) in enumerate(blocks)
    ]
    goods = [
        *rainbow,
        *workshop.tower((1.7, 0.2, 0), 0.72),
        *workshop.train((-0.9, -1.1, 0), 0.5, -18),
        Thing(block(0.8, 0.8, 0.8, 0.05, (-2.3, 1.0, 0)), workshop.STAINS[2], tile=2.6),
        Thing(block(0.8, 0.8, 0.8, 0.05, (-2.25, 1.0, 0.8)), workshop.BARE, tile=2.6),
        *shelf(5.0, [], wood(BEECH, 5), 6.0),
        *stack,
        *workshop.tower((-1.9, 5.9, 5.0), 0.5),
        Thing(moved(workshop.WOODEN_BOWL, (0.0, 5.9, 5.0), 0.55), wood(workshop.ELM, 33), tile=3),
    ]
    room(
        goods,
        out,
        wall=[0.56, 0.58, 0.46],
        table=wood(BEECH, 14, 0.5),
        key=[12, 11.6, 10.8],
        fill=[3.2, 3.2, 3.2],
        sky=[0.24, 0.24, 0.23],
        exposure=0.85,
    )


def kitchen(out):
    goods = [
        *workshop.canister(workshop.CREAM, 2.6, (-1.7, 2.2, 0), 0.85),
        *workshop.canister([0.55, 0.33, 0.09], 1.9, (0.1, 2.6, 0), 0.85),
        *workshop.flask(workshop.SAGE, (1.9, 1.6, 0), 0.85),
        *workshop.mill(workshop.DARK, (-1.35, 0.1, 0), 0.72),
        *workshop.mill(workshop.BARE, (-2.1, -0.2, 0), 0.62),
        workshop.wooden_bowl((0.55, -0.7, 0), 0.95),
        put(kiln.CUP, PERSIMMON, (2.1, -1.2, 0), 0.8),
        tea((2.1, -1.2, 0), 0.8),
        *shelf(5.0, [pot(kiln.BOWL, MOON, 2.2, 0.6), pot(kiln.JAR, OCHRE, 3.6, 0.55)], wood(OAK, 5)),
        *workshop.radio((-1.1, 6.2, 5.0), 0.62, -6),
    ]
    room(
        goods,
        out,
        wall=[0.62, 0.56, 0.48],
        table=wood(OAK, 18, 0.45),
        key=[13, 12, 10.2],
        fill=[2.4, 2.6, 3.0],
        sky=[0.2, 0.2, 0.2],
        exposure=0.9,
    )


COVERS = {
    "cover-winter-glazes": winter_glazes,
    "cover-lights-on": lights_on,
    "cover-candlelight": candlelight,
    "cover-toys": toys,
    "cover-kitchen": kitchen,
}
