"""Whose files a job reads: the forms' ``reads`` held against the real DAG, and paths one by one."""

from functools import cache
from pathlib import Path

from faceloom.settings import Measures, Pipeline
from faceloom.variants import Variants
from workflow.loom import CONFIG, Loom

STAGES = {name for name in Pipeline.model_fields if name != "measure"} | {
    f"measure.{kind}" for kind in Measures.model_fields
}
ASKED_FOR = {f"measure.{kind}" for kind in ("action_units", "gaze", "mouth")}  # made by name alone
EVERYTHING = {
    "full": {"augment": {}, "refine": ["sharpen"]},
    "flat": {"convert": {"kind": "composite"}, "refine": ["sharpen"]},
    "judged": {
        "augment": {},
        "match": {"features": "sface_map"},
        "evaluate": {"judges": ["sface", "facenet"]},
    },
    **{
        f"alike_{kind}": {"augment": {}, "match": {"features": f"{kind}_map"}}
        for kind in ("facenet", "dlib", "vgg16", "resnet50")
    },
    "styled": {"convert": {"kind": "transfer"}, "refine": ["patches"]},
}


def told(path: str) -> tuple[str, str]:
    """The stage and the variant that a path tells."""
    _, verb, variant, *subject = Path(path).parts
    return (f"measure.{subject[0].split('.')[1]}" if verb == "measure" else verb), variant


def test_forms_read_what_the_rules_read(bare: Loom) -> None:
    """What a job reads is behind its stage; what its form names is behind what the job reads."""
    bare.configure(
        licences=[*CONFIG["licences"], "ISC", "BSD", "own", "imagenet", "research"], **EVERYTHING
    )
    plan = Variants({**CONFIG["variants"], **EVERYTHING})

    @cache
    def behind(stage: str, variant: str) -> frozenset[str]:
        return frozenset(plan.told(stage, variant)) - {stage}

    seen = set()
    for made, read in bare.files().items():
        if not made.startswith("results/") or made.startswith("results/compare"):
            continue
        if made.endswith((".twin.parquet", ".untouched.parquet")):
            continue  # scored as if it were a film of ours
        stage, variant = told(made.split(", ")[0])
        seen.add(stage)
        inputs = {told(path)[0] for path in read if path.startswith("results/")}
        assert inputs <= behind(stage, variant), made
        reached = inputs.union(*(behind(each, variant) for each in inputs))
        assert set(plan.reads(stage, variant)) <= reached, made
    assert seen == STAGES - ASKED_FOR


WANTED = [
    (
        "results/measure/flat/boris.pose.parquet",
        ["results/crop/baseline/boris.parquet"],
    ),
    (
        "results/augment/full_0.5/chen-boris.parquet",
        [
            "results/crop/baseline/chen_learn.parquet",
            "results/crop/baseline/boris_learn.parquet",
            "results/curate/baseline/chen.parquet",
            "results/match/baseline/chen-boris.parquet",
        ],
    ),
    (
        "results/refine/sharp/chen_boris.parquet",
        ["results/convert/faster/chen_boris.parquet", "results/crop/baseline/chen.parquet"],
    ),
    (
        "results/convert/composite/chen_boris.parquet",
        [
            "results/crop/baseline/chen.parquet",
            *(
                f"results/measure/baseline/{clip}.{kind}.parquet"
                for kind in ("identity", "pose")
                for clip in ("chen", "boris_learn", "chen_learn")
            ),
            "results/crop/baseline/boris_learn.parquet",
            "results/curate/baseline/boris.parquet",
        ],
    ),
]


def test_a_path_says_who_is_meant(bare: Loom) -> None:
    bare.configure(full={"vary": {"augment.share": [0.25, 0.5]}}, flat=EVERYTHING["flat"])
    files = bare.files("--", *(made for made, _ in WANTED))
    for made, read in WANTED:
        assert next(said for name, said in files.items() if made in name.split(", ")) == read
