"""Pictures as files, bytes and arrays."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image, ImageOps

from drawn import cut, draw_animation, scene
from faceloom.errors import FaceloomError
from faceloom.images import (
    decode,
    encode_png,
    from_mask,
    from_planes,
    open_picture,
    save_picture,
    to_mask,
    to_planes,
)


def apart(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one.astype(int) - other.astype(int)).max())


@pytest.mark.parametrize("size", [(64, 48), (1, 1), (7, 300)])
def test_png_there_and_back(size: tuple[int, int]) -> None:
    image = scene(3, size)
    assert (decode(encode_png(image)) == image).all()
    mask = image[..., 0].copy()
    assert decode(encode_png(mask)).shape == mask.shape
    assert (decode(encode_png(mask)) == mask).all()


def test_pillow_sees_the_same_png() -> None:
    image = scene(3)
    assert (np.asarray(Image.open(BytesIO(encode_png(image)))) == image).all()


def test_a_slice_can_be_encoded() -> None:
    image = scene(3)
    assert (decode(encode_png(image[::2, ::-1])) == image[::2, ::-1]).all()


def test_only_bytes_are_encoded() -> None:
    with pytest.raises(TypeError, match="float32"):
        encode_png(np.zeros((4, 4, 3), np.float32))


def test_bytes_that_are_no_picture() -> None:
    with pytest.raises(FaceloomError, match="not a picture"):
        decode(b"no picture")
    with pytest.raises(FaceloomError, match="damaged"):
        decode(encode_png(scene(0, (200, 200)))[:2000])


@pytest.mark.parametrize(
    ("name", "options", "allowed"),
    [
        ("a.png", {}, 0),
        ("a.bmp", {}, 0),
        ("a.tif", {"compression": "tiff_lzw"}, 0),
        ("a.webp", {"lossless": True}, 0),
        ("a.ppm", {}, 0),
        ("a.jpg", {"quality": 95, "subsampling": 0}, 12),
        ("b.jpg", {"quality": 95, "subsampling": 0, "progressive": True}, 12),
        ("a.avif", {"quality": 95}, 20),
        ("a.jp2", {}, 0),
    ],
)
def test_file_formats(
    tmp_path: Path, name: str, options: dict[str, object], allowed: float
) -> None:
    Image.fromarray(scene(3)).save(tmp_path / name, **options)
    (tmp_path / name).rename(tmp_path / "misnamed.gif")
    assert apart(open_picture(tmp_path / "misnamed.gif"), scene(3)) <= allowed


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation(tmp_path: Path, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(scene(3)).save(tmp_path / "a.png", exif=exif)
    image = scene(3)
    upright = {
        1: image,
        2: image[:, ::-1],
        3: image[::-1, ::-1],
        4: image[::-1],
        5: image.transpose(1, 0, 2),
        6: np.rot90(image, -1),
        7: np.rot90(image, 2).transpose(1, 0, 2),
        8: np.rot90(image, 1),
    }[orientation]
    assert (open_picture(tmp_path / "a.png") == upright).all()


def test_greyscale_of_sixteen_bits_is_scaled(tmp_path: Path) -> None:
    values = np.linspace(0, 65535, 64 * 48).reshape(48, 64).astype(np.uint16)
    for name in ("a.png", "a.tif"):
        Image.fromarray(values).save(tmp_path / name)
        read = open_picture(tmp_path / name)
        assert (read == np.rint(values / 257)[..., None]).all()


def test_dark_greyscale_of_sixteen_bits_stays_dark(tmp_path: Path) -> None:
    Image.fromarray(np.full((8, 8), 2570, np.uint16)).save(tmp_path / "a.png")
    assert (open_picture(tmp_path / "a.png") == 10).all()


def test_floating_point(tmp_path: Path) -> None:
    values = np.linspace(0, 1, 64, dtype=np.float32).reshape(8, 8)
    Image.fromarray(values).save(tmp_path / "a.tif")
    assert (open_picture(tmp_path / "a.tif")[..., 1] == np.rint(values * 255)).all()
    Image.fromarray(values * 300).save(tmp_path / "a.tif")
    with pytest.raises(FaceloomError, match="from 0 to 300, not from 0 to 1; "):
        open_picture(tmp_path / "a.tif")


@pytest.mark.parametrize("mode", ["L", "1", "P"])
def test_few_colours(tmp_path: Path, mode: str) -> None:
    stored = Image.fromarray(scene(3)).convert(mode)
    stored.save(tmp_path / "a.png")
    assert (open_picture(tmp_path / "a.png") == np.asarray(stored.convert("RGB"))).all()


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_is_laid_over_black(tmp_path: Path, mode: str) -> None:
    stored = Image.fromarray(scene(3)).convert(mode)
    alpha = scene(7)[..., 2]
    stored.putalpha(Image.fromarray(alpha))
    stored.save(tmp_path / "a.png")
    colours = np.asarray(Image.fromarray(scene(3)).convert(mode[:-1]).convert("RGB"))
    assert apart(open_picture(tmp_path / "a.png"), np.rint(colours * (alpha[..., None] / 255))) <= 1


def test_a_transparent_palette_is_laid_over_black(tmp_path: Path) -> None:
    stored = Image.new("P", (2, 2))
    stored.putdata([0, 1, 1, 0])
    stored.putpalette([200, 100, 50, 10, 20, 30])
    stored.save(tmp_path / "a.png", transparency=0)
    read = open_picture(tmp_path / "a.png")
    assert read.tolist() == [[[0, 0, 0], [10, 20, 30]], [[10, 20, 30], [0, 0, 0]]]


def test_ink_becomes_light(tmp_path: Path) -> None:
    Image.fromarray(scene(3)).convert("CMYK").save(tmp_path / "a.jpg", quality=98, subsampling=0)
    assert apart(open_picture(tmp_path / "a.jpg"), scene(3)) < 16
    Image.fromarray(scene(3)).convert("CMYK").save(tmp_path / "a.tif")
    assert apart(open_picture(tmp_path / "a.tif"), scene(3)) <= 1


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.png"])
def test_of_an_animation_it_is_the_first_frame(tmp_path: Path, name: str) -> None:
    draw_animation(tmp_path / name, [100, 100])
    assert apart(open_picture(tmp_path / name), scene(0)) < 60
    cut(tmp_path / name, 0.2)
    with pytest.raises(FaceloomError):
        open_picture(tmp_path / name)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp", "a.bmp", "a.tif", "a.gif", "a.avif"])
@pytest.mark.parametrize("share", [0.01, 0.3, 0.7])
def test_pictures_that_were_cut_off(tmp_path: Path, name: str, share: float) -> None:
    Image.fromarray(scene(3, (300, 200))).save(tmp_path / name)
    cut(tmp_path / name, share)
    with pytest.raises(FaceloomError) as caught:
        open_picture(tmp_path / name)
    assert str(caught.value).startswith(f"{tmp_path / name}: ")
    assert "\n" not in str(caught.value)
    assert "; " in str(caught.value)


def test_what_is_no_picture(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("words")
    (tmp_path / "b.jpg").write_bytes(b"")
    for name, said in (
        ("a.png", "not a picture"),
        ("b.jpg", "an empty file"),
        ("c.png", "no such file"),
        (".", "a folder"),
    ):
        with pytest.raises(FaceloomError, match=said):
            open_picture(tmp_path / name)


def test_saved_and_opened(tmp_path: Path) -> None:
    save_picture(tmp_path / "a.png", scene(3))
    assert (open_picture(tmp_path / "a.png") == scene(3)).all()
    save_picture(tmp_path / "b.png", scene(3)[..., 0])
    assert (open_picture(tmp_path / "b.png")[..., 2] == scene(3)[..., 0]).all()


def test_orientation_agrees_with_pillow(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 7
    Image.fromarray(scene(3)).save(tmp_path / "a.jpg", exif=exif)
    with Image.open(tmp_path / "a.jpg") as stored:
        assert (
            open_picture(tmp_path / "a.jpg") == np.asarray(ImageOps.exif_transpose(stored))
        ).all()


@given(some.lists(some.integers(1, 5), min_size=0, max_size=2), some.integers(0, 2**32 - 1))
def test_planes_there_and_back(batch: list[int], seed: int) -> None:
    images = np.random.default_rng(seed).integers(0, 256, (*batch, 4, 6, 3), dtype=np.uint8)
    planes = to_planes(images)
    assert planes.shape == (*batch, 3, 4, 6)
    assert planes.dtype == np.float32
    assert np.abs(planes).max() <= 1
    assert (from_planes(planes) == images).all()


def test_planes_reach_from_minus_one_to_one() -> None:
    image = np.array([[[0, 255, 51]]], np.uint8)
    assert to_planes(image).ravel().tolist() == pytest.approx([-1, 1, -0.6])
    assert from_planes(np.array([[[-1.5]], [[1.5]], [[0.0]]], np.float32)).tolist() == [
        [[0, 255, 128]]
    ]


def test_masks_there_and_back() -> None:
    stored = np.arange(256, dtype=np.uint8).reshape(16, 16)
    mask = to_mask(stored)
    assert (mask.dtype, mask.min(), mask.max()) == (np.float32, 0, 1)
    assert (from_mask(mask) == stored).all()
    assert from_mask(np.array([-1, 2, 0.5])).tolist() == [0, 255, 128]
