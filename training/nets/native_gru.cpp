#include "training/nets/native_gru.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "training/nets/kernels.h"

namespace training {

namespace {

using kernels::Activation;

// One pass over S sequences of L rows; all arrays go by time, then by sequence: [L, S, ...].
struct GruPass {
  int64_t S, L, F, D;
  std::vector<float> x, before;  // [L, S, F], [L, S, D]: what was remembered before each row
  std::vector<float> gates,
      recall;  // [L, S, 3 D] after their activations; [L, S, D]: the new gate's part of the past
  std::vector<uint8_t> starts;     // [L, S]; empty: none
  std::vector<float> hidden_t, y;  // [D, 3 D]; [L, S, D]

  void forward(const float* first, const GruWeights& weights);
  void step(int64_t t, const float* previous);
  void combine(int64_t row);
};

std::vector<float> transposed(const torch::Tensor& weight) {
  std::vector<float> result(static_cast<size_t>(weight.numel()));
  kernels::transpose(weight.data_ptr<float>(), weight.size(0), weight.size(1), result.data());
  return result;
}

void GruPass::forward(const float* first, const GruWeights& weights) {
  const int64_t rows = L * S, G = 3 * D;
  for (int64_t r = 0; r < rows; ++r) std::copy_n(weights.bias.data_ptr<float>(), G, gates.data() + r * G);
  const std::vector<float> input_t = transposed(weights.input);  // [F, 3 D]
  kernels::multiply_add({rows, G, F, x.data(), F, 1, input_t.data(), gates.data()});
  hidden_t = transposed(weights.hidden);
  for (int64_t t = 0; t < L; ++t) step(t, t == 0 ? first : y.data() + (t - 1) * S * D);
}

// The rows of all sequences at time t.
void GruPass::step(int64_t t, const float* previous) {
  const int64_t G = 3 * D;
  float* past = before.data() + t * S * D;
  std::copy_n(previous, S * D, past);
  for (int64_t s = 0; s < S && !starts.empty(); ++s)
    if (starts[static_cast<size_t>(t * S + s)]) std::fill_n(past + s * D, D, 0.0f);
  std::vector<float> from_past(static_cast<size_t>(S * G), 0.0f);
  kernels::multiply_add({S, G, D, past, D, 1, hidden_t.data(), from_past.data()});
  for (int64_t s = 0; s < S; ++s) {
    const int64_t row = t * S + s;
    float* gate = gates.data() + row * G;
    const float* part = from_past.data() + s * G;
    for (int64_t k = 0; k < 2 * D; ++k) gate[k] += part[k];
    std::copy_n(part + 2 * D, D, recall.data() + row * D);
    combine(row);
  }
}

void GruPass::combine(int64_t row) {
  float* gate = gates.data() + row * 3 * D;
  const float *remembered = recall.data() + row * D, *past = before.data() + row * D;
  kernels::activate(Activation::sigmoid, gate, 2 * D);
  const float *reset = gate, *update = gate + D;
  float *fresh = gate + 2 * D, *out = y.data() + row * D;
  for (int64_t k = 0; k < D; ++k) fresh[k] += reset[k] * remembered[k];
  kernels::activate(Activation::tanh, fresh, D);
  for (int64_t k = 0; k < D; ++k) out[k] = fresh[k] + update[k] * (past[k] - fresh[k]);
}

// Slopes of one pass: along the gates' inputs by the row itself and by the past, [L, S, 3 D] each.
struct GruSlopes {
  std::vector<float> by_row, by_past, carried;  // carried [S, D]: along what row t remembers

  void row(const GruPass& pass, int64_t row, const float* d_y, float* carried_row);
};

void GruSlopes::row(const GruPass& pass, int64_t row, const float* d_y, float* carry) {
  const int64_t D = pass.D;
  const float *reset = pass.gates.data() + row * 3 * D, *update = reset + D, *fresh = update + D;
  const float *remembered = pass.recall.data() + row * D, *past = pass.before.data() + row * D;
  float *a = by_row.data() + row * 3 * D, *b = by_past.data() + row * 3 * D;
  for (int64_t k = 0; k < D; ++k) {
    const float d = d_y[k] + carry[k];
    const float d_fresh = d * (1 - update[k]) * (1 - fresh[k] * fresh[k]);
    a[k] = b[k] = d_fresh * remembered[k] * reset[k] * (1 - reset[k]);
    a[D + k] = b[D + k] = d * (past[k] - fresh[k]) * update[k] * (1 - update[k]);
    a[2 * D + k] = d_fresh;
    b[2 * D + k] = d_fresh * reset[k];
    carry[k] = d * update[k];
  }
}

// From the last row to the first: d_y [L, S, D].
GruSlopes slopes_of(const GruPass& pass, const float* d_y, const float* hidden) {
  const int64_t S = pass.S, D = pass.D, G = 3 * D;
  GruSlopes slopes{std::vector<float>(pass.gates.size()), std::vector<float>(pass.gates.size()),
                   std::vector<float>(static_cast<size_t>(S * D), 0.0f)};
  for (int64_t t = pass.L; t-- > 0;) {
    for (int64_t s = 0; s < S; ++s)
      slopes.row(pass, t * S + s, d_y + (t * S + s) * D, slopes.carried.data() + s * D);
    kernels::multiply_add({S, D, G, slopes.by_past.data() + t * S * G, G, 1, hidden, slopes.carried.data()});
    for (int64_t s = 0; s < S && !pass.starts.empty(); ++s)
      if (pass.starts[static_cast<size_t>(t * S + s)]) std::fill_n(slopes.carried.data() + s * D, D, 0.0f);
  }
  return slopes;
}

torch::Tensor by_time(const torch::Tensor& x) { return x.detach().transpose(0, 1).contiguous(); }

std::vector<float> floats(const torch::Tensor& x) {
  return {x.data_ptr<float>(), x.data_ptr<float>() + x.numel()};
}

// Its inputs are x, first, and the three weights.
struct GruOperation : torch::autograd::Node {
  GruPass pass;
  GruWeights weights;

  torch::autograd::variable_list apply(torch::autograd::variable_list&& d_outputs) override {
    const torch::NoGradGuard no_grad;
    const int64_t rows = pass.L * pass.S, G = 3 * pass.D;
    const torch::Tensor d_y = by_time(d_outputs[0]);
    const GruSlopes slopes = slopes_of(pass, d_y.data_ptr<float>(), weights.hidden.data_ptr<float>());
    const torch::Tensor d_input = torch::zeros_like(weights.input),
                        d_hidden = torch::zeros_like(weights.hidden),
                        d_x = torch::zeros({pass.L, pass.S, pass.F}),
                        d_first = torch::zeros({pass.S, pass.D});
    kernels::multiply_add(
        {G, pass.F, rows, slopes.by_row.data(), 1, G, pass.x.data(), d_input.data_ptr<float>()});
    kernels::multiply_add(
        {G, pass.D, rows, slopes.by_past.data(), 1, G, pass.before.data(), d_hidden.data_ptr<float>()});
    const torch::Tensor by_row =
        torch::from_blob(const_cast<float*>(slopes.by_row.data()), {rows, G});  // [L S, 3 D]
    if (task_should_compute_output(0))
      kernels::multiply_add({rows, pass.F, G, slopes.by_row.data(), G, 1, weights.input.data_ptr<float>(),
                             d_x.data_ptr<float>()});
    std::memcpy(d_first.data_ptr(), slopes.carried.data(), d_first.nbytes());
    return {d_x.transpose(0, 1).contiguous(), d_first, d_input, d_hidden, by_row.sum(0)};
  }
};

}  // namespace

torch::Tensor gru(const torch::Tensor& x, const torch::Tensor& starts, const torch::Tensor& first,
                  const GruWeights& weights) {
  const int64_t S = x.size(0), L = x.size(1), D = first.size(1);
  const auto size = [&](int64_t width) { return std::vector<float>(static_cast<size_t>(S * L * width)); };
  GruPass pass{S, L, x.size(2), D, floats(by_time(x)), size(D), size(3 * D), size(D), {}, {}, size(D)};
  if (starts.defined()) {
    const torch::Tensor flags = by_time(starts);
    pass.starts.assign(flags.data_ptr<uint8_t>(), flags.data_ptr<uint8_t>() + flags.numel());
  }
  torch::Tensor y;
  {
    const torch::NoGradGuard no_grad;
    const GruWeights plain{weights.input.detach().contiguous(), weights.hidden.detach().contiguous(),
                           weights.bias.detach().contiguous()};
    const torch::Tensor begin = first.detach().contiguous();
    pass.forward(begin.data_ptr<float>(), plain);
    y = torch::from_blob(pass.y.data(), {L, S, D}).transpose(0, 1).contiguous().clone();  // [S, L, D]
  }
  if (!torch::GradMode::is_enabled()) return y;
  const std::shared_ptr<GruOperation> operation(new GruOperation, torch::autograd::deleteNode);
  operation->pass = std::move(pass);
  operation->weights = {weights.input.detach(), weights.hidden.detach(), weights.bias.detach()};
  operation->set_next_edges(
      torch::autograd::collect_next_edges(x, first, weights.input, weights.hidden, weights.bias));
  torch::autograd::create_gradient_edge(y, operation);
  return y;
}

}  // namespace training
