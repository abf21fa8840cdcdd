# SPDX-License-Identifier: Apache-2.0
"""Shapes to put before the camera: turned, swept, bent and rounded bodies as plain triangle meshes."""

from __future__ import annotations

import numpy as np
import trimesh
from trimesh.transformations import euler_matrix


def soften(points, times=3):
    """Chaikin's corner cutting: the polyline, rounder each time, ends kept."""
    points = np.asarray(points, float)
    for _ in range(times):
        cut = np.empty((2 * len(points) - 2, points.shape[1]))
        cut[0::2] = 0.75 * points[:-1] + 0.25 * points[1:]
        cut[1::2] = 0.25 * points[:-1] + 0.75 * points[1:]
        points = np.vstack([points[:1], cut, points[-1:]])
    return points


def _grid(vertices, rows, columns, closed=True):
    """A mesh from rows of rings (or of open strips)."""
    last = columns if closed else columns - 1
    i, j = np.arange(rows - 1)[:, None], np.arange(last)[None]
    k = (j + 1) % columns
    a, b, c, d = i * columns + j, i * columns + k, (i + 1) * columns + k, (i + 1) * columns + j
    faces = [np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)]
    return trimesh.Trimesh(vertices.reshape(-1, 3), np.concatenate(faces), process=False)


def lathe(profile, segments=144, smooth=3, wobble=0.004, ribs=0, depth=0.0, seed=0):
    """A body of revolution from (radius, height) pairs; a hand's wobble and ribs if wanted."""
    line = soften(profile, smooth)
    angle = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    phase = np.random.default_rng(seed).random() * 6
    round_ = 1 + wobble * np.sin(3 * angle + phase) + 0.7 * wobble * np.sin(5 * angle)
    if ribs:
        round_ = round_ + depth * np.cos(ribs * angle)
    radius = line[:, :1] * round_[None]
    height = np.repeat(line[:, 1:], segments, 1)
    vertices = np.stack([radius * np.cos(angle), radius * np.sin(angle), height], -1)
    return _grid(vertices, len(line), segments)


def sweep(path, radii, sides=40, smooth=4, flat=1.0):
    """A round bar along a softened path; radii are spread evenly over it."""
    line = soften(path, smooth)
    step = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    even = np.linspace(0, step[-1], 96)
    line = np.stack([np.interp(even, step, line[:, axis]) for axis in range(3)], 1)
    radius = np.interp(np.linspace(0, 1, len(line)), np.linspace(0, 1, len(radii)), radii)
    along = np.gradient(line, axis=0)
    along /= np.linalg.norm(along, axis=1)[:, None]
    normal = np.cross(along[0], [0.0, 1, 0] if abs(along[0][1]) < 0.9 else [1.0, 0, 0])
    frames = []
    for direction in along:  # carried along, so that the bar does not twist
        normal = normal - direction * np.dot(normal, direction)
        normal /= np.linalg.norm(normal)
        frames.append((normal, np.cross(direction, normal)))
    n, b = (np.array(part) for part in zip(*frames, strict=True))
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    ring = np.cos(angle)[None, :, None] * n[:, None] * flat + np.sin(angle)[None, :, None] * b[:, None]
    body = _grid(line[:, None] + radius[:, None, None] * ring, len(line), sides)
    return trimesh.util.concatenate([body, *(ball(radii[k], line[k]) for k in (0, -1))])


def ball(radius, at=(0, 0, 0), squash=(1, 1, 1)):
    mesh = trimesh.creation.icosphere(4, 1.0)
    mesh.vertices *= np.asarray(squash) * radius
    mesh.vertices += at
    return mesh


def block(width, depth, height, edge=0.06, at=(0, 0, 0), cuts=24):
    """A box standing on z = 0 with softly rounded edges."""
    half = np.array([width, depth, height]) / 2
    side = np.linspace(-1, 1, cuts)
    a, b = np.meshgrid(side, side, indexing="ij")
    parts = []
    for axis in range(3):
        for sign in (-1, 1):
            cube = np.empty((cuts, cuts, 3))
            cube[..., axis] = sign
            cube[..., (axis + 1) % 3], cube[..., (axis + 2) % 3] = a, b
            # the nodes crowd at the edges, where the rounding is
            cube = np.sign(cube) * np.abs(np.sin(cube * np.pi / 2)) ** 0.6
            point = cube * half
            inner = np.clip(point, -(half - edge), half - edge)
            out = point - inner
            length = np.linalg.norm(out, axis=-1, keepdims=True)
            point = np.where(length > 1e-9, inner + edge * out / np.maximum(length, 1e-9), point)
            part = _grid(point, cuts, cuts, closed=False)
            if sign < 0:
                part.invert()
            parts.append(part)
    mesh = trimesh.util.concatenate(parts)
    mesh.merge_vertices(digits_vertex=6)
    mesh.vertices += np.array([0, 0, height / 2]) + at
    return mesh


def arch(inner, outer, depth, edge=0.05, turn=np.pi):
    """A half ring standing on its feet: a rounded bar bent round the origin in the x-z plane."""
    half = np.array([(outer - inner) / 2, depth / 2])
    corner = np.linspace(0, np.pi / 2, 8)
    section = []
    for quarter, (sx, sy) in enumerate([(1, 1), (-1, 1), (-1, -1), (1, -1)]):
        bend = corner + quarter * np.pi / 2
        centre = (half - edge) * (sx, sy)
        section += [centre + edge * np.array([np.cos(t), np.sin(t)]) for t in bend]
    section = np.array(section)
    middle = (inner + outer) / 2
    rings = []
    for angle in np.linspace(0, turn, 72):
        radius = middle + section[:, 0]
        rings.append(np.stack([radius * np.cos(angle), section[:, 1], radius * np.sin(angle)], -1))
    body = _grid(np.array(rings), len(rings), len(section))
    ends = []
    for ring in (rings[0], rings[-1]):
        fan = np.vstack([ring, ring.mean(0)])
        index = np.arange(len(ring))
        faces = np.stack([index, (index + 1) % len(ring), np.full(len(ring), len(ring))], -1)
        ends.append(trimesh.Trimesh(fan, faces, process=False))
    return trimesh.util.concatenate([body, *ends])


def disc(radius, thick, edge=0.04, at=(0, 0, 0), hole=0.0):
    """A round plate with soft edges lying on z = 0."""
    e = min(edge, thick / 2.01)
    bend = np.linspace(0, np.pi / 2, 9)
    out, up = np.sin(bend) * e, np.cos(bend) * e
    ring = [(radius - e + a, e - b) for a, b in zip(out, up, strict=True)]
    ring += [(radius - e + b, thick - e + a) for a, b in zip(out, up, strict=True)]
    if hole:
        ring += [(hole + e - a, thick - e + b) for a, b in zip(out, up, strict=True)]
        ring += [(hole + e - b, e - a) for a, b in zip(out, up, strict=True)]
        ring += ring[:1]
    else:
        ring = [(0, 0), *ring, (0, thick)]
    mesh = lathe(ring, smooth=0, wobble=0)
    mesh.vertices += at
    return mesh


def moved(mesh, at=(0, 0, 0), scale=1.0, turn=(0, 0, 0)):
    """A copy, scaled, turned (degrees about x, y, z) and carried to its place."""
    copy = mesh.copy()
    copy.apply_scale(scale)
    copy.apply_transform(euler_matrix(*np.radians(turn)))
    copy.apply_translation(at)
    return copy


def joined(*meshes):
    return trimesh.util.concatenate(list(meshes))


def leaves(path, count, size=(0.26, 0.10, 0.018), seed=4):
    """Leaves scattered along a twig."""
    random = np.random.default_rng(seed)
    path = np.asarray(path, float)
    where = np.linspace(0, 1, len(path))
    made = []
    for _ in range(count):
        t = random.uniform(0.3, 1)
        centre = np.array([np.interp(t, where, path[:, axis]) for axis in range(3)])
        leaf = trimesh.creation.icosphere(2, 1)
        leaf.vertices *= np.array(size) * random.uniform(0.6, 1.15)
        leaf.vertices[:, 2] += 0.5 * leaf.vertices[:, 0] ** 2
        leaf.apply_translation((size[0] * 1.15, 0, 0))
        leaf.apply_transform(
            euler_matrix(random.uniform(-0.7, 0.7), random.uniform(-1.1, 0.3), random.uniform(0, 6.28))
        )
        leaf.apply_translation(centre)
        made.append(leaf)
    return trimesh.util.concatenate(made)
