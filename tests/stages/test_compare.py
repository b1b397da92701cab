"""compare: numbers, pictures and a page, from whatever there is."""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest

from compared import FRAMES, REPEATED, TOLD, called, rendered, tree
from faceloom.media import facts, pictures, times
from faceloom.report.comparison import Comparison
from faceloom.report.films import CAPTION, Grid
from faceloom.rows.ranks import Rank
from faceloom.rows.results import Result
from faceloom.rows.scores import Score
from faceloom.stages.compare import compare
from faceloom.tables import read


class Addresses(HTMLParser):
    """Everything the page points to."""

    def __init__(self):
        super().__init__()
        self.files, self.inside, self.ids = [], [], set()

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        self.files += [said[key] for key in ("src", "poster") if key in said]
        self.inside += [said["href"]] if "href" in said else []
        self.ids |= {said["id"]} if "id" in said else set()


def addresses(report):
    found = Addresses()
    found.feed(report.read_text())
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    given = tree(folder)
    compare(**given)
    return given


def test_the_summary_is_as_promised(made):
    summary = json.loads(made["summary"].read_text())
    assert set(summary) == {"schema", "variants", "controls"} and summary["schema"] == 1
    assert set(summary["variants"]) == {"baseline", "soft"}
    assert set(summary["controls"]["untouched"]["swaps"]) == {"a_b", "b_a"}
    assert set(summary["controls"]["twin"]["swaps"]) == {"a_b"}
    found = summary["variants"]["soft"]["swaps"]["a_b"]["donor_distance"]
    (path,) = (one for one in made["scores"] if (one.parent.name, one.stem) == ("soft", "a_b"))
    values = [row.value for row in read(path, Score) if row.metric == "donor_distance"]
    assert found["mean"] == pytest.approx(np.mean(values)) and found["n"] == FRAMES
    assert found["low"] < found["mean"] < found["high"]


def test_the_table_says_the_same(made):
    rows = read(made["table"], Result)
    summary = json.loads(made["summary"].read_text())
    assert len(rows) == (2 * 2 + 3) * 4
    for row in rows:
        films = summary["controls" if row.control else "variants"]
        said = films[row.variant]["swaps"][row.swap][row.metric]
        assert said == {"mean": row.mean, "low": row.low, "high": row.high, "n": row.n}


def test_all_that_the_page_points_to_is_there(made):
    found = addresses(made["report"])
    for address in found.files:
        assert (made["report"].parent / unquote(address)).is_file(), address
    assert {unquote(one) for one in found.files} >= {
        "../data/a.mp4",
        "blend/soft/b_a.mp4",
        "compare/pictures/a_b.comparison.mp4",
        "compare/pictures/a_b.contact.png",
        "train/baseline/a+b.previews.mp4",
        "curate/baseline/a.png",
    }
    assert {one.removeprefix("#") for one in found.inside} <= found.ids


def test_the_page_asks_nothing_of_other_machines(made):
    text = made["report"].read_text()
    assert not re.search(r"(?:https?:)?//[a-z]", text.replace("// Films", ""))
    assert "@import" not in text and "<link" not in text
    assert str(made["report"].parent.parent) not in text


def test_what_people_write_is_escaped(made):
    text = made["report"].read_text()
    assert "<b>softer</b>" not in text
    assert "Is &lt;b&gt;softer&lt;/b&gt; &amp; better?" in text


def test_the_page_tells_the_story(made):
    text = made["report"].read_text()
    assert "a wears b’s face" in text and "Synthetic media" in text
    assert "soft is nearest to the donor" in text
    assert "67% of the way" in text
    assert "trained by baseline" in text and "extract to convert by baseline" in text
    assert "odd_one" in text
    assert "not complete" not in text and "must not leave" not in text


def test_the_film_of_films_has_every_frame_and_plays_everywhere(made):
    path = made["pictures"] / "a_b.comparison.mp4"
    about = facts(path)
    assert (about.codec, about.pixel_format, about.rate) == ("h264", "yuv420p", 25)
    assert len(times(path)) == FRAMES
    assert about.width <= 1280


def test_the_films_are_in_step_and_in_their_places(made):
    grid = Grid.of(4, 96, 72)
    last = list(pictures(made["pictures"] / "a_b.comparison.mp4"))[-1].image
    shown = []
    for panel in range(4):
        left, top = grid.corner(panel)
        scale = grid.width / 96
        x, y = round((45 + FRAMES - 1) * scale), round(35 * scale)
        shown.append(int(last[top + CAPTION + y, left + x].mean()))
    assert np.allclose(shown, [20, 80, 140, 200], atol=6)


def test_equal_inputs_make_equal_files(made, tmp_path):
    names = {"report": "report.html", "pictures": "pictures", "summary": "summary.json"}
    again = made | {key: tmp_path / name for key, name in names.items()}
    again |= {"table": tmp_path / "scores.parquet", "ranking": tmp_path / "ranking.parquet"}
    compare(**again)
    for path in sorted(made["pictures"].iterdir()):
        assert (tmp_path / "pictures" / path.name).read_bytes() == path.read_bytes(), path.name
    assert again["summary"].read_text() == made["summary"].read_text()


def test_nothing_is_left_beside_the_pictures(made):
    beside = {path.name for path in made["pictures"].parent.iterdir()}
    assert beside == {"pictures", "summary.json", "scores.parquet", "ranking.parquet"}


def test_a_partial_report_says_first_what_is_missing(tmp_path):
    tree(tmp_path)
    results = tmp_path / "results"
    (results / "blend/soft/a_b.mp4").unlink()
    (results / "evaluate/soft/a_b.parquet").unlink()
    (results / "evaluate/baseline/a_b.twin.parquet").unlink()
    (tmp_path / "data/b.mp4").unlink()
    given = called(tmp_path)
    compare(**given)
    text = given["report"].read_text()
    assert text.index("This report is not complete") < text.index("Verdict")
    part = text[text.index("not complete") : text.index("</section>")]
    rows = re.findall(r"<th scope=\"row\">(.*?)</th><td>(.*?)</td><td>(.*?)</td>", part)
    assert ("soft", "a_b", "film and scores") in rows
    assert ("control: twin", "a_b", "scores") in rows
    assert ("control: untouched", "b_a", "clip b") in rows
    for address in addresses(given["report"]).files:
        assert (given["report"].parent / unquote(address)).is_file(), address


def test_nothing_at_all_is_a_report_as_well(tmp_path):
    given = called(tmp_path)
    compare(**given)
    assert "There are no scores yet" in given["report"].read_text()
    assert json.loads(given["summary"].read_text())["variants"] == {
        "baseline": {"swaps": {}},
        "soft": {"swaps": {}},
    }
    assert read(given["table"], Result) == []


def test_faces_of_research_stay_here(tmp_path):
    swaps = {**TOLD["swaps"], "b_a": {**TOLD["swaps"]["b_a"], "bases": ["research"]}}
    told = {**TOLD, "swaps": swaps, "weights": {"points.dat": "research"}}
    given = called(tmp_path, told)
    compare(**given)
    text = given["report"].read_text()
    assert "must not leave this machine" in text and "Made with weights for research" in text
    assert text.index("must not leave") < text.index("Verdict")


def test_settings_with_a_typo_are_refused():
    with pytest.raises(ValueError, match="extra"):
        Comparison.model_validate({**TOLD, "variantz": {}})


def test_the_command_makes_it_too(tmp_path):
    given = called(tmp_path)
    paths = {name: given[name] for name in ("summary", "table", "ranking", "pictures", "report")}
    lists = ("scores", "controls", "films", "clips", "histories", "previews", "sheets")
    line = [sys.executable, "-m", "faceloom.cli", "compare"]
    line += [word for name in lists for word in (f"--{name}", *map(str, given[name]))]
    line += [word for name, path in paths.items() for word in (f"--{name}", str(path))]
    line += ["--settings", json.dumps(TOLD)]
    done = subprocess.run(line, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert done.returncode == 0, done.stderr
    assert given["report"].exists()


@pytest.fixture(scope="module")
def repeated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("repeated")
    given = tree(folder, REPEATED)
    labels = rendered(folder / "data/a_as_b.mp4")
    compare(**given, labels=labels)
    return given


def test_recipes_are_ranked_over_trainings(repeated):
    rows = read(repeated["ranking"], Rank)
    first = [row for row in rows if (row.case, row.metric) == ("all", "donor_distance")]
    assert [row.recipe for row in first] == ["soft", "baseline"]
    assert [row.best for row in first] == [True, False]  # trainings hardly differ
    assert {(row.unit, row.casts, row.clips, row.seeds) for row in first} == {("seeds", 1, 2, 2)}
    assert first[1].behind == pytest.approx(0.1, abs=0.01) and first[1].behind_low > 0
    assert first[0].low < first[0].mean < first[0].high
    high = [row for row in rows if (row.case, row.metric) == ("all", "truth_psnr_face")]
    assert [row.recipe for row in high] == ["baseline", "soft"]  # higher is better
    assert all(row.low < row.mean < row.high for row in high)


def test_cases_are_judged_in_their_frames_alone(repeated):
    rows = {(row.case, row.metric, row.recipe): row for row in read(repeated["ranking"], Rank)}
    assert {case for case, _, _ in rows} == {"all", "profile", "light_skin", "beard"}
    turned = rows["profile", "donor_distance", "soft"]
    assert (turned.frames, turned.clips) == (FRAMES // 2, 1)
    values = [
        row.value
        for name in ("soft", "soft_seed1")
        for path in repeated["scores"]
        if (path.parent.name, path.stem) == (name, "a_b")
        for row in read(path, Score)
        if row.metric == "donor_distance" and row.frame >= FRAMES // 2
    ]
    assert turned.mean == pytest.approx(np.mean(values))
    assert rows["all", "donor_distance", "soft"].frames == 2 * FRAMES


def test_the_report_says_what_was_drawn_and_where_recipes_fail(repeated):
    page = repeated["report"].read_text()
    assert 'id="ranking"' in page and "up to 2 trainings of each recipe" in page
    assert "of other people nothing can be said with one cast" in page
    assert "soft is ahead of every other recipe over 2 trainings" in page
    assert '<span class="mark">best</span> <span class="mean">' not in page  # frames alone


def test_without_repeats_there_is_nothing_to_rank(made):
    assert 'id="ranking"' not in made["report"].read_text()
    assert {row.unit for row in read(made["ranking"], Rank)} <= {"clips"}
