import pytest
import torch

from faceloom.models import attention
from faceloom.models.attention import attended, plainly


@pytest.fixture(params=[1, 5 * 2 * 3, 1 << 20], ids=["row by row", "by threes", "in one go"])
def pieces(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention, "PIECE", request.param)


def asked(kind: torch.dtype = torch.float64) -> tuple[torch.Tensor, ...]:
    draws = torch.Generator().manual_seed(0)
    return tuple(
        torch.randn(2, channels, 5, generator=draws, dtype=kind).requires_grad_()
        for channels in (2, 2, 3)
    )


@pytest.mark.usefixtures("pieces")
def test_gathers_what_the_formula_says() -> None:
    query, key, value = asked()
    shares = torch.einsum("bki,bkj->bij", query, key).exp()
    shares = shares / shares.sum(-1, keepdim=True)
    torch.testing.assert_close(
        attended(query, key, value), torch.einsum("bij,bcj->bci", shares, value)
    )


@pytest.mark.usefixtures("pieces")
def test_its_slopes_are_those_of_differences() -> None:
    assert torch.autograd.gradcheck(attended, asked())
    assert torch.autograd.gradgradcheck(attended, asked())


def test_keeps_the_kind_of_numbers_it_is_given() -> None:
    rough = asked(torch.bfloat16)
    exact = tuple(each.detach().float().requires_grad_() for each in rough)
    gathered, wanted = attended(*rough), plainly(*exact)
    slopes = torch.autograd.grad(gathered.float().square().sum(), rough)
    others = torch.autograd.grad(wanted.square().sum(), exact)
    assert gathered.dtype == torch.bfloat16
    torch.testing.assert_close(gathered.float(), wanted, rtol=0.05, atol=0.05)
    for one, other in zip(slopes, others, strict=True):
        assert one.dtype == torch.bfloat16
        torch.testing.assert_close(one.float(), other, rtol=0.1, atol=0.1)
