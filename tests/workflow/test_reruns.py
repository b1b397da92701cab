"""The promise of the workflow: a change reruns what it touches and nothing else."""

import hashlib
import random
import re
from collections import Counter
from pathlib import Path

import pytest

from workflow.loom import CONFIG, WRITTEN, Loom

SWAPS = 2  # boris as chen, chen as boris: one cast, so one training
FILM = {"blend": SWAPS, "evaluate": SWAPS}
COMPARED = {"compare": 1}
FROM_TRAINING = {"convert": SWAPS, **FILM}
LEARNING = "src/faceloom/settings/learning.py"
DUET = {"clip": "duet", "faces": {"boris": "chen", "chen": "boris"}}


def test_nothing_changed(loom: Loom) -> None:
    assert loom.todo() == {}
    assert "Nothing to be done" in loom.snakemake()


def test_another_refinement_refines(loom: Loom) -> None:
    loom.configure(soft={"like": "faster", "refine": ["none"]})
    assert loom.todo() == {"refine": SWAPS, **FILM, **COMPARED}


def test_two_values_are_twice_the_work(loom: Loom) -> None:
    values = {"once": ["sharpen"], "twice": ["sharpen", "sharpen"]}
    loom.configure(soft={"vary": {"refine": values}})
    assert loom.todo() == {"refine": 2 * SWAPS, **Counter(FILM) + Counter(FILM), **COMPARED}


def test_a_seed_is_a_training(loom: Loom) -> None:
    loom.configure(slow={"train": {"rate": 1e-5}, "seeds": 3})
    thrice = {verb: 3 * jobs for verb, jobs in FROM_TRAINING.items()}
    assert loom.todo() == {"train": 3, **thrice, **COMPARED}


def test_a_parent_takes_its_heirs_along(loom: Loom) -> None:
    loom.configure(faster={"train": {"rate": 0.1}})
    assert loom.todo() == {
        "train": 1, "convert": SWAPS, "refine": SWAPS, "blend": 2 * SWAPS, "evaluate": 2 * SWAPS,
        **COMPARED,
    }  # fmt: skip


def test_another_crop_is_everything_after_it_once_for_all(loom: Loom) -> None:
    loom.configure(baseline={"crop": {"size": 128}})
    assert loom.todo() == {
        "crop": 4, "measure": 10, "curate": 2, "train": 2, "convert": 3 * SWAPS, "refine": SWAPS,
        "blend": 4 * SWAPS, "evaluate": 4 * SWAPS, "control": 4, **COMPARED,
    }  # fmt: skip


def test_why_only_compares(loom: Loom) -> None:
    loom.configure(faster={"why": "To be there sooner.", "train": {"rate": 0.001}})
    assert loom.todo() == COMPARED


def test_other_metrics_evaluate(loom: Loom) -> None:
    loom.configure(baseline={"evaluate": {"metrics": ["identity", "flicker"]}})
    assert loom.todo() == {"evaluate": 4 * SWAPS, "control": 4, **COMPARED}


def test_a_kind_of_measure_that_training_does_not_read_trains_nothing(loom: Loom) -> None:
    form = 'class Light(Measure):\n    kind: Literal["light"] = "light"\n\n\nclass Measures('
    knob = "    light: Light = Light()\n    pose:"
    loom.edit(
        "src/faceloom/settings/people.py",
        lambda text: text.replace("class Measures(", form).replace("    pose:", knob),
    )
    loom.write("src/faceloom/measures/light.py", "def make():\n    return len\n")
    assert loom.todo() == {}

    loom.edit(
        "src/faceloom/settings/films.py",
        lambda text: text.replace(
            '    kind: Literal["flicker"]',
            '    reads = ("measure.light",)\n    kind: Literal["flicker"]',
        ),
    )
    assert loom.todo() == {"measure": 4, "evaluate": 4 * SWAPS, "control": 4, **COMPARED}


def test_a_measure_that_training_reads_trains(loom: Loom) -> None:
    loom.configure(stricter={"curate": {"blurred": 0.5}})
    assert loom.todo() == {"curate": 2, "train": 1, **FROM_TRAINING, **COMPARED}


def test_what_is_off_is_not_read(loom: Loom) -> None:
    loom.configure(alike={"match": {"neighbours": 3}})
    assert loom.todo() == COMPARED

    loom.configure(alike={"match": {"neighbours": 3}, "augment": {}})
    assert loom.todo() == {"match": 2, "augment": 2, "train": 1, **FROM_TRAINING, **COMPARED}


def test_remarks_layout_and_touch_are_free(loom: Loom) -> None:
    for path in (loom.folder / "src").rglob("*.py"):
        text = path.read_text()
        path.write_text("# a remark\n\n" + text.replace('"""', '"""Said otherwise: ', 1) + "\n\n")
    for path in (*loom.folder.glob("data/*"), *loom.folder.glob("rules/*")):
        path.touch()
    (loom.folder / "config.yaml").touch()
    assert loom.todo() == {}


def test_another_machine_has_other_times_and_nothing_to_do(loom: Loom) -> None:
    folders = ("data", "results", "resources", "src", "rules")
    files = [path for folder in folders for path in (loom.folder / folder).rglob("*.*")]
    for path in random.Random(0).sample(files, len(files)):
        path.touch()
    assert loom.todo() == {}


def test_another_default_reruns_from_there(loom: Loom) -> None:
    rate = r"(    rate: float = Field\()[^,]*"
    loom.edit(LEARNING, lambda text: re.sub(rate, r"\g<1>1e-5", text))
    assert loom.todo() == {"train": 1, **FROM_TRAINING, **COMPARED}  # faster has its own rate


def test_a_knob_that_is_off_is_free(loom: Loom) -> None:
    knob = "    norm: str | None = None\n"
    loom.edit(LEARNING, lambda text: text.replace("    rate: float", f"{knob}    rate: float"))
    assert loom.todo() == {}


def test_a_knob_that_is_on_reruns_its_stage(loom: Loom) -> None:
    loom.edit(
        "src/faceloom/settings/films.py",
        lambda text: text.replace("    preset: Literal", "    tempo: int = 1\n    preset: Literal"),
    )
    assert loom.todo() == {"blend": 4 * SWAPS, "evaluate": 4 * SWAPS, **COMPARED}


def test_a_part_reruns_who_uses_it(loom: Loom) -> None:
    loom.edit("src/faceloom/refiners/sharpen.py", lambda text: text + "\nMORE = 1\n")
    assert loom.todo() == {"refine": SWAPS, **FILM, **COMPARED}


def test_a_measure_reruns_who_reads_it(loom: Loom) -> None:
    loom.edit("src/faceloom/measures/pose.py", lambda text: text + "\nMORE = 1\n")
    assert loom.todo() == {"measure": 4, **FROM_TRAINING, **COMPARED}  # the composite; no training


def test_another_refiner_is_free_until_it_is_used(loom: Loom) -> None:
    loom.write("src/faceloom/refiners/blur.py", "def make():\n    return lambda faces: faces\n")
    form = 'class Blur(Refiner):\n    kind: Literal["blur"] = "blur"\n\n\nTouch = Blur | '
    loom.edit("src/faceloom/settings/refiners.py", lambda text: text.replace("Touch = ", form))
    assert loom.todo() == {}

    loom.configure(soft={"refine": ["sharpen", "blur"]})
    assert loom.todo() == {"refine": SWAPS, **FILM, **COMPARED}


def test_a_cast_of_many_is_one_training_for_all_its_swaps(loom: Loom) -> None:
    loom.configure(many={"train": {"cast": "everyone"}})
    assert loom.todo() == {
        "extract": 1, "detect": 1, "track": 1, "crop": 1, "measure": 2, "curate": 1, "train": 1,
        **FROM_TRAINING, **COMPARED,
    }  # fmt: skip
    loom.snakemake()
    assert (loom.folder / "results/train/many/everyone.pt").exists()

    loom.configure(casts={"everyone": ["boris", "chen"]})
    assert loom.todo() == {"train": 1, **FROM_TRAINING, **COMPARED}


def test_two_people_in_a_clip_are_one_film_and_no_more_training(loom: Loom) -> None:
    loom.configure(swaps={**CONFIG["swaps"], "duet": DUET})
    assert loom.todo() == {
        "extract": 1, "detect": 1, "track": 1, "crop": 1, "measure": 2,
        "convert": 3, "refine": 1, "blend": 4, "evaluate": 4, "control": 1, **COMPARED,
    }  # fmt: skip


def test_other_faces_in_a_swap_convert(loom: Loom) -> None:
    loom.configure(swaps={**CONFIG["swaps"], "duet": DUET})
    loom.snakemake()
    loom.configure(swaps={**CONFIG["swaps"], "duet": {**DUET, "faces": {"boris": "chen"}}})
    assert loom.todo() == {
        "convert": 3, "refine": 1, "blend": 4, "evaluate": 4, "control": 1, **COMPARED
    }  # fmt: skip


def test_bytes_behind_a_pointer_count_when_the_pointer_says_so(loom: Loom) -> None:
    loom.write("data/boris.mp4.dvc", "outs:\n- md5: 1\n")
    loom.snakemake()
    loom.write("data/boris.mp4", "other bytes\n")
    assert loom.todo() == {}

    loom.write("data/boris.mp4.dvc", "outs:\n- md5: 2\n")
    assert loom.todo()["extract"] == 1

    loom.write("data/boris.mp4.dvc", "outs:\n- md5: 1\n")
    (loom.folder / "data/boris.mp4").unlink()
    assert loom.todo() == {}  # a finished result does not call for its clip


@pytest.mark.parametrize("clip", ["boris", "boris_learn", "boris_as_chen"])
def test_a_clip_without_pointer_is_told_by_its_bytes(loom: Loom, clip: str) -> None:
    loom.write(f"data/{clip}.mp4", "other bytes\n")
    todo = loom.todo()
    assert todo["extract"] == 1
    assert todo["evaluate"] > 0


def test_weights_that_set_up_fetched_again_are_no_news(loom: Loom) -> None:
    lost = list((loom.folder / "resources/weights").glob("*.dat"))
    for file in lost:
        file.unlink()
    assert loom.todo() == {}

    for file in lost:
        file.write_bytes(WRITTEN)
    assert loom.todo() == {}
    loom.configure(soft={"like": "faster", "refine": ["none"]})
    assert loom.todo() == {"refine": SWAPS, **FILM, **COMPARED}


def test_other_weights_rerun_who_uses_them(loom: Loom) -> None:
    other = hashlib.sha256(b"other\n").hexdigest()
    (loom.folder / "resources/weights/dlib_face_recognition_resnet_model_v1.dat").unlink()
    loom.edit(
        "workflow/weights.tsv",
        lambda text: re.sub(r"(resnet_model_v1.dat\t)[0-9a-f]{64}", rf"\g<1>{other}", text),
    )
    todo = loom.todo()
    assert todo["weights"] == 1
    assert todo["measure"] == 4  # identity, of every clip; neither pose nor quality
    assert todo["detect"] == 0
    assert todo["train"] == 2  # curate throws out strangers by identity


def test_a_file_removed_is_made_again_with_what_needs_it(loom: Loom) -> None:
    Path(loom.folder / "results/blend/sharp/boris_chen.mp4").unlink()
    assert loom.todo() == {"blend": 1, "evaluate": 1, "compare": 1}
