// Recurrent cells step by step: Elman (1990), GRU (Cho et al. 2014), LSTM (Hochreiter & Schmidhuber 1997).
#include "core/error.h"
#include "supervised/scratch/elementwise.h"
#include "supervised/scratch/layout.h"
#include "supervised/scratch/matmul.h"
#include "supervised/scratch/nets.h"

namespace supervised::scratch {
namespace {

template <class T>
struct Memory {
  Tensor<T> hidden, cells;  // [B, D]; cells of an LSTM alone
};

// Gate g of [B, G D].
template <class T>
Tensor<T> gate(const Tensor<T>& gates, int64_t g, int64_t D) {
  return narrow(gates, 1, g * D, D);
}

// Each takes what the inputs [B, G D] and what is remembered say of the gates: x = W x_t + b, h = U h_(t-1).
//
// Elman:  h_t = tanh(x + h)
template <class T>
void step_rnn(Memory<T>& memory, const Tensor<T>& inputs, const Tensor<T>& remembered) {
  memory.hidden = tanh(inputs + remembered);
}

// GRU:    r = sigma(x_r + h_r),  z = sigma(x_z + h_z),  n = tanh(x_n + r h_n),  h_t = (1 - z) n + z h_(t-1)
template <class T>
void step_gru(Memory<T>& memory, const Tensor<T>& inputs, const Tensor<T>& remembered) {
  const int64_t D = memory.hidden.size(1);
  const auto both = [&](int64_t g) { return sigmoid(gate(inputs, g, D) + gate(remembered, g, D)); };
  const Tensor<T> reset = both(0), update = both(1);
  const Tensor<T> fresh = tanh(gate(inputs, 2, D) + reset * gate(remembered, 2, D));
  memory.hidden = fresh + update * (memory.hidden - fresh);
}

// LSTM:   i, f, o = sigma(x + h),  g = tanh(x_g + h_g),  c_t = f c_(t-1) + i g,  h_t = o tanh(c_t)
template <class T>
void step_lstm(Memory<T>& memory, const Tensor<T>& inputs, const Tensor<T>& remembered) {
  const int64_t D = memory.hidden.size(1);
  const Tensor<T> gates = inputs + remembered;  // input, forget, cell, output
  memory.cells =
      sigmoid(gate(gates, 1, D)) * memory.cells + sigmoid(gate(gates, 0, D)) * tanh(gate(gates, 2, D));
  memory.hidden = sigmoid(gate(gates, 3, D)) * tanh(memory.cells);
}

template <class T>
using Cell = void (*)(Memory<T>&, const Tensor<T>&, const Tensor<T>&);

template <class T>
Cell<T> cell_named(const std::string& name) {
  if (name == "lstm") return step_lstm<T>;
  if (name == "gru") return step_gru<T>;
  core::check(name == "rnn", "unknown cell '{}'", name);
  return step_rnn<T>;
}

// x [T B, E], time after time -> [T B, D].
template <class T>
Tensor<T> layer(const Tensor<T>& x, int64_t B, const std::string& cell, const Weights<T>& weights,
                const std::string& number) {
  const Tensor<T>& hidden_weight = weights.at("recurrent.hidden_" + number);
  const Tensor<T> inputs =
      matmul_transposed(x, weights.at("recurrent.input_" + number)) + weights.at("recurrent.bias_" + number);
  const int64_t D = hidden_weight.size(1);
  const Tensor<T> nothing({B, D}, std::vector<T>(static_cast<size_t>(B * D)));
  Memory<T> memory{nothing, nothing};
  std::vector<Tensor<T>> outputs;
  for (int64_t first = 0; first < x.size(0); first += B) {
    cell_named<T>(cell)(memory, narrow(inputs, 0, first, B), matmul_transposed(memory.hidden, hidden_weight));
    outputs.push_back(memory.hidden);
  }
  return concatenate(outputs);
}

// Where number i of [rows, columns], read down its columns, stands.
std::vector<int64_t> down_columns(int64_t rows, int64_t columns) {
  std::vector<int64_t> places;
  for (int64_t c = 0; c < columns; ++c)
    for (int64_t r = 0; r < rows; ++r) places.push_back(r * columns + c);
  return places;
}

}  // namespace

template <class T>
Answer<T> Rnn::forward(const std::vector<int64_t>& symbols, int64_t length, const Weights<T>& weights,
                       const Mode& mode) const {
  const int64_t B = std::ssize(symbols) / length;
  std::vector<int64_t> by_time;
  for (const int64_t place : down_columns(B, length)) by_time.push_back(symbols[static_cast<size_t>(place)]);
  Tensor<T> h = embedding(weights.at("symbols.weight"), by_time);
  for (int64_t i = 1; i <= layers; ++i) {
    h = layer(h, B, cell, weights, std::to_string(i));  // [T B, D]
    if (i < layers) h = scratch::dropout(h, dropout, mode);
  }
  const std::vector<int64_t> by_sequence = down_columns(length, B);
  return {embedding(linear(h, weights, "output"), by_sequence), embedding(h, by_sequence)};
}

template Answer<float> Rnn::forward(const std::vector<int64_t>&, int64_t, const Weights<float>&,
                                    const Mode&) const;
template Answer<double> Rnn::forward(const std::vector<int64_t>&, int64_t, const Weights<double>&,
                                     const Mode&) const;

}  // namespace supervised::scratch
