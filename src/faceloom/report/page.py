"""The report: one page of HTML that asks nothing of any other machine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from faceloom import __version__
from faceloom.media import facts
from faceloom.report import refining, words
from faceloom.report.board import Board
from faceloom.report.comparison import Comparison
from faceloom.report.definitions import KEY, describe
from faceloom.report.elements import (
    Addresses,
    Film,
    Picture,
    RefinedPart,
    SwapPart,
    Training,
    VariantPart,
)
from faceloom.report.files import Files, Gap
from faceloom.report.pictures import Shown
from faceloom.report.ranking import Ranking
from faceloom.report.standing import answers, standing
from faceloom.report.statistics import BLOCK, CONFIDENCE, DRAWS
from faceloom.report.tabulation import tabulate
from faceloom.report.verdict import findings, listed, overall
from faceloom.rows.steps import Step
from faceloom.tables import read

TEMPLATES = Path(__file__).parent / "templates"
SHOWN_BY_BROWSERS = {"h264", "vp8", "vp9", "av1"}
OPEN = 4  # plots that are shown before one asks for more


def page(
    told: Comparison,
    files: Files,
    board: Board,
    gaps: list[Gap],
    shown: Shown,
    folder: Path,
    ranking: Ranking,
) -> str:
    """The whole page; `folder` is where it will lie."""
    at = Addresses(folder, shown)
    stands = standing(ranking)
    found = answers(ranking, board) if stands else findings(board)
    marked = board if stands is None else replace(board, marks=False)
    swaps = [swap_part(name, told, files, marked, at) for name in told.swaps]
    trainings = list(training_parts(told, files, at))
    return template().render(
        title=words.count(told),
        gaps=gaps,
        confined=words.confined(told),
        restricted=words.restricted(told),
        unfairly=words.unfairly(told),
        overall=overall(found),
        findings=found,
        standing=stands,
        table=tabulate(marked, [metric for metric in board.metrics() if metric in KEY]),
        scatter=scatter_picture(at),
        plots=plots(board, at),
        open=OPEN,
        variants=list(variant_parts(told)),
        swaps=swaps,
        trainings=trainings,
        sheets=list(sheets(files, at)),
        refined=refined(told, files, board, at),
        glossary=[describe(metric) for metric in board.metrics()],
        draws=DRAWS,
        block=BLOCK,
        confidence=CONFIDENCE,
        version=__version__,
        digest=sha256(told.model_dump_json().encode()).hexdigest()[:12],
        weights=sorted(told.weights.items()),
    )


def template() -> Template:
    """The page's template; whatever is filled in is escaped."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["breakable"] = breakable
    return environment.get_template("report.html.j2")


def breakable(name: str) -> Markup:
    """A name that may go on in the next line after each underscore."""
    return Markup("_<wbr>").join(name.split("_"))


def swap_part(name: str, told: Comparison, files: Files, board: Board, at: Addresses) -> SwapPart:
    """All there is of a swap."""
    swap, shown = told.swaps[name], at.shown
    metrics = [metric for metric in board.metrics() if metric in scored(board, name)]
    title = words.swapped(swap)
    side_by_side, contact = shown.side_by_side.get(name), shown.contact.get(name)
    alt = f"Moments of {title} under each other: the host, every variant, the truth where known"
    return SwapPart(
        name=name,
        title=title,
        clip=swap.clip,
        truth=swap.truth or "",
        leave=words.leave(swap.bases),
        together=at.film("all side by side", side_by_side) if side_by_side else None,
        contact=Picture(at.of(contact), "moments", alt) if contact else None,
        films=tuple(films(name, told, files, board, at)),
        table=tabulate(board, metrics, name) if metrics else None,
    )


def scored(board: Board, swap: str) -> set[str]:
    """The metrics that some film or control of the swap has."""
    every = (*board.variants.values(), *board.controls.values())
    return {metric for scores in every for metric in scores.get(swap, {})}


def films(name: str, told: Comparison, files: Files, board: Board, at: Addresses) -> Iterable[Film]:
    """The host's clip, each variant's film, and the truth, where a browser can show them."""
    swap = told.swaps[name]
    if (clip := files.clips.get(swap.clip)) and playable(clip):
        yield at.film("host", clip, sentence="The clip as it was filmed: nothing is swapped.")
    for variant, said in told.variants.items():
        if film := files.films.get((told.owner("blend", variant), name)):
            numbers = tuple(few_numbers(board, variant, name))
            yield at.film(variant, film, sentence=said.why, table=numbers)
    if swap.truth and (clip := files.clips.get(swap.truth)) and playable(clip):
        yield at.film("truth", clip, sentence="What a perfect swap would look like.")


def few_numbers(board: Board, variant: str, swap: str) -> Iterable[tuple[str, str]]:
    """The scores that say most."""
    for metric in ("donor_distance", "truth_psnr_face", "sharpness"):
        if found := board.scores(variant).get(swap, {}).get(metric):
            told = describe(metric)
            yield told.label, f"{told.number(found.mean)} {told.unit}".strip()


def playable(clip: Path) -> bool:
    """Whether browsers are known to show a clip."""
    about = facts(clip)
    return (
        about.kind == "video"
        and about.codec in SHOWN_BY_BROWSERS
        and about.pixel_format in ("yuv420p", "yuvj420p")
        and clip.suffix.lower() in (".mp4", ".m4v", ".webm", ".mov")
    )


def scatter_picture(at: Addresses) -> Picture | None:
    """Donor distance against sharpness."""
    path = at.shown.scatter
    alt = "Every variant and control by donor distance (across) and sharpness (up)"
    return Picture(at.of(path), "Identity against sharpness", alt) if path else None


def plots(board: Board, at: Addresses) -> list[Picture]:
    """The plots of all metrics, the key ones first."""
    metrics = board.metrics()
    order = [m for m in metrics if m in KEY] + [m for m in metrics if m not in KEY]
    return [
        Picture(
            at.of(at.shown.metrics[metric]),
            describe(metric).label,
            f"{describe(metric).label} of every variant with its interval, between the controls; "
            "the numbers are in the tables",
        )
        for metric in order
    ]


def variant_parts(told: Comparison) -> Iterable[VariantPart]:
    """What every variant is."""
    for name, said in told.variants.items():
        yield VariantPart(
            name,
            said.why,
            said.like,
            tuple(words.settings(said)),
            words.trained(name, said),
            tuple(words.shares(name, said)),
        )


def training_parts(told: Comparison, files: Files, at: Addresses) -> Iterable[Training]:
    """All there is of the trainings."""
    for owner, cast in dict.fromkeys([*files.histories, *files.previews]):
        users = [name for name, said in told.variants.items() if said.owners.get("train") == owner]
        history = files.histories.get((owner, cast))
        plot, film = at.shown.losses.get((owner, cast)), files.previews.get((owner, cast))
        alt = f"Losses of the training of {cast} by {owner} over its steps"
        yield Training(
            owner=owner,
            cast=cast,
            used=listed(users),
            course=words.course(read(history, Step)) if history else "",
            plot=Picture(at.of(plot), "losses", alt) if plot else None,
            previews=at.film("previews", film) if film else None,
        )


def refined(told: Comparison, files: Files, board: Board, at: Addresses) -> RefinedPart | None:
    """What refiners make of new faces, if there are any."""
    if not at.shown.refined:
        return None
    faces = tuple(
        Picture(
            at.of(path),
            words.swapped(told.swaps[swap]),
            f"Faces of {swap}: the host, the new face, and what each variant makes of it",
        )
        for swap, path in at.shown.refined.items()
    )
    strips = tuple(
        Picture(
            at.of(at.shown.strips[strip.name]),
            f"{refining.KNOBS[strip.knob]}: {listed([name for name, _ in strip.variants])}",
            f"Faces of {strip.swap} with {strip.knob} turned up from left to right",
        )
        for strip in refining.strips(told, files)
    )
    lines = tuple(refining.lines(told, files, board))
    return RefinedPart(faces, strips, refining.heads(board), lines)


def sheets(files: Files, at: Addresses) -> Iterable[Picture]:
    """The contact sheets of chosen and of augmented faces, and of faces as they are learnt."""
    for (owner, subject), path in files.sheets.items():
        stage = path.parent.parent.name
        varied = subject.removesuffix(".varied")
        label = f"{stage}: {subject}, by {owner}"
        if varied != subject:
            label = f"{stage}: how faces of {varied} are varied, by {owner}"
        yield Picture(at.of(path), label, f"Contact sheet of {label}")
