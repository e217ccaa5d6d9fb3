#!/usr/bin/env python3
"""Our GPT beside nanoGPT's, in the sizes of its README for a CPU, in turn on one core.

    bench/peers/nanogpt.py --checkout NANOGPT [--rounds N] [--only WORK]

Needs PyTorch and a checkout of nanoGPT, whose model.py is imported as it is. nanoGPT keeps no cache of keys and values:
each character costs a whole window. A writer with a cache is a row of pytorch.py.
"""
import contextlib
import io

from side_by_side import Ours, Row, compare, itself, missing, parser, require, run_work

SYMBOLS, BLOCK, BATCH = 65, 64, 12


def net():
    import torch
    from model import GPT, GPTConfig
    torch.set_num_threads(1)
    with contextlib.redirect_stdout(io.StringIO()):  # it tells its size
        return GPT(GPTConfig(block_size=BLOCK, vocab_size=SYMBOLS, n_layer=4, n_head=4, n_embd=128, dropout=0.0, bias=False))


def learn(steps):
    """As its train.py: batches of a text in memory, AdamW, gradient clipped to a norm of 1."""
    import torch
    gpt = net()
    with contextlib.redirect_stdout(io.StringIO()):
        optimiser = gpt.configure_optimizers(0.1, 1e-3, (0.9, 0.99), "cpu")
    text = torch.randint(SYMBOLS, (500_000,))
    for _ in range(steps):
        first = torch.randint(len(text) - BLOCK, (BATCH,))
        windows = torch.stack([text[i:i + BLOCK + 1] for i in first])
        _, loss = gpt(windows[:, :-1].contiguous(), windows[:, 1:].contiguous())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(gpt.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)


def write(characters):
    import torch
    net().eval().generate(torch.zeros((1, 1), dtype=torch.long), characters)


WORKS = {"GPT, as nanoGPT trains": learn, "GPT writing, no cache": write}
ROWS = [
    Row("GPT, as nanoGPT trains", Ours("learning", "GPT 4 x 128, block 64, batch 12"), 3, 33, "tokens", BATCH * BLOCK, 1.5,
        "ours logs, and knows 114 symbols, not 65"),
    Row("GPT writing, no cache", Ours("writing", "GPT 4 x 128"), 100, 900, "characters", 1, 3,
        "ours keeps keys and values and drops half of a full window; the peer reads the last 64 for each character"),
]


def main():
    run_work(WORKS)
    options = parser(__doc__)
    options.add_argument("--checkout", metavar="NANOGPT", help="folder of its repository")
    options = options.parse_args()
    if not options.checkout:
        missing("a checkout of nanoGPT", "name it: --checkout FOLDER")
    require(["torch", "model"], "install Debian's python3-torch and run this by /usr/bin/python3, or pip install torch",
            [options.checkout])
    import torch
    compare(options, ROWS, itself, f"nanoGPT in PyTorch {torch.__version__}, eager")


if __name__ == "__main__":
    main()
