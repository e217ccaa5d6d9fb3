#!/usr/bin/env python3
"""Our CartPole beside PufferLib's, which is plain C, 4,096 at a time, in turn on one core.

    bench/peers/pufferlib.py --program PROGRAM --flags "gcc 12 -O3 ..." [--rounds N] [--only WORK]

The peer's program is one that you have built of PufferLib's environment: `PROGRAM ENVS BATCHES` steps so many
environments so many times, one after the other, with random actions, and ends with exit code 0.
"""
from side_by_side import Ours, Row, compare, with_program

ENVS = 4096


def row(precision, goal, differs):
    ours = Ours("envs", "CartPole-v1", "one_core", {"precision": precision})
    return Row(f"CartPole {precision}", ours, 500, 12_500, "steps", ENVS, goal, differs)


ROWS = [
    row("exact", 1.1, "ours in double, equal to Gymnasium's bit for bit, with each episode's last observation and return; the "
                      "peer in float, of one rand(), with episodes of at most 200 steps"),
    row("fast", 1.1, "as above, ours in float with polynomials"),
]


def main():
    options = with_program(__doc__, "PufferLib")
    compare(options, ROWS, lambda _, batches: [options.program, str(ENVS), str(batches)], f"PufferLib's C, {options.flags}")


if __name__ == "__main__":
    main()
