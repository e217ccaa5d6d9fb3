#!/usr/bin/env python3
"""Records tracks, drives, pictures and returns of the real CarRacing-v3 as CSV, for tests/envs/golden_racing.cpp.

    PYTHONPATH=GYMNASIUM:PYBOX2D tests/record_carracing.py FOLDER [--episodes 200]

Needs Gymnasium 1.3, Box2D 2.3 for Python (box2d, box2d-py or pybox2d), pygame and NumPy. Numbers are written as
repr(float) writes them.

carracing_v3_tracks: of each seed how often it was drawn, how many tiles it has, which of them have kerbs (hexadecimal
digits, four tiles each, the first one highest), and every 16th point.
carracing_v3_steps: whole drives from a seed, the state after each step.
carracing_v3_frames: what is seen before some of these steps, 96 x 96 x 3 bytes, hexadecimal.
carracing_v3_episodes: returns of random play and of a driver who knows the track.
"""
import argparse
import csv
import math
import pathlib

import numpy as np
from gymnasium.envs.box2d import car_racing

EVERY, LIMIT, LOOKS = 16, 1000, (0, 20, 60)
SEEDS = [*range(20), 36, 100, 105, 118]  # the last four try again


class Recorded(car_racing.CarRacing):
    """The real one, which counts its attempts at a track and paints only while it is looked at."""

    looks = True
    attempts = 0

    def _create_track(self):
        self.attempts += 1
        return super()._create_track()

    def _render(self, mode):
        return super()._render(mode) if self.looks else None

    def reset(self, **more):
        self.attempts = 0
        return super().reset(**more)


def kerbs(env):
    """A tile is followed by its kerb, which is painted white or red."""
    has = [False] * len(env.track)
    tile = -1
    for _, color in env.road_poly:
        if isinstance(color, tuple):
            has[tile] = True
        else:
            tile += 1
    bits = "".join("01"[b] for b in has)
    return "".join(f"{int(bits[k:k + 4].ljust(4, '0'), 2):x}" for k in range(0, len(bits), 4))


def tracks(out):
    out.writerow(["seed", "attempts", "tiles", "kerbs", "point", "alpha", "beta", "x", "y"])
    env = Recorded()
    env.looks = False
    for seed in SEEDS:
        env.reset(seed=seed)
        for k in range(0, len(env.track), EVERY):
            numbers = [repr(float(v)) for v in env.track[k]]
            out.writerow([seed, env.attempts, len(env.track), kerbs(env), k, *numbers])


def drive(kind, t, random):
    """The actions of a drive: straight on, a slalom, a brake test, at random."""
    if kind == 0:
        return (0.0, 0.3 if t < 60 else 0.0, 0.0)
    if kind == 1:
        return (0.8 if t // 25 % 2 else -0.8, 0.2 if t < 100 else 0.0, 0.0)
    if kind == 2:
        return (0.0, 1.0 if t < 60 else 0.0, 0.0 if t < 60 else 0.5 if t < 80 else 1.0)
    return tuple(random.uniform((-1, 0, 0), (1, 1, 1)))


def steps(out, frames):
    out.writerow(["episode", "seed", "t", "a0", "a1", "a2", "x", "y", "vx", "vy", "angle", "omega", "steering",
                  "w0", "w1", "w2", "w3", "visited", "reward", "terminated"])
    frames.writerow(["episode", "seed", "t", "pixels"])
    env = Recorded()
    for episode in range(8):
        random = np.random.default_rng(episode)
        env.looks = episode < 4
        seen = env.reset(seed=episode)[0]
        for t in range(150):
            if episode < 4 and t in LOOKS:
                frames.writerow([episode, episode, t, seen.tobytes().hex()])
            action = np.array(drive(episode % 4, t, random), np.float32)
            env.looks = episode < 4 and t + 1 in LOOKS
            seen, reward, terminated, _, _ = env.step(action)
            hull, wheels = env.car.hull, env.car.wheels
            numbers = [*action, *hull.position, *hull.linearVelocity, hull.angle, hull.angularVelocity,
                       wheels[0].joint.angle, *(w.omega for w in wheels)]
            out.writerow([episode, episode, t, *(repr(float(v)) for v in numbers), env.tile_visited_count,
                          repr(float(reward)), int(terminated)])


class Driver:
    """Aims at the fifth point of the track ahead, and slows down where it lies aside."""

    def __init__(self, env):
        self.env, self.point = env, 0

    def __call__(self):
        track, hull = self.env.track, self.env.car.hull
        x, y = hull.position
        place = lambda k: track[k % len(track)][2:]  # noqa: E731
        self.point = min(range(self.point, self.point + 10),
                         key=lambda k: (place(k)[0] - x) ** 2 + (place(k)[1] - y) ** 2)
        dx, dy = place(self.point + 5)[0] - x, place(self.point + 5)[1] - y
        cos, sin = math.cos(hull.angle), math.sin(hull.angle)
        aim = math.atan2(dx * cos + dy * sin, dy * cos - dx * sin)  # to the right
        speed = math.hypot(*hull.linearVelocity)
        limit = 45 - 40 * min(abs(aim), 0.75)
        return (min(max(2 * aim, -1), 1), 0.5 if speed < limit else 0, 0.3 if speed > limit + 10 else 0)


def play(env, policy, seed):
    random, driver, total, length = np.random.default_rng(seed + 10**6), Driver(env), 0.0, 0
    env.reset(seed=seed)
    while True:
        action = driver() if policy == "driver" else random.uniform((-1, 0, 0), (1, 1, 1))
        _, reward, terminated, _, info = env.step(np.array(action, np.float32))
        total += float(reward)
        length += 1
        if terminated or length == LIMIT:
            ended = "timeout" if not terminated else "lap" if info["lap_finished"] else "left_field"
            return [seed, repr(total), length, ended, env.tile_visited_count]


def episodes(out, count):
    out.writerow(["env", "policy", "episode", "seed", "return", "length", "ended", "visited"])
    env = Recorded()
    env.looks = False
    for policy in ("random", "driver"):
        for k in range(count):
            out.writerow(["CarRacing-v3", policy, k, *play(env, policy, 1000 + k)])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--episodes", type=int, default=200)
    options = parser.parse_args()
    files = []

    def writer(kind):
        files.append(open(options.folder / f"carracing_v3_{kind}.csv", "w", newline=""))
        return csv.writer(files[-1], lineterminator="\n")

    tracks(writer("tracks"))
    steps(writer("steps"), writer("frames"))
    if options.episodes:
        episodes(writer("episodes"), options.episodes)
    for file in files:
        file.close()


if __name__ == "__main__":
    main()
