#!/usr/bin/env python3
"""Our models beside the same nets in PyTorch, eager, in turn on one core.

    bench/peers/pytorch.py [--rounds N] [--only WORK]

Needs PyTorch: Debian's python3-torch (run it by /usr/bin/python3 then), or `pip install torch`. Of convolutions both of
PyTorch's memory layouts are measured; the smaller ratio is the fair one. Ours logs, and draws its batches from a shuffled
data set; the peer's loop does nothing but draw and learn (pytorch_models.py, pytorch_text.py).
"""
import importlib

from side_by_side import Ours, Row, compare, itself, parser, require, run_work


def doing(file, name, *arguments, steps=True):
    """The work of so many steps of what a function of a file makes; without `steps` the function does it all."""
    def work(amount):
        import torch
        torch.set_num_threads(1)
        function = getattr(importlib.import_module(file), name)
        if not steps:
            return function(amount)
        step = function(*arguments)
        for _ in range(amount):
            step()
    return work


def row(work, row, brief, lasting, unit, each, goal, differs="as above", bench="learning"):
    return Row(work, Ours(bench, row), brief, lasting, unit, each, goal, differs)


PICTURES, TEXT = "pytorch_models", "pytorch_text"
WORKS = {"VAE": doing(PICTURES, "vae"), "RealNVP": doing(PICTURES, "real_nvp"),
         "GPT": doing(TEXT, "gpt"), "LSTM": doing(TEXT, "lstm"),
         "CNN": doing(PICTURES, "cnn", "first"), "CNN, channels last": doing(PICTURES, "cnn", "last"),
         "ResNet-8": doing(PICTURES, "resnet", "first"), "ResNet-8, channels last": doing(PICTURES, "resnet", "last"),
         "DCGAN": doing(PICTURES, "dcgan", "first"), "DCGAN, channels last": doing(PICTURES, "dcgan", "last"),
         "GPT writing, with a cache": doing(TEXT, "write", steps=False)}
ROWS = [
    row("VAE", "VAE 784-400-20, batch 128", 20, 220, "pictures", 128, 1.8, "ours logs and shuffles"),
    row("RealNVP", "RealNVP 2-D, 6 couplings, batch 512", 40, 340, "steps", 1, 2.5),
    row("GPT", "GPT 4 x 128, block 64, batch 12", 3, 33, "tokens", 12 * 64, 1.5),
    row("LSTM", "LSTM 256, block 64, batch 16", 3, 33, "tokens", 16 * 64, 1.3),
    row("CNN", "CNN 16-32, batch 128", 3, 28, "pictures", 128, 1.5),
    row("CNN, channels last", "CNN 16-32, batch 128", 3, 28, "pictures", 128, 1.5),
    row("ResNet-8", "ResNet-8, batch 128", 2, 12, "pictures", 128, 1.5),
    row("ResNet-8, channels last", "ResNet-8, batch 128", 2, 12, "pictures", 128, 1.5),
    row("DCGAN", "DCGAN 32-64, batch 64", 3, 33, "pictures", 64, 1.5),
    row("DCGAN, channels last", "DCGAN 32-64, batch 64", 3, 33, "pictures", 64, 1.5),
    row("GPT writing, with a cache", "GPT 4 x 128", 100, 900, "characters", 1, 1,
        "same window and cache; random weights", "writing"),
]


def main():
    run_work(WORKS)
    options = parser(__doc__).parse_args()
    require(["torch"], "install Debian's python3-torch and run this by /usr/bin/python3, or pip install torch")
    import torch
    blas = next((line.strip(" -") for line in torch.__config__.show().splitlines() if "BLAS" in line), "its own")
    compare(options, ROWS, itself, f"PyTorch {torch.__version__}, eager; {blas}")


if __name__ == "__main__":
    main()
