"""Snakemake's reasons in few words."""

import pytest

from faceloom.projects.reasons import told, why
from faceloom.projects.weaving import Job, last_word, parsed

CHANGED = (
    "Params have changed since last execution: Union of exclusive params before and now across "
    "all output: before: {} now: {} "
)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("Missing output files: results/crop/baseline/anna.parquet", "not made yet"),
        ("Updated input files: data/clips/a.mp4", "new contents in data/clips/a.mp4"),
        (
            "Input files updated by another job: results/crop/x/a.parquet, results/crop/x/b.parquet"
            ", results/train/x/a+b.pt",
            "after crop, train",
        ),
        (
            "Set of input files has changed since last execution; Code has changed since last "
            "execution",
            "other files go in than last time; its rule says another command than last time",
        ),
        (
            CHANGED.format("'9f6f3bf484ae'", "'1a6f3bf484ae-00aabbcc'"),
            "its code or weights have changed",
        ),
        (
            CHANGED.format(
                """'{"rate":1,"model":{"kind":"small","size":64},"clip":2}'""",
                """'{"rate":2,"model":{"kind":"small","size":64},"mask":{"kind":"l1"}}'""",
            ),
            'clip 2 → not said; mask.kind not said → "l1"; rate 1 → 2',
        ),
        (CHANGED.format("'a=b'", "'a=c'"), "it is told something else than last time"),
        ("Forced execution", "Forced execution"),
    ],
)  # fmt: skip
def test_a_reason_in_few_words(reason: str, words: str) -> None:
    assert why(reason) == words


def test_alike_is_one_line() -> None:
    missing = [
        Job("blend", (f"results/blend/x/{name}.mp4",), "Missing output files: ", "")
        for name in "ab"
    ]
    other = Job("train", ("results/train/x/a+b.pt", "h"), "Missing output files: ", "")
    assert list(told([missing[0], other, missing[1]])) == [
        "blend, 2 jobs: not made yet",
        "train, results/train/x/a+b.pt: not made yet",
    ]


SAID = """\
Building DAG of jobs...
[Sat Nov 21 11:04:32 2026]
rule refine:
    input: results/convert/swift/a.parquet, results/crop/baseline/a.parquet
    output: results/refine/sharp/a.parquet, results/refine/sharp/a.json
    benchmark: logs/benchmarks/refine/sharp/a.tsv
    reason: Missing output files: results/refine/sharp/a.parquet
    wildcards: variant=sharp
[Sat Nov 21 11:04:33 2026]
localrule track:
    output: results/track/sharp/a.parquet
[Sat Nov 21 11:04:34 2026]
rule all:
    input: results/report.html
"""


def test_a_dry_run_is_read() -> None:
    refine, track = parsed(SAID)
    assert refine.outputs == ("results/refine/sharp/a.parquet", "results/refine/sharp/a.json")
    assert (refine.rule, refine.benchmark) == ("refine", "logs/benchmarks/refine/sharp/a.tsv")
    assert refine.reason.startswith("Missing output files")
    assert track == Job("track", ("results/track/sharp/a.parquet",), "", "")


def test_the_last_word_is_the_one_that_says_why() -> None:
    assert last_word("Using profile\nconfig: no swaps; say one\n") == "config: no swaps; say one"
    error = "MissingInputException in rule extract:\nMissing input files\n  data/a.mp4\nLog: x\n"
    assert last_word(f"hello\n{error}") == (
        "MissingInputException in rule extract: Missing input files data/a.mp4"
    )
