"""What TensorBoard is told, read back from the file."""

import struct
from pathlib import Path

from tensorboardX.proto.event_pb2 import Event

from faceloom.training.options import Progress
from faceloom.training.scalars import Scalars


def told(folder: Path) -> list[tuple[str, int, float]]:
    """The scalars in the one file of a folder: records of a length, its sum, data and its sum."""
    (file,) = folder.iterdir()
    data, found = file.read_bytes(), []
    while data:
        (length,) = struct.unpack("<Q", data[:8])
        event = Event.FromString(data[12 : 12 + length])
        found += [(each.tag, event.step, each.simple_value) for each in event.summary.value]
        data = data[12 + length + 4 :]
    return found


def test_losses_and_speed_go_to_tensorboard(tmp_path: Path) -> None:
    scalars = Scalars(tmp_path / "pair")
    scalars.add(Progress(10, 30, {"total": 0.5, "l1.anna": 0.25}, 64.0, 3.0))
    scalars.add(Progress(20, 30, {"total": 0.25}, 32.0, 2.0))
    scalars.close()
    assert told(tmp_path / "pair") == [
        ("total/all", 10, 0.5),
        ("l1/anna", 10, 0.25),
        ("speed/samples_per_second", 10, 64.0),
        ("total/all", 20, 0.25),
        ("speed/samples_per_second", 20, 32.0),
    ]


def test_who_has_nothing_to_tell_writes_nothing(tmp_path: Path) -> None:
    Scalars(tmp_path / "pair").close()
    assert not (tmp_path / "pair").exists()
