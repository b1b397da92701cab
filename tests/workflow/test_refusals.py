"""What cannot be is said in one line, before any job."""

from collections.abc import Callable

import pytest

from workflow.loom import CONFIG, PEOPLE, Loom


def refused(loom: Loom, *options: str) -> str:
    """The one line that it says instead of beginning."""
    said = loom.run("snakemake", *options)
    assert said.returncode == 1
    assert not (loom.folder / "results").exists()
    assert "Traceback" not in said.stdout
    first, *more = [line for line in said.stdout.splitlines() if not line.startswith("Using ")]
    assert more == []
    return first


@pytest.mark.parametrize(
    ("variant", "line"),
    [
        (
            {"train": {"ratee": 0.1}},
            "config: variant new: train.ratee: extra inputs are not permitted",
        ),
        ({"trane": {}}, "config: variant new: trane: extra inputs are not permitted"),
        (
            {"train": {"rate": -1}},
            "config: variant new: train.rate: input should be greater than 0",
        ),
        ({"like": "nobody"}, "config: variant new is like nobody, which there is not"),
    ],
)
def test_a_typo_is_one_line(bare: Loom, variant: dict[str, object], line: str) -> None:
    bare.configure(new=variant)
    assert refused(bare) == line


def test_a_typo_at_the_top_is_one_line(bare: Loom) -> None:
    bare.edit("config.yaml", lambda text: "swap: {}\n" + text)
    assert refused(bare).startswith("config: swap: no such entry; there are ")


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (
            lambda text: text.replace("chen\tsynthetic\thost, donor", "chen\tsynthetic\thost"),
            "people: chen gave leave for host, training, not for donor",
        ),
        (
            lambda text: text.replace("training\t\trendered", "training\t2001-01-01\trendered"),
            "people: the leave of boris ended on 2001-01-01; renew it or take boris out",
        ),
        (
            lambda text: "\n".join(line for line in text.splitlines() if "chen" not in line),
            "people: nothing on record for chen, wanted as donor; add a row, with evidence",
        ),
        (
            lambda text: text.replace("evidence\n", "evidence\twithdrawn\n").replace(
                "rendered\n", "rendered\t2024-05-01\n", 1
            ),
            "people: boris has withdrawn on 2024-05-01; take boris out of the config",
        ),
    ],
)
def test_without_leave_there_is_no_job(bare: Loom, change: Callable[[str], str], line: str) -> None:
    bare.write("data/people.tsv", change(PEOPLE))
    assert refused(bare) == line


def test_a_cast_by_name_needs_leave_too(bare: Loom) -> None:
    bare.write(
        "data/people.tsv",
        PEOPLE.replace("dana\tsynthetic\thost, donor, training", "dana\tself\thost"),
    )
    bare.snakemake("--dry-run")
    bare.configure(many={"train": {"cast": "everyone"}})
    assert refused(bare) == "people: dana gave leave for host, not for training"


def test_weights_on_terms_that_are_not_accepted(bare: Loom) -> None:
    bare.configure(baseline={"detect": {"landmarks": "points68"}})
    line = refused(bare)
    assert line.startswith("config: detect of variant baseline needs ")
    assert "68_face_landmarks.dat, whose terms are research; add research to licences" in line


def test_another_file_in_the_place_of_weights(bare: Loom) -> None:
    bare.write("resources/weights/face_landmarker.task", "something else\n")
    assert refused(bare).startswith("face_landmarker.task: the checksum is ")


def test_a_swap_of_a_clip_that_is_not_there(bare: Loom) -> None:
    bare.configure(swaps={**CONFIG["swaps"], "more": {"clip": "bors", "faces": "chen"}})
    assert refused(bare) == "config: swap more: there is no clip bors"


@pytest.mark.parametrize(
    "made",
    [
        "results/train/faster/chen+boris.pt",
        "results/crop/none/boris.parquet",
        "results/crop/baseline/nobody.parquet",
        "results/measure/baseline/boris.beauty.parquet",
        "resources/weights/other.dat",
    ],
)
def test_a_path_of_nobody_is_refused(bare: Loom, made: str) -> None:
    assert "MissingRuleException" in bare.run("snakemake", "--dry-run", made).stdout
