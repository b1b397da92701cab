import pytest
import torch

from faceloom.models import autoencoder, small
from faceloom.models.generator import Generator, Painted
from faceloom.models.layers import Head, biased

PEOPLE = ("boris", "keys")  # the second is also a method of ModuleDict


def tiny(mask: bool = False, size: int = 64, people: tuple[str, ...] = PEOPLE) -> Generator:
    torch.manual_seed(0)
    return small.make(people=people, size=size, width=8, latent=32, mask=mask)


def faces(count: int, size: int = 64) -> torch.Tensor:
    return torch.rand(count, 3, size, size, generator=torch.Generator().manual_seed(count)) * 2 - 1


def test_joint_is_the_same_as_everybody_apart() -> None:
    generator = tiny(mask=True)
    own = {"boris": faces(3), "keys": faces(2)}
    together = generator.joint(own)
    for person, mine in own.items():
        alone = generator(mine, person)
        torch.testing.assert_close(together[person].image, alone.image)
        torch.testing.assert_close(together[person].mask, alone.mask)


def test_decoders_are_not_mixed_up() -> None:
    generator = tiny()
    swapped = generator.joint({"keys": faces(2), "boris": faces(2)})
    assert list(swapped) == ["keys", "boris"]
    torch.testing.assert_close(swapped["keys"].image, generator(faces(2), "keys").image)
    assert not torch.allclose(swapped["keys"].image, swapped["boris"].image, atol=1e-4)


def test_weights_are_named_by_person_whatever_their_order() -> None:
    generator, other = tiny(), tiny(people=PEOPLE[::-1])
    other.load_state_dict(generator.state_dict())
    torch.testing.assert_close(generator(faces(1), "keys").image, other(faces(1), "keys").image)


def test_people_without_decoders_are_refused() -> None:
    with pytest.raises(ValueError, match="chen"):
        Generator(
            people=("chen",),
            size=64,
            encoder=torch.nn.Identity(),
            decoders={"boris": torch.nn.Identity()},
        )


@pytest.mark.parametrize("size", [32, 64, 96, 128, 160])
@pytest.mark.parametrize("mask", [False, True])
def test_small_paints_its_own_size_in_range(size: int, mask: bool) -> None:
    painted: Painted = tiny(mask, size)(faces(2, size), "boris")
    assert painted.image.shape == (2, 3, size, size)
    assert painted.image.abs().max() <= 1
    if mask:
        assert painted.mask is not None
        assert painted.mask.shape == (2, 1, size, size)
        assert 0 <= painted.mask.min() <= painted.mask.max() <= 1
    else:
        assert painted.mask is None


def test_autoencoder_is_the_network_of_82_million_weights() -> None:
    with torch.device("meta"):
        generator = autoencoder.make(people=("a", "b"))
        painted = generator(torch.empty(2, 3, 64, 64), "a")
    assert painted.image.shape == (2, 3, 64, 64)
    assert sum(weight.numel() for weight in generator.parameters()) == 82_062_470


def test_a_biased_generator_begins_near_the_mean_colour() -> None:
    generator = biased(tiny(), {"boris": (0.5, -0.25, 0.1), "keys": (-0.5, 0.0, 0.2)})
    begun = generator(faces(16), "boris").image.mean((0, 2, 3))
    torch.testing.assert_close(begun, torch.tensor([0.5, -0.25, 0.1]), atol=0.05, rtol=0)


def test_a_head_shuffles_each_colour_into_its_own_pixels() -> None:
    head = Head(1, kernel=1, scale=2, mask=False)
    torch.nn.init.zeros_(head.image.weight)
    bias = torch.arange(12) / 20
    head.image.bias.data.copy_(bias)  # type: ignore[union-attr]
    image = head(torch.zeros(1, 1, 1, 1)).image[0]
    torch.testing.assert_close(image, torch.tanh(bias).view(3, 2, 2))


def test_outputs_are_float32_under_autocast() -> None:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        painted = tiny(mask=True)(faces(1), "boris")
    assert painted.image.dtype == torch.float32
    assert painted.mask is not None
    assert painted.mask.dtype == torch.float32


def test_the_beginning_lets_the_signal_through() -> None:
    """Codes differ between faces, and so do pictures, but far from tanh's flat ends."""
    generator = tiny()
    codes, image = generator.encode(faces(8)), generator(faces(8), "boris").image
    assert codes.std(0).mean() > 0.01
    assert image.std(0).mean() > 0.001
    assert image.abs().max() < 0.5


def told(people: tuple[str, ...] = PEOPLE) -> Generator:
    torch.manual_seed(0)
    return small.make(people=people, size=64, width=8, latent=32, landmarks=True)


def test_landmarks_that_are_left_out_are_none_drawn() -> None:
    generator, nothing = told(), torch.zeros(2, 1, 64, 64)
    withheld = generator(faces(2), "boris").image
    blank = torch.cat([faces(2), nothing], 1)
    torch.testing.assert_close(generator(blank, "boris").image, withheld, atol=0, rtol=0)
    given = torch.cat([faces(2), nothing + 1], 1)
    assert not torch.allclose(generator(given, "boris").image, withheld, atol=1e-4)
    joint = generator.joint({"boris": given, "keys": blank})
    torch.testing.assert_close(joint["boris"].image, generator(given, "boris").image)


def test_codes_are_drawn_while_it_learns_and_said_when_it_paints() -> None:
    torch.manual_seed(0)
    generator = small.make(people=PEOPLE, size=64, width=8, latent=32, variational=True)
    said = generator.encoder(faces(400)).detach()
    drawn = generator.code(faces(400))
    assert drawn.mean is not None and drawn.spread is not None
    torch.testing.assert_close(torch.cat([drawn.mean, drawn.spread], 1), said)
    off = ((drawn.drawn - drawn.mean) / (drawn.spread / 2).exp()).detach()
    assert off.shape == (400, 32)
    assert abs(float(off.mean())) < 0.03 and float(off.std()) == pytest.approx(1, abs=0.03)
    quiet = generator.eval().code(faces(400))
    assert torch.equal(quiet.drawn, said[:, :32])
    assert torch.equal(quiet.flat, said[:, :32]) and torch.equal(drawn.flat, said[:, :32])


def test_everybody_gets_their_own_code() -> None:
    for variational in (False, True):
        torch.manual_seed(0)
        made = small.make(people=PEOPLE, size=64, width=8, latent=32, variational=variational)
        own = {"boris": faces(3), "keys": faces(2)}
        painted = made.eval().joint(own)
        for person, mine in own.items():
            code = painted[person].code
            assert code is not None
            torch.testing.assert_close(code.flat, made.code(mine).flat)
            assert (code.mean is not None) is variational
