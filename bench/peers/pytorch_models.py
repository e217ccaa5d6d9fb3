"""Our models of pictures and points in PyTorch, eager: the nets, losses and data of the experiments that `atelier bench
learning` runs.

A function here makes a net and returns what takes one step of learning. Batches are drawn from uint8 or int64 rows in
memory, which are random: no speed depends on what they show. Layout "last" is channels-last, PyTorch's other one.
"""
import math

import torch
from torch import nn
from torch.nn import functional as F

LAYOUTS = {"first": torch.contiguous_format, "last": torch.channels_last}


def learning(loss, parameters, optimiser, clip=0.0):
    """One step: the loss, its gradient, clipped to a norm, and the optimiser."""
    def step():
        optimiser.zero_grad()
        loss().backward()
        if clip:
            nn.utils.clip_grad_norm_(parameters, clip)
        optimiser.step()
    return step


def batches(rows, size):
    """Draws rows at random."""
    return lambda: rows[torch.randint(len(rows), (size,))]


def pictures(size, layout="first"):
    """Random grey pictures [B, 1, 28, 28] in 0..1 with a class each."""
    draw = batches(torch.randint(256, (12800, 1, 28, 28), dtype=torch.uint8), size)
    return lambda: (draw().float() / 255).contiguous(memory_format=LAYOUTS[layout])


class Vae(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(784, 400), nn.ReLU(), nn.Linear(400, 40))
        self.decoder = nn.Sequential(nn.Linear(20, 400), nn.ReLU(), nn.Linear(400, 784))

    def loss(self, pictures):
        x = (torch.rand_like(pictures) < pictures).float().flatten(1)  # each grey value as black or white
        mean, log_variance = self.encoder(x).chunk(2, 1)
        z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        reconstruction = F.binary_cross_entropy_with_logits(self.decoder(z), x, reduction="sum")
        kl = -0.5 * (1 + log_variance - mean.square() - log_variance.exp()).sum()
        return (reconstruction + kl) / len(x)


def vae():
    net, draw = Vae(), pictures(128)
    return learning(lambda: net.loss(draw()), net.parameters(), torch.optim.Adam(net.parameters(), 1e-3))


def real_nvp():
    """Six affine couplings of the plane; their log scale is bounded as ours is."""
    def coupling():
        return nn.Sequential(nn.Linear(1, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 2))
    nets = nn.ModuleList(coupling() for _ in range(6))
    draw = batches(torch.randn(100_000, 2), 512)

    def loss():
        keep, bend = draw().chunk(2, 1)
        log_det = 0
        for net in nets:
            raw, shift = net(keep).chunk(2, 1)
            log_scale = 2 * torch.tanh(raw / 2)
            keep, bend = bend * log_scale.exp() + shift, keep
            log_det = log_det + log_scale.sum(1)
        z = torch.cat([keep, bend], 1)
        return -(log_det - 0.5 * z.square().sum(1) - math.log(2 * math.pi)).mean()
    return learning(loss, nets.parameters(), torch.optim.Adam(nets.parameters(), 3e-3))


def classifying(net, size, layout, optimiser, change=lambda x: x):
    net.to(memory_format=LAYOUTS[layout])
    draw, labels = pictures(size, layout), torch.randint(10, (size,))
    return learning(lambda: F.cross_entropy(net(change(draw())), labels), net.parameters(), optimiser)


def cnn(layout):
    def layer(inputs, outputs):
        return [nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(), nn.MaxPool2d(2)]
    net = nn.Sequential(*layer(1, 16), *layer(16, 32), nn.Flatten(), nn.Linear(32 * 49, 128), nn.ReLU(), nn.Dropout(0.3),
                        nn.Linear(128, 10))
    return classifying(net, 128, layout, torch.optim.Adam(net.parameters(), 5e-3))


class ResidualBlock(nn.Module):
    """Norm, ReLU, convolution, twice, before the sum (He et al. 2016)."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.norm_1, self.norm_2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(outputs)
        self.conv_1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.conv_2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.shortcut = nn.Conv2d(inputs, outputs, 1, stride, bias=False) if stride > 1 else None

    def forward(self, x):
        h = F.relu(self.norm_1(x))
        skip = self.shortcut(h) if self.shortcut else x
        return skip + self.conv_2(F.relu(self.norm_2(self.conv_1(h))))


def crop_and_flip(x, padding=2):
    """A random crop of each padded picture, every other one mirrored."""
    B, _, H, W = x.shape
    down, right = torch.randint(2 * padding + 1, (2, B, 1, 1))
    columns = torch.where(torch.rand(B, 1, 1) < 0.5, torch.arange(W - 1, -1, -1), torch.arange(W))
    padded = F.pad(x, 4 * [padding]).permute(0, 2, 3, 1)  # [B, H, W, C]
    return padded[torch.arange(B)[:, None, None], down + torch.arange(H)[:, None], right + columns].permute(0, 3, 1, 2)


def resnet(layout):
    net = nn.Sequential(nn.Conv2d(1, 16, 3, padding=1, bias=False), ResidualBlock(16, 16, 1), ResidualBlock(16, 32, 2),
                        ResidualBlock(32, 64, 2), nn.BatchNorm2d(64), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                        nn.Linear(64, 10))
    optimiser = torch.optim.SGD(net.parameters(), 0.2, momentum=0.9, nesterov=True, weight_decay=5e-4)
    return classifying(net, 128, layout, optimiser,
                       lambda x: crop_and_flip(x).contiguous(memory_format=LAYOUTS[layout]))


def dcgan(layout):
    """A step of the critic and one of the generator, which makes new pictures for each of them."""
    def deconvolution(inputs, outputs, bias):
        return [nn.BatchNorm2d(inputs), nn.LeakyReLU(0.01), nn.ConvTranspose2d(inputs, outputs, 4, 2, 1, bias=bias)]

    def convolution(inputs, outputs):
        return [nn.Conv2d(inputs, outputs, 4, 2, 1, bias=False), nn.BatchNorm2d(outputs), nn.LeakyReLU(0.01)]
    generator = nn.Sequential(nn.Linear(64, 64 * 49), nn.Unflatten(1, (64, 7, 7)), *deconvolution(64, 32, False),
                              *deconvolution(32, 1, True), nn.Sigmoid())
    critic = nn.Sequential(*convolution(1, 32), *convolution(32, 64), nn.Flatten(), nn.Linear(64 * 49, 1))
    for net in (generator, critic):
        net.to(memory_format=LAYOUTS[layout])
    draw = pictures(64, layout)

    def critic_loss():
        with torch.no_grad():
            samples = generator(torch.randn(64, 64))
        return F.softplus(-critic(2 * draw() - 1)).mean() + F.softplus(critic(2 * samples - 1)).mean()

    def generator_loss():
        return F.softplus(-critic(2 * generator(torch.randn(64, 64)) - 1)).mean()

    def adam(net):
        return torch.optim.Adam(net.parameters(), 5e-4, betas=(0.5, 0.999))
    criticise = learning(critic_loss, critic.parameters(), adam(critic))
    generate = learning(generator_loss, generator.parameters(), adam(generator))

    def step():
        criticise()
        critic.requires_grad_(False)
        generate()
        critic.requires_grad_(True)
    return step
