#!/usr/bin/env python3
"""Our PPO, SAC and TD3 on Pendulum beside RLtools', in turn on one core.

    bench/peers/rltools.py --program PROGRAM --flags "g++ 12 -O3 ..." [--rounds N] [--only WORK]

RLtools is C++ headers, its sizes are constants: the peer's program is one that you have built of it. `PROGRAM WORK STEPS`
takes about so many environment steps of training, no evaluation, and ends with exit code 0. WORK is one of
    ppo         4 environments x 128 steps, 4 epochs, minibatches of 128, 64-64 tanh, gamma 0.95, lambda 0.95
    ppo_relu    the same with ReLU
    sac, td3    64-64 ReLU, one environment, an update a step after the first 100, batch 100
"""
from side_by_side import Ours, Row, compare, with_program

CLIPPING = "the peer clips no gradient"
ROWS = [
    Row("PPO Pendulum, tanh", Ours("learning", "PPO Pendulum, 4 x 128"), 50_000, 350_000, "env steps", goal=1.1,
        differs=f"{CLIPPING}; ours logs"),
    Row("PPO Pendulum, ReLU", Ours("learning", "PPO Pendulum, 4 x 128, ReLU, no clipping"), 50_000, 350_000, "env steps",
        goal=1.1, differs="ours logs"),
    Row("SAC Pendulum", Ours("learning", "SAC Pendulum, 64-64, batch 100"), 1000, 6000, "env steps", differs="ours logs"),
    Row("TD3 Pendulum", Ours("learning", "TD3 Pendulum, 64-64, batch 100"), 1000, 6000, "env steps", differs="ours logs"),
]
WORKS = {"PPO Pendulum, tanh": "ppo", "PPO Pendulum, ReLU": "ppo_relu", "SAC Pendulum": "sac", "TD3 Pendulum": "td3"}


def main():
    options = with_program(__doc__, "RLtools")
    compare(options, ROWS, lambda work, steps: [options.program, WORKS[work], str(steps)], f"RLtools, {options.flags}")


if __name__ == "__main__":
    main()
