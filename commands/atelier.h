// Atelier with your own environments, learners and data sources, as a program of yours:
//
//   int main(int argc, char** argv) {
//     return atelier::main(argc, argv, {.envs = {...}, .models = {...}, .data = {...}});
//   }
//
// It has every command that `atelier` has but bench and test, and knows what `atelier` knows beside your own.
#pragma once

#include <vector>

#include "envs/all.h"
#include "training/data/all.h"
#include "training/loop/table.h"

namespace atelier {

// Lines that stand in the tables beside ours, or in the place of one of the same name.
struct Tables {
  std::vector<envs::Entry> envs;  // envs::batched<E>({...}) or envs::objects<E>({...}): envs/entry.h
  std::vector<training::Entry> agents, models;  // training/loop/table.h
  std::vector<training::data::Entry> data;      // training/data/all.h
};

// The exit code, as `atelier` ends with it. Many runs at once (--seeds, sweep) and whatever is played for a
// window are further processes of this program.
int main(int argc, char** argv, const Tables& tables);

}  // namespace atelier
