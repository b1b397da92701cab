import numpy as np

from faceloom.report.contact import CELL, changed, sheet, spaced, squares


def noise(height, width, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def test_moments_are_evenly_spaced_and_none_twice():
    assert spaced(80) == [5, 15, 25, 35, 45, 55, 65, 75]
    assert spaced(3) == [0, 1, 2]
    assert spaced(1) == [0]


def test_the_changed_region_is_the_face_and_not_the_mark():
    host = np.full((400, 600, 3), 90, np.uint8)
    film = host.copy()
    film[100:200, 250:330] = 200
    film[360:400, 440:600] = 255
    left, top, right, bottom = changed(host, [film])
    assert 235 <= left <= 250 and 330 <= right <= 345
    assert 85 <= top <= 100 and 200 <= bottom <= 215


def test_all_faces_of_a_clip_are_in_the_box():
    host = np.full((400, 600, 3), 90, np.uint8)
    film = host.copy()
    film[100:200, 50:130] = film[120:180, 450:500] = 200
    left, _, right, _ = changed(host, [film])
    assert left < 60 and right > 490


def test_what_encoding_again_changes_is_no_face():
    host = np.full((400, 600, 3), 90, np.uint8)
    assert changed(host, [host + 6]) is None


def test_cut_outs_follow_the_face_and_have_one_size():
    hosts = [np.full((400, 800, 3), 90, np.uint8)] * 3
    films = [image.copy() for image in hosts]
    films[0][100:200, 100:180] = 200
    films[2][150:250, 600:680] = 200
    found = squares(hosts, [films])
    assert len({one.side for one in found}) == 1
    assert abs(found[0].x - 140) < 12 and abs(found[2].x - 640) < 12
    assert found[1] == found[0]
    cut = found[0].cut(films[0])
    assert cut.shape[0] == cut.shape[1] == found[0].side


def test_small_frames_are_shown_whole():
    hosts = [noise(240, 320)]
    assert squares(hosts, [[noise(240, 320, 1)]]) is None


def test_a_sheet_has_a_row_for_each_film_and_a_column_for_each_moment():
    black, white = np.zeros((64, 64, 3), np.uint8), np.full((64, 64, 3), 255, np.uint8)
    page = sheet({"host": [black] * 3, "a": [white] * 3, "b": [black] * 3}, ["0", "1", "2"])
    dark = (page < 10).all(axis=2)
    assert abs(int(dark.sum()) - 6 * CELL * CELL) < 3000
