#!/usr/bin/env python3
"""Our PPO and DQN beside CleanRL's, in its sizes, in turn on one core.

    bench/peers/cleanrl.py --checkout CLEANRL [--also FOLDER] [--rounds N] [--only WORK]

Needs a checkout of CleanRL and what its scripts import: PyTorch, Gymnasium, tyro and TensorBoard, by pip as its README
says, or from more folders. Its scripts run as they are, but for the number of steps.
"""
import os
import pathlib
import sys
import tempfile

from side_by_side import Ours, Row, compare, missing, parser, require

ROWS = [
    Row("PPO CartPole", Ours("learning", "PPO CartPole, 4 x 128"), 2048, 14336, "env steps", goal=10,
        differs="both log; the peer to TensorBoard"),
    Row("DQN CartPole", Ours("learning", "DQN CartPole, 120-84, batch 128"), 12_000, 32_000, "env steps", goal=10,
        differs="as above; both counted after learning began"),
]
SCRIPTS = {"PPO CartPole": "ppo.py", "DQN CartPole": "dqn.py"}


def main():
    options = parser(__doc__)
    options.add_argument("--checkout", type=pathlib.Path, metavar="CLEANRL", help="folder of its repository")
    options.add_argument("--also", action="append", default=[], metavar="FOLDER", help="where other modules are")
    options = options.parse_args()
    if not options.checkout:
        missing("a checkout of CleanRL", "name it: --checkout FOLDER")
    require(["torch", "gymnasium", "tyro", "tensorboard", "cleanrl_utils"], "pip install gymnasium torch tyro tensorboard",
            [options.checkout, *options.also])
    import gymnasium
    import torch
    folder, options.atelier = options.checkout.resolve() / "cleanrl", options.atelier.resolve()
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)  # its scripts write runs/ where they are started
        compare(options, ROWS,
                lambda work, steps: [sys.executable, folder / SCRIPTS[work], f"--total-timesteps={steps}", "--no-cuda"],
                f"CleanRL with PyTorch {torch.__version__}, Gymnasium {gymnasium.__version__}")
        os.chdir(folder)  # so that what they wrote can go


if __name__ == "__main__":
    main()
