"""Our language models in PyTorch, eager: the nets, losses and data of the experiments that `atelier bench learning` and
`writing` run. The text is random.
"""
import math

import torch
from torch import nn
from torch.nn import functional as F

from pytorch_models import batches, learning

SYMBOLS = 114  # characters of Debian's fortunes, and one for all others
BLOCK = 64


def text(size):
    """Random windows of symbols [B, T] and the ones after them."""
    symbols = torch.randint(SYMBOLS, (500_000,))
    first = batches(torch.arange(len(symbols) - BLOCK - 1), size)

    def draw():
        windows = symbols[first()[:, None] + torch.arange(BLOCK + 1)]
        return windows[:, :-1], windows[:, 1:]
    return draw


class Lstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.symbols, self.output = nn.Embedding(SYMBOLS, 64), nn.Linear(256, SYMBOLS)
        self.recurrent = nn.LSTM(64, 256, batch_first=True)

    def forward(self, tokens):
        return self.output(self.recurrent(self.symbols(tokens))[0])


def reading(net, size, optimiser):
    """The loss of the next symbol."""
    draw = text(size)

    def loss():
        tokens, following = draw()
        return F.cross_entropy(net(tokens).flatten(0, 1), following.flatten())
    return learning(loss, list(net.parameters()), optimiser, clip=1)


def lstm():
    net = Lstm()
    return reading(net, 16, torch.optim.Adam(net.parameters(), 5e-3))


class Norm(nn.Module):
    """Layer norm without a shift."""

    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return F.layer_norm(x, self.weight.shape, self.weight)


class Block(nn.Module):
    """Attention and a hidden layer, without biases; `cache`: keys and values of what was read before."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm_1, self.norm_2 = Norm(width), Norm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width, bias=False), nn.Linear(width, width, bias=False)
        self.up, self.down = nn.Linear(width, 4 * width, bias=False), nn.Linear(4 * width, width, bias=False)

    def attend(self, x, cache):
        B, T, D = x.shape
        q, k, v = (part.view(B, T, self.heads, -1).transpose(1, 2) for part in self.qkv(x).chunk(3, 2))  # [B, H, T, W]
        if cache is not None:
            cache[:] = k, v = [torch.cat(pair, 2) for pair in zip(cache, (k, v))] if cache else [k, v]
        if hasattr(F, "scaled_dot_product_attention"):
            y = F.scaled_dot_product_attention(q, k, v, is_causal=T > 1)
        else:
            scores = q @ k.transpose(2, 3) / math.sqrt(q.shape[3])  # [B, H, T, S]
            future = torch.ones(T, k.shape[2], dtype=torch.bool).triu(k.shape[2] - T + 1)
            y = scores.masked_fill(future, -math.inf).softmax(3) @ v
        return self.out(y.transpose(1, 2).reshape(B, T, D))

    def forward(self, x, cache=None):
        x = x + self.attend(self.norm_1(x), cache)
        return x + self.down(F.gelu(self.up(self.norm_2(x))))


class Gpt(nn.Module):
    def __init__(self, layers=4, heads=4, width=128):
        super().__init__()
        self.symbols, self.positions = nn.Embedding(SYMBOLS, width), nn.Embedding(BLOCK, width)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm = Norm(width)

    def forward(self, tokens, caches=None, first=0):
        x = self.symbols(tokens) + self.positions(torch.arange(first, first + tokens.shape[1]))
        for i, block in enumerate(self.blocks):
            x = block(x, caches[i] if caches else None)
        return F.linear(self.norm(x), self.symbols.weight)


def gpt():
    net = Gpt()
    return reading(net, 12, torch.optim.AdamW(net.parameters(), 1e-3, betas=(0.9, 0.99), weight_decay=0.1))


@torch.no_grad()
def write(characters):
    """As `atelier sample` writes: keys and values are kept; of a full window the later half is read again."""
    net = Gpt().eval()
    window, fresh = [], [0]
    caches = [[] for _ in net.blocks]
    for _ in range(characters):
        if len(window) == BLOCK:
            window, fresh = [], window[-BLOCK // 2:] + fresh
            caches = [[] for _ in net.blocks]
        logits = net(torch.tensor([fresh]), caches, len(window))[0, -1]
        window += fresh
        fresh = [torch.multinomial(logits.softmax(0), 1).item()]
