"""composite: the nearest view, held on to, with its landmarks on the host's."""

from dataclasses import replace

import numpy as np
import pytest

from faceloom.converters.composite import Views, make, opening
from faceloom.converters.host import Host
from faceloom.errors import FaceloomError
from faceloom.geometry.landmarks import outer_eye_distance
from faces import shot

SIZE = 96
POINTS = shot(0, (48, 50), 60, size=(SIZE, SIZE)).points
MASK = np.ones((SIZE, SIZE), np.float32)
POSE_ONLY = {"mouth": 0.0, "shape": 0.0}


def plain(level: int) -> np.ndarray:
    return np.full((SIZE, SIZE, 3), level, np.uint8)


def views(*yaws: float) -> Views:
    """A view for each yaw, the first as bright as 10, the second as 20, and so on."""
    count = len(yaws)
    poses = np.column_stack([yaws, np.zeros((count, 2))])
    images = [plain(10 * (n + 1)) for n in range(count)]
    return Views(images, np.repeat(POINTS[None], count, 0), poses)


def host(yaw: float, track: int = 0, donor: str = "emi", points: np.ndarray = POINTS) -> Host:
    return Host("anna", donor, track, plain(0), MASK, points, np.array([yaw, 0.0, 0.0]))


def shown(hosts: list[Host], own: Views, **options: float) -> list[int]:
    """Which views are taken."""
    converter = make(**({"hold": 0.0} | POSE_ONLY | options))
    return [round(new.image.mean() / 10) - 1 for new in converter(hosts, {"emi": own})]


def test_the_nearest_view_in_pose() -> None:
    own = views(-20, 0, 20)
    yaws = [-30.0, -11, -9, 9, 11, 3]
    assert shown([host(yaw) for yaw in yaws], own) == [0, 0, 1, 1, 2, 1]


def test_all_three_angles_count() -> None:
    own = views(0, 0)
    own.poses[1] = 0, 15, 15
    near = replace(host(0), pose=np.array([0.0, 10.0, 12.0]))
    assert shown([host(0), near], own) == [0, 1]


def test_a_view_is_held_until_another_is_nearer_by_its_share() -> None:
    own = views(0, 20)
    yaws = [8.0, 10.5, 11.5, 12, 11, 9.5, 8, 7]
    # of 20 degrees between them, the other is nearer by 30 % beyond 11.76, and back below 8.24
    assert shown([host(yaw) for yaw in yaws], own, hold=0.3) == [0, 0, 0, 1, 1, 1, 0, 0]
    assert shown([host(yaw) for yaw in yaws], own) == [0, 1, 1, 1, 1, 0, 0, 0]


def test_every_track_holds_its_own_view() -> None:
    own = views(0, 20)
    hosts = [host(0, 1), host(20, 2), host(10.5, 1), host(9.5, 2)]
    assert shown(hosts, own, hold=0.3) == [0, 1, 0, 1]


def test_an_open_mouth_wants_an_open_mouth() -> None:
    own = views(0, 8)
    mouth = POINTS.copy()
    mouth[[65, 66, 67]] += (0, 5)
    opened = Views(own.images, np.stack([POINTS, mouth]), own.poses)
    far = opening(np.stack([POINTS, mouth]))
    assert far[1] - far[0] == pytest.approx(5 / np.linalg.norm(POINTS[64] - POINTS[60]), rel=0.05)
    talking = host(2, points=mouth)
    assert shown([talking], opened) == [0]
    assert shown([talking], opened, mouth=40.0) == [1]


def test_a_face_that_needs_less_bending_is_nearer() -> None:
    own = views(0, 6)
    wide = POINTS + (POINTS - POINTS.mean(axis=0)) * (0.15, 0)
    unlike = Views(own.images, np.stack([wide, POINTS]), own.poses)
    assert shown([host(2)], unlike) == [0]
    assert shown([host(2)], unlike, shape=100.0) == [1]
    off = np.linalg.norm(wide - POINTS, axis=1).mean() / outer_eye_distance(POINTS)
    least = np.sqrt(4**2 - 2**2) / off  # where both are as far
    assert shown([host(2)], unlike, shape=0.98 * least) == [0]
    assert shown([host(2)], unlike, shape=1.02 * least) == [1]


@pytest.mark.parametrize("number", [8, 30, 36, 45, 48, 62])
def test_landmarks_land_on_the_hosts(number: int) -> None:
    turned = shot(0, (52, 45), 52, size=(SIZE, SIZE), turn=12).points
    x, y = np.meshgrid(np.arange(SIZE), np.arange(SIZE))
    away = (x - POINTS[number, 0]) ** 2 + (y - POINTS[number, 1]) ** 2
    light = np.rint(200 * np.exp(-away / 4)).astype(np.uint8)
    own = Views([np.repeat(light[..., None], 3, 2)], POINTS[None], np.zeros((1, 3)))
    given = host(0, points=turned)
    (new,) = make(hold=0, **POSE_ONLY)([given], {"emi": own})
    seen = new.image[..., 0].astype(float)
    there = np.array([(x * seen).sum(), (y * seen).sum()]) / seen.sum()
    assert np.linalg.norm(there - turned[number]) < 1
    assert np.array_equal(new.mask, given.mask)


def test_a_donor_without_a_view_and_a_host_without_a_pose_are_told() -> None:
    with pytest.raises(FaceloomError, match="zoe: no face to show"):
        shown([host(0, donor="zoe")], views(0))
    with pytest.raises(FaceloomError, match="anna: a composite needs the poses"):
        shown([replace(host(0), pose=None)], views(0))
