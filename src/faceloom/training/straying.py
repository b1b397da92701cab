"""Does a training still lead somewhere? When it does not, what it had learnt before is kept."""

from itertools import takewhile

from .history import EVERY, Tally

PATIENCE = 20  # steps in a row without a finite gradient
WORSE = 1.5  # times what an untrained network is off, which paints everybody's mean colour
ROWS = 5  # of history in a row that are as bad


def strayed(tally: Tally, step: int) -> str | None:
    """Why there is no use in going on after a step; None where there is."""
    lately = tally.skipped[-PATIENCE - 1 :]
    if len(lately) > PATIENCE and lately[0] == step - PATIENCE:
        return f"no finite gradient since step {lately[0] - 1}"
    rows = _rows(tally, step)
    if step % EVERY == 0 and len(rows) == ROWS and all(_bad(far, tally) for far in rows):
        return f"faces painted worse than by an untrained network since step {step - ROWS * EVERY}"
    return None


def sound(tally: Tally, step: int) -> bool:
    """Whether weights after a step are worth saving: nothing speaks of their straying."""
    since = [value / tally.counts[name] for name, value in tally.sums.items() if _is_l1(name)]
    latest = [sum(since) / len(since)] if since else _rows(tally, step)[:1]
    return step not in tally.skipped[-1:] and not any(_bad(far, tally) for far in latest)


def _rows(tally: Tally, step: int) -> list[float]:
    """L1 over all people in the latest rows, whatever it weighs; the latest first."""
    found: dict[int, list[float]] = {}
    for row in takewhile(lambda row: row.step > step - ROWS * EVERY, reversed(tally.rows)):
        if _is_l1(row.loss):
            found.setdefault(row.step, []).append(row.value)
    return [sum(values) / len(values) for _, values in sorted(found.items(), reverse=True)]


def _bad(far: float, tally: Tally) -> bool:
    return tally.untrained is not None and far > WORSE * tally.untrained


def _is_l1(name: str) -> bool:
    return name.startswith("l1.")
