#!/usr/bin/env python3
"""Records levels and episodes of the real MiniGrid as CSV, for tests/envs/golden_minigrid_play.cpp.

    PYTHONPATH=GYMNASIUM:MINIGRID tests/record_minigrid.py [--levels 3] [--steps 120] [--only TEXT] > minigrid_play.csv

Needs MiniGrid 3.1, Gymnasium and NumPy. tests/golden/minigrid_play.csv.gz was made with the defaults; a longer one,
say --levels 100 --steps 0 (to each level's own limit), is compared by ATELIER_GOLDEN=ITS_FOLDER tests_plain '[golden]'.

A row is one level: what its seed draws (`level`: a CRC-32 of size, agent and grid), the `actions` played, after each
step two hexadecimal digits of a running CRC-32 of all that it returned (`checks`), and the world it `end`s in. Even
seeds are played at random; at odd ones the player walks to things and does something with them, so that episodes end
well too. Where none was solved, the first of a hundred levels that is, played to its own limit, comes last.
"""
import argparse
import collections
import csv
import random
import struct
import sys
import warnings
import zlib

warnings.simplefilter("ignore")
import gymnasium  # noqa: E402
import minigrid  # noqa: E402, F401
from minigrid.core.constants import COLOR_TO_IDX, DIR_TO_VEC, OBJECT_TO_IDX  # noqa: E402

LEFT, RIGHT, FORWARD, PICKUP, DROP, TOGGLE, DONE = range(7)
TRIES = 100  # levels among which a solved one is looked for


def world_crc(env):
    agent = (env.width, env.height, *env.agent_pos, env.agent_dir)
    return zlib.crc32(env.grid.encode().tobytes(), zlib.crc32(bytes(int(v) for v in agent)))


def step_bytes(env, answer):
    obs, reward, terminated, truncated, _ = answer
    held = env.carrying
    carried = (OBJECT_TO_IDX[held.type], COLOR_TO_IDX[held.color]) if held else (1, 0)
    agent = bytes(int(v) for v in (obs["direction"], *env.agent_pos, *carried))
    return obs["image"].tobytes() + agent + struct.pack("<fBB", reward, terminated, truncated)


def ways(env):
    """The way from the agent to every cell that it can reach, as a list of cells; doors must be open."""
    start = tuple(int(v) for v in env.agent_pos)
    known = {start: []}
    queue = collections.deque([start])
    while queue:
        at = queue.popleft()
        for dx, dy in DIR_TO_VEC:
            to = (at[0] + int(dx), at[1] + int(dy))
            if to in known or not (0 < to[0] < env.width - 1 and 0 < to[1] < env.height - 1):
                continue
            cell = env.grid.get(*to)
            if cell is None or (cell.type == "door" and cell.is_open):
                known[to] = known[at] + [to]
                queue.append(to)
    return known


def turns(direction, wanted):
    return {0: [], 1: [RIGHT], 2: [RIGHT, RIGHT], 3: [LEFT]}[(wanted - direction) % 4]


class Curious:
    """Walks to a thing or a place that can be reached, looks at it, and does something there."""

    def __init__(self, rng):
        self.rng, self.plan = rng, []

    def act(self, env):
        if self.rng.random() < 0.03:
            self.plan = []
            return self.rng.randrange(env.action_space.n)
        if not self.plan:
            self.plan = self.plan_for(env)
        action = self.plan.pop(0)
        return action if action < env.action_space.n else self.rng.randrange(env.action_space.n)

    def plan_for(self, env):
        known = ways(env)
        things = [(x, y) for x in range(env.width) for y in range(env.height) if self.draws(env.grid.get(x, y))]
        self.rng.shuffle(things)
        if self.rng.random() < (0.5 if env.carrying else 0.15):
            things = self.places(env, known)
        for thing in things:
            beside = [d for d in range(4) if self.before(thing, d) in known]
            if beside:
                d = self.rng.choice(beside)
                return self.walk(env, known[self.before(thing, d)], d) + [self.deed(env, thing)]
        return [self.rng.randrange(env.action_space.n)]

    def draws(self, cell):
        if cell is None or cell.type == "wall":
            return False
        if cell.type == "lava" or (cell.type == "door" and cell.is_open):
            return self.rng.random() < 0.02
        return True

    def places(self, env, known):
        near = getattr(env, "target_pos", None)
        cells = [c for c in known if env.grid.get(*c) is None]
        self.rng.shuffle(cells)
        if near is not None and self.rng.random() < 0.7:
            cells.sort(key=lambda c: max(abs(c[0] - near[0]), abs(c[1] - near[1])))
        return cells

    def before(self, thing, d):
        return (thing[0] - int(DIR_TO_VEC[d][0]), thing[1] - int(DIR_TO_VEC[d][1]))

    def walk(self, env, way, last):
        at, direction, plan = tuple(int(v) for v in env.agent_pos), env.agent_dir, []
        for to in way:
            wanted = next(d for d in range(4) if self.before(to, d) == at)
            plan += turns(direction, wanted) + [FORWARD]
            at, direction = to, wanted
        return plan + turns(direction, last)

    def deed(self, env, thing):
        cell = env.grid.get(*thing)
        if cell is None:
            return DROP if env.carrying else FORWARD
        usual = {"door": TOGGLE, "goal": FORWARD, "lava": FORWARD, "box": self.rng.choice([PICKUP, TOGGLE])}
        if tuple(getattr(env, "target_pos", ())) == thing and self.rng.random() < 0.5:
            return DONE
        return usual.get(cell.type, PICKUP) if self.rng.random() < 0.9 else self.rng.randrange(7)


def play(env, seed, most):
    obs, _ = env.reset(seed=seed)
    row = {"seed": seed, "mission": obs["mission"], "level": f"{world_crc(env):08x}", "actions": "", "checks": ""}
    rng = random.Random(seed)
    curious = Curious(rng) if seed % 2 else None
    crc, total, over = 0, 0.0, False
    while not over and (most == 0 or len(row["actions"]) < most):
        action = curious.act(env) if curious else rng.randrange(env.action_space.n)
        answer = env.step(action)
        crc = zlib.crc32(step_bytes(env, answer), crc)
        row["actions"] += str(action)
        row["checks"] += f"{crc & 255:02x}"
        total += answer[1]
        over = answer[2] or answer[3]
    row["end"] = f"{world_crc(env):08x}"
    return row, total > 0


def rows_of(env, levels, most):
    solved, last = 0, None
    for seed in range(TRIES if levels < TRIES else levels):
        if seed >= levels and solved:
            break
        row, won = play(env, seed, most if seed < levels else 0)
        solved += won
        if seed < levels or won:
            yield row
    print(env.spec.id, "solved:", solved, file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--levels", type=int, default=3, help="levels of each id: seeds 0, 1, ...")
    parser.add_argument("--steps", type=int, default=120, help="most steps of an episode; 0: the level's own limit")
    parser.add_argument("--only", default="", help="ids that hold this text")
    arguments = parser.parse_args()
    ids = sorted(i for i in gymnasium.registry if i.startswith("MiniGrid-") and "WFC" not in i and arguments.only in i)
    columns = ["env", "seed", "mission", "level", "actions", "checks", "end"]
    out = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
    out.writeheader()
    for name in ids:
        env = gymnasium.make(name, disable_env_checker=True).unwrapped
        for row in rows_of(env, arguments.levels, arguments.steps):
            out.writerow({"env": name} | row)


main()
