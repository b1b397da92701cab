"""Who reads whose files: what the rules ask the plan for, verb by verb.

One rule's input functions stand together; those of common.smk serve all of them.
"""

from functools import cache

# --- parser ---


def shots_to_learn(ending):
    """The files of the shots that the parser is taught on: somebody else in each."""
    cast = plan.parser.cast
    return [
        f"results/parser/shots/{1000 * cast + number}/s{cast}p{number}.{ending}"
        for number in range(plan.parser.people)
    ]


# --- match ---


def of_both(wildcards):
    """The clips that either of the two is learnt from."""
    return [*plan.clips_of(wildcards.person), *plan.clips_of(wildcards.other)]


# --- train ---


def clips_of_cast(wildcards):
    """The clips that everybody in the cast is learnt from."""
    return plan.known_by(set(plan.members(wildcards.cast)))


def choices_of_cast(wildcards):
    """What is chosen of everybody in the cast."""
    path = "results/curate/{owner}/{person}.parquet"
    return made("curate", path, wildcards.variant, person=plan.members(wildcards.cast))


def augmented_of_cast(wildcards):
    """Everybody's faces with the features of each other's."""
    path = "results/augment/{owner}/{pair[0]}-{pair[1]}.parquet"
    return made("augment", path, wildcards.variant, pair=plan.pairs(wildcards.cast))


def chosen_by(wildcards):
    """The swaps by which a training chooses its weights."""
    return plan.chosen_by(wildcards.variant, wildcards.cast)


def chosen_faces(wildcards):
    """The faces of their clips."""
    clips = dict.fromkeys(swap.clip for swap in chosen_by(wildcards))
    return faces_of(wildcards.variant, list(clips))


def chosen_truths(wildcards):
    """The clip of the truth, for each of their hosts."""
    return [
        ancient(plan.clips[swap.truth].path) for swap in chosen_by(wildcards) for _ in swap.faces
    ]


def index_of_chosen(wildcards):
    """The frames of these truths, which tell whether their bytes are news."""
    truths = list(dict.fromkeys(swap.truth for swap in chosen_by(wildcards)))
    return made("extract", "results/extract/{owner}/{clip}.parquet", wildcards.variant, clip=truths)


def chosen_pairs(wildcards):
    """Who becomes whom in which clip."""
    return [f"{swap.clip}:{pair}" for swap in chosen_by(wildcards) for pair in swap.pairs]


# --- convert ---


def clip_of(wildcards):
    """The clip that a swap is about."""
    return plan.swaps[wildcards.swap].clip


def known_of(wildcards):
    """The clips that show how the people of a swap look."""
    known = plan.known_by(plan.swaps[wildcards.swap].people)
    return [clip for clip in known if clip != clip_of(wildcards)]


def generators_of(wildcards):
    """The generators of the casts that a swap needs, where its faces are generated."""
    if "train" not in plan.reads("convert", wildcards.variant):
        return []
    casts = plan.casts_of(wildcards.variant, wildcards.swap)
    return made("train", "results/train/{owner}/{cast}.pt", wildcards.variant, cast=casts)


def donors_of(wildcards):
    """The clips that show how the donors of a swap look, where a conversion shows them."""
    if "curate" not in plan.reads("convert", wildcards.variant):
        return []
    return plan.known_by(set(plan.swaps[wildcards.swap].faces.values()))


def painted_for_convert(wildcards):
    """The maps that a person has painted of host and donors, by clip."""
    clips = [clip_of(wildcards), *donors_of(wildcards)]
    return painted_of("convert", wildcards.variant, clips)


def views_of(wildcards):
    """The faces of the donors, where a conversion shows them."""
    return faces_of(wildcards.variant, donors_of(wildcards))


def choices_of_donors(wildcards):
    """Which of the donors' faces are worth showing."""
    if "curate" not in plan.reads("convert", wildcards.variant):
        return []
    donors = sorted(set(plan.swaps[wildcards.swap].faces.values()))
    path = "results/curate/{owner}/{person}.parquet"
    return made("curate", path, wildcards.variant, person=donors)


# --- refine ---


def decoders_of(wildcards):
    """The decoders that are taught for what refines."""
    layers = [
        layer for part in plan.form("refine", wildcards.variant).parts() for layer in part.decoders
    ]
    return [f"results/decoder/{layer}.pt" for layer in dict.fromkeys(layers)]


# --- blend ---


def new_faces(wildcards):
    """The new faces, refined where that is on."""
    last = "refine" if plan.form("refine", wildcards.variant) else "convert"
    return made(last, f"results/{last}/{{owner}}/{{swap}}.parquet", **wildcards)


def forebears(wildcards):
    """What a film's lineage names besides its own clip: the clips learnt from, and generators."""
    learnt = plan.known_by(plan.swaps[wildcards.swap].people)
    return [ancient(plan.clips[clip].path) for clip in learnt] + generators_of(wildcards)


def all_films(wildcards):
    """The films of every variant and swap."""
    path = "results/blend/{owner}/{swap}.mp4"
    return collect(path, owner=plan.owners("blend"), swap=list(plan.swaps))


# --- evaluate ---


def truth_of(wildcards):
    """The clip that shows the truth of a swap, where it is known."""
    truth = plan.swaps[wildcards.swap].truth
    return ancient(plan.clips[truth].path) if truth else []


def labels_beside(clip, *endings):
    """The labels of a rendered clip with these endings, or none where one of them is not there."""
    paths = [Path(plan.clips[clip].path).with_suffix(ending) for ending in endings]
    there = plan.takes or all(path.exists() for path in paths)
    return [str(path) for path in paths] if there else []


def labels_of_truth(wildcards):
    """What is known of every pixel of the truth, where it was rendered."""
    truth = plan.swaps[wildcards.swap].truth
    return labels_beside(truth, ".npz") if truth else []


def index_of_truth(wildcards):
    """The frames of the truth, which tell whether its bytes are news."""
    truth = plan.swaps[wildcards.swap].truth
    path = "results/extract/{owner}/{clip}.parquet"
    return made("extract", path, wildcards.variant, clip=truth) if truth else []


def facts_for_evaluate(wildcards):
    """The facts about the clip, and about how its people look, that the metrics read."""
    return measured("evaluate", wildcards.variant, [clip_of(wildcards), *known_of(wildcards)])


def control_film(wildcards):
    """The film that a control is about."""
    swap = plan.swaps[wildcards.swap]
    clip = swap.clip if wildcards.control == "untouched" else swap.truth
    return ancient(plan.clips[clip].path)


# --- compare ---


def controls(wildcards):
    """The scores of the host's own clips, and of the truths there are."""
    owner = plan.owner("evaluate", ROOT)
    true = [name for name, swap in plan.swaps.items() if swap.truth]
    path = "results/evaluate/{owner}/{swap}.{control}.parquet"
    return collect(path, owner=owner, swap=list(plan.swaps), control="untouched") + collect(
        path, owner=owner, swap=true, control="twin"
    )


def all_scores(wildcards):
    """The scores of every variant and swap."""
    path = "results/evaluate/{owner}/{swap}.parquet"
    return collect(path, owner=plan.owners("evaluate"), swap=list(plan.swaps))


def of_trainings(ending):
    """What every training leaves, by the ending of its name."""

    def files(wildcards):
        training = [(plan.owner("train", name), name) for name in plan if plan.trains(name)]
        return [
            f"results/train/{owner}/{cast}.{ending}"
            for owner, name in dict(training).items()
            for cast in dict.fromkeys(
                cast for swap in plan.swaps for cast in plan.casts_of(name, swap)
            )
        ]

    return files


def of_refining(stage, path):
    """What refiners were given, and what they have made of it: one stage's files."""

    def files(wildcards):
        refining = [name for name in plan if plan.form("refine", name)]
        using = [name for name in refining if stage in plan.told("refine", name)]
        owners = list(dict.fromkeys(plan.owner(stage, name) for name in using))
        clips = list(dict.fromkeys(swap.clip for swap in plan.swaps.values()))
        return collect(path, owner=owners, swap=list(plan.swaps), clip=clips)

    return files


def all_sheets(wildcards):
    """The contact sheets of chosen and of augmented faces, and of faces as they are learnt."""
    people = sorted({person for cast in plan.casts() for person in plan.members(cast)})
    owners = plan.owners("curate")
    chosen = collect("results/curate/{owner}/{person}.png", owner=owners, person=people)
    pairs = [pair for cast in plan.casts() for pair in plan.pairs(cast)]
    made = collect(
        "results/augment/{owner}/{pair[0]}-{pair[1]}.png", owner=plan.owners("augment"), pair=pairs
    )
    return chosen + made + of_trainings("varied.png")(wildcards)


def all_labels(wildcards):
    """All that is known of the truths there are."""
    truths = dict.fromkeys(swap.truth for swap in plan.swaps.values() if swap.truth)
    return [file for truth in truths for file in labels_beside(truth, ".parquet", ".json", ".npz")]


def hosts_and_truths():
    """The clips of the swaps, and the truths there are."""
    shown = [clip for swap in plan.swaps.values() for clip in (swap.clip, swap.truth) if clip]
    return dict.fromkeys(shown)


def clips_of_swaps(wildcards):
    """The hosts' own clips and the truths, to be shown beside the films."""
    return [ancient(plan.clips[clip].path) for clip in hosts_and_truths()]


def clips_that_were_read(wildcards):
    """Those of them whose frames could be listed: the others are what failed."""
    index = f"results/extract/{plan.owner('extract', ROOT)}/{{}}.parquet"
    paths = {clip: plan.clips[clip].path for clip in hosts_and_truths()}
    return [
        ancient(path)
        for clip, path in paths.items()
        if fresh(index.format(clip)) and Path(path).exists()
    ]


@cache
def due():
    """What is still to be made, as `snakemake --summary` has said where FACELOOM_DUE tells."""
    said = os.environ.get("FACELOOM_DUE")
    rows = [line.split("\t") for line in Path(said).read_text().splitlines()] if said else []
    return {row[0] for row in rows if row[-1] == "update pending"}


def fresh(file):
    """Whether a file is there, and not of an earlier state of things."""
    return Path(file).exists() and file not in due()


def finished(files):
    """Those of the files that are fresh."""
    return lambda wildcards: [file for file in files(wildcards) if fresh(file)]
