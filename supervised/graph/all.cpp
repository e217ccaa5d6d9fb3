// Models of graphs. A row for each learner, in alphabetical order.
#include "supervised/families.h"
#include "supervised/graph/graph_net.h"

namespace supervised {

static constexpr const char* graph_net_trial = R"(name: graph_net_trial
seed: 0
model: graph_net
data: {name: blocks, classes: 2, nodes: 30, within: 0.3, between: 0.02, features: 4}
optim: {lr: 0.02}
train: {steps: 60}
)";

std::vector<training::Entry> graph() {
  return {
      {"graph_net",
       "Classes of nodes by those of their neighbours: a graph convolutional net, with attention, or "
       "GraphSAGE",
       "Kipf & Welling (2017), Semi-supervised classification with graph convolutional networks; Velickovic "
       "et "
       "al. (2018); Hamilton et al. (2017)",
       {"net"},
       graph_net_trial,
       training::factory<GraphClassifier>},
  };
}

}  // namespace supervised
