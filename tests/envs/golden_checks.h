// How each kind of recording is replayed. All fail through Catch, naming file and line.
#pragma once

#include <cmath>

#include "tests/envs/golden_file.h"

namespace tests {

// Single steps from given states: state within 1e-15, observation and float32 reward equal, flag equal; then
// the whole episodes again, running free.
void check_steps(const GoldenFile& file, const envs::Entry& entry);
// The whole table of outcomes and of first states, equal outcomes added; no state or action is missing.
void check_transitions(const GoldenFile& file, const envs::Entry& entry);
// Whole episodes from a seed, the generator continuing across them: everything equal.
void check_seeded(const GoldenFile& file, const envs::Entry& entry);
// Blackjack's policies, played anew: the mean return within 3 standard errors of the difference, the shares
// of wins, draws and losses and the mean length within 4 (they are four times as many).
void check_policies(const GoldenFile& file, const envs::Entry& entry);
// MiniGrid: the world that each seed draws; and episodes from the worlds of minigrid_initial in the same
// folder, views included. Each row names its own environment.
void check_minigrid_worlds(const GoldenFile& file, const envs::Entry& entry);
void check_minigrid_steps(const GoldenFile& file, const envs::Entry& entry);
// MiniGrid's levels from their seeds and episodes in them, each row its own environment, every level's id
// among them.
void check_minigrid_play(const GoldenFile& file, const envs::Entry& entry);

// LunarLander and BipedalWalker from the file of first states beside it: each step from where the recording
// stood, every column within what was measured.
void check_lander_steps(const GoldenFile& file, const envs::Entry& entry);
void check_walker_steps(const GoldenFile& file, const envs::Entry& entry);
// The draws that first states come from: recorded ones and ours are uniform over the same range.
void check_lander_initial(const GoldenFile& file, const envs::Entry& entry);
void check_walker_initial(const GoldenFile& file, const envs::Entry& entry);
// CarRacing: the tracks of seeds, kerbs and failed attempts included.
void check_racing_tracks(const GoldenFile& file, const envs::Entry& entry);
// Drives from their start, every column within what was measured; what is seen on the way; and 30 episodes of
// random play and of a driver who knows the track, most of which are the recorded ones again.
void check_racing_steps(const GoldenFile& file, const envs::Entry& entry);
void check_racing_frames(const GoldenFile& file, const envs::Entry& entry);
void check_racing_episodes(const GoldenFile& file, const envs::Entry& entry);
// Episodes of ours, from the same seeds and more where few are recorded, return, last and end alike: a
// permutation test finds such a difference at least once in 10,000.
void check_returns(const GoldenFile& file, const envs::Entry& entry);

// Numbers that should be uniform over a range: none lies outside, and their mean is within 4 standard errors.
struct Draws {
  double low, high;
  double sum = 0, count = 0;
  bool inside = true;

  void add(double x) {
    sum += x;
    ++count;
    inside &= x >= low - 1e-9 && x <= high + 1e-9;
  }
  bool are_uniform() const {
    const double error = (high - low) / std::sqrt(12 * count);
    return inside && std::abs(sum / count - (low + high) / 2) <= 4 * error;
  }
};

}  // namespace tests
