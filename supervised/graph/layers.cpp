#include "supervised/graph/layers.h"

#include "training/nets/init.h"

namespace supervised {

using torch::Tensor;

static constexpr double slope_below_zero = 0.2;

static torch::nn::Linear glorot(int64_t inputs, int64_t outputs, bool bias) {
  torch::nn::Linear layer(torch::nn::LinearOptions(inputs, outputs).bias(bias));
  training::initialise(layer->weight, layer->bias, "xavier", 1);
  return layer;
}

Edges Edges::with_loops() const {
  const Tensor own = torch::arange(nodes, from.options());
  return {nodes, torch::cat({from, own}), torch::cat({to, own})};
}

Tensor Edges::degrees() const {
  return torch::zeros({nodes}, from.options().dtype(torch::kFloat32))
      .index_add(0, to, torch::ones_like(to).to(torch::kFloat32));
}

Tensor gathered(const Tensor& messages, const Edges& edges) {
  std::vector<int64_t> shape = messages.sizes().vec();
  shape[0] = edges.nodes;
  return torch::zeros(shape, messages.options()).index_add(0, edges.to, messages);
}

Tensor softmax_at_nodes(const Tensor& scores, const Edges& edges) {
  const Tensor ends = edges.to.unsqueeze(1).expand_as(scores);
  const Tensor least = torch::full({edges.nodes, scores.size(1)}, -INFINITY, scores.options());
  const Tensor highest = least.scatter_reduce(0, ends, scores.detach(), "amax");  // [N, H]
  const Tensor weights = (scores - highest.index_select(0, edges.to)).exp();
  return weights / gathered(weights, edges).index_select(0, edges.to);
}

GcnLayerImpl::GcnLayerImpl(int64_t inputs, int64_t outputs) {
  linear_ = register_module("linear", glorot(inputs, outputs, false));
  bias_ = register_parameter("bias", torch::zeros({outputs}));
}

Tensor GcnLayerImpl::forward(const Tensor& x, const Edges& edges) {
  const Edges all = edges.with_loops();
  const Tensor scale = all.degrees().to(x.dtype()).rsqrt();  // [N]
  const Tensor shares = scale.index_select(0, all.from) * scale.index_select(0, all.to);
  const Tensor messages = linear_->forward(x).index_select(0, all.from) * shares.unsqueeze(1);
  return gathered(messages, all) + bias_;
}

GatLayerImpl::GatLayerImpl(int64_t inputs, int64_t outputs, int64_t heads, bool mean_of_heads)
    : heads_(heads), mean_(mean_of_heads) {
  linear_ = register_module("linear", glorot(inputs, heads * outputs, false));
  seen_ = register_parameter("seen", torch::empty({heads, outputs}));
  seeing_ = register_parameter("seeing", torch::empty({heads, outputs}));
  training::initialise(seen_, {}, "xavier", 1);
  training::initialise(seeing_, {}, "xavier", 1);
  bias_ = register_parameter("bias", torch::zeros({mean_ ? outputs : heads * outputs}));
}

Tensor GatLayerImpl::forward(const Tensor& x, const Edges& edges) {
  const Edges all = edges.with_loops();
  const Tensor own = linear_->forward(x).view({x.size(0), heads_, -1});  // [N, H, D]
  const auto score = [&](const Tensor& weights, const Tensor& nodes) {
    return (own * weights).sum(2).index_select(0, nodes);  // [E, H]
  };
  const Tensor scores = torch::leaky_relu(score(seen_, all.from) + score(seeing_, all.to), slope_below_zero);
  const Tensor shares = softmax_at_nodes(scores, all).unsqueeze(2);
  const Tensor sums = gathered(own.index_select(0, all.from) * shares, all);  // [N, H, D]
  return (mean_ ? sums.mean(1) : sums.flatten(1)) + bias_;
}

SageLayerImpl::SageLayerImpl(int64_t inputs, int64_t outputs) {
  linear_ = register_module("linear", glorot(2 * inputs, outputs, true));
}

Tensor SageLayerImpl::forward(const Tensor& x, const Edges& edges) {
  const Tensor sums = gathered(x.index_select(0, edges.from), edges);
  const Tensor mean = sums / edges.degrees().to(x.dtype()).clamp_min(1).unsqueeze(1);
  return linear_->forward(torch::cat({x, mean}, 1));
}

}  // namespace supervised
