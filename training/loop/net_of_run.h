// `net: {run: DIR}`: a trained net as a part of another learner. Its shape is read from that run's config,
// its weights come by train.init_from, and its outputs begin fresh.
#pragma once

#include <string>
#include <vector>

#include "core/options.h"

namespace training {

// What stands in the section `net` beside the shape.
struct NetOfRun {
  std::string run;                   // its folder; empty: the net has a shape of its own
  std::vector<std::string> modules;  // as InitFromOptions'
  bool freeze = false;

  void fields(core::Fields& f);
};

// An experiment's tree with `net.run` said at length: the keys of that run's net, over which the experiment's
// own ones go, and train.init_from. Without `net.run`, and where the tree is a run's own config, unchanged.
// `learner`: the learner's fields. Error where the run has no net, or one whose keys this learner's has not.
core::Value with_net_of_run(core::Value root, const core::Fields& learner);

}  // namespace training
