# SPDX-License-Identifier: Apache-2.0
"""The hosts: three invented people in clay."""

from __future__ import annotations

import numpy as np
from shapes import ball, disc, joined, lathe, moved, sweep
from studio import Thing, ceramic, matte, metal

HEAD = np.array([0.0, 0.0, 3.05])


def on_head(x, y, z):
    """A place counted from the middle of the head."""
    return HEAD + np.array([x, y, z])


DARK = [0.025, 0.02, 0.018]


def cut(mesh, normal, origin):
    return mesh.slice_plane(origin, np.asarray(normal, float) / np.linalg.norm(normal))


def face(skin, lips):
    skin_ = matte(skin, 0.55)
    head = ball(0.9, HEAD, (0.93, 0.9, 1.06))
    ears = joined(*(ball(0.17, on_head(side * 0.84, 0.05, -0.05), (0.6, 0.8, 1.15)) for side in (-1, 1)))
    nose = ball(0.1, on_head(0, -0.83, -0.1), (0.85, 0.8, 0.95))
    neck = lathe([(0.36, 1.75), (0.32, 2.0), (0.34, 2.4)], wobble=0)
    eyes = joined(*(ball(0.085, on_head(side * 0.3, -0.76, 0.1), (0.9, 0.55, 1.25)) for side in (-1, 1)))
    brows = joined(
        *(
            sweep(
                [(s * 0.18, -0.79, 3.42), (s * 0.3, -0.77, 3.47), (s * 0.44, -0.69, 3.42)],
                [0.022, 0.03, 0.018],
            )
            for s in (-1, 1)
        )
    )
    smile = sweep(
        [(-0.2, -0.75, 2.72), (-0.1, -0.8, 2.63), (0.1, -0.8, 2.63), (0.2, -0.75, 2.72)], [0.02, 0.028, 0.02]
    )
    cheeks = joined(*(ball(0.17, on_head(s * 0.47, -0.665, -0.22), (1, 0.16, 0.7)) for s in (-1, 1)))
    rosy = [skin[0] * 1.02, skin[1] * 0.82, skin[2] * 0.78]
    return [
        Thing(joined(head, ears, nose, neck), skin_),
        Thing(joined(eyes), ceramic(DARK, 0.15)),
        Thing(brows, matte(DARK)),
        Thing(smile, matte(lips)),
        Thing(cheeks, matte(rosy, 0.6)),
    ]


def body(shirt, apron):
    torso = lathe(
        [
            (0, -0.6),
            (1.45, -0.6),
            (1.5, 0.2),
            (1.48, 0.9),
            (1.3, 1.5),
            (0.85, 1.85),
            (0.42, 2.0),
            (0.36, 2.02),
        ],
        wobble=0,
    )
    torso.vertices *= (1.0, 0.62, 1.0)
    front = torso.copy()
    front.vertices *= (1.02, 1.05, 1.0)
    front = cut(front, (0, -1, 0), (0, -0.25, 0))
    front = cut(front, (0, 0, -1), (0, 0, 1.45))
    front = cut(cut(front, (-1, 0, 0), (0.78, 0, 0)), (1, 0, 0), (-0.78, 0, 0))
    straps = joined(
        *(
            sweep([(s * 0.66, -0.86, 1.3), (s * 0.62, -0.72, 1.6), (s * 0.5, -0.3, 1.98)], [0.07] * 2)
            for s in (-1, 1)
        )
    )
    return [Thing(torso, matte(shirt, 0.85)), Thing(joined(front, straps), matte(apron, 0.9))]


def cap_of_hair(size, forehead, down):
    """Hair as a shell round the head, open towards the face."""
    shell = ball(size, on_head(0, 0.06, 0.06), (0.95, 0.94, 1.06))
    return cut(shell, (0, 0.75, 0.65), on_head(0, forehead, down))


def lin_yue():
    hair = joined(
        cap_of_hair(0.98, -0.3, 0.36), ball(0.42, on_head(0, 0.35, 1.05)),
        *(ball(0.3, on_head(s * 0.78, 0.1, 0.1), (0.45, 0.75, 1.2)) for s in (-1, 1)),
    )  # fmt: skip
    pin = sweep([(-0.75, 0.35, 4.25), (0, 0.3, 4.15), (0.75, 0.2, 4.0)], [0.03, 0.035, 0.05])
    return [
        Thing(hair, matte(DARK, 0.4)), Thing(pin, ceramic([0.36, 0.465, 0.39])),
        *face([0.60, 0.36, 0.24], [0.42, 0.10, 0.08]), *body([0.66, 0.64, 0.58], [0.14, 0.24, 0.20]),
    ]  # fmt: skip


def he_jun():
    hair = joined(cap_of_hair(0.97, -0.28, 0.42), ball(0.45, on_head(0.2, -0.3, 0.84), (1.35, 0.9, 0.5)))
    rims = [
        moved(disc(0.27, 0.05, 0.02, hole=0.225), on_head(s * 0.31, -0.86, 0.09), 1, (90, 0, s * 6))
        for s in (-1, 1)
    ]
    bridge = sweep([(-0.08, -0.9, 3.17), (0, -0.93, 3.2), (0.08, -0.9, 3.17)], [0.02] * 2)
    return [
        Thing(hair, matte(DARK, 0.4)), Thing(joined(*rims, bridge), metal([0.83, 0.60, 0.28], 0.25)),
        *face([0.56, 0.33, 0.21], [0.34, 0.11, 0.08]), *body([0.10, 0.13, 0.18], [0.50, 0.30, 0.14]),
    ]  # fmt: skip


def xu_nan():
    bob = ball(1.06, on_head(0, 0.14, -0.12), (0.98, 0.9, 1.08))
    bob = cut(cut(bob, (0, 1, 0.12), on_head(0, -0.18, 0)), (0, 0, 1), on_head(0, 0, -0.75))
    fringe = cut(ball(0.97, on_head(0, 0, 0.05), (0.96, 0.95, 1.06)), (0, 0, 1), on_head(0, 0, 0.46))
    band = moved(disc(1.06, 0.12, 0.05, hole=0.93), on_head(0, 0.1, 0.0), 1, (82, 0, 0))
    band = cut(band, (0, 0, 1), on_head(0, 0, 0.1))
    return [
        Thing(joined(bob, fringe), matte([0.05, 0.028, 0.018], 0.4)), Thing(band, matte([0.48, 0.10, 0.07])),
        *face([0.63, 0.39, 0.27], [0.45, 0.11, 0.09]), *body([0.55, 0.30, 0.10], [0.60, 0.54, 0.42]),
    ]  # fmt: skip


VIEW = {"size": (400, 400), "first": 3, "view": {"fill": 0.7, "lift": -0.035, "direction": (1.1, -9, 0.9)}}
PICTURES = {
    "host-qinghe": (lin_yue(), [0.42, 0.52, 0.47], VIEW),
    "host-luming": (he_jun(), [0.62, 0.42, 0.22], VIEW),
    "host-pinecone": (xu_nan(), [0.62, 0.62, 0.50], VIEW),
}
