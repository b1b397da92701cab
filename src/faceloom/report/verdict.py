"""What the numbers say, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from faceloom.report.board import Board
from faceloom.report.definitions import JUDGES, Definition, describe
from faceloom.report.statistics import FEW, Ranking

TRUTH = ("Nearest to the truth", ("truth_psnr_face", "truth_ssim_face"))
DONOR = ("Nearest to the donor", ("donor_distance", "nearer_donor"))
SHARPNESS = ("Nearest to the truth in sharpness", ("sharpness",))
MANY = 3  # names in a sentence; more are counted


@dataclass(frozen=True)
class Finding:
    """The answer to one question.

    Attributes:
        question: what was asked.
        names: the winner, or all between whom the numbers do not decide.
        clear: whether one of them is ahead of all others.
        number: the leader's score.
        sentence: the answer in words.
    """

    question: str
    names: tuple[str, ...]
    clear: bool
    number: str
    sentence: str


def findings(board: Board) -> list[Finding]:
    """An answer to each question that the scores can answer."""
    found = [answer(board, question, metrics) for question, metrics in questions(board)]
    return [one for one in found if one]


def questions(board: Board) -> list[tuple[str, tuple[str, ...]]]:
    """What is asked; where there are other judges than dlib's network, each has a say of its own.

    A model may have been taught by dlib's: then it alone is no judge.
    """
    known = board.metrics()
    judges = [judge for judge in JUDGES if f"{judge}_donor_distance" in known]
    if not judges:
        return [TRUTH, DONOR, SHARPNESS]
    asked = [
        (f"Nearest to the donor, says {JUDGES[judge]}", (f"{judge}_donor_distance",))
        for judge in judges
    ]
    return [TRUTH, *asked, (f"{DONOR[0]}, says dlib's network", DONOR[1]), SHARPNESS]


def answer(board: Board, question: str, metrics: Sequence[str]) -> Finding | None:
    """The answer by the first of these metrics that there is."""
    for metric in metrics:
        if ranking := board.ranking(metric):
            definition = describe(metric)
            clear = ranking.clear or len(ranking.order) == 1
            names = (ranking.leader,) if clear else (ranking.leader, *ranking.rivals)
            sentence = " ".join(sentences(board, definition, ranking))
            return Finding(question, names, clear, score(board, definition, ranking), sentence)
    return None


def score(board: Board, metric: Definition, ranking: Ranking) -> str:
    """The leader's mean, with what it is to be near to where that is the point."""
    found = board.of(ranking.leader, metric.name)
    assert found is not None
    own = f"{metric.label}: {metric.number(found.mean)} {metric.unit}".strip()
    reference = board.of("twin", metric.name) or board.of("untouched", metric.name)
    if metric.better == "truth" and reference:
        return f"{own}, where {metric.number(reference.mean)} is right"
    return own


def sentences(board: Board, metric: Definition, ranking: Ranking) -> list[str]:
    """Who is ahead, how surely, and whether that is better than nothing."""
    said = [lead(board, metric, ranking)]
    way = board.progress(ranking.leader, metric.name)
    if metric.name.endswith("donor_distance") and way is not None:
        said.append(f"That is {way:.0%} of the way from the untouched clip to the truth.")
    if worse_than_nothing(board, metric, ranking.leader):
        said.append("But the untouched clip scores no worse: by this measure nothing is gained.")
    return said


def lead(board: Board, metric: Definition, ranking: Ranking) -> str:
    """Who is ahead and how surely."""
    found = board.of(ranking.leader, metric.name)
    assert found is not None
    label, interval = metric.spoken, metric.span(found.low, found.high)
    if len(ranking.order) == 1:
        return f"There is only {ranking.leader} to judge ({label} {interval})."
    if ranking.clear:
        return f"{ranking.leader} leads clearly: {label} {interval}, apart from all others."
    if ranking.few:
        return f"No clear winner: {ranking.leader} has the best mean, over fewer than {FEW} frames."
    if len(ranking.rivals) == len(ranking.order) - 1:
        return (
            f"No clear winner: {ranking.leader} has the best mean ({label} {interval}), "
            "but the intervals of all others overlap with its own."
        )
    return (
        f"No clear winner: {ranking.leader} has the best mean ({label} {interval}), "
        f"but the {plural(len(ranking.rivals), 'interval')} of {listed(ranking.rivals)} "
        f"{'overlaps' if len(ranking.rivals) == 1 else 'overlap'} with its own."
    )


def worse_than_nothing(board: Board, metric: Definition, leader: str) -> bool:
    """Whether the best variant does not clearly beat the clip in which nothing was swapped."""
    swaps = board.swaps(metric.name)
    found = board.of(leader, metric.name, swaps)
    nothing = board.of("untouched", metric.name, swaps)
    if not found or not nothing or metric.better == "truth":
        return False
    if metric.better == "low":
        return found.high >= nothing.mean
    return found.low <= nothing.mean


def overall(found: Sequence[Finding]) -> str:
    """All answers in a sentence or two."""
    if not found:
        return "There are no scores yet to judge by."
    winners = {one.names[0] for one in found if one.clear}
    if len(winners) == 1 and all(one.clear for one in found) and len(found) > 1:
        return f"{winners.pop()} is ahead by every question asked here."
    groups = "; ".join(place(one) for one in found)
    if all(one.clear for one in found):
        return f"{groups}."
    return f"{groups}. Where several stand together their intervals overlap: no clear winner there."


def place(one: Finding) -> str:
    """Who has the first place by one question."""
    question = one.question[0].lower() + one.question[1:]
    if len(one.names) > MANY:
        return f"{len(one.names)} variants share the place {question}"
    return f"{listed(one.names)} {'is' if len(one.names) == 1 else 'are'} {question}"


def listed(words: Sequence[str]) -> str:
    """These words as a sentence lists them."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def plural(count: int, noun: str) -> str:
    """The noun for one or for many."""
    return noun if count == 1 else f"{noun}s"
