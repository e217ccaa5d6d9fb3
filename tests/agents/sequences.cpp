// Sequences from the replay against a naive twin that walks through them a step at a time.
#include "agents/value/sequences.h"

#include "envs/all.h"
#include "tests/catch.h"

using namespace agents;
using torch::Tensor;

namespace {

constexpr int64_t N = 2;

PolicyNet net_of(const envs::Spec& spec, const std::string& cell) {
  return {"test", spec.observation, {{3, 1}}, {.mlp = {.hidden = {6}}, .memory = cell, .size = 5}};
}

// A replay whose ring has gone round, with episodes that ended in both ways.
Replay filled(const envs::Options& env) {
  const auto envs = env.make(N);
  Replay replay(envs->spec(), N, 120);
  core::Pcg64 random(4);
  envs->reset(7, replay.observations());
  for (int t = 0; t < 90; ++t) {
    for (int64_t i = 0; i < N; ++i) replay.choices()[i] = random.integers(0, 2);
    envs->step(replay.actions(), replay.out());
    replay.advance();
  }
  return replay;
}

Tensor seen(const std::byte* observation) {
  return torch::from_blob(const_cast<std::byte*>(observation), {1, 4}, torch::kFloat32).clone();
}

// One sequence, whose first learned step is the k-th oldest, by the book.
struct Twin {
  const Replay& replay;
  PolicyNet& net;
  int64_t k;
  SequenceShape shape;

  int64_t at(int64_t t) const { return replay.position(k + t * N); }  // t from the first learned step
  // Memory after step t, [1, M].
  Tensor memory_after(int64_t t) const {
    Tensor memory = torch::zeros({1, net.memory_size()});
    for (int64_t j = -shape.burn_in; j <= t; ++j) {
      if (j > -shape.burn_in && replay.ended(at(j - 1))) memory = torch::zeros_like(memory);
      net.forward(NetInput(seen(replay.observation(at(j))), memory));
      memory = net.memory().clone();
    }
    return memory;
  }
  Tensor before(int64_t t) const {
    const bool fresh = t == -shape.burn_in || replay.ended(at(t - 1));
    return fresh ? torch::zeros({1, net.memory_size()}) : memory_after(t - 1);
  }
  Tensor output(int64_t t) const {
    return net.forward(NetInput(seen(replay.observation(at(t))), before(t)))[0].clone();
  }
  Tensor next_output(int64_t t) const {
    for (int64_t j = t; j < t + shape.n_step; ++j)
      if (replay.ended(at(j)))
        return net.forward(NetInput(seen(replay.n_step(at(t), shape.n_step, 1).next), memory_after(j)))[0]
            .clone();
    return output(t + shape.n_step);
  }
};

// The place in time of a position.
int64_t age_of(const Replay& replay, int64_t position) {
  for (int64_t k = 0;; ++k)
    if (replay.position(k) == position) return k;
}

}  // namespace

TEST_CASE("sequences are learned from as if they were played, and bootstrap behind a time limit's cut",
          "[agents][dqn]") {
  const std::string cell = GENERATE(std::string("gru"), std::string("lstm"));
  const int64_t burn_in = GENERATE(0, 3), n = GENERATE(1, 3);
  INFO(cell << ", burn-in " << burn_in << ", " << n << " steps");
  torch::manual_seed(2);
  envs::Options env;
  env.id = "CartPole-v1";
  env.max_episode_steps = 11;
  env.factory = envs::all().at(env.id, "").factory();
  const envs::Spec spec = env.make(1)->spec();
  const Replay replay = filled(env);
  PolicyNet net = net_of(spec, cell);
  const SequenceShape shape{20, burn_in, 4, n};
  SequenceBatch batch(shape, spec.observation, {});
  core::Pcg64 random(5);
  std::vector<int64_t> positions(size_t(shape.sequences * shape.length));
  batch.draw(replay, random, positions);
  std::vector<const std::byte*> next;
  for (const int64_t position : positions) next.push_back(replay.n_step(position, n, 1).next);
  const Tensor outputs = batch.outputs(net).clone(), ahead = batch.next_outputs(net, next);
  const torch::NoGradGuard no_grad;
  int cut = 0, starts = 0;
  for (int64_t b = 0; b < std::ssize(positions); ++b) {
    const int64_t s = b / shape.length, t = b % shape.length, first = positions[size_t(s * shape.length)];
    const Twin twin{replay, net, age_of(replay, first), shape};
    REQUIRE(twin.at(t) == positions[size_t(b)]);
    CHECK(torch::allclose(outputs[b], twin.output(t), 1e-4, 1e-5));
    starts += t > 0 && replay.ended(twin.at(t - 1));
    const auto reached = replay.n_step(positions[size_t(b)], n, 1);
    if (reached.discount == 0) continue;  // terminated: nobody asks for its value
    for (int64_t j = t; j < t + n; ++j) cut += replay.ended(twin.at(j));
    CHECK(torch::allclose(ahead[b], twin.next_output(t), 1e-4, 1e-5));
  }
  CHECK(cut > 0);
  CHECK(starts > 0);
}
