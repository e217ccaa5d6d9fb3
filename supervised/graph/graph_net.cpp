#include "supervised/graph/graph_net.h"

#include "core/error.h"
#include "core/memory.h"
#include "training/data/graphs.h"
#include "training/data/recall.h"
#include "training/data/sequences.h"
#include "training/loop/gallery.h"
#include "training/nets/init.h"

namespace supervised {

using torch::Tensor;
namespace nodes = training::data::column_of_nodes;

void GraphNetOptions::fields(core::Fields& f) {
  f.choice("layer", layer,
           "How messages are passed: gcn, gat (attention), sage (the mean), or not at all (mlp)",
           {"gcn", "gat", "sage", "mlp"});
  f.add("width", width, "Numbers of a node between the layers; of gat of each head",
        {.min = 1, .max = 65536});
  f.add("heads", heads, "Attention heads of gat side by side", {.min = 1, .max = 1024});
  f.add("dropout", dropout, "Share of a node's numbers dropped before each layer while learning",
        {.min = 0, .max = 0.99});
}

void GraphClassifier::Options::fields(core::Fields& f) {
  f.section("net", net, "Two layers");
  f.tagged("data", data.tagged(), "A graph whose nodes have classes (karate, blocks, graph)");
}

GraphNetImpl::Layer GraphNetImpl::layer(const std::string& name, int64_t inputs, int64_t outputs, bool last) {
  const auto add = [&](auto module) -> Layer { return register_module(name, module); };
  if (options_.layer == "gcn") return add(GcnLayer(inputs, outputs));
  if (options_.layer == "gat") return add(GatLayer(inputs, outputs, options_.heads, last));
  if (options_.layer == "sage") return add(SageLayer(inputs, outputs));
  return add(torch::nn::Linear(inputs, outputs));
}

GraphNetImpl::GraphNetImpl(int64_t inputs, int64_t classes, const GraphNetOptions& options)
    : options_(options),
      first_(layer("first", inputs, options.width, false)),
      last_(layer("last", options.layer == "gat" ? options.width * options.heads : options.width, classes,
                  true)) {}

Tensor GraphNetImpl::dropped(const Tensor& x) const {
  return options_.dropout > 0 ? torch::dropout(x, options_.dropout, is_training()) : x;
}

Tensor GraphNetImpl::through(Layer& layer, const Tensor& x, const Edges& edges) {
  const auto pass = [&](auto& module) {
    if constexpr (std::is_same_v<std::decay_t<decltype(module)>, torch::nn::Linear>)
      return module->forward(x);
    else
      return module->forward(x, edges);
  };
  return std::visit(pass, layer);
}

Tensor GraphNetImpl::hidden(const Tensor& x, const Edges& edges) {
  return torch::elu(through(first_, dropped(x), edges));
}

Tensor GraphNetImpl::forward(const Tensor& x, const Edges& edges) {
  return through(last_, dropped(hidden(x, edges)), edges);
}

// Who is whose neighbour, as rows of both ends of each edge.
static Edges edges_of(const training::Batch& rows, torch::Device device) {
  const training::Column& neighbours = *rows.find(nodes::neighbours);
  const Tensor degrees = neighbours.offsets.diff();
  return {rows.size(), neighbours.values.to(device), torch::repeat_interleave(degrees).to(device)};
}

void GraphClassifier::build(training::Build& build) {
  data_ = options_.data.load();
  const training::Batch& rows = data_.train.rows;
  core::check(rows.find(nodes::classes) && rows.find(nodes::neighbours),
              "data: '{}' is no graph; this needs one (karate, blocks, graph)", options_.data.name);
  if (!data_.note.empty()) build.note(data_.note);
  features_ = rows.inputs().to(build.device());
  edges_ = edges_of(rows, build.device());
  told_ = rows[nodes::classes].to(build.device());
  const double weights = double(features_.size(1)) * double(options_.net.width) * double(options_.net.heads);
  training::require_weights("the first layer", 2 * weights);
  core::require_memory(16 * double(edges_.from.size(0)) * double(options_.net.width * options_.net.heads),
                       fmt::format("net: the messages of {} edges", edges_.from.size(0)));
  net_ = GraphNet(features_.size(1), std::ssize(data_.train.classes), options_.net);
  build.module("net", *net_);
  build.optimizer("net", {net_.get()},
                  {{"cross_entropy", "nats", "Mean cross entropy of the nodes that are told"}});
  using training::Direction;
  build.split_metric({"loss", "nats", "Mean cross entropy of the part's nodes", Direction::minimize});
  build.split_metric(
      {"accuracy", "", "Share of the part's nodes whose class was right", Direction::maximize});
  build.score("valid/loss");
}

static Tensor told_loss(const Tensor& logits, const Tensor& classes) {
  return torch::cross_entropy_loss(logits, classes, {}, at::Reduction::Mean, training::data::ignored);
}

void GraphClassifier::step(training::Step& step) {
  step.update("net", {{"cross_entropy", told_loss(net_->forward(features_, edges_), told_)}});
}

void GraphClassifier::evaluate(training::Eval& eval) {
  const training::Dataset& held = eval.request().split == training::Split::test ? data_.test : data_.valid;
  const Tensor classes = held.rows[nodes::classes].to(features_.device());
  const Tensor logits = net_->forward(features_, edges_), asked = classes != training::data::ignored;
  const Tensor right = (logits.argmax(1) == classes).logical_and(asked);
  eval.log_split("loss", told_loss(logits, classes).item<double>());
  eval.log_split("accuracy", right.sum().item<double>() / asked.sum().item<double>());
}

// Where the hidden layer has the nodes, in its two directions of the largest variance, and what class each is
// given.
void GraphClassifier::sample(core::Gallery& gallery) {
  const torch::NoGradGuard no_grad;
  const Tensor hidden = net_->hidden(features_, edges_).cpu();
  if (hidden.size(1) < 2 || hidden.size(0) < 2) return;
  const Tensor centred = hidden - hidden.mean(0, true);
  const Tensor plane = centred.matmul(std::get<2>(torch::svd(centred)).slice(1, 0, 2));  // [N, 2]
  training::add_points(
      gallery, "nodes",
      "The nodes as the hidden layer sees them, in its two main directions, and their classes",
      (plane / plane.abs().max().clamp_min(1e-12)).contiguous(), {-1.1, -1.1, 2.2, 2.2},
      net_->forward(features_, edges_).argmax(1).cpu(), data_.train.classes);
}

}  // namespace supervised
