"""Lookalikes: who is near, and what share of the result is theirs."""

import numpy as np
import pytest
import torch

from faceloom.converters.generated import make
from faceloom.converters.lookalikes import make as looking
from faceloom.errors import FaceloomError
from faceloom.training.trained import restored
from painters import checkpoint, host, painted

HOSTS = [host("anna", "emi")]
OPTIONS = {"kind": "lookalikes", "k": 2, "share": 0.25, "of": "codes"}


def test_neighbours_are_those_of_the_same_direction() -> None:
    faces = torch.tensor([[1.0, 0.0], [0.0, 5.0], [3.0, 3.1], [-1.0, 0.1]])[..., None, None]
    known = looking(k=2, share=0.25, of="codes").among([faces[:2], faces[2:]], lambda each: each)
    given = torch.tensor([[9.0, 1.0], [0.1, 0.2]])[..., None, None]
    assert known.nearest(given).tolist() == [[0, 2], [2, 1]]
    mixed = known.mixed(given, given)
    assert mixed[0].flatten().tolist() == pytest.approx([0.75 * 9 + 0.25 * 2, 0.75 + 0.25 * 1.55])
    few = looking(k=9, share=1.0, of="codes").among([faces], lambda each: each)
    torch.testing.assert_close(few.mixed(given, given)[0], faces.mean(0))


def test_by_pictures_it_is_pictures_that_are_mixed() -> None:
    faces = torch.arange(12.0).view(3, 1, 2, 2)
    known = looking(k=1, share=0.5, of="pictures").among([faces], lambda each: -each)
    given = torch.full((1, 1, 2, 2), 100.0)
    mixed = known.mixed(given, -faces[1:2])
    torch.testing.assert_close(mixed, (given + faces[1]) / 2)


@pytest.mark.parametrize("of", ["codes", "pictures"])
def test_what_is_painted_leans_on_the_donors_faces(of: str) -> None:
    known = checkpoint(colours=False)
    network = restored(known).network.eval()
    donors = {"emi": [host("emi", "anna", n).image for n in range(5)]}
    (face,) = HOSTS
    converter = make(mask="hull", batch=2, threads=1, lookalikes=OPTIONS | {"of": of})
    (new,) = converter([face], [known], donors)

    def seen(images: list[np.ndarray]) -> torch.Tensor:
        pixels = torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2).float()
        return pixels / 127.5 - 1

    with torch.inference_mode():
        shown, others = seen([face.image]), seen(donors["emi"])
        codes, theirs = network.encode(shown), network.encode(others)
        alike = torch.cosine_similarity(codes.flatten(1), theirs.flatten(1))
        near = alike.argsort(descending=True)[:2]
        if of == "codes":
            codes = 0.75 * codes + 0.25 * theirs[near].mean(0)
        else:
            codes = network.encode(0.75 * shown + 0.25 * others[near].mean(0))
        image = network.decoder("emi")(codes).image[0].permute(1, 2, 0).numpy()
    assert np.abs(new.image - (image + 1) * 127.5).max() <= 1
    assert np.abs(new.image - painted(known, face)).mean() > 1


def test_a_donor_without_faces_is_named() -> None:
    converter = make(mask="hull", batch=2, threads=1, lookalikes=OPTIONS)
    with pytest.raises(FaceloomError, match="emi: no face to look alike"):
        list(converter(HOSTS, [checkpoint()], {}))


@pytest.mark.parametrize("mask", [None, "alpha"])
def test_what_was_painted_is_painted_again(mask: str | None) -> None:
    known = checkpoint(colours=False, **({"mask": mask} if mask else {}))
    network = restored(known).network.eval()
    (face,) = HOSTS
    (new,) = make(mask="hull", batch=2, threads=1, repeat=2)([face], [known])
    with torch.inference_mode():
        given = torch.from_numpy(face.image).permute(2, 0, 1)[None].float() / 127.5 - 1
        for _ in range(3):
            now = network(given, face.donor)
            given = now.image if now.mask is None else torch.lerp(given, now.image, now.mask)
    image = now.image[0].permute(1, 2, 0).numpy()
    assert np.abs(new.image - (image + 1) * 127.5).max() <= 1
