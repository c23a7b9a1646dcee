"""Features of DINOv2 (arXiv 2304.07193), from a file of its weights on this machine."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate, scaled_dot_product_attention

from ganzoo.errors import BadOption
from ganzoo.zoo.extractors.scripts import OfNetwork
from ganzoo.zoo.extractors.weights import find_weights, load_into

__all__ = ["SIZES", "VisionTransformer", "dinov2"]

SIZES = {"vits14": (384, 12, 6), "vitb14": (768, 12, 12), "vitl14": (1024, 24, 16)}
"""Width, depth and heads by the authors' names."""

_PATCH, _TRAINED = 14, 37  # pixels of a patch; patches a side when the positions were learned
_OFFSET = 0.1  # the authors': guards the size of the resized positions against rounding


class _Scale(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        return x * self.gamma


class _Attention(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        parts = self.qkv(x).unflatten(2, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        mixed: Tensor = scaled_dot_product_attention(*parts)
        found: Tensor = self.proj(mixed.transpose(1, 2).flatten(2))
        return found


class _Mlp(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.fc1, self.act = nn.Linear(width, 4 * width), nn.GELU()
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        found: Tensor = self.fc2(self.act(self.fc1(x)))
        return found


class _Block(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.norm1, self.attn = nn.LayerNorm(width, 1e-6), _Attention(width, heads)
        self.norm2, self.mlp = nn.LayerNorm(width, 1e-6), _Mlp(width)
        self.ls1, self.ls2 = _Scale(width), _Scale(width)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.ls1(self.attn(self.norm1(x)))
        found: Tensor = x + self.ls2(self.mlp(self.norm2(x)))
        return found


class _Patches(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.proj = nn.Conv2d(3, width, _PATCH, stride=_PATCH)


class VisionTransformer(nn.Module):
    """The backbone: patches of 14 pixels, a class token, layer scales. Names of parameters are
    those of the authors' files.

    Args:
        width: of a token.
        depth: blocks.
        heads: of attention in each.
    """

    def __init__(self, width: int, depth: int, heads: int) -> None:
        super().__init__()
        self.cls_token = nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = nn.Parameter(torch.zeros(1, 1 + _TRAINED**2, width))
        self.patch_embed = _Patches(width)
        self.blocks = nn.ModuleList(_Block(width, heads) for _ in range(depth))
        self.norm = nn.LayerNorm(width, 1e-6)

    def forward(self, x: Tensor) -> Tensor:
        """The class token after the last normalisation, ``(N, width)``, of normalised images
        ``(N, 3, S, S)``, S a multiple of 14.
        """
        patches = self.patch_embed.proj(x)
        tokens = patches.flatten(2).transpose(1, 2)
        tokens = torch.cat([self.cls_token.expand(len(x), -1, -1), tokens], 1)
        tokens = tokens + self._positions(patches.shape[2])
        for block in self.blocks:
            tokens = block(tokens)
        found: Tensor = self.norm(tokens)[:, 0]
        return found

    def _positions(self, side: int) -> Tensor:
        if side == _TRAINED:
            return self.pos_embed
        first, rest = self.pos_embed[:, :1], self.pos_embed[:, 1:]
        grid = rest.transpose(1, 2).unflatten(2, (_TRAINED, _TRAINED))
        scale = (side + _OFFSET) / _TRAINED
        grid = interpolate(grid, scale_factor=(scale, scale), mode="bicubic")
        return torch.cat([first, grid.flatten(2).transpose(1, 2)], 1)


def dinov2(*, path: str | Path = "", size: str = "vitl14", pixels: int = 224) -> OfNetwork:
    """Features of DINOv2, which agree with people about generated images better than
    Inception's (arXiv 2306.04675). Nothing is downloaded, and no code but ganzoo's runs.

    Args:
        path: the weights, or the folder they lie in; torch's cache of checkpoints, where
            ``torch.hub`` puts them, if it is empty.
        size: ``vits14``, ``vitb14`` or ``vitl14``, which is what is mostly reported.
        pixels: a side to which images are resized; a multiple of 14.

    Raises:
        BadOption: another size.
        MissingData: there is no such file; names those looked for.
        BadData: it holds something else.
    """
    if size not in SIZES:
        raise BadOption(f"size={size!r}: one of {', '.join(SIZES)}")
    if pixels < _PATCH or pixels % _PATCH:
        raise BadOption(f"pixels={pixels}: a multiple of {_PATCH}")
    stem = f"dinov2_{size}_pretrain"
    origin = (
        f"They are the authors' backbone without registers, as torch.hub loads 'dinov2_{size}'."
    )
    place = find_weights("dinov2", path, (f"{stem}.pth", f"{stem}.safetensors"), origin)
    with torch.device("meta"):
        network = VisionTransformer(*SIZES[size])
    made = load_into(network.to_empty(device="cpu"), place, spare=("mask_token",))
    return OfNetwork(made, size=pixels, imagenet=True)
