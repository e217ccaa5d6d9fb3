#!/usr/bin/env python3
"""Our CartPole beside Gymnasium's, which NumPy steps 4,096 at once, in turn on one core.

    bench/peers/gymnasium_vector.py [--checkout GYMNASIUM] [--rounds N] [--only WORK]

Needs Gymnasium 1.0 or later and NumPy: `pip install gymnasium`, or a checkout and Debian's python3-numpy and
python3-cloudpickle (run it by /usr/bin/python3 then).
"""
from side_by_side import Ours, Row, compare, itself, parser, require, run_work

ENVS, CYCLE = 4096, 16  # as `atelier bench envs`: batches of actions, drawn beforehand and taken in turn


def step_cartpole(batches):
    import gymnasium
    import numpy
    env = gymnasium.make_vec("CartPole-v1", num_envs=ENVS, vectorization_mode="vector_entry_point")
    actions = numpy.random.default_rng(1).integers(0, 2, (CYCLE, ENVS))
    env.reset(seed=0)
    for k in range(batches):
        env.step(actions[k % CYCLE])


def row(precision, differs):
    ours = Ours("envs", "CartPole-v1", "one_core", {"precision": precision})
    return Row(f"CartPole {precision}", ours, 200, 4200, "steps", ENVS, 1, differs)


ROWS = [row("exact", "ours restarts within the step that ends an episode, from a generator for each environment; the peer "
                     "spends a step on it, from one generator for all; both in double"),
        row("fast", "as above, and ours in float")]


def main():
    run_work({row.work: step_cartpole for row in ROWS})
    options = parser(__doc__)
    options.add_argument("--checkout", metavar="GYMNASIUM", help="folder of its repository")
    options = options.parse_args()
    require(["numpy", "cloudpickle", "gymnasium"], "pip install gymnasium, or name a checkout",
            [options.checkout] if options.checkout else None)
    import gymnasium
    import numpy
    compare(options, ROWS, itself, f"Gymnasium {gymnasium.__version__}, NumPy {numpy.__version__}")


if __name__ == "__main__":
    main()
