"""Renders a described scene with Blender's Cycles; run by the actors' own interpreter, on its own.

    python blender.py SCENE FRAMES…

SCENE is a folder that `scene.py` describes: `scene.json`, `pieces.npz`, pictures, and what moves of
each frame as `moves/00000.npz`. Each frame becomes `frames/00000.npz`: `rgb` float16 (H, W, 3)
linear light, `cover` uint8 (H, W, labels) how much of a pixel each label covers, `exchanged` uint8
(H, W) how much of it is the donor's, `depth` float16 (H, W) decimetres.

It knows nothing of Faceloom, since that cannot be imported here.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import bpy
import mathutils
import numpy as np
import OpenEXR

# Ours: y up, z to the camera. Blender's: z up, y away from it.
AXES = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
POWER = {"key": 1150.0, "fill": 330.0, "rim": 330.0}
AROUND = 0.35
AIM = (0.0, 8.1, 0.5)


def main(folder: Path, frames: list[int]) -> None:
    """Render these frames of the scene, each written whole or not at all."""
    told = json.loads((folder / "scene.json").read_text())
    scene = Scene(folder, told)
    for frame in frames:
        target = folder / "frames" / f"{frame:05d}.npz"
        if target.exists():
            continue
        scene.pose(frame)
        part = target.with_suffix(f".{os.getpid()}.part")
        with part.open("wb") as file:
            np.savez(file, **scene.rendered())
        part.replace(target)
        print(f"frame {frame}", flush=True)


class Scene:
    """Blender's scene, set up once and moved frame by frame."""

    def __init__(self, folder: Path, told: dict[str, Any]) -> None:
        bpy.ops.wm.read_factory_settings(use_empty=True)
        self.folder, self.told = folder, told
        self.scene = bpy.context.scene
        self.labels: dict[str, int] = {}
        pieces = np.load(folder / "pieces.npz")
        self.objects = {piece["name"]: self.piece(piece, pieces) for piece in told["pieces"]}
        self.camera = self.placed(bpy.data.cameras.new("camera"))
        self.scene.camera = self.camera
        self.lamps = {name: self.placed(bpy.data.lights.new(name, "AREA")) for name in POWER}
        self.world()
        self.passes()
        self.engine()

    # --- what there is ---

    def placed(self, data: Any) -> Any:
        thing = bpy.data.objects.new(data.name, data)
        self.scene.collection.objects.link(thing)
        return thing

    def piece(self, piece: dict[str, Any], arrays: Any) -> Any:
        name = piece["name"]
        material = Material(self.folder, piece)
        self.labels[material.material.name] = piece["label"]
        if piece["material"]["kind"] == "strands":
            return self.strands(name, arrays, material)
        sizes, flat = arrays[f"{name}.sizes"], arrays[f"{name}.faces"]
        faces = [face.tolist() for face in np.split(flat, np.cumsum(sizes)[:-1])]
        mesh = bpy.data.meshes.new(name)
        mesh.from_pydata(np.zeros((int(flat.max()) + 1, 3)).tolist(), [], faces)
        if f"{name}.uv" in arrays:
            mesh.uv_layers.new(name="UV").data.foreach_set("uv", arrays[f"{name}.uv"].ravel())
        mesh.polygons.foreach_set("use_smooth", np.full(len(faces), piece["smooth"]))
        for attribute in ("exchanged", "tone"):
            if f"{name}.{attribute}" in arrays:
                values = mesh.attributes.new(attribute, "FLOAT", "POINT")
                values.data.foreach_set("value", arrays[f"{name}.{attribute}"].astype(np.float32))
        thing = self.placed(mesh)
        mesh.materials.append(material.material)
        if piece["subdivide"]:
            modifier = thing.modifiers.new("subdivide", "SUBSURF")
            modifier.levels = modifier.render_levels = piece["subdivide"]
            modifier.uv_smooth = "PRESERVE_BOUNDARIES"
        if self.told["shutter"]:
            thing.shape_key_add(name="open")
            thing.shape_key_add(name="shut")
            key = mesh.shape_keys.key_blocks["shut"]
            for at, value in ((1, 0.0), (3, 1.0)):
                key.value = value
                key.keyframe_insert("value", frame=at)
            for curve in mesh.shape_keys.animation_data.action.fcurves:
                for point in curve.keyframe_points:
                    point.interpolation = "LINEAR"
        if piece["backdrop"]:
            for ray in ("diffuse", "glossy", "shadow"):
                setattr(thing, f"visible_{ray}", False)
        return thing

    def strands(self, name: str, arrays: Any, material: Material) -> Any:
        curves = bpy.data.hair_curves.new(name)
        sizes = arrays[f"{name}.sizes"]
        curves.add_curves(sizes.tolist())
        curves.attributes.new("radius", "FLOAT", "POINT").data.foreach_set(
            "value", arrays[f"{name}.radius"].astype(np.float32)
        )
        for attribute in ("exchanged", "tone"):
            if f"{name}.{attribute}" in arrays:
                values = curves.attributes.new(attribute, "FLOAT", "POINT")
                values.data.foreach_set("value", arrays[f"{name}.{attribute}"].astype(np.float32))
        curves.materials.append(material.material)
        return self.placed(curves)

    def world(self) -> None:
        world = bpy.data.worlds.new("world")
        self.scene.world = world
        world.use_nodes = True
        self.around = world.node_tree.nodes["Background"]
        self.around.inputs[0].default_value = (0.8, 0.85, 0.9, 1)

    def passes(self) -> None:
        layer = self.scene.view_layers[0]
        layer.use_pass_z = True
        layer.use_pass_cryptomatte_material = True
        layer.pass_cryptomatte_depth = 6
        aov = layer.aovs.add()
        aov.name, aov.type = "mask", "COLOR"

    def engine(self) -> None:
        render, cycles = self.scene.render, self.scene.cycles
        render.engine = "CYCLES"
        render.resolution_x = render.resolution_y = self.told["size"]
        render.resolution_percentage = 100
        render.use_persistent_data = True
        render.threads_mode, render.threads = "FIXED", self.told["threads"]
        render.image_settings.file_format = "OPEN_EXR_MULTILAYER"
        render.image_settings.color_depth = "32"
        render.image_settings.exr_codec = "NONE"
        render.use_motion_blur = self.told["shutter"] > 0
        render.motion_blur_shutter = 2.0  # the keys stand one frame before and one behind
        cycles.device = "CPU"
        cycles.samples, cycles.use_adaptive_sampling = self.told["samples"], False
        cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
        cycles.denoising_input_passes = "RGB_ALBEDO_NORMAL"
        cycles.denoising_prefilter = "FAST"
        cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 4, 2, 1
        cycles.transmission_bounces, cycles.transparent_max_bounces = 0, 12
        cycles.caustics_reflective = cycles.caustics_refractive = False
        cycles.seed = 7
        cycles.pixel_filter_type, cycles.filter_width = "BLACKMAN_HARRIS", 1.5
        self.scene.view_settings.view_transform = "Standard"

    # --- a frame of it ---

    def pose(self, frame: int) -> None:
        moves = np.load(self.folder / "moves" / f"{frame:05d}.npz")
        told = json.loads(str(moves["told"]))
        for name, thing in self.objects.items():
            if name in moves:
                self.move(thing, moves[name])
        self.look(told["camera"])
        self.shine(told["light"])
        self.crease(told["wrinkles"])
        self.scene.frame_set(2)

    def crease(self, depths: list[float]) -> None:
        for node in bpy.data.materials["skin"].node_tree.nodes:
            if node.label.startswith("wrinkles "):
                node.inputs[1].default_value = -1.6 * depths[int(node.label[-1])]

    def move(self, thing: Any, positions: Any) -> None:
        """Put vertices (K, V, 3): one instant, or where they are as the shutter opens and shuts."""
        turned = [np.ascontiguousarray(each @ AXES.T, np.float32).ravel() for each in positions]
        if thing.type == "CURVES":
            thing.data.attributes["position"].data.foreach_set("vector", sum(turned) / len(turned))
        elif thing.data.shape_keys:
            for key, each in zip(thing.data.shape_keys.key_blocks, turned, strict=True):
                key.data.foreach_set("co", each)
            thing.data.vertices.foreach_set("co", turned[0])
        else:
            thing.data.vertices.foreach_set("co", turned[0])
        thing.data.update_tag()

    def look(self, told: dict[str, Any]) -> None:
        data = self.camera.data
        data.sensor_width, data.lens = 36, 36 / (2 * told["half"])
        data.clip_end = 200
        matrix = np.eye(4)
        matrix[:3, :3] = AXES @ np.array(told["rotation"])
        matrix[:3, 3] = AXES @ np.array(told["position"])
        self.camera.matrix_world = mathutils.Matrix(matrix.tolist())
        data.dof.use_dof = told["aperture"] > 0
        if told["aperture"] > 0:
            data.dof.focus_distance = told["focus"]
            # Cycles takes a lens in millimetres of a unit that is a metre; ours is a decimetre.
            data.dof.aperture_fstop = told["aperture"] / 10

    def shine(self, light: dict[str, Any]) -> None:
        azimuth = np.radians(light["azimuth"])
        self.lamp(
            "key",
            (11.4 * np.sin(azimuth), light["height"], 11.4 * np.cos(azimuth)),
            light["spread"],
            light["key"],
            light["colour"],
        )
        self.lamp("fill", (3.5, 8.8, 13), 5, light["fill"], light["fill_colour"])
        self.lamp("rim", (5, 12, -6), 3, light["rim"], (1, 0.97, 0.9))
        self.around.inputs[1].default_value = AROUND * light["around"]

    def lamp(self, name: str, position: Any, spread: float, power: float, colour: Any) -> None:
        lamp = self.lamps[name]
        lamp.data.size, lamp.data.energy, lamp.data.color = spread, POWER[name] * power, colour
        lamp.location = AXES @ np.array(position)
        along = mathutils.Vector(AXES @ (np.array(AIM) - np.array(position)))
        lamp.rotation_euler = along.to_track_quat("-Z", "Y").to_euler()

    def rendered(self) -> dict[str, Any]:
        path = self.folder / f"render.{os.getpid()}.exr"
        self.scene.render.filepath = str(path)
        bpy.ops.render.render(write_still=True)
        file = OpenEXR.File(str(path), separate_channels=True)
        channels = {name: channel.pixels for name, channel in file.parts[0].channels.items()}
        header = file.parts[0].header
        path.unlink()

        def read(*ends: str) -> Any:
            planes = [next(p for n, p in channels.items() if n.endswith(end)) for end in ends]
            return np.stack(planes, -1).astype(np.float32)

        rgb = read("Combined.R", "Combined.G", "Combined.B")
        mask = read("mask.R", "mask.G")
        cover = self.covered(channels, header)
        depth = read("Depth.Z")[..., 0]
        mean = np.where(mask[..., 1] > 1e-4, mask[..., 0] / np.maximum(mask[..., 1], 1e-4), 0)
        share = np.isin(self.told["faced"], range(cover.shape[-1]))
        faced = cover[..., self.told["faced"]].sum(-1) if share.any() else 0
        exchanged = np.clip(mean * faced, 0, 1)
        return {
            "rgb": np.clip(rgb, 0, 60000).astype(np.float16),
            "cover": np.rint(255 * np.clip(cover, 0, 1)).astype(np.uint8),
            "exchanged": np.rint(255 * exchanged).astype(np.uint8),
            "depth": np.minimum(depth, 60000).astype(np.float16),
        }

    def covered(self, channels: dict[str, Any], header: dict[str, Any]) -> Any:
        """How much of a pixel each label covers, transparency and hair counted."""
        manifest = next(json.loads(v) for k, v in header.items() if k.endswith("/manifest"))
        labels = {
            int(hashed, 16): self.labels[name]
            for name, hashed in manifest.items()
            if name in self.labels
        }
        size = next(iter(channels.values())).shape
        cover = np.zeros((*size, self.told["labels"]), np.float32)
        layers = sorted({n.rpartition(".")[0] for n in channels if "CryptoMaterial" in n})
        for layer in layers:
            for name, weight in (("rR", "gG"), ("bB", "aA")):
                ids = next(channels[f"{layer}.{c}"] for c in name if f"{layer}.{c}" in channels)
                share = next(channels[f"{layer}.{c}"] for c in weight if f"{layer}.{c}" in channels)
                bits = np.ascontiguousarray(ids, np.float32).view(np.uint32)
                for hashed, label in labels.items():
                    cover[..., label] += np.where(bits == hashed, share, 0)
        return cover


class Material:
    """A material from its description, with the mask of what is the donor's."""

    def __init__(self, folder: Path, piece: dict[str, Any]) -> None:
        self.folder, self.told = folder, piece["material"]
        self.material = bpy.data.materials.new(piece["name"])
        self.material.use_nodes = True
        self.tree = self.material.node_tree
        self.tree.nodes.clear()
        self.out = self.node("OutputMaterial")
        self.alpha: Any = None
        getattr(self, self.told["kind"])()
        self.mask(piece["exchanged"])

    def node(self, kind: str, **values: Any) -> Any:
        node = self.tree.nodes.new(f"ShaderNode{kind}")
        for name, value in values.items():
            setattr(node, name, value)
        return node

    def link(self, one: Any, other: Any) -> None:
        self.tree.links.new(one, other)

    def picture(self, name: str, **values: Any) -> Any:
        image = bpy.data.images.load(str(self.folder / name), check_existing=True)
        image.alpha_mode = "CHANNEL_PACKED"
        return self.node("TexImage", image=image, **values)

    def principled(self, base: Any = None) -> Any:
        shader = self.node("BsdfPrincipled")
        shader.inputs["Roughness"].default_value = self.told["roughness"]
        shader.inputs["Specular IOR Level"].default_value = self.told["specular"]
        shader.inputs["Metallic"].default_value = self.told["metallic"]
        shader.inputs["Base Color"].default_value = (*self.told["colour"], 1)
        if base is not None:
            self.link(base, shader.inputs["Base Color"])
        return shader

    def tinted(self, colour: Any) -> Any:
        mix = self.node("Mix", data_type="RGBA", blend_type="MULTIPLY")
        mix.inputs[0].default_value = 1
        self.link(colour, mix.inputs[6])
        mix.inputs[7].default_value = (*self.told["colour"], 1)
        return mix.outputs[2]

    def skin(self) -> None:
        """Light that goes in and comes out elsewhere; relief from the texture and fine noise."""
        texture = self.picture(self.told["texture"], interpolation="Cubic")
        shader = self.principled(texture.outputs[0])
        shader.inputs["Subsurface Weight"].default_value = self.told["subsurface"]
        shader.inputs["Subsurface Radius"].default_value = (1, 0.35, 0.18)
        shader.inputs["Subsurface Scale"].default_value = 0.06
        grey = self.node("RGBToBW")
        self.link(texture.outputs[0], grey.inputs[0])
        noise = self.node("TexNoise")
        noise.inputs["Scale"].default_value, noise.inputs["Detail"].default_value = 900, 2
        self.link(self.node("TexCoord").outputs["UV"], noise.inputs["Vector"])
        height = self.node("Math", operation="MULTIPLY_ADD")
        height.inputs[1].default_value = 0.12
        self.link(noise.outputs[0], height.inputs[0])
        self.link(grey.outputs[0], height.inputs[2])
        if self.told.get("relief"):
            height = self.creases(height)
        bump = self.node("Bump")
        bump.inputs["Strength"].default_value = 0.35
        bump.inputs["Distance"].default_value = 0.02
        self.link(height.outputs[0], bump.inputs["Height"])
        self.link(bump.outputs[0], shader.inputs["Normal"])
        self.link(shader.outputs[0], self.out.inputs[0])

    def creases(self, height: Any) -> Any:
        """Wrinkles of three kinds dug into the relief, as deep as the frame says."""
        planes = self.node("SeparateColor")
        picture = self.picture(self.told["relief"])
        picture.image.colorspace_settings.name = "Non-Color"
        self.link(picture.outputs[0], planes.inputs[0])
        for number in range(3):
            deeper = self.node("Math", operation="MULTIPLY_ADD")
            deeper.label = f"wrinkles {number}"
            deeper.inputs[1].default_value = 0.0
            self.link(planes.outputs[number], deeper.inputs[0])
            self.link(height.outputs[0], deeper.inputs[2])
            height = deeper
        return height

    def cards(self) -> None:
        """A texture that is partly transparent; where `flat`, its colour is not its own."""
        texture = self.picture(self.told["texture"])
        own = None if self.told.get("flat") else self.tinted(texture.outputs[0])
        shader = self.principled(own)
        self.alpha = texture.outputs[1]
        self.blended(shader)

    def blended(self, shader: Any) -> None:
        mix, clear = self.node("MixShader"), self.node("BsdfTransparent")
        self.link(self.alpha, mix.inputs[0])
        self.link(clear.outputs[0], mix.inputs[1])
        self.link(shader.outputs[0], mix.inputs[2])
        self.link(mix.outputs[0], self.out.inputs[0])

    def surface(self) -> None:
        """A surface of one colour or a texture."""
        name = self.told.get("texture")
        base = self.tinted(self.picture(name).outputs[0]) if name else None
        self.link(self.principled(base).outputs[0], self.out.inputs[0])

    def lens(self) -> None:
        """Clear, but for what it reflects: more at its edges, as glass does."""
        shader = self.principled()
        fresnel = self.node("LayerWeight")
        fresnel.inputs["Blend"].default_value = 0.12
        part = self.node("Math", operation="MULTIPLY_ADD")
        part.inputs[1].default_value, part.inputs[2].default_value = 0.3, 0.015
        self.link(fresnel.outputs["Fresnel"], part.inputs[0])
        self.alpha = part.outputs[0]
        shader.inputs["Metallic"].default_value = 1.0
        self.blended(shader)

    def glow(self) -> None:
        """Light of its own, as a backdrop has."""
        emission = self.node("Emission")
        emission.inputs[1].default_value = self.told["strength"]
        self.link(self.picture(self.told["texture"]).outputs[0], emission.inputs[0])
        self.link(emission.outputs[0], self.out.inputs[0])

    def strands(self) -> None:
        """Hair as curves, each strand a little lighter or darker."""
        shader = self.principled()
        tone = self.node("Attribute", attribute_name="tone")
        scale = self.node("VectorMath", operation="SCALE")
        scale.inputs[0].default_value = self.told["colour"]
        self.link(tone.outputs["Fac"], scale.inputs["Scale"])
        self.link(scale.outputs[0], shader.inputs["Base Color"])
        self.link(shader.outputs[0], self.out.inputs[0])

    def mask(self, exchanged: str) -> None:
        """Red: how much is the donor's. Green: 1 where that is known, so that red has a mean."""
        if exchanged == "none":
            return
        output = self.node("OutputAOV", aov_name="mask")
        both = self.node("CombineColor")
        self.link(both.outputs[0], output.inputs["Color"])
        if exchanged == "whole":
            both.inputs[0].default_value = both.inputs[1].default_value = 1
        else:
            share = self.node("Attribute", attribute_name="exchanged")
            self.link(share.outputs["Fac"], both.inputs[0])
            both.inputs[1].default_value = 1
        if self.alpha is not None:
            for place in (0, 1):
                times = self.node("Math", operation="MULTIPLY")
                times.inputs[1].default_value = both.inputs[place].default_value
                self.link(self.alpha, times.inputs[0])
                self.link(times.outputs[0], both.inputs[place])


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(word) for word in sys.argv[2:]])
