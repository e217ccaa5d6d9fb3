// Each member sees the same batches and learns by its own loss: the gradient of the sum is each one's own, so
// that they learn as they would alone. Their probabilities, or numbers, are averaged.
#include "supervised/feedforward/ensemble.h"

namespace supervised {

void EnsembleOptions::fields(core::Fields& f) {
  f.add("members", members, "Nets that learn side by side", {.min = 1, .max = 1000});
  TaskOptions::fields(f);
}

void Ensemble::Options::fields(core::Fields& f) {
  f.section("ensemble", ensemble, "How many nets, and their loss");
  f.section("net", net, "Layers of each net");
  f.tagged("data", data.tagged(), "Rows with classes or numbers to learn");
}

void Ensemble::build(training::Build& build) {
  const torch::Tensor& rows = task_.load(build, options_.data, options_.ensemble);
  const int64_t inputs = c10::multiply_integers(rows.sizes().slice(1)), M = options_.ensemble.members;
  training::foresee_outputs(options_.net.layers, double(options_.data.batch_size * M), "a batch");
  check_norm(options_.net, options_.data.batch_size);
  for (int64_t m = 1; m <= M; ++m) {
    const std::string name = "member_" + std::to_string(m);
    members_.emplace_back(FeedForward("net." + name, inputs, task_.outputs(), options_.net));
    nets_->register_module(name, members_.back());
  }
  task_.learns_together(build, *nets_, [this](const torch::Tensor& batch) {
    const torch::Tensor x = batch.flatten(1);
    std::vector<training::ClassifierOutput> all;
    for (FeedForward& member : members_) all.push_back(answered(member, x));
    return all;
  });
}

void Ensemble::step(training::Step& step) { task_.learn(step, task_.next(step)); }

void Ensemble::evaluate(training::Eval& eval) { task_.evaluate(eval); }

void Ensemble::sample(core::Gallery& gallery) { task_.sample(gallery); }

}  // namespace supervised
