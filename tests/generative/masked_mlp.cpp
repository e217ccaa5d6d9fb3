// MADE's masked layers beside a naive twin, unit by unit, and who may see whom.
#include "generative/autoregressive/masked_mlp.h"

#include "tests/catch.h"

using torch::Tensor;

// The same function by loops over the units that may be seen, the degrees written out anew.
static std::vector<double> naive(generative::MaskedMlp& net, const std::vector<double>& x,
                                 const std::vector<int64_t>& sees, int64_t layers) {
  const auto p = net->named_parameters();
  std::vector<double> before = x;
  std::vector<int64_t> seen(x.size());
  for (size_t i = 0; i < x.size(); ++i) seen[i] = int64_t(i) + 1;
  for (int64_t l = 1; l <= layers; ++l) {
    const std::string name = l < layers ? "hidden_" + std::to_string(l) : "output";
    const Tensor w = p[name + ".weight"], b = p[name + ".bias"];
    std::vector<double> after;
    std::vector<int64_t> sight;
    for (int64_t j = 0; j < w.size(0); ++j) {
      sight.push_back(l < layers ? 1 + j % (int64_t(x.size()) - 1) : sees[size_t(j)]);
      double sum = b[j].item<double>();
      for (size_t i = 0; i < before.size(); ++i)
        if (seen[i] <= sight.back()) sum += w[j][int64_t(i)].item<double>() * before[i];
      after.push_back(l < layers ? std::tanh(sum) : sum);
    }
    before = after;
    seen = sight;
  }
  return before;
}

TEST_CASE("Masked layers are their naive twin, unit by unit", "[generative][made]") {
  torch::manual_seed(2);
  const std::vector<int64_t> sees{0, 1, 2, 3, 0, 1, 2, 4};
  generative::MaskedMlp net("net", 4, sees, training::MlpOptions{.hidden = {7, 5}, .activation = "tanh"});
  net->to(torch::kFloat64);
  const Tensor x = torch::randn({3, 4}, torch::kFloat64), y = net->forward(x);
  for (int64_t row = 0; row < 3; ++row) {
    std::vector<double> inputs;
    for (int64_t i = 0; i < 4; ++i) inputs.push_back(x[row][i].item<double>());
    const auto expected = naive(net, inputs, sees, 3);
    for (size_t o = 0; o < sees.size(); ++o)
      CHECK(y[row][int64_t(o)].item<double>() == Approx(expected[o]).margin(1e-12));
  }
}

TEST_CASE("An output of masked layers has no slope at all by an input that it may not see",
          "[generative][made]") {
  torch::manual_seed(3);
  const std::vector<int64_t> sees{0, 1, 2, 3, 4};
  for (const std::vector<int64_t>& hidden : {std::vector<int64_t>{}, {20}, {20, 30}}) {
    generative::MaskedMlp net("net", 5, sees, training::MlpOptions{.hidden = hidden, .activation = "tanh"});
    const Tensor x = torch::randn({20, 5}).requires_grad_(), y = net->forward(x);
    for (int64_t o = 0; o < 5; ++o) {
      const Tensor slope = torch::autograd::grad({y.select(1, o).sum()}, {x}, {}, true)[0];
      CHECK((slope.narrow(1, o, 5 - o) == 0).all().item<bool>());
      if (o > 0) CHECK((slope.narrow(1, 0, o) != 0).all().item<bool>());
    }
  }
}
