#include "agents/value/sequences.h"

#include <algorithm>
#include <utility>

namespace agents {

using torch::Tensor;

SequenceBatch::SequenceBatch(const SequenceShape& shape, const envs::Space& seen,
                             ObservationBatch::Transform transform)
    : shape_(shape),
      seen_(seen, shape.sequences * shape.rows(), transform),
      cut_(seen, shape.sequences * shape.length, transform),
      raw_(static_cast<size_t>(shape.sequences * shape.rows())),
      starts_(torch::zeros({shape.sequences, shape.rows()}, torch::kUInt8)) {}

void SequenceBatch::draw(const Replay& replay, core::Pcg64& random, std::vector<int64_t>& positions) {
  const int64_t T = shape_.rows(), L = shape_.length, N = replay.num_envs();
  const int64_t choices = replay.complete(shape_.steps_after_first());
  auto* starts = starts_.data_ptr<uint8_t>();
  for (int64_t s = 0; s < shape_.sequences; ++s) {
    const int64_t first = random.integers(0, choices);
    for (int64_t t = 0; t < T; ++t) {
      const int64_t position = replay.position(first + t * N), row = s * T + t, learned = t - shape_.burn_in;
      raw_[static_cast<size_t>(row)] = replay.observation(position);
      seen_.put(row, replay.observation(position));
      starts[row] = t > 0 && replay.ended(replay.position(first + (t - 1) * N));
      if (learned >= 0 && learned < L) positions[static_cast<size_t>(s * L + learned)] = position;
    }
  }
}

// Of every sequence `count` observations from `first` on, [S * count, O] or [S * count].
Tensor SequenceBatch::rows(int64_t first, int64_t count) const {
  std::vector<int64_t> shape = seen_.tensor().sizes().vec();
  shape[0] = shape_.rows();
  shape.insert(shape.begin(), shape_.sequences);
  return seen_.tensor().view(shape).narrow(1, first, count).flatten(0, 1);
}

Tensor SequenceBatch::outputs(PolicyNet& net) const {
  const auto part = [&](int64_t first, int64_t count, const Tensor& memory) {
    NetInput input(rows(first, count), memory);
    input.starts = starts_.narrow(1, first, count).flatten();
    input.steps = count;
    return input;
  };
  Tensor memory;
  if (shape_.burn_in > 0) {
    const torch::NoGradGuard no_grad;
    net.forward(part(0, shape_.burn_in, {}));
    memory = net.memory();
  }
  return net.forward(part(shape_.burn_in, shape_.length, memory));
}

SequenceBatch::Pass SequenceBatch::pass(PolicyNet& net) const {
  const torch::NoGradGuard no_grad;
  Pass along;
  Tensor memory = torch::zeros({shape_.sequences, net.memory_size()});
  for (int64_t t = 0; t < shape_.rows(); ++t) {
    const Tensor goes_on = (starts_.select(1, t) == 0).to(torch::kFloat32).unsqueeze(1);  // [S, 1]
    along.outputs.push_back(net.forward(NetInput(rows(t, 1), memory * goes_on)));
    along.memories.push_back(memory = net.memory());
  }
  return along;
}

// The step, from `row` of all S * T on, with which its episode ends.
int64_t SequenceBatch::end_of(int64_t row) const {
  const uint8_t* starts = starts_.data_ptr<uint8_t>();
  while (!starts[row + 1]) ++row;
  return row;
}

Tensor SequenceBatch::next_outputs(PolicyNet& net, const std::vector<const std::byte*>& next) {
  const torch::NoGradGuard no_grad;
  const int64_t T = shape_.rows(), L = shape_.length, B = shape_.sequences * L;
  const Pass along = pass(net);
  std::vector<Tensor> found(static_cast<size_t>(B)), memories;
  std::vector<size_t> cut;
  for (int64_t b = 0; b < B; ++b) {
    const int64_t s = b / L, t = shape_.burn_in + b % L, row = s * T + t;
    const std::byte* wanted = next[static_cast<size_t>(b)];
    found[static_cast<size_t>(b)] = along.outputs[static_cast<size_t>(t + shape_.n_step)][s];
    const auto own = raw_.begin() + row;  // the replay's own rows; else it is where the time limit cut
    if (std::find(own, own + shape_.n_step + 1, wanted) != own + shape_.n_step + 1) continue;
    cut_.put(std::ssize(cut), wanted);
    cut.push_back(static_cast<size_t>(b));
    memories.push_back(along.memories[static_cast<size_t>(end_of(row) - s * T)][s]);
  }
  if (!cut.empty()) {
    const Tensor outputs =
        net.forward(NetInput(cut_.tensor().narrow(0, 0, std::ssize(cut)), torch::stack(memories)));
    for (size_t c = 0; c < cut.size(); ++c) found[cut[c]] = outputs[static_cast<int64_t>(c)];
  }
  return torch::stack(found).contiguous();
}

}  // namespace agents
