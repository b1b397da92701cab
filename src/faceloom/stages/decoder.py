"""decoder: from faces to a network that paints a picture by what a layer of VGG19 sees in it.

A training that was broken off goes on where it was, from a file that lies beside the output.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path

from tqdm import tqdm

from ..album import Album
from ..errors import FaceloomError
from ..marks import mark
from ..networks.vgg_files import vgg19
from ..parts import lying
from ..rows.faces import Face
from ..rows.steps import Step
from ..settings.decoder import Decoder
from ..sources import digest
from ..tables import scan, whole, write
from ..training.decoder import learnt
from ..training.lessons import Lessons, Notebook
from ..training.options import Progress
from ..training.saving import save

log = logging.getLogger(__name__)


def decoder(
    faces: tuple[Path, ...],
    layer: str,
    weights: tuple[Path, ...],
    network: Path,
    history: Path,
    settings: Decoder,
) -> None:
    """Teach a network to paint faces by the features of a layer.

    Args:
        faces: faces to learn from.
        layer: of VGG19, as relu5_1.
        weights: vgg_normalized.pth.
        network: where the trained network goes.
        history: where the course of the losses goes.
        settings: how to teach, as JSON.
    """
    album = Album()
    for path in faces:
        for face in scan(path, Face):
            album.add(face.image)
    if not len(album):
        raise FaceloomError("decoder: no face to learn from; see what crop says")
    if (side := min(album[0].shape[:2])) < settings.size:
        raise FaceloomError(
            f"decoder.size: {settings.size} pixels, but faces have {side}; say a smaller size"
        )
    resume = network.with_suffix(".resume.pt")
    bar = tqdm(total=settings.steps, desc=layer, unit="step", disable=None)

    def moved(now: Progress) -> None:
        bar.set_postfix_str(f"loss {now.losses['total']:.3f}, {now.seconds_left:.0f} s left")
        bar.update(now.step - bar.n)

    made, course = learnt(
        album,
        vgg19(lying(weights, "vgg_normalized.pth"), layer),
        Lessons(
            steps=settings.steps,
            batch=settings.batch,
            rate=settings.rate,
            seed=settings.seed,
            threads=settings.threads,
            average=settings.average,
            save_every=settings.save,
        ),
        size=settings.size,
        features=settings.features,
        kept=Notebook(resume, fingerprint([*faces, *weights], layer, settings), moved),
    )
    bar.close()
    write(history, (Step(*row) for row in course), Step)
    halves = {name: each.cpu().half() for name, each in made.items()}
    with whole(network) as part:
        save({"schema": 1, "layer": layer, "weights": halves}, part)
    resume.unlink(missing_ok=True)
    log.info("%s: %d steps over %d faces", layer, course[-1].step, len(album))


def fingerprint(inputs: Iterable[Path], layer: str, settings: Decoder) -> str:
    """What a training depends on: settings, code, and the faces themselves."""
    return mark([layer, settings.model_dump_json(), digest("faceloom.stages.decoder")], inputs)
