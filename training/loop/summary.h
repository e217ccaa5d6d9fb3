// What the nets of a built learner are: layers, the shapes between them, parameters, memory, operations.
#pragma once

#include <string>
#include <vector>

#include "training/loop/session.h"

namespace training {

struct LayerSummary {
  std::string name;            // "net/conv_1"; of what has no weights of its own the layer before it
  std::string operation;       // "conv2d", "linear", "max_pool2d"; empty where none was seen
  std::vector<int64_t> shape;  // of its output, for one row
  int64_t parameters = 0;
  double flops = 0;    // forward, for one row
  double outputs = 0;  // bytes of its output, for a batch
  bool learned = true;
};

struct NetSummary {
  std::vector<LayerSummary> layers;
  int64_t rows = 1;  // of a batch; 1 where the learner, and no data set, says how many there are
  int64_t parameters = 0, learned = 0;
  double flops = 0;                                          // of all layers
  double weights = 0, gradient = 0, state = 0, average = 0;  // bytes: weights with the modules' own buffers,
                                                             // optimisers' state, averaged weights
  double tables = 0;                                         // bytes of buffers beside the modules
  double outputs = 0;                                        // bytes of all layers' outputs, for a batch
  double memory() const { return weights + gradient + state + average + tables + outputs; }
};

// Takes steps of learning until every net has answered once, so the session is used up. Layers of which
// nothing is seen then, those of our own kernels, are told by their weights.
NetSummary summarise(Session& session);

}  // namespace training
