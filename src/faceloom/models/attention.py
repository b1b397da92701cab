"""Attention between all pixels in pieces, so that the whole table of shares is never in memory."""

from typing import Any

import torch
from torch import Tensor

from ..training.precision import fine

PIECE = 1 << 22  # shares computed in one go: 16 MB, about what a processor keeps near at hand


def attended(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """What each pixel gathers from all others: values, by the softmax of key times query.

    query, key: (B, K, N); value: (B, C, N); returns (B, C, N). The backward pass computes the
    shares anew rather than keep N x N of them (Dao et al. 2022, FlashAttention, section 3.1), and
    may itself be differentiated, as gradient penalties ask.
    """
    gathered: Tensor = _Attended.apply(query, key, value)  # type: ignore[no-untyped-call]
    return gathered


def plainly(query: Tensor, key: Tensor, value: Tensor) -> Tensor:
    """The same by its formula."""
    return value @ _shares(query, key).to(value.dtype).transpose(1, 2)


def _shares(query: Tensor, key: Tensor) -> Tensor:
    """How much of every pixel (last) each of these (second) gathers."""
    return torch.softmax(fine(query.transpose(1, 2) @ key), -1)


def _rows(key: Tensor) -> int:
    return max(1, PIECE // (key.shape[0] * key.shape[2]))


class _Attended(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        ctx.save_for_backward(query, key, value)
        pieces = [plainly(few, key, value) for few in torch.split(query, _rows(key), 2)]
        return torch.cat(pieces, 2)

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor, ...]:
        query, key, value = ctx.saved_tensors
        if torch.is_grad_enabled():
            return torch.autograd.grad(
                plainly(query, key, value), (query, key, value), slope, create_graph=True
            )
        of_query = torch.empty_like(query)
        of_key, of_value = torch.zeros_like(key), torch.zeros_like(value)
        rows = _rows(key)
        split = (torch.split(each, rows, 2) for each in (query, slope, of_query))
        for few, steep, made in zip(*split, strict=True):
            shares = _shares(few, key)
            of_value.baddbmm_(steep, shares.to(steep.dtype))
            steeper = fine(steep.transpose(1, 2) @ value)
            # of a softmax: each share times how far its slope is from their mean
            wanted = torch._softmax_backward_data(steeper, shares, -1, shares.dtype)
            wanted = wanted.to(key.dtype)
            made.copy_(key @ wanted.transpose(1, 2))
            of_key.baddbmm_(few, wanted)
        return of_query, of_key, of_value
