"""train: what is kept is learnt, and a training that was broken off goes on as if it was not."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch

from commands import answered, command, refused
from faceloom.errors import FaceloomError
from faceloom.geometry.landmarks import CANONICAL, LEFT_EYE, RIGHT_EYE
from faceloom.geometry.similarity import apply
from faceloom.images import decode
from faceloom.media import pictures
from faceloom.pixels import lines
from faceloom.pixels.masks import parts
from faceloom.rows.choices import Choice
from faceloom.rows.faces import Face
from faceloom.rows.steps import Step
from faceloom.settings import Train
from faceloom.stages import train as stage
from faceloom.stages.train import train
from faceloom.tables import read, write
from faceloom.training import loop
from faceloom.training.banks import CROWD, Tables, about_eyes, banked, common_colours, recoloured
from faceloom.training.checkpoint import Checkpoint, load
from faceloom.training.holding import split
from faceloom.training.options import Progress
from faceloom.training.trained import restored
from serialised import resnet
from trained import FACES, GRAFTS, outputs, small, tables, trained

WEIGHTS = "dlib_face_recognition_resnet_model_v1.dat"
SEEDS = ("1", "2", "3")


def test_nobody_is_swapped_with_nobody(tmp_path: Path) -> None:
    given = tables(tmp_path) | {"people": ("anna",)}
    settings = small(losses={"cyclic": {}})
    with pytest.raises(FaceloomError, match="--people anna: .*; name two people or more"):
        train(**given, **outputs(tmp_path, "x"), settings=settings)
    assert not list(tmp_path.glob("x.*"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return trained(tmp_path_factory.mktemp("trained"))


def everybodys(given: dict[str, Any], size: int = 64, **how: bool) -> tuple[dict[str, Any], Any]:
    """Banks and skins out of these tables."""
    lying = Tables(given["faces"], given["choices"], given["augmented"])
    return banked(lying, groups(*given["people"]), size, **how)


def groups(*people: str) -> dict[str, tuple[str, ...]]:
    return {person: (person,) for person in people}


def same(one: Checkpoint, other: Checkpoint) -> bool:
    """Whether all weights are equal to the last bit."""
    return one.weights.keys() == other.weights.keys() and all(
        torch.equal(weight, other.weights[name]) for name, weight in one.weights.items()
    )


def test_the_checkpoint_says_all_that_painting_needs(made: dict[str, Path]) -> None:
    checkpoint = load(made["generator"])
    assert checkpoint.people == ["anna", "emi"]
    assert Train.model_validate_json(checkpoint.settings) == small()
    assert checkpoint.precision == "fp32"
    assert set(checkpoint.colours) == {"", "anna", "emi"}
    (light, _, yellow), _ = checkpoint.colours["anna"]
    (darker, _, bluer), _ = checkpoint.colours["emi"]
    assert darker < light and bluer < yellow - 10  # as her skin is
    assert checkpoint.colours[""][0][0] == pytest.approx((light + darker) / 2)


def test_the_history_has_every_loss(made: dict[str, Path]) -> None:
    rows = read(made["history"], Step)
    losses = {f"{loss}.{person}" for loss in ("l1", "dssim") for person in ("anna", "emi")}
    assert {row.loss for row in rows} == {"total", *losses}
    assert [row.step for row in rows if row.loss == "total"] == [10, 20, 30]
    totals = [row.value for row in rows if row.loss == "total"]
    assert totals[-1] < totals[0]


def test_the_previews_are_a_page_each_time(made: dict[str, Path]) -> None:
    pages = [picture.image for picture in pictures(made["previews"])]
    # four faces; each person's rows: as they are, as anna, as emi
    assert [page.shape for page in pages] == [(6 * 96, 4 * 96, 3)] * 3
    for row, person in ((0, "anna"), (3, "emi")):
        drawn = cv2.resize(decode(FACES[person][0].image), (96, 96), interpolation=cv2.INTER_CUBIC)
        shown = pages[0][96 * row : 96 * row + 96, :96]
        face = (slice(24, 80), slice(24, 72))
        assert (
            np.corrcoef(drawn[face].mean(axis=2).ravel(), shown[face].mean(axis=2).ravel())[0, 1]
            > 0.85
        )


def test_what_more_steps_can_go_on_from_is_left_beside_the_outputs(made: dict[str, Path]) -> None:
    folder = made["generator"].parent
    left = {path.name for path in folder.iterdir()} - {path.name for path in made.values()}
    assert left == {*(f"{p}.parquet" for p in FACES), *(f"{p}.choices.parquet" for p in FACES)} | {
        "augmented.parquet", "anna+emi.state.pt", "anna+emi.previews",
    }  # fmt: skip


def test_only_what_is_kept_is_learnt(tmp_path: Path) -> None:
    given = tables(tmp_path)
    banks, _ = everybodys(given)
    assert len(banks["anna"]) == 5
    for image, face in zip(banks["anna"].images, FACES["anna"], strict=True):
        assert np.array_equal(image, decode(face.image))
    assert len(banks["emi"]) == 5 + 1  # with what has her mouth, where the seam is good
    assert np.array_equal(banks["emi"].images[5], decode(GRAFTS[0].image))
    assert np.array_equal(banks["emi"].masks[0], decode(FACES["emi"][0].mask))


def test_faces_are_kept_at_the_size_asked_for(tmp_path: Path) -> None:
    banks, _ = everybodys(tables(tmp_path), 32)
    mean = decode(FACES["anna"][0].image).reshape(32, 2, 32, 2, 3).mean(axis=(1, 3))
    assert np.abs(banks["anna"].images[0] - mean).max() <= 0.5


def test_eyes_are_looked_up_where_a_loss_asks_for_them(tmp_path: Path) -> None:
    given = tables(tmp_path)
    assert everybodys(given)[0]["anna"].eyes is None
    banks, _ = everybodys(given, eyes=True)
    face = FACES["emi"][2]
    left, right = (
        apply(face.affine, face.points)[list(eye)].mean(axis=0) for eye in (LEFT_EYE, RIGHT_EYE)
    )
    shown = banks["emi"].eyes[2] / 255
    rows, columns = np.mgrid[:64, :64]
    for eye, half in ((right, columns < 32), (left, columns >= 32)):
        there = shown * half
        centre = [(there * along).sum() / there.sum() for along in (columns, rows)]
        assert centre == pytest.approx(eye.tolist(), abs=0.7)
    assert shown.max() == 1
    assert 0.01 < shown.mean() < 0.1
    # with another's mouth a face has its own eyes
    assert np.array_equal(banks["emi"].eyes[5], banks["anna"].eyes[1])


def test_landmarks_are_drawn_where_the_model_takes_them(tmp_path: Path) -> None:
    made = trained(tmp_path, model={"kind": "small", "width": 8, "latent": 16, "landmarks": {}})
    assert restored(load(made["generator"])).network.landmarks
    banks, _ = everybodys(tables(tmp_path), 128, landmarks=True)
    face, shown = FACES["emi"][2], banks["emi"].landmarks
    points = (apply(face.affine, face.points) + 0.5) * 2 - 0.5
    assert np.array_equal(shown[2], lines.drawn(points, 128))
    assert np.array_equal(shown[5], banks["anna"].landmarks[1])  # a graft moves nothing


def test_a_crowd_is_one_bank_of_which_everybody_is_drawn_alike(tmp_path: Path) -> None:
    given = tables(tmp_path)
    lying = Tables(given["faces"], given["choices"])
    banks, skins = banked(lying, {"emi": ("emi",), CROWD: ("anna", "emi")}, 32)
    assert skins[CROWD] == ["anna"] * 5 + ["emi"] * 5 and len(banks[CROWD]) == 10
    lying = Tables(given["faces"], given["choices"], given["augmented"])
    banks, skins = banked(lying, {CROWD: ("anna", "emi")}, 32)
    assert skins[CROWD] == ["anna"] * 5 + ["emi"] * 5 + ["anna"]  # a graft counts as emi's
    shares = banks[CROWD].weights
    assert shares is not None
    assert shares[:5].sum() == pytest.approx(shares[5:].sum())
    colours = common_colours(banks, skins, {CROWD: ("anna", "emi")})
    assert set(colours) == {"", "anna", "emi"}


def test_one_model_for_many_hosts(tmp_path: Path) -> None:
    """A crowd of one, as there are no more faces; whose code it is is asked and hidden."""
    given = tables(tmp_path) | {"people": ("emi",), "crowd": ("anna",)}
    made = outputs(tmp_path, "many")
    settings = small(losses={"domain": {"weight": 0.5}}, few={"coarse": 1.0}, steps=10)
    train(**given, **made, settings=settings)
    checkpoint = load(made["generator"])
    assert checkpoint.people == ["emi", CROWD]
    assert set(checkpoint.colours) == {"", "anna", "emi"}
    assert restored(checkpoint).network.people == ("emi", CROWD)
    rows = {row.loss: row.value for row in read(made["history"], Step)}
    assert set(rows) >= {"l1.emi", f"l1.{CROWD}", "domain.encoder", "domain.critic"}
    assert rows["domain.critic"] == pytest.approx(-rows["domain.encoder"], rel=0.05)


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"losses": {"domain": {}}}, "losses.domain is about other people"),
        ({"losses": {"semantic": {}}}, "losses.semantic is about other people"),
        ({"few": {}}, "train.few: is for a cast with a crowd"),
    ],
)
def test_what_is_about_others_needs_them(
    tmp_path: Path, changes: dict[str, Any], because: str
) -> None:
    given = tables(tmp_path) | {"people": ("anna",)}
    with pytest.raises(FaceloomError, match=because):
        train(**given, **outputs(tmp_path, "x"), settings=small(**changes))


def test_codes_may_be_drawn_and_looked_at(tmp_path: Path) -> None:
    """A VAE-GAN's and an XGAN's terms, and alphaGAN's critic, all at once."""
    made = trained(
        tmp_path,
        model={"kind": "small", "width": 8, "latent": 16, "variational": True},
        losses={"kl": {}, "semantic": {}, "domain": {}, "prior": {}},
        steps=10,
    )
    rows = {row.loss: row.value for row in read(made["history"], Step)}
    assert set(rows) >= {"kl.anna", "semantic.emi", "domain.critic", "prior.critic"}
    assert restored(load(made["generator"])).network.variational


def test_the_field_of_the_eyes_grows_with_the_picture() -> None:
    points = CANONICAL * 0.8 + 0.1
    small, large = about_eyes(points * 128 - 0.5, 128), about_eyes(points * 256 - 0.5, 256)
    assert small.mean() == pytest.approx(large.mean(), rel=0.15)
    hulls = parts(points * 256 - 0.5, ["eyes"], (256, 256))
    assert large[hulls > 0.5].min() > 250
    assert large.mean() > 2 * 255 * hulls.mean()


def test_losses_of_eyes_masks_and_of_a_network_are_taught_too(tmp_path: Path) -> None:
    (tmp_path / WEIGHTS).write_bytes(resnet(width=1)[0])
    made = trained(
        tmp_path,
        model={"kind": "small", "width": 8, "latent": 16, "mask": "alpha"},
        losses={
            "ms_ssim": {"scales": 2}, "eyes": {}, "tv": {}, "mask_hinge": {"least": 0.9},
            "mask_tv": {}, "mask_l1": {}, "perceptual": {"of": "laid"}, "identity": {},
        },
        steps=3,
        weights=(tmp_path / WEIGHTS,),
    )  # fmt: skip
    rows = read(made["history"], Step)
    losses = {row.loss.partition(".")[0] for row in rows}
    assert losses == {
        "total", "l1", "ms_ssim", "eyes", "tv", "mask_hinge", "mask_tv", "mask_l1", "perceptual",
        "identity",
    }  # fmt: skip
    # to weights drawn at random all faces are nearly the same
    assert not [row for row in rows if row.value <= 0 and not row.loss.startswith("identity")]
    assert all(abs(row.value) < 0.1 for row in rows if row.loss.startswith("identity"))


def test_of_a_table_of_several_people_everybody_learns_their_own(tmp_path: Path) -> None:
    given = tables(tmp_path)
    write(tmp_path / "both.parquet", [*FACES["anna"], *FACES["emi"]], Face)
    given |= {"faces": (tmp_path / "both.parquet",), "augmented": ()}
    banks, _ = everybodys(given)
    assert [len(bank) for bank in banks.values()] == [5, 5]
    assert np.array_equal(banks["emi"].images[0], decode(FACES["emi"][0].image))


def test_who_has_no_face_is_named(tmp_path: Path) -> None:
    given = tables(tmp_path)
    given["people"] = ("anna", "zoe")
    with pytest.raises(FaceloomError, match="zoe: no face to learn from"):
        train(**given, **outputs(tmp_path, "x"), settings=small())
    given["people"] = ("anna", "emi")
    write(given["choices"][0], [Choice(*f.key, False, "blurred") for f in FACES["anna"]], Choice)
    with pytest.raises(FaceloomError, match="anna: no face to learn from"):
        train(**given, **outputs(tmp_path, "x"), settings=small())
    assert not list(tmp_path.glob("x.*"))


def test_the_same_again(made: dict[str, Path], tmp_path: Path) -> None:
    again = load(trained(tmp_path)["generator"])
    assert same(load(made["generator"]), again)
    assert not same(load(trained(tmp_path, seed=1)["generator"]), again)


def test_who_lends_a_face_to_anothers_features_keeps_their_colours(tmp_path: Path) -> None:
    given = tables(tmp_path)
    banks, skins = everybodys(given)
    assert skins == {"anna": ["anna"] * 5, "emi": ["emi"] * 5 + ["anna"]}
    colours = common_colours(banks, skins, groups("anna", "emi"))
    given["augmented"] = ()
    alone = everybodys(given)
    assert colours == common_colours(*alone, groups("anna", "emi"))
    again, _ = everybodys(tables(tmp_path))
    for person, bank in again.items():
        recoloured(bank, skins[person], colours)
    # one picture of anna's, in her own bank and with emi's features: it is moved alike
    assert np.array_equal(again["anna"].images[1], again["emi"].images[5])


def test_colours_can_be_left_as_they_are(made: dict[str, Path], tmp_path: Path) -> None:
    own = load(trained(tmp_path, colours="own")["generator"])
    assert own.colours == {}
    assert not same(own, load(made["generator"]))


def test_a_mask_can_be_learnt_too(tmp_path: Path) -> None:
    model = {"kind": "small", "width": 8, "latent": 16, "mask": "alpha"}
    made = trained(tmp_path, model=model, losses={"mask": {}})
    assert {row.loss for row in read(made["history"], Step)} >= {"mask.anna", "mask.emi"}
    assert any("mask" in name for name in load(made["generator"]).weights)


class StoppedError(Exception):
    """Stands for whatever ends a training."""


def stopped(folder: Path, after: int, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> None:
    """A training that ends after so many steps."""

    def move(_bar: stage.Bar, now: Progress) -> None:
        if now.step >= after:
            raise StoppedError

    with monkeypatch.context() as patch, pytest.raises(StoppedError):
        patch.setattr(stage.Bar, "move", move)
        trained(folder, **settings)


def test_what_was_stopped_goes_on(
    made: dict[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    stopped(tmp_path, 20, monkeypatch)
    assert {p.name for p in (tmp_path / "anna+emi.previews").glob("*.png")} == {"00000010.png"}
    with caplog.at_level("INFO"):
        again = trained(tmp_path)
    assert "going on from step 14" in caplog.text
    assert same(load(again["generator"]), load(made["generator"]))
    assert read(again["history"], Step) == read(made["history"], Step)
    assert len(list(pictures(again["previews"]))) == 3
    assert not list(tmp_path.glob("*.resume.pt"))


def test_under_other_settings_it_starts_anew_with_pages_of_its_own(
    made: dict[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    stopped(tmp_path, 30, monkeypatch, preview=4, rate=0.001)
    again = trained(tmp_path)
    assert "saved under other settings, code or faces; starting anew" in caplog.text
    assert same(load(again["generator"]), load(made["generator"]))
    assert len(list(pictures(again["previews"]))) == 3


def test_other_faces_are_another_training(tmp_path: Path) -> None:
    given = tables(tmp_path)
    inputs = [*given["faces"], *given["choices"]]
    both = ("anna", "emi")
    marks = [
        stage.fingerprints(inputs, both, small()),
        stage.fingerprints(inputs, ("emi", "anna"), small()),
        stage.fingerprints(inputs, both, small(batch=3)),
        stage.fingerprints(inputs, both, small(steps=31)),
    ]
    write(given["faces"][0], FACES["anna"][:4], Face)
    marks.append(stage.fingerprints(inputs, both, small()))
    assert len({each.whole for each in marks}) == 5
    assert marks[3].kept == marks[0].kept  # however many steps
    assert len({each.kept for each in marks}) == 4


def test_more_steps_go_on_from_what_was_learnt_before(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "other").mkdir()
    trained(tmp_path, steps=20)
    with caplog.at_level("INFO"):
        longer = trained(tmp_path, steps=36)
    assert "going on from step 11 of a training of 20 steps, where its rate" in caplog.text
    at_once = trained(tmp_path / "other", steps=36)
    assert same(load(longer["generator"]), load(at_once["generator"]))
    assert read(longer["history"], Step) == read(at_once["history"], Step)
    assert longer["previews"].read_bytes() == at_once["previews"].read_bytes()
    caplog.clear()
    again = trained(tmp_path, steps=20)  # fewer again
    assert "a training of 36 steps, of which 11 are those of this one" in caplog.text
    assert len(list(pictures(again["previews"]))) == 2
    trained(tmp_path, steps=20, keep="nothing")
    assert (
        not list(tmp_path.glob("anna+emi.state.pt"))
        and not (tmp_path / "anna+emi.previews").exists()
    )


def test_a_training_can_begin_with_another_ones_weights(
    made: dict[str, Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    given = tables(tmp_path)
    said = small(steps=1, rate=1e-9)
    files = outputs(tmp_path, "next")
    with caplog.at_level("INFO"):
        train(**given, **files, settings=said, begin=(made["generator"],))
    assert f"beginning with {made['generator']}" in caplog.text
    before, after = load(made["generator"]).weights, load(files["generator"]).weights
    assert all(torch.allclose(after[name], each, atol=1e-6) for name, each in before.items())
    # somebody new begins with the first one's decoder
    faces = [replace(face, person="zoe") for face in FACES["emi"]]
    write(given["faces"][1], faces, Face)
    given |= {"people": ("anna", "zoe"), "augmented": ()}
    with caplog.at_level("INFO"):
        train(**given, **files, settings=said, begin=(made["generator"],))
    assert "; zoe new to it" in caplog.text
    after = load(files["generator"]).weights
    for name, each in before.items():
        if "of_anna" in name:
            theirs = after[name.replace("of_anna", "of_zoe")]
            assert torch.allclose(theirs, each, atol=1e-6)
    wider = small(steps=1, model={"kind": "small", "width": 16, "latent": 16})
    with pytest.raises(FaceloomError, match="its network is not the one of train.model"):
        train(**tables(tmp_path), **files, settings=wider, begin=(made["generator"],))


def test_what_is_kept_can_be_the_best_by_faces_held_out(tmp_path: Path) -> None:
    (tmp_path / WEIGHTS).write_bytes(resnet(width=1)[0])
    said = {"share": 0.3, "faces": 2, "every": 5, "patience": 1, "weights": [1, 0]}
    made = trained(tmp_path, best=said, weights=(tmp_path / WEIGHTS,))
    rows = read(made["history"], Step)
    looks = {row.step: row.value for row in rows if row.loss == "held.score"}
    assert looks == {row.step: row.value for row in rows if row.loss == "held.identity"}
    assert all(0 <= value <= 1 for value in looks.values())
    kept = min(looks, key=lambda step: (looks[step], step))
    assert max(looks) == min(kept + 5, 30)  # the first look that is no better is the last
    assert [row.value for row in rows if row.loss == "kept"] == ([] if kept == 30 else [kept])
    # a training that ends there has the same weights, but for the rate, which falls by its end
    assert load(made["generator"]).people == ["anna", "emi"]
    banks, _ = everybodys(tables(tmp_path))
    assert len(banks["anna"]) == 5  # nothing was taken away from anybody else


def test_faces_that_are_held_out_are_not_learnt(tmp_path: Path) -> None:
    given = tables(tmp_path)
    apart = split(
        Tables(given["faces"], given["choices"], given["augmented"]),
        groups(*given["people"]),
        0.4,
        1,
    )
    banks, _ = banked(apart.learnt, groups(*given["people"]), 64)
    assert len(banks["anna"]) == 3
    # emi's own three, and her mouth in a face of anna's that is learnt
    assert len(banks["emi"]) == 4
    assert [face.frame for face in apart.held["anna"]] == [3]
    assert [face.frame for face in apart.known["anna"]] == [0, 1, 2]
    shown = apart.shown(32, {})["anna"]
    assert shown.pixels.shape == (1, 32, 32, 3)
    with pytest.raises(FaceloomError, match="too few to hold some out"):
        write(given["faces"][0], FACES["anna"][:1], Face)
        split(Tables(given["faces"], given["choices"]), groups("anna", "emi"), 0.4, 1)


def test_killed_at_any_moment_it_ends_with_the_same_weights(tmp_path: Path) -> None:
    script = Path(__file__).with_name("killed_train.py")
    done = subprocess.run(
        [sys.executable, script, tmp_path, *SEEDS],
        capture_output=True,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        timeout=900,
    )
    assert done.returncode == 0, done.stderr
    went_on_from = [int(step) for step in done.stdout.split()]
    assert len(went_on_from) == len(SEEDS)
    assert any(0 < step < 40 for step in went_on_from), went_on_from
    undisturbed = outputs(tmp_path, "undisturbed")
    for seed in SEEDS:
        files = outputs(tmp_path, seed)
        assert same(load(files["generator"]), load(undisturbed["generator"])), seed
        assert read(files["history"], Step) == read(undisturbed["history"], Step)
        assert files["previews"].read_bytes() == undisturbed["previews"].read_bytes()
        assert not (tmp_path / f"{seed}.resume.pt").exists()


def test_as_a_command(tmp_path: Path) -> None:
    given, files = tables(tmp_path), outputs(tmp_path, "pair")
    done = command("train", **given, **files, settings=small(steps=4, preview=2))
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert done.stderr.splitlines() == ["train: 4 steps in fp32"]
    assert load(files["generator"]).people == ["anna", "emi"]


def test_a_mask_without_its_loss_is_one_line(tmp_path: Path) -> None:
    given, files = tables(tmp_path), outputs(tmp_path, "pair")
    done = answered("train", **given, **files, settings='{"model": {"mask": "alpha"}}')
    refused(done, "--settings: ", files["generator"])


PLAYERS = {
    "model": {"kind": "v22", "capacity": "lite", "width": 8, "attention": False},
    "losses": {
        "perceptual": {"weight": 0},
        "mask_hinge": {"weight": 0},
        "adversarial": {"discriminator": {"kind": "v22", "width": 4}},
    },
    "average": 0.9,
    "schedule": [
        {"start": 0.2, "losses": {"perceptual": {"weight": 1}}},
        {"start": 0.6, "losses": {"mask_hinge": {"weight": 0.1, "least": 0.4}}, "rate": 0.3},
        {"start": 0.8, "turn": True},
    ],
    "steps": 10,
    "save": 3,
}


def test_two_players_with_a_schedule_go_on_where_they_were_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / WEIGHTS).write_bytes(resnet(width=1)[0])
    monkeypatch.setattr(loop, "EVERY", 1)
    given = {**PLAYERS, "weights": (tmp_path / WEIGHTS,)}
    undisturbed = trained(tmp_path, "undisturbed", **given)
    rows = read(undisturbed["history"], Step)
    first = {name: min(row.step for row in rows if name in row.loss) for name in LATE}
    assert first == LATE
    (tmp_path / "other").mkdir()
    stopped(tmp_path / "other", 8, monkeypatch, **given)
    with caplog.at_level("INFO"):
        again = trained(tmp_path / "other", **given)
    assert "going on from step 6" in caplog.text
    assert same(load(again["generator"]), load(undisturbed["generator"]))
    assert read(again["history"], Step) == rows


LATE = {"l1": 1, "adversarial": 1, "discriminator": 1, "perceptual": 3, "mask_hinge": 7}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"losses": {"mask_tv": {}}}, "mask_tv needs a mask"),
        ({"model": {"kind": "v2"}}, "nothing teaches the mask"),
        ({"schedule": [{"start": 0.1, "losses": {"tv": {"weight": 1}}}]}, "tv is off from the sta"),
        ({"schedule": [{"start": 0.2}, {"start": 0.1}]}, "begins later"),
        ({"schedule": [{"start": 0.2, "losses": {"l1": {"wait": 1}}}]}, "wait"),
        (
            {
                "losses": {"adversarial": {}},
                "schedule": [{"start": 0.2, "losses": {"adversarial": {"every": 2}}}],
            },
            "adversarial.every stays the same",
        ),
        (
            {
                "losses": {
                    "adversarial": {
                        "objective": "hinge",
                        "discriminator": {"kind": "v1", "bounded": True},
                    }
                }
            },
            "bounded: false",
        ),
    ],
)
def test_what_does_not_go_together_is_told(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Train.model_validate(settings)


def test_a_checkpoint_of_two_players_paints_without_the_second(tmp_path: Path) -> None:
    made = trained(
        tmp_path,
        model={"kind": "v22", "capacity": "lite", "width": 8, "attention": False},
        losses={"adversarial": {"discriminator": {"kind": "v1", "width": 4}}},
        steps=1,
    )
    checkpoint = load(made["generator"])
    assert not any("layers" in name for name in checkpoint.weights)
    back = restored(checkpoint)
    assert back.masks
    with torch.inference_mode():
        painted = back.network.eval()(torch.zeros(1, 3, 64, 64), "emi")
    assert painted.image.shape == (1, 3, 64, 64)
    assert painted.mask is not None
