# SPDX-License-Identifier: Apache-2.0
"""The photo studio: materials, lights, a camera that frames by itself, and the developing of the film.

A record of how the demo's pictures were made. The program never imports it, and what it needs is none of
our dependencies: PyPI `mitsuba trimesh pyoidn pillow numpy`, Debian `libllvm19`. See `render.py`.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

import mitsuba as mi
import numpy as np
import pyoidn
import trimesh
from PIL import Image

os.environ.setdefault("DRJIT_LIBLLVM_PATH", "libLLVM.so.19.1")  # read when the variant is chosen
mi.set_variant("llvm_ad_rgb")

T = mi.ScalarTransform4f
CELADON, MOON, INK = [0.36, 0.465, 0.39], [0.80, 0.82, 0.80], [0.035, 0.04, 0.045]
PERSIMMON, OCHRE, SKY = [0.62, 0.22, 0.08], [0.62, 0.42, 0.16], [0.34, 0.47, 0.60]
OAK, WALNUT, BEECH, ACACIA = (
    ([0.62, 0.47, 0.31], [0.46, 0.33, 0.20]),
    ([0.33, 0.22, 0.15], [0.16, 0.10, 0.07]),
    ([0.74, 0.58, 0.41], [0.62, 0.45, 0.29]),
    ([0.50, 0.30, 0.16], [0.28, 0.15, 0.08]),
)


def rgb(colour):
    return {"type": "rgb", "value": [float(part) for part in colour]}


def both(bsdf):
    return {"type": "twosided", "inner": bsdf}


def ceramic(colour, rough=0.18, coat=0.8):
    return both(
        {
            "type": "principled",
            "base_color": rgb(colour),
            "roughness": rough,
            "specular": 0.5,
            "clearcoat": coat,
            "clearcoat_gloss": 0.92,
        }
    )


def matte(colour, rough=0.8):
    return both({"type": "principled", "base_color": rgb(colour), "roughness": rough, "specular": 0.25})


def metal(colour, rough=0.25):
    return both({"type": "principled", "base_color": rgb(colour), "roughness": rough, "metallic": 1.0})


BRASS, STEEL, COPPER = [0.83, 0.60, 0.28], [0.72, 0.72, 0.71], [0.80, 0.45, 0.30]


def glowing_through(colour, through=1.0):
    """Paper or opal glass: thin, lets light through and scatters it."""
    return {
        "type": "principledthin",
        "base_color": rgb(colour),
        "roughness": 0.5,
        "diff_trans": float(through),
        "eta": 1.3,
        "spec_trans": 0.0,
    }


def glass():
    return {"type": "dielectric", "int_ior": 1.45}


def light(radiance):
    return {"glow": list(radiance)}


def _noise(random, width, height, across, down):
    grid = (random.random((down + 2, across + 2)) * 255).astype("uint8")
    return np.asarray(Image.fromarray(grid).resize((width, height), Image.BICUBIC)) / 255.0


def wood(tones, seed=1, rough=0.4, size=(1400, 900)):
    """Grain that runs along u: rings, and fine fibres."""
    random = np.random.default_rng(seed)
    width, height = size
    down = np.linspace(0, 1, height)[:, None]
    wave = down * 9 + 1.6 * _noise(random, width, height, 3, 6) + 0.5 * _noise(random, width, height, 8, 20)
    ring = 0.5 + 0.5 * np.sin(wave * 2 * np.pi)
    fibre = _noise(random, width, height, 30, 500)
    dark = 0.35 * ring + 0.55 * fibre + 0.2 * _noise(random, width, height, 4, 4) - 0.15
    dark = np.clip(dark, 0, 1)[..., None]
    return painted(np.array(tones[0]) * (1 - dark) + np.array(tones[1]) * dark, rough)


def painted(image, rough=0.5, raw=False):
    """A picture as the colour of a surface, laid on by u and v (mirrored where it ends)."""
    bitmap = mi.Bitmap((np.clip(image, 0, 1) * 255).astype("uint8"))
    texture = {"type": "bitmap", "bitmap": bitmap, "wrap_mode": "mirror", "raw": raw}
    return both({"type": "principled", "base_color": texture, "roughness": rough, "specular": 0.4})


class Thing:
    """A mesh with its material; `grain` is the axis along which the wood runs, `tile` its size."""

    def __init__(self, mesh, material, grain=0, tile=4.0, flat=False, shift=0.0):
        self.mesh, self.material, self.grain, self.tile = mesh, material, grain, tile
        self.flat, self.shift = flat, shift

    def built(self, name):
        points = np.asarray(self.mesh.vertices, np.float32)
        corners = np.asarray(self.mesh.faces, np.uint32)
        properties = mi.Properties()
        if "glow" in self.material:
            emitter = mi.load_dict({"type": "area", "radiance": rgb(self.material["glow"])})
            properties["mesh_emitter"] = emitter
            properties["mesh_bsdf"] = mi.load_dict({"type": "diffuse", "reflectance": rgb([0.8, 0.8, 0.8])})
        else:
            properties["mesh_bsdf"] = mi.load_dict(self.material)
        if self.flat:
            properties["face_normals"] = True
        built = mi.Mesh(name, len(points), len(corners), has_vertex_texcoords=True, props=properties)
        parameters = mi.traverse(built)
        along = points[:, self.grain]
        rest = [axis for axis in range(3) if axis != self.grain]
        across = 0.8 * points[:, rest[0]] + 0.6 * points[:, rest[1]]
        uv = np.stack([along, across], 1) / self.tile + 0.31 + self.shift
        parameters["vertex_positions"] = np.ravel(points)
        parameters["faces"] = np.ravel(corners)
        parameters["vertex_texcoords"] = np.ravel(uv.astype(np.float32))
        if not self.flat:
            normals = np.asarray(self.mesh.vertex_normals, np.float32)
            if "vertex_normals" in parameters:
                parameters["vertex_normals"] = np.ravel(normals)
        parameters.update()
        return built


def softbox(origin, target, wide, high, radiance):
    to_world = T().look_at(origin=origin, target=target, up=[0, 0, 1]) @ T().scale([wide, high, 1])
    emitter = {"type": "area", "radiance": rgb(radiance)}
    return {"type": "rectangle", "to_world": to_world, "emitter": emitter}


def daylight(strength=0.8):
    """The light of every product picture: a large soft key from the left, a cool fill, some from above."""
    key = [9 * strength, 8.8 * strength, 8.5 * strength]
    fill = [1.6 * strength, 1.7 * strength, 1.9 * strength]
    return {
        "key": softbox([-6, -5, 8], [0, 0, 1], 3, 3, key),
        "fill": softbox([8, -4, 4], [0, 0, 1], 2.4, 3, fill),
        "top": softbox([1, 3, 10], [0, 0, 0], 3, 2, [3 * strength] * 3),
        "env": {"type": "constant", "radiance": rgb([0.22, 0.22, 0.23])},
    }


def sweep_of_paper(colour):
    """The seamless ground that curves up into the wall."""
    y = np.concatenate(
        [np.linspace(-14, 3, 20), 3 + 4 * np.sin(np.linspace(0, np.pi / 2, 24)), np.full(8, 7.0)]
    )
    z = np.concatenate([np.zeros(20), 4 - 4 * np.cos(np.linspace(0, np.pi / 2, 24)), np.linspace(4, 22, 8)])
    points = np.array([(x, b, c) for b, c in zip(y, z, strict=True) for x in (-24.0, 24.0)])
    faces = []
    for i in range(len(y) - 1):
        faces += [[2 * i, 2 * i + 1, 2 * i + 3], [2 * i, 2 * i + 3, 2 * i + 2]]
    return Thing(trimesh.Trimesh(points, np.array(faces), process=False), matte(colour, 0.9))


def framed(things, direction=(2.2, -9.0, 4.0), fill=0.72, distance=10.5, lift=0.0):
    """Where the camera stands, what it looks at and how wide, so that the goods fill `fill` of the frame."""
    points = np.concatenate([np.asarray(thing.mesh.vertices) for thing in things])
    target = (points.min(0) + points.max(0)) / 2
    back = np.asarray(direction, float)
    back /= np.linalg.norm(back)
    right = np.cross([0, 0, 1.0], back)
    right /= np.linalg.norm(right)
    up = np.cross(back, right)
    for _ in range(6):
        origin = target + back * distance
        offset = points - origin
        depth = -(offset @ back)
        x, y = (offset @ right) / depth, (offset @ up) / depth
        centre = np.array([(x.min() + x.max()) / 2, (y.min() + y.max()) / 2 + lift])
        target = target + (right * centre[0] + up * centre[1]) * distance
    half = max(x.max() - x.min(), y.max() - y.min()) / 2 / fill
    return origin, target, float(np.degrees(2 * np.arctan(half)))


def camera(origin, target, angle, aperture=0.05, axis="smaller"):
    far = float(np.linalg.norm(np.asarray(origin) - np.asarray(target)))
    to_world = T().look_at(origin=list(map(float, origin)), target=list(map(float, target)), up=[0, 0, 1])
    lens = {"type": "thinlens", "aperture_radius": aperture, "focus_distance": far}
    return {**lens, "fov": angle, "fov_axis": axis, "to_world": to_world}


def develop(scene, lens, size, out, samples=14, exposure=0.95, depth=6, enlarged=1.0, limit=90_000):
    """Render, take the noise out, map to film, and save as JPEG of a size fit for the shop."""
    scene = {**scene, "type": "scene"}
    path = {"type": "path", "max_depth": depth, "rr_depth": 4}
    scene["integrator"] = {"type": "aov", "aovs": "al:albedo,nn:sh_normal", "img": path}
    film = {"type": "hdrfilm", "width": size[0], "height": size[1], "rfilter": {"type": "box"}}
    scene["sensor"] = {**lens, "film": {**film, "pixel_format": "rgb"}, "sampler": {"type": "independent"}}
    loaded = mi.load_dict(scene)
    layers = np.array(mi.render(loaded, spp=samples)).astype(np.float32)
    colour, albedo, normal = (np.ascontiguousarray(layers[..., i : i + 3]) for i in (0, 3, 6))
    colour = pyoidn.denoise(np.nan_to_num(colour), np.clip(albedo, 0, 1), np.clip(normal, -1, 1), hdr=True)
    x = np.maximum(colour * exposure, 0)
    y = np.clip((x * (2.51 * x + 0.03)) / (x * (2.43 * x + 0.59) + 0.14), 0, 1) ** (1 / 2.2)
    image = Image.fromarray((y * 255 + 0.5).astype("uint8"))
    if enlarged != 1.0:
        image = image.resize((round(size[0] * enlarged), round(size[1] * enlarged)), Image.LANCZOS)
    y = np.asarray(image) / 255.0
    grain = np.random.default_rng(0).normal(0, 0.0025, y.shape[:2])[..., None]  # against banding on the paper
    save(Image.fromarray((np.clip(y + grain, 0, 1) * 255 + 0.5).astype("uint8")), out, limit)


def save(image, out, limit):
    for quality in range(88, 60, -3):
        held = io.BytesIO()
        image.save(held, "JPEG", quality=quality, optimize=True, progressive=True)
        if held.tell() <= limit:
            break
    Path(out).write_bytes(held.getvalue())


def photograph(
    things, paper, out, *, size=(768, 768), light_=0.8, view=None, first=None, aperture=0.05, **film
):
    """One product picture on its paper; the camera frames the `first` few things, else all."""
    scene = daylight(light_)
    for index, thing in enumerate([sweep_of_paper(paper), *things]):
        scene[f"thing{index}"] = thing.built(f"thing{index}")
    develop(scene, camera(*framed(things[:first], **(view or {})), aperture), size, out, **film)
