#!/usr/bin/env python3
"""Our grid levels beside MiniGrid's, in turn on one core.

    bench/peers/minigrid_levels.py [--checkout GYMNASIUM --checkout MINIGRID] [--rounds N] [--only WORK]

Needs MiniGrid 3: `pip install minigrid`, or checkouts of Gymnasium and MiniGrid and Debian's python3-numpy,
python3-cloudpickle and python3-pygame (run it by /usr/bin/python3 then).
"""
from side_by_side import Ours, Row, compare, itself, parser, require, run_work

LEVELS = ["MiniGrid-Empty-8x8-v0", "MiniGrid-DoorKey-8x8-v0", "MiniGrid-FourRooms-v0"]


def playing(level):
    def work(steps):
        import gymnasium
        import minigrid  # noqa: F401  (registers its levels)
        import numpy
        env = gymnasium.make(level)
        actions = numpy.random.default_rng(1).integers(0, env.action_space.n, 4096)
        env.reset(seed=0)
        for k in range(steps):
            _, _, terminated, truncated, _ = env.step(int(actions[k % len(actions)]))
            if terminated or truncated:
                env.reset()
    return work


def row(level, differs="as above"):
    return Row(level, Ours("envs", level, "one_core", {"precision": "exact"}), 1000, 9000, "steps", 1, 1, differs)


ROWS = [row(LEVELS[0], "ours steps 1,024 at once; the peer one, with gym.make's checks")] + [row(x) for x in LEVELS[1:]]


def main():
    run_work({level: playing(level) for level in LEVELS})
    options = parser(__doc__)
    options.add_argument("--checkout", action="append", metavar="FOLDER", help="a repository; may be repeated")
    options = options.parse_args()
    require(["numpy", "cloudpickle", "pygame", "gymnasium", "minigrid"], "pip install minigrid, or name checkouts",
            options.checkout)
    import gymnasium
    import minigrid
    compare(options, ROWS, itself, f"MiniGrid {minigrid.__version__}, Gymnasium {gymnasium.__version__}")


if __name__ == "__main__":
    main()
