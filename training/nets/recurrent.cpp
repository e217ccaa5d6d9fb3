#include "training/nets/recurrent.h"

#include <cmath>

#include "training/nets/init.h"

namespace training {

using torch::Tensor;

void RecurrentOptions::fields(core::Fields& f) {
  f.choice("cell", cell, "What is repeated along the sequence", {"gru", "lstm", "rnn"});
  f.add("layers", layers, "Recurrent layers, one above the other", {.min = 1, .max = 100});
  f.add("width", width, "Numbers that each layer remembers", {.min = 1, .max = 65536});
  f.add("dropout", dropout, "Share of activations between the layers dropped while learning",
        {.min = 0, .max = 0.99});
}

static int64_t gates_of(const std::string& cell) { return cell == "lstm" ? 4 : cell == "gru" ? 3 : 1; }

RecurrentImpl::RecurrentImpl(int64_t inputs, const RecurrentOptions& options) : options_(options) {
  const int64_t D = options.width, gates = gates_of(options.cell);
  const double reach = 1 / std::sqrt(double(D));
  require_weights("the recurrent layers",
                  double(gates) * double(D) * (double(inputs) + double(D) * double(2 * options.layers - 1)));
  for (int64_t i = 1; i <= options.layers; ++i) {
    const std::string number = std::to_string(i);
    const auto uniform = [&](const char* name, int64_t columns) {
      const Tensor weight = torch::empty({gates * D, columns}).uniform_(-reach, reach);
      weights_.push_back(register_parameter(name + number, weight));
    };
    uniform("input_", i == 1 ? inputs : D);
    uniform("hidden_", D);
    const Tensor bias = torch::zeros({gates * D});
    if (gates == 4) bias.narrow(0, D, D).fill_(1);
    weights_.push_back(register_parameter("bias_" + number, bias));
  }
}

Tensor RecurrentImpl::forward(const Tensor& x, RecurrentState& state) {
  const bool lstm = options_.cell == "lstm";
  if (state.empty())
    state.assign(lstm ? 2 : 1, torch::zeros({options_.layers, x.size(0), options_.width}, x.options()));
  // torch wants a second bias beside the hidden weights: zeros that nobody learns.
  std::vector<Tensor> parts;
  for (size_t i = 0; i < weights_.size(); i += 3)
    for (const Tensor& part :
         {weights_[i], weights_[i + 1], weights_[i + 2], torch::zeros_like(weights_[i + 2])})
      parts.push_back(part);
  if (lstm) {
    const auto [y, hidden, cells] =
        torch::lstm(x, state, parts, true, options_.layers, options_.dropout, is_training(), false, true);
    state = {hidden, cells};
    return y;
  }
  const auto run = [&](auto cell) {
    return cell(x, state[0], parts, true, options_.layers, options_.dropout, is_training(), false, true);
  };
  const auto [y, hidden] = options_.cell == "gru"
                               ? run([](const auto&... given) { return torch::gru(given...); })
                               : run([](const auto&... given) { return torch::rnn_tanh(given...); });
  state = {hidden};
  return y;
}

}  // namespace training
