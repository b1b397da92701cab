"""How long, and how much room: by earlier jobs, and by a rule of thumb."""

from pathlib import Path

import pytest

from drawn import draw_clip
from faceloom.media.counting import counted
from faceloom.plan import Plan
from faceloom.projects.outlook import FACE, FILM, TRAINING, Outlook, spoken, subject, tally
from faceloom.projects.weaving import Job
from faceloom.rows.frames import Frame
from faceloom.tables import write

WEIGHTS = Path(__file__).parents[3] / "workflow/weights.tsv"


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """Two people; a clip of each to learn from, of 10 and 20 frames, and one of both, of 5."""
    monkeypatch.chdir(tmp_path)
    rows = ["clip\tpath\tpeople\tuse"]
    for name, people, use, frames in (
        ("a1", "anna", "learn", 10), ("b1", "ben", "learn", 20), ("duet", "anna+ben", "judge", 5)
    ):  # fmt: skip
        draw_clip(tmp_path / f"{name}.mp4", frames)
        rows.append(f"{name}\t{name}.mp4\t{people}\t{use}")
    (tmp_path / "clips.tsv").write_text("\n".join(rows))
    scope = "self\thost donor training"
    (tmp_path / "people.tsv").write_text(f"person\tbasis\tscope\nanna\t{scope}\nben\t{scope}\n")
    return Plan(
        {
            "clips": "clips.tsv",
            "people": "people.tsv",
            "weights": str(WEIGHTS),
            "licences": ["CC0-1.0", "MIT", "Apache-2.0"],
            "swaps": {"both": {"clip": "duet", "faces": {"anna": "ben", "ben": "anna"}}},
            "variants": {"baseline": {"train": {"steps": 100}}, "long": {"train": {"steps": 400}}},
        }
    )


def job(path: str, benchmark: str = "") -> Job:
    return Job(path.split("/")[1], (path,), "", benchmark)


def took(path: str, *seconds: float) -> None:
    file = Path("logs/benchmarks") / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("s\th:m:s\n" + "".join(f"{each}\t-\n" for each in seconds))


def test_what_a_file_is_about() -> None:
    assert subject("results/measure/x/anna.pose.parquet").name == "anna"
    assert subject("logs/benchmarks/train/x/a+b.tsv") == subject("results/train/x/a+b.pt")
    assert subject("results/report.html").variant == ""


def test_longer_clips_take_longer(plan: Plan) -> None:
    took("detect/baseline/a1.tsv", 30)  # 3 seconds a frame
    assert Outlook(plan).seconds(job("results/detect/baseline/b1.parquet")) == pytest.approx(60)


def test_longer_trainings_take_longer(plan: Plan) -> None:
    took("train/baseline/anna+ben.tsv", 50)
    ahead = Outlook(plan)
    assert ahead.seconds(job("results/train/long/anna+ben.pt")) == pytest.approx(200)
    took("train/long/anna+ben.tsv", 240)  # its own kind is the better witness
    assert Outlook(plan).seconds(job("results/train/long/anna+ben.pt")) == pytest.approx(240)


def test_the_middle_of_many_counts(plan: Plan) -> None:
    took("detect/baseline/a1.tsv", 10, 20, 1000)
    took("detect/baseline/b1.tsv", 20, 40, 60)
    took("detect/baseline/duet.tsv", 10)
    # 2, 2 and 2 seconds a frame
    assert Outlook(plan).seconds(job("results/detect/baseline/duet.parquet")) == pytest.approx(10)


def test_of_what_never_ran_nothing_is_known(plan: Plan) -> None:
    took("detect/baseline/a1.tsv", 30)
    assert Outlook(plan).seconds(job("results/crop/baseline/a1.parquet")) is None


def test_room_by_the_rule_of_thumb(plan: Plan) -> None:
    room = Outlook(plan).bytes
    assert room(job("results/crop/baseline/b1.parquet")) == 20 * FACE
    assert room(job("results/crop/baseline/duet.parquet")) == 2 * 5 * FACE
    assert room(job("results/convert/long/both.parquet")) == 2 * 5 * FACE
    assert room(job("results/augment/long/anna-ben.parquet")) == 30 * FACE
    assert room(job("results/train/long/anna+ben.pt")) == TRAINING
    assert room(job("results/blend/long/both.mp4")) == FILM * Path("duet.mp4").stat().st_size
    assert room(job("results/detect/baseline/b1.parquet")) < FACE


def test_frames_are_those_that_were_listed(plan: Plan) -> None:
    frame = Frame(0, 0, 1, "1/25", 0.0, 0.04, True, 1.0, 0, False)
    Path("results/extract/baseline").mkdir(parents=True)
    write(Path("results/extract/baseline/a1.parquet"), [frame] * 7, Frame)
    Path("b1.mp4").unlink()
    ahead = Outlook(plan)
    assert [ahead.frames(name) for name in ("a1", "b1", "duet")] == [7, 0, 5]


def test_times_for_people() -> None:
    assert [spoken(time) for time in (0, 89, 91, 3600, 5400, 12_000)] == [
        "0 s", "89 s", "2 min", "60 min", "1 h 30 min", "3 h 20 min"
    ]  # fmt: skip
    assert list(tally(["crop", "train", "crop"])) == ["crop 2", "train 1"]


def test_pictures_are_counted_without_decoding(tmp_path: Path) -> None:
    draw_clip(tmp_path / "a.mp4", 9, ticks=[0, 1, 2, 3, 9, 10, 11, 12, 30])
    assert counted(tmp_path / "a.mp4") == 9
