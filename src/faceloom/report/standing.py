"""The ranking over people and trainings as the report shows it: tables and sentences."""

from __future__ import annotations

from dataclasses import dataclass

from faceloom.report.board import Board
from faceloom.report.cases import CASES
from faceloom.report.definitions import Definition, describe
from faceloom.report.ranking import ALL, Ranking
from faceloom.report.trials import Design, Order, Place
from faceloom.report.verdict import Finding, listed, plural

QUESTIONS = (
    ("Nearest to the truth in identity", ("truth_distance", "donor_distance")),
    ("Nearest to the truth in pixels", ("labelled_psnr_face", "truth_psnr_face")),
    ("Nearest to the truth in motion", ("truth_drift",)),
)
SHOWN = (
    "truth_distance",
    "truth_landmark_error",
    "truth_pose_error",
    "truth_drift",
    "labelled_psnr_face",
    "labelled_ssim_face",
    "labelled_psnr_seam",
    "labelled_ssim_seam",
    "labelled_psnr_occluder",
    "labelled_ssim_occluder",
    "labelled_psnr_outside",
    "labelled_ssim_outside",
    "donor_distance",
    "sharpness",
)
HARD = ("labelled_psnr_face", "truth_distance", "truth_landmark_error")  # shown case by case


@dataclass(frozen=True)
class Line:
    """A metric or a case: what every recipe scores.

    Attributes:
        label: what the line is of.
        sentence: what that means.
        cells: of each recipe its mean, and its interval.
        last: who is best; or how many frames of how many clips.
        worst: the recipes for which no other case is worse.
    """

    label: str
    sentence: str
    cells: tuple[tuple[str, str], ...]
    last: str
    worst: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A table: its recipes across, its lines down."""

    caption: str
    recipes: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Standing:
    """All that the report says of the ranking.

    Attributes:
        drawn: what was drawn, and what intervals speak of.
        table: every metric over all frames.
        cases: for some metrics what is scored where it is hard.
        failures: of each recipe where it is worst.
    """

    drawn: str
    table: Sheet
    cases: tuple[Sheet, ...]
    failures: tuple[str, ...]


def standing(ranking: Ranking) -> Standing | None:
    """What is to be shown, if more than one cast or training was drawn."""
    found = next((one for (case, _), one in ranking.orders.items() if case == ALL), None)
    if found is None or not ranking.general:
        return None
    recipes = tuple(found.design.seeds)
    metrics = [name for name in SHOWN if ranking.of(name)]
    lines = tuple(line(describe(name), ranking.of(name), recipes) for name in metrics)
    table = Sheet("Means over all casts, with 95 % intervals", recipes, lines)
    sheets = [hard(ranking, name, recipes) for name in HARD if ranking.of(name)]
    cases = tuple(sheet for sheet in sheets if len(sheet.lines) > 1)
    return Standing(drawn(found.design), table, cases, failures(ranking, recipes))


def drawn(design: Design) -> str:
    """What was drawn, and what intervals speak of."""
    clips = sum(map(len, design.casts))
    many = max(design.seeds.values())
    what = (
        f"{len(design.casts)} {plural(len(design.casts), 'cast')}, {clips} "
        f"{plural(clips, 'clip')}, up to {many} {plural(many, 'training')} of each recipe."
    )
    if design.unit == "casts":
        return f"{what} Intervals speak of other people, clips and trainings, drawn alike."
    return (
        f"{what} Intervals speak of other trainings with the same people; "
        "of other people nothing can be said with one cast."
    )


def line(metric: Definition, found: Order | None, recipes: tuple[str, ...]) -> Line:
    """What all recipes score by a metric, and who is best."""
    assert found is not None
    unit = f", {metric.unit}" if metric.unit else ""
    arrow = "≈" if metric.better == "truth" else metric.arrow
    return Line(
        f"{metric.label}{unit} {arrow}", metric.sentence, cells(metric, found, recipes), best(found)
    )


def cells(
    metric: Definition, found: Order, recipes: tuple[str, ...]
) -> tuple[tuple[str, str], ...]:
    """The mean and the interval of each recipe; dashes where it has none."""
    places = {place.recipe: place for place in found.places}
    return tuple(shown(metric, places[name]) if name in places else ("–", "") for name in recipes)


def shown(metric: Definition, place: Place) -> tuple[str, str]:
    """A recipe's mean and half its interval in the metric's own direction."""
    sign = -1 if metric.better == "high" else 1
    return metric.number(sign * place.mean), f"± {metric.number(place.high - place.mean)}"


def best(found: Order) -> str:
    """Who is best, or between whom it is open."""
    if found.best:
        return found.best
    if len(found.places) == 1:
        return "–"
    return f"open: {listed([found.places[0].recipe, *found.rivals])}"


def hard(ranking: Ranking, name: str, recipes: tuple[str, ...]) -> Sheet:
    """A metric case by case."""
    metric, lines = describe(name), []
    worst = {recipe: worst_case(ranking, name, recipe) for recipe in recipes}
    for case in ranking.cases:
        if found := ranking.of(name, case):
            frames, clips = ranking.frames[case], ranking.clips[case]
            lines.append(
                Line(
                    "all frames" if case == ALL else case.replace("_", " "),
                    "" if case == ALL else CASES[case][0],
                    cells(metric, found, recipes),
                    f"{frames} in {clips} {plural(clips, 'clip')}",
                    tuple(recipe for recipe in recipes if worst[recipe] == case),
                )
            )
    return Sheet(f"{metric.label} by case, {metric.direction}", recipes, tuple(lines))


def worst_case(ranking: Ranking, metric: str, recipe: str) -> str:
    """The case in which a recipe loses most, worse than over all; or nothing."""
    losses = {
        case: place.mean
        for case in ranking.cases
        if (found := ranking.of(metric, case))
        for place in found.places
        if place.recipe == recipe
    }
    usual = losses.pop(ALL, None)
    if not losses or usual is None:
        return ""
    case = max(losses, key=lambda name: losses[name])
    return case if losses[case] > usual else ""


def failures(ranking: Ranking, recipes: tuple[str, ...]) -> tuple[str, ...]:
    """Where each recipe is worst, in a sentence."""
    said = []
    for recipe in recipes:
        parts = []
        for name in HARD:
            case, metric = worst_case(ranking, name, recipe), describe(name)
            if case:
                there, usual = (mean(ranking, name, recipe, c) for c in (case, ALL))
                numbers = f"{metric.number(there)} {metric.unit}".strip()
                parts.append(
                    f"where {CASES[case][0]} by {metric.spoken} "
                    f"({numbers}, over all {metric.number(usual)})"
                )
        if parts:
            said.append(f"{recipe} is worst {listed(parts)}.")
    return tuple(said)


def mean(ranking: Ranking, metric: str, recipe: str, case: str) -> float:
    """A recipe's mean in a case, in the metric's own direction."""
    found = ranking.of(metric, case)
    assert found is not None
    (place,) = (place for place in found.places if place.recipe == recipe)
    return -place.mean if describe(metric).better == "high" else place.mean


def answers(ranking: Ranking, board: Board) -> list[Finding]:
    """An answer to each question that the ranking can answer."""
    found = []
    for question, metrics in QUESTIONS:
        for name in metrics:
            if one := ranking.of(name):
                found.append(answer(question, describe(name), one, board))
                break
    return found


def answer(question: str, metric: Definition, found: Order, board: Board) -> Finding:
    """Who is best, how surely, and between whom it is open."""
    first = found.places[0]
    value, reach = shown(metric, first)
    number = f"{metric.label}: {value} {reach} {metric.unit}".strip()
    clear = bool(found.best) or len(found.places) == 1
    names = (first.recipe,) if clear else (first.recipe, *found.rivals)
    return Finding(question, names, clear, number, " ".join(sentences(metric, found, board)))


def sentences(metric: Definition, found: Order, board: Board) -> list[str]:
    """Who is ahead, how surely, and whether that is better than nothing."""
    first, *others = found.places
    many, unit = found.design.count, found.design.unit
    over = f"over {many} {'trainings' if unit == 'seeds' else unit}"
    if not others:
        said = [f"There is only {first.recipe} to judge, {over}."]
    elif found.best:
        said = [f"{first.recipe} is ahead of every other recipe {over}: no interval holds a tie."]
    else:
        rivals = listed(found.rivals)
        said = [
            f"No recipe is best: {first.recipe} has the best mean {over}, but the "
            f"{plural(len(found.rivals), 'interval')} of its difference to {rivals} "
            f"{'holds' if len(found.rivals) == 1 else 'hold'} a tie."
        ]
    nothing = board.of("untouched", metric.name, board.swaps(metric.name))
    if nothing and metric.better != "truth":
        sign = -1 if metric.better == "high" else 1
        if first.mean >= sign * nothing.mean:
            said.append("But the untouched clips score no worse: nothing is gained by it.")
    return said
