// The data source `frames`: pictures of an environment at play, and what is true of each. It is composed
// here, above environments, drawing and training, which do not know each other.
#pragma once

#include "training/torch.h"

#include <string>
#include <vector>

#include "envs/all.h"
#include "training/data/all.h"

namespace commands {

// A picture [C, H, W] of every step, from the reset to the end. Of each the columns `state` (the numbers of
// the observation), `episode` and `time`; `targets` are those of them that are to be read from it. With
// `labels` also of each object that is seen, `mask` over all of them, `boxes`, `centres` and `labels`. The
// parts are of different episodes.
struct Frames {
  envs::Options env;
  std::string file;  // episodes.h5, in place of env and policy
  std::string run;   // of a trained agent, likewise
  std::string policy = "random";
  std::vector<std::string> targets;
  int64_t width = 84, height = 84;
  std::string colour = "grey";
  bool labels = false;
  int64_t every = 1;
  int64_t train_episodes = 200, test_episodes = 50;
  std::optional<int64_t> valid_episodes;
  int64_t seed = 0;

  void fields(core::Fields& f);
  training::data::Data load() const;
};

training::data::Entry frames();  // its row of the table

}  // namespace commands
