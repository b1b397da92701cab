"""There and back: who is painted as whom, what is judged, what is remembered."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from faceloom.losses import cyclic
from faceloom.models import small
from faceloom.training.batch import Batch
from faceloom.training.pool import Pool
from faceloom.training.seeds import seeded
from faceloom.training.trips import judged, returned, tripped

sys.path.insert(0, str(Path(__file__).parent))
import cycles

THREE = ("a", "b", "c")


def batches(people: tuple[str, ...]) -> dict[str, Batch]:
    rng = torch.Generator().manual_seed(1)
    made = {}
    for person in people:
        seen, target = (torch.rand(2, 3, 32, 32, generator=rng) * 2 - 1 for _ in range(2))
        made[person] = Batch(seen, target, torch.ones(2, 1, 32, 32))
    return made


def test_there_as_a_donor_and_back_as_the_host() -> None:
    with seeded(0):
        generator = small.make(people=THREE, size=32, width=8, latent=16, mask=True)
    given = batches(THREE)
    for step, pairs in ((0, "abbcca"), (1, "acbacb"), (2, "abbcca")):
        trips = tripped(generator, given, step, back=True)
        assert "".join(each.host + each.donor for each in trips) == pairs
    for trip in trips:
        seen = given[trip.host].warped
        there = generator(seen, trip.donor)
        torch.testing.assert_close(trip.there.image, there.image)
        laid = torch.lerp(seen, there.image, there.mask)  # type: ignore[arg-type]
        torch.testing.assert_close(trip.swapped, laid)
        torch.testing.assert_close(trip.back.image, generator(laid, trip.host).image)
        home = returned(given, trips)[trip.host]
        assert home.warped is trip.swapped and home.target is given[trip.host].target
        shown = judged(given, trips)[trip.donor]
        assert shown.warped is seen and shown.target is given[trip.donor].target
    loss = cyclic.make()(returned(given, trips)["a"], trips[0].back)
    grads = torch.autograd.grad(loss, list(generator.decoder("b").parameters()))
    assert any(each.abs().max() > 0 for each in grads)  # also who painted the swap learns by it


def test_who_comes_back_has_the_hosts_landmarks() -> None:
    with seeded(0):
        generator = small.make(people=THREE, size=32, width=8, latent=16, landmarks=True)
    drawn = torch.rand(2, 1, 32, 32, generator=torch.Generator().manual_seed(2))
    given = {name: replace(each, landmarks=drawn) for name, each in batches(THREE).items()}
    trip = tripped(generator, given, 0, back=True)[0]
    there = generator(torch.cat([given["a"].warped, drawn], 1), "b")
    torch.testing.assert_close(trip.there.image, there.image)
    back = generator(torch.cat([trip.swapped, drawn], 1), "a")
    torch.testing.assert_close(trip.back.image, back.image)


def test_a_cyclegan_learns_to_come_back(tmp_path: Path) -> None:
    _, history = cycles.trained(tmp_path / "r.pt", steps=40)
    rows: dict[str, list[float]] = {}
    for row in history.rows:
        rows.setdefault(row.loss, []).append(row.value)
    assert rows["cyclic.boris"][-1] < 0.8 * rows["cyclic.boris"][0]
    assert rows["cyclic.chen"][-1] < 0.8 * rows["cyclic.chen"][0]
    assert len(rows["l1.boris"]) == 2 and len(rows["adversarial.chen"]) == 4  # a phase without l1
    assert {"total", "discriminator.boris", "adversarial.boris"} <= rows.keys()


def test_a_pool_shows_half_of_what_was_painted_earlier() -> None:
    pool, rng = Pool(10), torch.Generator().manual_seed(0)
    first = torch.arange(10.0).view(10, 1, 1, 1).requires_grad_()
    shown = pool.shown(first, rng)
    assert torch.equal(shown, first) and not shown.requires_grad
    old = 0
    for turn in range(1, 101):
        faces = torch.full((4, 1, 1, 1), 100.0 * turn) + torch.arange(4.0).view(4, 1, 1, 1)
        shown = pool.shown(faces, rng)
        assert len(pool.faces) == 10
        old += int((shown < 100 * turn).sum())
    assert old / 400 == pytest.approx(0.5, abs=0.1)
    assert min(float(face) for face in pool.faces) > 2000  # none stays for ever
