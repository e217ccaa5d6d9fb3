// Classes of nodes by their own numbers and their neighbours', of which few are told: two layers that pass
// messages along edges (Kipf & Welling 2017; Velickovic et al. 2018; Hamilton et al. 2017), or none of them
// (an MLP), loss -ln p(class) of the nodes that are told.
#pragma once

#include "training/torch.h"

#include <string>
#include <variant>

#include "supervised/graph/layers.h"
#include "training/data/all.h"
#include "training/loop/learner.h"

namespace supervised {

struct GraphNetOptions {
  std::string layer = "gcn";
  int64_t width = 16, heads = 4;
  double dropout = 0.5;

  void fields(core::Fields& f);
};

class GraphNetImpl : public torch::nn::Module {
 public:
  GraphNetImpl(int64_t inputs, int64_t classes, const GraphNetOptions& options);

  torch::Tensor hidden(const torch::Tensor& x, const Edges& edges);   // [N, F] -> [N, D]
  torch::Tensor forward(const torch::Tensor& x, const Edges& edges);  // [N, F] -> logits [N, K]

 private:
  using Layer = std::variant<GcnLayer, GatLayer, SageLayer, torch::nn::Linear>;
  Layer layer(const std::string& name, int64_t inputs, int64_t outputs, bool last);
  torch::Tensor through(Layer& layer, const torch::Tensor& x, const Edges& edges);
  torch::Tensor dropped(const torch::Tensor& x) const;

  GraphNetOptions options_;
  Layer first_, last_;
};
TORCH_MODULE(GraphNet);

class GraphClassifier : public training::Learner {
 public:
  struct Options {
    GraphNetOptions net;
    training::data::Options data;
    void fields(core::Fields& f);
  };

  explicit GraphClassifier(const Options& options) : options_(options) {}

  void build(training::Build& build) override;
  void step(training::Step& step) override;
  void evaluate(training::Eval& eval) override;
  void sample(core::Gallery& gallery) override;

 private:
  Options options_;
  training::data::Data data_;
  torch::Tensor features_;  // [N, F]
  Edges edges_;
  torch::Tensor told_;  // [N] int64, -100 where no class is told
  GraphNet net_{nullptr};
};

}  // namespace supervised
