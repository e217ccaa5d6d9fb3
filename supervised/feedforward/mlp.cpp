// Rosenblatt's perceptron with hidden layers, trained by backpropagation (Rumelhart, Hinton & Williams 1986).
#include "supervised/feedforward/mlp.h"

namespace supervised {

void Mlp::Options::fields(core::Fields& f) {
  f.section("mlp", mlp, "The loss, and who computes it");
  f.section("net", net, "Layers from the inputs to the classes or numbers");
  f.tagged("data", data.tagged(), "Rows with classes or numbers to learn");
}

void Mlp::build(training::Build& build) {
  const torch::Tensor& rows = task_.load(build, options_.data, options_.mlp);
  const training::MlpOptions& layers = options_.net.layers;
  training::foresee_outputs(layers, double(options_.data.batch_size), "a batch");
  check_norm(options_.net, options_.data.batch_size);
  const BackendOptions& backend = options_.mlp.backend;
  net_ = FeedForward("net", c10::multiply_integers(rows.sizes().slice(1)), task_.outputs(), options_.net);
  take_precision(*net_, backend);
  task_.learns(
      build, *net_,
      [this](const torch::Tensor& inputs) {
        return answered(net_, inputs.flatten(1).to(options_.mlp.backend.dtype()));
      },
      own_mlp(build, backend, {{"", net_.get()}},
              {std::ssize(layers.hidden), layers.activation, "", layers.dropout, options_.net.norm}));
}

void Mlp::step(training::Step& step) { task_.learn(step, task_.next(step)); }

void Mlp::evaluate(training::Eval& eval) { task_.evaluate(eval); }

void Mlp::sample(core::Gallery& gallery) { task_.sample(gallery); }

}  // namespace supervised
