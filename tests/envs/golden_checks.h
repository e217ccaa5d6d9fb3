// How each kind of recording is replayed. All fail through Catch, naming file and line.
#pragma once

#include "tests/envs/golden_file.h"

namespace tests {

// Single steps from given states: state within 1e-15, observation and float32 reward equal, flag equal; then
// the whole episodes again, running free.
void check_steps(const GoldenFile& file, const envs::Entry& entry);
// The whole table of outcomes and of first states, equal outcomes added.
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

// LunarLander from the file of first states beside it: what flies freely stays near, step by step.
void check_lander_steps(const GoldenFile& file, const envs::Entry& entry);

}  // namespace tests
