# SPDX-License-Identifier: Apache-2.0
"""Qinghe Kiln: porcelain turned on the wheel. Profiles are (radius, height) pairs from foot to lip."""

from __future__ import annotations

from shapes import ball, joined, lathe, leaves, moved, sweep
from studio import CELADON, INK, MOON, OCHRE, PERSIMMON, SKY, Thing, ceramic, matte

TEA = matte([0.25, 0.09, 0.02], 0.05)

POT_LID = lathe(
    [(0.52, 1.30), (0.53, 1.34), (0.42, 1.42), (0.2, 1.5), (0.1, 1.53), (0.09, 1.6), (0.17, 1.68),
     (0.15, 1.78), (0.05, 1.83), (0, 1.83)],
)  # fmt: skip
POT_BODY = lathe(
    [(0, 0), (0.55, 0), (0.58, 0.06), (0.6, 0.08), (0.95, 0.3), (1.1, 0.7), (0.98, 1.08), (0.62, 1.26),
     (0.5, 1.3), (0.47, 1.34), (0.42, 1.33)],
)  # fmt: skip
POT_SPOUT = sweep(
    [(0.85, 0, 0.5), (1.2, 0, 0.62), (1.42, 0, 0.95), (1.55, 0, 1.22), (1.78, 0, 1.42)],
    [0.3, 0.24, 0.17, 0.12, 0.1],
    smooth=3,
)
POT_HANDLE = sweep(
    [(-0.72, 0, 1.16), (-1.15, 0, 1.52), (-1.75, 0, 1.3), (-1.75, 0, 0.7), (-1.35, 0, 0.36), (-0.9, 0, 0.45)],
    [0.1, 0.1, 0.11, 0.11, 0.1, 0.1],
    flat=0.85,
)
TEAPOT = joined(POT_BODY, POT_LID, POT_SPOUT, POT_HANDLE)
CUP = lathe(
    [(0, 0), (0.26, 0), (0.28, 0.05), (0.29, 0.08), (0.46, 0.22), (0.56, 0.5), (0.6, 0.78), (0.59, 0.8),
     (0.565, 0.78), (0.52, 0.5), (0.42, 0.24), (0.2, 0.13), (0, 0.12)],
)  # fmt: skip
FILLED = lathe([(0, 0.6), (0.5, 0.6), (0.538, 0.6)], smooth=0)
BOWL = lathe(
    [(0, 0), (0.4, 0), (0.42, 0.1), (0.45, 0.12), (0.95, 0.45), (1.25, 0.85), (1.24, 0.88), (1.2, 0.86),
     (0.9, 0.5), (0.45, 0.22), (0, 0.18)],
)  # fmt: skip
PLATE = lathe(
    [(0, 0), (0.7, 0), (0.72, 0.06), (1.2, 0.16), (1.5, 0.26), (1.5, 0.29), (1.45, 0.28), (1.1, 0.18),
     (0.6, 0.12), (0, 0.12)],
)  # fmt: skip
VASE = lathe(
    [(0, 0), (0.5, 0), (0.52, 0.05), (0.85, 0.5), (0.98, 1.1), (0.78, 1.75), (0.34, 2.2), (0.2, 2.55),
     (0.19, 2.9), (0.27, 3.1), (0.26, 3.12), (0.22, 3.08), (0.15, 2.85), (0.15, 2.5)],
)  # fmt: skip
JAR = lathe(
    [(0, 0), (0.7, 0), (0.75, 0.06), (1.05, 0.6), (1.12, 1.3), (1.0, 1.9), (0.72, 2.2), (0.66, 2.3),
     (0.70, 2.38), (0.62, 2.36), (0.6, 2.2), (0.9, 1.8), (1.0, 1.2), (0.9, 0.5), (0, 0.2)],
)  # fmt: skip
JAR_LID = lathe(
    [(0.74, 2.40), (0.76, 2.44), (0.7, 2.52), (0.3, 2.62), (0.12, 2.66), (0.11, 2.72), (0.2, 2.8),
     (0.19, 2.9), (0.1, 2.95), (0, 2.95)],
)  # fmt: skip
BOTTLE = lathe(
    [(0, 0), (0.62, 0), (0.66, 0.05), (0.7, 0.8), (0.68, 1.5), (0.5, 1.85), (0.2, 2.05), (0.17, 2.6),
     (0.25, 2.75), (0.24, 2.77), (0.15, 2.7), (0.14, 2.2)],
)  # fmt: skip
GAIWAN = joined(
    lathe(
        [(0, 0.16), (0.32, 0.16), (0.34, 0.24), (0.36, 0.26), (0.6, 0.5), (0.78, 0.92), (0.9, 1.12),
         (0.89, 1.14), (0.84, 1.1), (0.7, 0.85), (0.4, 0.4), (0, 0.36)],
    ),
    lathe(
        [(0, 0), (0.3, 0), (0.32, 0.05), (0.8, 0.12), (1.02, 0.24), (1.01, 0.27), (0.8, 0.18), (0.4, 0.14),
         (0, 0.14)],
    ),
    lathe(
        [(0.74, 1.08), (0.75, 1.12), (0.5, 1.32), (0.2, 1.42), (0.17, 1.46), (0.26, 1.58), (0.24, 1.6),
         (0.1, 1.54), (0, 1.54)],
    ),
)  # fmt: skip
PITCHER = joined(
    lathe(
        [(0, 0), (0.5, 0), (0.53, 0.05), (0.7, 0.35), (0.72, 0.75), (0.56, 1.15), (0.5, 1.4), (0.58, 1.6),
         (0.56, 1.61), (0.47, 1.42), (0.52, 1.15), (0.66, 0.7), (0.5, 0.2), (0, 0.15)],
    ),
    sweep([(-0.5, 0, 1.38), (-0.95, 0, 1.5), (-1.2, 0, 1.0), (-0.95, 0, 0.5), (-0.62, 0, 0.48)], [0.075] * 4),
    sweep([(0.42, 0, 1.4), (0.55, 0, 1.5), (0.72, 0, 1.62)], [0.16, 0.13, 0.05], smooth=2),
)  # fmt: skip
CENSER = lathe(
    [(0, 0.2), (0.35, 0.2), (0.4, 0.24), (0.75, 0.35), (0.9, 0.7), (0.8, 0.98), (0.72, 1.02), (0.86, 1.1),
     (0.84, 1.12), (0.66, 1.04), (0.7, 0.7), (0.5, 0.45), (0, 0.42)],
)  # fmt: skip
CENSER_FEET = joined(
    *(
        moved(lathe([(0, 0), (0.1, 0), (0.13, 0.1), (0.17, 0.25), (0.15, 0.4), (0, 0.4)]), (x, y, 0))
        for x, y in ((0.0, -0.5), (0.45, 0.27), (-0.45, 0.27))
    )
)
ASH = lathe([(0, 0.93), (0.3, 0.93), (0.7, 0.9)], smooth=0)
TWIG_PATH = [(0, 0, 2.6), (0.1, 0.05, 3.6), (0.5, 0, 4.4), (0.7, -0.1, 5.3), (1.3, -0.1, 6.0)]
TWIG, LEAVES = sweep(TWIG_PATH, [0.035, 0.035, 0.03, 0.02, 0.012], 12), leaves(TWIG_PATH, 46)
BARK, GREEN = matte([0.12, 0.08, 0.05]), matte([0.18, 0.27, 0.12], 0.5)


def put(mesh, colour, at=(0, 0, 0), scale=1.0, turn=0.0, rough=0.18, coat=0.8):
    return Thing(moved(mesh, at, scale, (0, 0, turn)), ceramic(colour, rough, coat))


def bunch(at, scale):
    """The twig and its leaves, to stand in a vase of that scale."""
    return [Thing(moved(TWIG, at, scale), BARK), Thing(moved(LEAVES, at, scale), GREEN)]


def tea(at, scale=1.0):
    return Thing(moved(FILLED, at, scale), TEA)


GREY, WARM = [0.72, 0.74, 0.73], [0.80, 0.77, 0.73]
PICTURES = {
    "teaset": (
        [
            put(TEAPOT, CELADON, (0.1, 0.3, 0), turn=-25),
            put(CUP, CELADON, (-1.35, -1.2, 0)),
            put(CUP, CELADON, (0.25, -1.75, 0)),
            tea((0.25, -1.75, 0)),
            put(CUP, CELADON, (1.6, -1.1, 0)),
            put(CUP, CELADON, (-2.05, 0.35, 0)),
        ],
        GREY,
        {"view": {"fill": 0.78}},
    ),
    "teaset-2": (
        [put(TEAPOT, CELADON, turn=20)],
        [0.46, 0.51, 0.48],
        {"view": {"fill": 0.9, "direction": (-3.5, -8, 5.2)}},
    ),
    "gaiwan": ([put(GAIWAN, MOON)], [0.30, 0.37, 0.36], {"view": {"fill": 0.76}}),
    "gaiwan-2": (
        [
            put(GAIWAN, MOON),
            put(CUP, MOON, (1.5, -0.9, 0), 0.8),
            tea((1.5, -0.9, 0), 0.8),
            put(CUP, MOON, (1.9, 0.7, 0), 0.8),
        ],
        [0.62, 0.58, 0.52],
        {"view": {"fill": 0.82, "direction": (1.2, -8, 5.5)}},
    ),
    "vase": (
        [put(VASE, INK, rough=0.25), *bunch((0, 0, 1.1), 0.62)],
        [0.78, 0.74, 0.70],
        {"view": {"fill": 0.84}},
    ),
    "vase-2": (
        [
            put(VASE, INK, (-1.1, 0.2, 0), 0.9, rough=0.25),
            put(VASE, CELADON, (0.9, 0.5, 0), 0.75),
            put(VASE, MOON, (0.35, -0.95, 0), 0.55),
        ],
        WARM,
        {"view": {"fill": 0.8}},
    ),
    "bowls": ([put(BOWL, PERSIMMON, rough=0.22)], [0.82, 0.78, 0.73], {"view": {"fill": 0.76}}),
    "bowls-2": (
        [put(BOWL, PERSIMMON, (0, 0, 0.62), rough=0.22), put(BOWL, MOON, (0, 0, 0.31)), put(BOWL, SKY)],
        [0.70, 0.71, 0.70],
        {"view": {"fill": 0.76, "direction": (2.2, -9, 3.0)}},
    ),
    "plates": (
        [
            put(PLATE, SKY, (0, 0, 0.30)),
            put(PLATE, SKY, (0.03, 0, 0.15)),
            put(PLATE, SKY),
            put(CUP, SKY, (0.1, 0, 0.42), 0.9),
        ],
        [0.80, 0.81, 0.82],
        {"view": {"fill": 0.8}},
    ),
    "jar": (
        [put(JAR, OCHRE, rough=0.3, coat=0.6), put(JAR_LID, OCHRE, rough=0.3, coat=0.6)],
        [0.84, 0.82, 0.77],
        {"view": {"fill": 0.74}},
    ),
    "bottle": (
        [put(BOTTLE, MOON, (-0.6, 0, 0), rough=0.3), put(BOTTLE, CELADON, (0.95, 0.5, 0), 0.82, rough=0.25)],
        [0.60, 0.65, 0.64],
        {"view": {"fill": 0.72}},
    ),
    "cups": (
        [put(CUP, INK, (-0.7, 0.1, 0), 1.2, rough=0.3), put(CUP, MOON, (0.72, -0.25, 0), 1.2)],
        [0.74, 0.75, 0.72],
        {"view": {"fill": 0.74}},
    ),
    "pitcher": (
        [put(PITCHER, MOON, turn=-20), put(CUP, MOON, (1.45, -0.7, 0), 0.85), tea((1.45, -0.7, 0), 0.85)],
        [0.42, 0.50, 0.52],
        {"view": {"fill": 0.76}},
    ),
    "censer": (
        [
            put(CENSER, CELADON),
            put(CENSER_FEET, CELADON),
            Thing(ASH, matte([0.5, 0.48, 0.45], 0.95)),
            Thing(
                joined(
                    *(
                        ball(0.13 - 0.02 * k, (0.16 * k - 0.15, 0.1 * (-1) ** k, 0.98), (1.2, 1, 0.6))
                        for k in range(3)
                    )
                ),
                matte([0.1, 0.06, 0.04]),
            ),
        ],
        [0.77, 0.70, 0.60],
        {"view": {"fill": 0.72, "direction": (2.2, -8, 4.6)}},
    ),
}


def tea_set(colour):
    return [
        put(TEAPOT, colour, (0.1, 0.3, 0), turn=-25),
        *(
            put(CUP, colour, at)
            for at in ((-1.35, -1.2, 0), (0.25, -1.75, 0), (1.6, -1.1, 0), (-2.05, 0.35, 0))
        ),
        tea((0.25, -1.75, 0)),
    ]


PICTURES |= {
    "teaset-moon": (tea_set(MOON), [0.46, 0.51, 0.50], {"view": {"fill": 0.78}}),
    "vase-celadon": (
        [put(VASE, CELADON, rough=0.25), *bunch((0, 0, 1.1), 0.62)],
        [0.78, 0.74, 0.70],
        {"view": {"fill": 0.84}},
    ),
    "vase-moon": (
        [put(VASE, MOON, rough=0.25), *bunch((0, 0, 1.1), 0.62)],
        [0.60, 0.56, 0.52],
        {"view": {"fill": 0.84}},
    ),
    "bowls-moon": ([put(BOWL, MOON, rough=0.22)], [0.52, 0.49, 0.45], {"view": {"fill": 0.76}}),
    "bowls-sky": ([put(BOWL, SKY, rough=0.22)], [0.80, 0.79, 0.77], {"view": {"fill": 0.76}}),
}
