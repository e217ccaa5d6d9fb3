#include "supervised/regression.h"

#include "core/error.h"
#include "training/loop/gallery.h"

namespace supervised {

using torch::Tensor;

double explained(const Tensor& predicted, const Tensor& targets) {
  const Tensor y = targets.to(torch::kFloat64), error = (predicted.to(torch::kFloat64) - y).square().sum(0),
               spread = (y - y.mean(0)).square().sum(0);
  return torch::where(spread > 0, 1 - error / spread, torch::zeros_like(spread)).mean().item<double>();
}

Regression::Regression(const training::data::Data& data, const std::string& name, double smoothing) {
  const Tensor& targets = data.train.targets();
  core::check(targets.dim() == 2 && targets.size(1) > 0,
              "data: '{}' has not a row of numbers for each row to learn from", name);
  core::check(smoothing == 0, "label_smoothing: '{}' has numbers to learn, no labels; expected 0, found {}",
              name, smoothing);
  const int64_t K = targets.size(1);
  mean_ = torch::zeros({K}), deviation_ = torch::ones({K});
  if (targets.size(0) == 0) return;  // to be restored
  mean_ = targets.mean(0);
  const Tensor spread = targets.std(0, false);
  baselines_.constant = (spread > 0).to(torch::kFloat64).mean().item<double>();
  deviation_ = torch::where(spread > 0, spread, deviation_);
}

std::vector<training::MetricSpec> Regression::terms() const {
  return {
      {"mse", "",
       "Mean squared error of the batch, of targets of mean 0 and deviation 1; of several nets the sum of "
       "theirs"}};
}

void Regression::register_metrics(training::Build& build, const training::Classifier&) {
  using training::Direction;
  build.inference_state("targets", [this](core::Archive& archive) {
    archive("mean", mean_.data_ptr<float>(), size_t(mean_.numel()));
    archive("deviation", deviation_.data_ptr<float>(), size_t(deviation_.numel()));
  });
  build.split_metric({"r2", "", "Share of the targets' variance that is explained, mean over the numbers",
                      Direction::maximize});
  build.split_metric({"mse", "", "Mean squared error, in the targets' own units", Direction::minimize});
  baselines_.register_metrics(build, "");
  build.score("valid/r2");
}

Tensor Regression::wanted(const Tensor& targets) const {
  const auto on = targets.device();
  return (targets - mean_.to(on)) / deviation_.to(on);
}

void Regression::learn(training::Step& step, const std::vector<Tensor>& outputs, const Mixed& batch) const {
  Tensor total;
  for (const Tensor& own : outputs) {
    const Tensor loss =
        batch.mean([&](const Tensor& targets) { return (own - wanted(targets)).square().mean(); });
    total = total.defined() ? total + loss : loss;
  }
  const double loss = step.update("net", {{"mse", total}}).loss;
  baselines_.log(step, loss / double(outputs.size()));
}

Tensor Regression::together(const std::vector<Tensor>& outputs) { return torch::stack(outputs).mean(0); }

void Regression::learn_by(OwnNet& net, training::Step& step, const Tensor& inputs,
                          const Tensor& targets) const {
  const double loss = net.learn(inputs, wanted(targets), 0).loss;
  step.apply_gradients("net", {{"mse", loss}});
  baselines_.log(step, loss);
}

void Regression::fitted(training::Step& step, const Tensor& outputs, const Tensor& targets) const {
  step.updated("net", {{"mse", (outputs - wanted(targets)).square().mean().item<double>()}});
}

Tensor Regression::predicted(const Tensor& outputs) const {
  return outputs * deviation_.to(outputs.device()) + mean_.to(outputs.device());
}

void Regression::evaluate(training::Eval& eval, const Tensor& outputs, const training::Dataset& held) const {
  const Tensor found = predicted(outputs).to(torch::kFloat64);
  eval.log_split("r2", explained(found, held.targets()));
  eval.log_split("mse", (found - held.targets()).square().mean().item<double>());
}

void Regression::show(core::Gallery& gallery, const Tensor& outputs, const training::Dataset& held) const {
  constexpr int64_t most = 1000;  // points, in one window from the first picture of a run to the last
  const Tensor found = predicted(outputs).slice(0, 0, most), truth = held.targets().slice(0, 0, most);
  for (int64_t k = 0; k < this->outputs(); ++k) {
    const bool named = size_t(k) < held.numbers.size();
    const Tensor y = truth.select(1, k), points = torch::stack({y, found.select(1, k)}, 1);
    training::add_points(
        gallery, k == 0 ? "predictions" : "predictions_" + std::to_string(k + 1),
        "True (across) and predicted" + (named ? " " + held.numbers[size_t(k)] : "") + " of validation rows",
        points, training::around(torch::stack({y, y}, 1)));
  }
}

void Regression::show_plane(core::Gallery& gallery, const Tensor& outputs, int64_t side,
                            const core::Rect& extent) const {
  gallery.grid("plane", "The number predicted for each point of the plane", side, side,
               training::floats(predicted(outputs).select(1, 0)), extent);
}

}  // namespace supervised
