// Layers that pass messages along the edges of a graph: each node's new numbers come of its own and its
// neighbours'.
#pragma once

#include "training/torch.h"

#include <cstdint>

namespace supervised {

// Edges in both directions, as two rows of nodes: `from` and `to` [E] int64.
struct Edges {
  int64_t nodes = 0;
  torch::Tensor from, to;

  Edges with_loops() const;       // and one of each node to itself
  torch::Tensor degrees() const;  // [N] float32: edges that end at each node
};

// Sums of rows of messages [E, ...] at the nodes where they end: [N, ...].
torch::Tensor gathered(const torch::Tensor& messages, const Edges& edges);
// exp(scores) [E, H] over their sum at each node.
torch::Tensor softmax_at_nodes(const torch::Tensor& scores, const Edges& edges);

// Kipf & Welling (2017), equation 2: D^-1/2 (A + I) D^-1/2 X W + b, D the degrees with the loops.
class GcnLayerImpl : public torch::nn::Module {
 public:
  GcnLayerImpl(int64_t inputs, int64_t outputs);
  torch::Tensor forward(const torch::Tensor& x, const Edges& edges);  // [N, inputs] -> [N, outputs]

 private:
  torch::nn::Linear linear_{nullptr};
  torch::Tensor bias_;
};
TORCH_MODULE(GcnLayer);

// Velickovic et al. (2018), equations 1-6: a softmax over the neighbours and the node itself of LeakyReLU(a .
// [W x_i, W x_j]), slope 0.2, in `heads` heads side by side, or their mean.
class GatLayerImpl : public torch::nn::Module {
 public:
  GatLayerImpl(int64_t inputs, int64_t outputs, int64_t heads, bool mean_of_heads);
  torch::Tensor forward(const torch::Tensor& x, const Edges& edges);  // [N, inputs] -> [N, outputs (x heads)]

 private:
  int64_t heads_;
  bool mean_;
  torch::nn::Linear linear_{nullptr};
  torch::Tensor seen_, seeing_, bias_;  // [H, D] each, [outputs]
};
TORCH_MODULE(GatLayer);

// Hamilton, Ying & Leskovec (2017), algorithm 1 with the mean of all neighbours, without its normalisation: W
// [x_i, mean x_j] + b.
class SageLayerImpl : public torch::nn::Module {
 public:
  SageLayerImpl(int64_t inputs, int64_t outputs);
  torch::Tensor forward(const torch::Tensor& x, const Edges& edges);  // [N, inputs] -> [N, outputs]

 private:
  torch::nn::Linear linear_{nullptr};
};
TORCH_MODULE(SageLayer);

}  // namespace supervised
