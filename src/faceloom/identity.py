"""Who is who, by descriptors: the portrait of a person, and which track of a clip is whose.

Descriptors are compared by Euclidean distance; of one person they are less than .6 apart (King
2017). Means of many faces stray less than single faces do, and a host may look unlike their
portrait, in other light or with a beard: so a track is a person's up to a distance of .75, where no
other person of the clip is nearer.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from faceloom.rows.facts import Measured

SAME = 0.6  # two faces nearer than this are one person's
STRANGER = 0.75  # a track farther than this from a portrait is somebody else's
# The same for descriptors of the judges, which are of length 1: as OpenCV has it for SFace, and as
# FaceNet's paper has it (1.21 squared).
JUDGES = {"sface": 1.128, "facenet": 1.1}
JOINT = "+"  # joins the names of a clip's people
SAMPLE = 1000  # the medoid is sought among so many descriptors: all distances fit in memory

Descriptor = NDArray[np.floating]
Portraits = Mapping[str, Descriptor]


def portrait(descriptors: NDArray[np.floating], strange: float = SAME) -> Descriptor:
    """What a person looks like: the mean of the descriptors near the one in the middle of all.

    Faces of others among them, as long as they are fewer, do not matter.

    Args:
        descriptors: (N, 128), N at least 1; more than SAMPLE are sampled evenly for their middle.
        strange: how far from the middle one is still the person's.

    Returns:
        (128,).
    """
    every = np.asarray(descriptors, np.float64)
    sample = every[:: -(-len(every) // SAMPLE)]
    medoid = sample[_distances(sample, sample).sum(axis=1).argmin()]
    near = np.linalg.norm(every - medoid, axis=1) < strange
    mean: Descriptor = every[near].mean(axis=0)
    return mean


def portraits(facts: Iterable[Measured], strange: float = SAME) -> dict[str, Descriptor]:
    """The portrait of everybody who is alone in some clip, over all such clips.

    Args:
        facts: identities measured, of any clips; those of clips with several people do not count.
        strange: as for `portrait`.
    """
    faces: dict[str, list[list[float]]] = defaultdict(list)
    for fact in facts:
        if JOINT not in fact.person:
            faces[fact.person].append(fact.values)
    return {person: portrait(np.array(values), strange) for person, values in faces.items()}


def assigned(
    facts: Collection[Measured], known: Portraits, people: Collection[str]
) -> dict[int, str]:
    """Which tracks of a clip are whose, for the people asked about.

    Tracks and portraits that are nearest are joined first; a track that shares a frame with one
    that is a person's already is not theirs too. Tracks of nobody are left out. Where the clip has
    one person, whose portrait is not known, the longest track is theirs, and so is what looks
    like it.

    Args:
        facts: identities measured in one clip.
        known: portraits by person; of those who are not in the clip they do not matter.
        people: whose tracks are wanted.
    """
    tracks: dict[int, list[Measured]] = defaultdict(list)
    for fact in facts:
        tracks[fact.track].append(fact)
    faces = portraits_within(facts, tracks, known)
    looks = {track: np.mean([f.values for f in found], axis=0) for track, found in tracks.items()}
    pairs = sorted(
        (float(np.linalg.norm(look - face)), track, person)
        for track, look in looks.items()
        for person, face in faces.items()
    )
    return {track: person for track, person in joined(pairs, tracks).items() if person in people}


def portraits_within(
    facts: Collection[Measured], tracks: Mapping[int, list[Measured]], known: Portraits
) -> Portraits:
    """The portraits of the clip's people; an only one without has that of the longest track."""
    named = {name for fact in facts for name in fact.person.split(JOINT)}
    faces = {person: known[person] for person in named if person in known}
    if faces or len(named) != 1:
        return faces
    longest = max(tracks, key=lambda track: (len(tracks[track]), -track))
    return {named.pop(): portrait(np.array([fact.values for fact in tracks[longest]]))}


def joined(
    pairs: Iterable[tuple[float, int, str]], tracks: Mapping[int, list[Measured]]
) -> dict[int, str]:
    """Each track's person: the nearest pairs first, nobody twice in one frame."""
    owners: dict[int, str] = {}
    shown: dict[str, set[int]] = defaultdict(set)
    for distance, track, person in pairs:
        frames = {fact.frame for fact in tracks[track]}
        if distance < STRANGER and track not in owners and not frames & shown[person]:
            owners[track] = person
            shown[person] |= frames
    return owners


def _distances(ones: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    squares = np.square(ones).sum(1)[:, None] + np.square(others).sum(1) - 2 * ones @ others.T
    lengths: NDArray[np.float64] = np.sqrt(np.clip(squares, 0, None))
    return lengths
