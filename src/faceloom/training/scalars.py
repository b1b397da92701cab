"""The course of a training for TensorBoard, to be watched while it learns."""

import logging
from pathlib import Path
from typing import Any

from .options import Progress


class Scalars:
    """Files of events in a folder; a training that goes on takes back what comes after."""

    def __init__(self, folder: Path) -> None:
        """Nothing is written before there is something to tell."""
        self.folder = folder
        self.writer: Any = None

    def add(self, now: Progress) -> None:
        """All mean losses, and how fast it goes."""
        if self.writer is None:
            from tensorboardX import SummaryWriter

            logging.getLogger("tensorboardX").setLevel(logging.WARNING)
            self.writer = SummaryWriter(str(self.folder), purge_step=now.step)
        for name, value in now.losses.items():
            kind, _, person = name.partition(".")
            self.writer.add_scalar(f"{kind}/{person or 'all'}", value, now.step)
        self.writer.add_scalar("speed/samples_per_second", now.samples_per_second, now.step)

    def close(self) -> None:
        """Write what is left."""
        if self.writer is not None:
            self.writer.close()
