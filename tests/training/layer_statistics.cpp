// A look at every layer: the figures by hand, what is looked at, and that looking changes nothing.
#include "training/loop/layer_statistics.h"

#include <cmath>

#include "supervised/all.h"
#include "tests/catch.h"
#include "tests/scratch.h"
#include "tests/trial.h"
#include "training/loop/trainer.h"
#include "training/nets/mlp.h"
#include "training/nets/native_mlp.h"
#include "training/trace.h"

using namespace training;

namespace {

// A look at one step of this net, whose loss is the mean of its outputs.
template <class Net>
LayerLook look_at(Net& net, const torch::Tensor& x, const std::string& module) {
  clear_trace();
  keep_activations(true);
  if constexpr (std::is_same_v<Net, NativeMlp>) {
    const torch::Tensor y = net->forward(x);
    net->backward(torch::full_like(y, 1.0 / double(y.numel())));
  } else {
    net->forward(x).mean().backward();
  }
  keep_activations(false);
  std::vector<Parameter> parameters;
  for (const auto& parameter : net->named_parameters())
    parameters.push_back({module + "/" + parameter.key(), parameter.value()});
  const LayerLook look = look_at_layers(parameters, traced());
  clear_trace();
  return look;
}

const LayerStatistics& layer(const LayerLook& look, const std::string& name) {
  for (const LayerStatistics& one : look.layers)
    if (one.layer == name) return one;
  FAIL("no layer " << name);
  return look.layers.front();
}

}  // namespace

TEST_CASE("Statistics of numbers are those counted by hand", "[training][layers]") {
  const TensorStatistics found =
      statistics_of(torch::tensor({-200.0F, -0.5F, 0.0F, 3e-7F, 0.05F, 5.0F}), false);
  CHECK(found.mean == Approx((-200 - 0.5 + 0.05 + 5) / 6).epsilon(1e-6));
  double squares = 0;
  for (const double x : {-200.0, -0.5, 0.0, 0.0, 0.05, 5.0}) squares += (x - found.mean) * (x - found.mean);
  CHECK(found.deviation == Approx(std::sqrt(squares / 6)).epsilon(1e-6));
  CHECK(found.zeros == Approx(1.0 / 6));
  CHECK_FALSE(found.dead);
  // -1e2 and beyond; [-1, -0.1); around 0 twice; [0.01, 0.1); [1, 10).
  for (int k = 0; k < histogram_bins; ++k)
    CHECK(found.shares[size_t(k)] == Approx((k == 0 || k == 3 || k == 14 || k == 16 ? 1.0
                                             : k == 9                               ? 2.0
                                                                                    : 0.0) /
                                            6));
}

TEST_CASE("A unit is dead that is 0 in every row and place, along the axis that units lie on",
          "[training][layers]") {
  torch::Tensor rows = torch::rand({5, 4}) + 0.1, pictures = torch::rand({5, 4, 3, 3}) + 0.1,
                sequences = torch::rand({5, 3, 4}) + 0.1;
  CHECK(statistics_of(rows, true).dead == 0.0);
  rows.select(1, 2).zero_();
  rows[0].zero_();  // a row is no unit
  CHECK(statistics_of(rows, true).dead == 0.25);
  pictures.select(1, 0).zero_();
  pictures.select(1, 3).zero_();
  CHECK(statistics_of(pictures, true).dead == 0.5);
  sequences.select(2, 1).zero_();
  CHECK(statistics_of(sequences, true).dead == 0.25);
}

TEST_CASE("A look has every layer's outputs behind its activation and its weights' gradient",
          "[training][layers]") {
  torch::manual_seed(3);
  Mlp net("net", 4, 2, MlpOptions{.hidden = {5, 3}, .activation = "relu"});
  const torch::Tensor x = torch::randn({20, 4});
  trace("other.hidden_1", torch::ones({2, 2}));
  const LayerLook look = look_at(net, x, "net");
  REQUIRE(look.layers.size() == 3);
  const auto parameters = net->named_parameters();
  const torch::Tensor hidden =
      torch::relu(torch::linear(x, parameters["hidden_1.weight"], parameters["hidden_1.bias"]));
  const LayerStatistics& first = layer(look, "net.hidden_1");
  CHECK(first.output->mean == Approx(hidden.mean().item<double>()).epsilon(1e-6));
  CHECK(first.output->zeros == Approx((hidden == 0).to(torch::kFloat64).mean().item<double>()));
  for (const auto& one : look.layers) {
    INFO(one.layer);
    const std::string name = one.layer.substr(4);
    const torch::Tensor gradient =
        torch::cat({parameters[name + ".weight"].grad().flatten(), parameters[name + ".bias"].grad()});
    CHECK(one.weights);
    CHECK(one.gradient->mean == Approx(gradient.mean().item<double>()).epsilon(1e-5));
    CHECK(one.gradient->deviation == Approx(gradient.std(false).item<double>()).epsilon(1e-5));
  }
  parameters["hidden_1.weight"].mutable_grad() = torch::Tensor();
  parameters["hidden_1.bias"].mutable_grad() = torch::Tensor();
  const LayerLook frozen = look_at_layers({{"net/hidden_1.weight", parameters["hidden_1.weight"]}}, {});
  CHECK_FALSE(layer(frozen, "net.hidden_1").gradient);
}

TEST_CASE("A look at a native net is that at its twin", "[training][layers]") {
  torch::manual_seed(4);
  NativeMlp net("net", 4, 2, MlpOptions{.hidden = {6, 5}, .activation = "relu"});
  const torch::Tensor x = torch::randn({30, 4});
  const LayerLook look = look_at(net, x, "net");
  for (const torch::Tensor& parameter : net->parameters()) parameter.mutable_grad().zero_();
  clear_trace();
  keep_activations(true);
  net->twin(x).mean().backward();
  keep_activations(false);
  std::vector<Parameter> parameters;
  for (const auto& parameter : net->named_parameters())
    parameters.push_back({"net/" + parameter.key(), parameter.value()});
  const LayerLook twin = look_at_layers(parameters, traced());
  clear_trace();
  REQUIRE(look.layers.size() == 3);
  for (const LayerStatistics& one : look.layers) {
    INFO(one.layer);
    const LayerStatistics& other = layer(twin, one.layer);
    CHECK(one.output->deviation == Approx(other.output->deviation).epsilon(1e-5));
    CHECK(one.output->dead == other.output->dead);
    CHECK(one.gradient->deviation == Approx(other.gradient->deviation).epsilon(1e-5));
  }
}

TEST_CASE("Outputs that are noted by another name go to the one layer of the module that ends so",
          "[training][layers]") {
  const torch::Tensor weight = torch::ones({2, 2}), noted = torch::ones({3, 2});
  const std::vector<Parameter> parameters{{"policy/net.hidden_1.weight", weight},
                                          {"policy/memory.output.weight", weight},
                                          {"policy/net.output.weight", weight}};
  const LayerLook look = look_at_layers(
      parameters,
      {{"policy.hidden_1", noted}, {"policy.output", noted}, {"policy.input", noted}, {"q.x", noted}});
  REQUIRE(look.layers.size() == 4);
  CHECK(layer(look, "policy.net.hidden_1").output);
  CHECK_FALSE(layer(look, "policy.net.output").output);  // there are two
  CHECK(layer(look, "policy.output").output);
  CHECK_FALSE(layer(look, "policy.output").weights);
}

TEST_CASE("A layer's row has each of its metrics, and its histogram's shares add up to 1",
          "[training][layers]") {
  torch::manual_seed(5);
  Mlp net("net", 3, 2, MlpOptions{.hidden = {4}, .activation = "relu"});
  const LayerLook look = look_at(net, torch::randn({9, 3}), "net");
  for (const LayerStatistics& one : look.layers) {
    const auto values = layer_values(one);
    const auto metrics = layer_metrics(one.layer);
    REQUIRE(values.size() == metrics.size());
    double outputs = 0, gradients = 0;
    for (size_t k = 0; k < values.size(); ++k) {
      CHECK(values[k].first == metrics[k].name);
      CHECK(metrics[k].sentence.size() > 10);
      if (!core::is_histogram(values[k].first)) continue;
      (values[k].first.find("output_") != std::string::npos ? outputs : gradients) += values[k].second;
    }
    CHECK(outputs == Approx(1));
    CHECK(gradients == Approx(1));
  }
  const auto pictures = layer_pictures(look);
  REQUIRE(pictures.size() == 2);
  CHECK(pictures[0].labels == std::vector<std::string>{"net.hidden_1", "net.output"});
  CHECK(pictures[0].shape == std::vector<int64_t>{2, histogram_bins});
}

TEST_CASE("Every layer is looked at at every so manieth step, and looking changes nothing",
          "[training][layers]") {
  const auto train = [](const Scratch& scratch, const std::string& override) {
    Session session = trial::session(
        "{model: mlp, data: {name: xor, train_size: 100, test_size: 50, batch_size: 50}, net: {hidden: [8]}, "
        "train: {steps: 25}}",
        supervised::all(), {override});
    Console console(ConsoleMode::silent, session.budget, {});
    Recorder recorder = Recorder::create(scratch.folder, session, {}, "config", nullptr);
    Trainer(session, recorder, console, scratch.folder, "config").run();
    std::vector<torch::Tensor> weights;
    for (const auto& [name, tensor] : session.registry.tensors()) weights.push_back(tensor.clone());
    return weights;
  };
  const Scratch plain, looked;
  const auto without = train(plain, "log.layers=0"), with = train(looked, "log.layers=10");
  REQUIRE(without.size() == with.size());
  for (size_t k = 0; k < with.size(); ++k) CHECK(torch::equal(without[k], with[k]));
  CHECK(core::RunFile(plain.folder).rows("layer.net.hidden_1/output_mean").empty());
  std::vector<int64_t> steps;
  for (const core::Row& row : core::RunFile(looked.folder).rows("layer.net.hidden_1/gradient_deviation")) {
    steps.push_back(row.step);
    CHECK(row.value > 0);
    CHECK(row.samples == 50 * row.step);
  }
  CHECK(steps == std::vector<int64_t>{10, 20});
  CHECK_FALSE(keeps_activations());
}
