"""A donor's skin in the host's tone."""

import numpy as np

from actors import studio, with_package
from faceloom.actors.person import Person, Skin
from faceloom.actors.skin import encoded, exchanged_skin, linear, textured

SHARE = np.clip(1.6 - np.hypot(*np.meshgrid(*[np.linspace(-2, 2, 128)] * 2)), 0, 1)
SHARE = SHARE.astype(np.float32)
EVERYWHERE = np.ones((128, 128), bool)


def skin(level: float, contrast: float, seed: int) -> np.ndarray:
    fine = np.random.default_rng(seed).normal(1, contrast, (128, 128, 1))
    return (level * fine * [1.0, 0.7, 0.5]).clip(0, 1).astype(np.float32)


def test_outside_the_mask_nothing_changes_and_inside_the_tone_is_the_hosts() -> None:
    host, donor = skin(0.6, 0.02, 0), skin(0.3, 0.02, 1)
    made = exchanged_skin(host, donor, SHARE, EVERYWHERE, True)
    np.testing.assert_allclose(made[SHARE == 0], host[SHARE == 0])
    inner = SHARE > 0.99
    np.testing.assert_allclose(made[inner].mean(0), host[inner].mean(0), rtol=0.05)
    own = exchanged_skin(host, donor, SHARE, EVERYWHERE, False)
    np.testing.assert_allclose(own[inner], donor[inner], rtol=0.02)


def test_a_dark_skin_made_light_is_not_blotchy() -> None:
    host, donor = skin(0.6, 0.02, 0), skin(0.08, 0.15, 1)
    inner = SHARE > 0.99
    made = exchanged_skin(host, donor, SHARE, EVERYWHERE, True)[inner]
    assert made.std(0)[0] / made.mean(0)[0] < 0.1
    assert np.corrcoef(made[:, 0], donor[inner][:, 0])[0, 1] > 0.95


def test_the_inside_of_a_mouth_says_nothing_of_the_tone() -> None:
    host, donor = skin(0.6, 0.02, 0), skin(0.3, 0.02, 1)
    inner, mouth = SHARE > 0.99, np.zeros((128, 128), bool)
    mouth[50:78, 40:88] = True  # most of what is wholly the donor's
    reddened = [np.where(mouth[..., None], each * [1, tone, tone], each)
                for each, tone in ((host, 0.3), (donor, 0.6))]  # fmt: skip
    made = exchanged_skin(*(each.astype(np.float32) for each in reddened), SHARE, ~mouth, True)
    face = inner & ~mouth
    np.testing.assert_allclose(made[face].mean(0), host[face].mean(0), rtol=0.05)


@with_package
def test_on_real_skins_the_face_has_the_hosts_tone_and_no_hue_of_its_own() -> None:
    face = studio().face_of_skin
    pale, dark = (
        textured(studio().assets, Person(skin=Skin(texture=texture)))
        for texture in ("young_lightskinned_female_diffuse3", "middleage_darkskinned_male_diffuse")
    )
    for host, donor in ((pale, dark), (dark, pale)):
        made = exchanged_skin(host, donor, studio().share_of_skin, face, True)
        tone = np.median(made[face], 0) / np.median(host[face], 0)
        np.testing.assert_allclose(tone / tone.mean(), 1, atol=0.15)
        np.testing.assert_allclose(tone.mean(), 1, atol=0.15)


def test_light_and_pictures_are_each_others_inverse() -> None:
    values = np.arange(256, dtype=np.uint8).reshape(16, 16, 1)
    np.testing.assert_array_equal(encoded(linear(values)), values)
