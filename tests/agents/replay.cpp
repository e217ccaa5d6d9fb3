// The replay against a whole history that is kept apart, and the tree of sums against a linear scan.
#include "agents/replay.h"

#include <array>
#include <cmath>
#include <numeric>

#include "agents/value/sum_tree.h"
#include "tests/catch.h"

using namespace agents;

namespace {

constexpr int64_t limit = 5;  // steps of an episode

envs::Spec seen_as(const envs::Space& observation) {
  return {.id = "Test",
          .observation = observation,
          .action = envs::Space::discrete(3),
          .max_episode_steps = limit};
}

envs::Spec two_numbers() { return seen_as(envs::Space::box({-1, -1}, {1, 1})); }

envs::Spec masked() {
  envs::Spec spec = two_numbers();
  spec.action_mask = true;
  return spec;
}

using Seen = std::array<float, 2>;
using Mask = std::array<uint8_t, 3>;

// Which of the three actions are possible where this is seen: made up, but not the same everywhere.
Mask mask_of(Seen seen) {
  const auto bits = static_cast<int>(seen[0]) % 7 + 1;
  return {uint8_t(bits & 1), uint8_t(bits >> 1 & 1), uint8_t(bits >> 2 & 1)};
}

// What happened at one moment to one environment. Each observation is seen once in a history.
struct Moment {
  Seen seen, next, last;  // next: of the following moment; last: the episode's own, where it ended
  int64_t action;
  float reward;
  bool terminated, truncated;
};

// N environments that end at random and after `limit` steps, or both at once.
class History {
 public:
  History(int64_t envs, uint64_t seed) : envs_(envs), random_(seed), age_(static_cast<size_t>(envs)) {}

  void begin(Replay& replay) {
    for (int64_t i = 0; i < envs_; ++i) put(replay.observations(), i, fresh());
    note_masks(replay);
  }

  void step(Replay& replay) {
    step(replay, [&](int64_t i) { replay.choices()[i] = random_.integers(0, 3); });
  }

  // `act` writes the action of environment i.
  template <class Act>
  void step(Replay& replay, Act&& act) {
    for (int64_t i = 0; i < envs_; ++i) {
      Moment m;
      m.seen = get(replay.observations(), i);
      act(i);
      m.action = replay.choices()[i];
      m.reward = static_cast<float>(random_.uniform(-1, 1));
      m.terminated = random_.random() < 0.2;
      m.truncated = ++age_[static_cast<size_t>(i)] == limit;
      m.last = fresh();
      m.next = m.terminated || m.truncated ? fresh() : m.last;
      if (m.terminated || m.truncated) age_[static_cast<size_t>(i)] = 0;
      write(replay.out(), i, m);
      moments_.push_back(m);
    }
    replay.advance();
    note_masks(replay);
  }

  int64_t time() const { return static_cast<int64_t>(moments_.size()) / envs_; }
  const Moment& at(int64_t t, int64_t i) const { return moments_[static_cast<size_t>(t * envs_ + i)]; }
  bool both() const {
    return std::any_of(moments_.begin(), moments_.end(),
                       [](const Moment& m) { return m.terminated && m.truncated; });
  }

  // r_t + gamma r_{t+1} + ..., as long as the episode lasts and n steps at most.
  std::pair<double, double> naive(int64_t t, int64_t i, int64_t n, double gamma, Seen& bootstrap) const {
    double sum = 0;
    for (int64_t k = 0; k < n; ++k) {
      const Moment& m = at(t + k, i);
      sum += std::pow(gamma, k) * static_cast<double>(m.reward);
      bootstrap = m.last;
      if (m.terminated) return {sum, 0};
      if (m.truncated) return {sum, std::pow(gamma, k + 1)};
    }
    return {sum, std::pow(gamma, n)};
  }

  static Seen get(const std::byte* observations, int64_t i) {
    const auto* at = reinterpret_cast<const float*>(observations) + 2 * i;
    return {at[0], at[1]};
  }

 private:
  Seen fresh() { return {static_cast<float>(++seen_), -static_cast<float>(seen_)}; }
  static void put(std::byte* observations, int64_t i, Seen seen) {
    std::copy(seen.begin(), seen.end(), reinterpret_cast<float*>(observations) + 2 * i);
  }
  static void put(uint8_t* mask, int64_t i, Seen seen) {
    const Mask row = mask_of(seen);
    if (mask) std::copy(row.begin(), row.end(), mask + 3 * i);
  }
  void note_masks(Replay& replay) const {
    for (int64_t i = 0; i < envs_; ++i) put(replay.mask(), i, get(replay.observations(), i));
  }
  static void write(const envs::StepOut& out, int64_t i, const Moment& m) {
    put(out.obs, i, m.next);
    if (m.terminated || m.truncated) {
      put(out.final_obs, i, m.last);
      put(out.final_action_mask, i, m.last);
    }
    out.reward[i] = m.reward;
    out.terminated[i] = m.terminated;
    out.truncated[i] = m.truncated;
  }

  int64_t envs_, seen_ = 0;
  core::Pcg64 random_;
  std::vector<int64_t> age_;
  std::vector<Moment> moments_;  // [T, N]
};

// All that the replay offers, against the history.
void compare(const Replay& replay, const History& history, int64_t N, int64_t capacity, int64_t n,
             bool has_masks = false) {
  const double gamma = 0.9;
  const int64_t rows = std::min(history.time(), (capacity + N - 1) / N);
  REQUIRE(replay.complete(n) == std::max<int64_t>(0, rows - n + 1) * N);
  for (int64_t k = 0; k < replay.complete(n); ++k) {
    const int64_t t = history.time() - rows + k / N, i = k % N, position = replay.position(k);
    const Moment& m = history.at(t, i);
    const Replay::NStepReturn ahead = replay.n_step(position, n, gamma);
    Seen bootstrap{};
    const auto [reward, discount] = history.naive(t, i, n, gamma, bootstrap);
    INFO("n " << n << ", moment " << t << " of " << history.time() << ", environment " << i);
    REQUIRE(History::get(replay.observation(position), 0) == m.seen);
    REQUIRE(*replay.choices(position) == m.action);
    REQUIRE(static_cast<double>(ahead.reward) == Approx(reward).margin(1e-6));
    REQUIRE(static_cast<double>(ahead.discount) == Approx(discount));
    REQUIRE(ahead.terminated == (discount == 0));
    if (discount > 0) REQUIRE(History::get(ahead.next, 0) == bootstrap);
    REQUIRE((ahead.mask != nullptr) == (has_masks && discount > 0));
    const Mask mask = mask_of(bootstrap);
    if (ahead.mask) REQUIRE(std::equal(mask.begin(), mask.end(), ahead.mask));
  }
}

}  // namespace

TEST_CASE("replayed transitions and their n-step returns are those of the whole history",
          "[agents][replay]") {
  for (const auto& [N, capacity] : {std::pair<int64_t, int64_t>{1, 7}, {1, 40}, {3, 30}, {4, 50}}) {
    Replay replay(two_numbers(), N, capacity);
    History history(N, 1);
    history.begin(replay);
    for (int64_t t = 0; t < 150; ++t) {
      history.step(replay);
      for (const int64_t n : {1, 2, 3, 7}) compare(replay, history, N, capacity, n);
    }
    CHECK(history.both());
  }
}

TEST_CASE("an observation is stored once, as what one transition saw and where another led",
          "[agents][replay]") {
  Replay replay(two_numbers(), 2, 100);
  History history(2, 2);
  history.begin(replay);
  for (int64_t t = 0; t < 50; ++t) history.step(replay);
  int64_t inner = 0;
  for (int64_t k = 0; k + 2 < replay.complete(1); ++k) {
    const Moment& m = history.at(k / 2, k % 2);
    if (m.terminated || m.truncated) continue;
    const std::byte* next = replay.observation(replay.position(k + 2));
    CHECK(replay.n_step(replay.position(k), 1, 0.9).next == next);
    ++inner;
  }
  CHECK(inner > 40);
  envs::Spec pole = two_numbers();
  pole.max_episode_steps = 500;
  const uint64_t transition = 2 * 4 + 8 + 4 + 1 + 1;  // observation, action, reward, both flags
  CHECK(Replay::bytes(pole, 2, 1000000) < 1010000 * transition);
}

TEST_CASE("a replay that was saved goes on as the one that went on", "[agents][replay]") {
  for (const int64_t moments : {0, 4, 60}) {
    Replay replay(two_numbers(), 3, 60), restored(two_numbers(), 3, 60);
    History history(3, 3);
    history.begin(replay);
    for (int64_t t = 0; t < moments; ++t) history.step(replay);
    core::Archive saved;
    replay.state(saved);
    core::Archive loaded(saved.blobs());
    restored.state(loaded);
    for (int64_t t = 0; t < 30; ++t) history.step(restored);
    compare(restored, history, 3, 60, 3);
  }
}

TEST_CASE("what was possible is replayed with what was seen, at the end of an episode, too",
          "[agents][replay][masks]") {
  Replay replay(masked(), 3, 30), restored(masked(), 3, 30);
  History history(3, 6);
  history.begin(replay);
  for (int64_t t = 0; t < 100; ++t) {
    history.step(replay);
    for (const int64_t n : {1, 3}) compare(replay, history, 3, 30, n, true);
  }
  core::Archive saved;
  replay.state(saved);
  core::Archive loaded(saved.blobs());
  restored.state(loaded);
  for (int64_t t = 0; t < 5; ++t) history.step(restored);
  compare(restored, history, 3, 30, 3, true);
}

TEST_CASE("actions of every space are replayed as they were taken, restored ones too", "[agents][replay]") {
  const int64_t N = 2, moments = 25;
  for (const envs::Space& space : {envs::Space::discrete(5), envs::Space::multi_discrete({4, 6, 3}),
                                   envs::Space::box({-1, 0}, {1, 9})}) {
    envs::Spec spec = two_numbers();
    spec.action = space;
    const auto A = static_cast<size_t>(space.size());
    const bool box = space.kind == envs::Space::Kind::box;
    Replay replay(spec, N, 20), restored(spec, N, 20);
    History history(N, 7);
    history.begin(replay);
    core::Pcg64 random(8);
    for (int64_t t = 0; t < moments; ++t) {
      history.step(replay, [&](int64_t i) {
        const auto first = static_cast<int64_t>(A) * i;
        envs::sample(space, random, box ? nullptr : replay.choices() + first,
                     box ? replay.values() + first : nullptr);
      });
    }
    core::Archive saved;
    replay.state(saved);
    core::Archive loaded(saved.blobs());
    restored.state(loaded);
    INFO(space.str());
    REQUIRE(restored.complete(1) == 20);
    core::Pcg64 again(8);
    std::vector<int64_t> c(A);
    std::vector<float> v(A);
    for (int64_t k = -(moments * N - 20); k < 20; ++k) {
      envs::sample(space, again, c.data(), v.data());
      if (k < 0) continue;
      const int64_t position = restored.position(k);
      CHECK((box ? std::equal(v.begin(), v.end(), restored.values(position))
                 : std::equal(c.begin(), c.end(), restored.choices(position))));
    }
  }
}

TEST_CASE("rows are completed and overwritten as time goes on", "[agents][replay]") {
  Replay replay(two_numbers(), 2, 6);  // four rows: three of transitions and the present moment
  History history(2, 4);
  history.begin(replay);
  std::vector<int64_t> completed, overwritten;
  for (int64_t t = 0; t < 6; ++t) {
    history.step(replay);
    completed.push_back(replay.completed_row(2));
    overwritten.push_back(replay.overwritten_row());
  }
  CHECK(completed == std::vector<int64_t>{-1, 0, 2, 4, 6, 0});
  CHECK(overwritten == std::vector<int64_t>{-1, -1, -1, 0, 2, 4});
}

TEST_CASE("the tree of sums finds what a linear scan finds", "[agents][replay]") {
  core::Pcg64 random(5);
  for (const int64_t leaves : {1, 2, 3, 64, 77}) {
    SumTree tree(leaves);
    std::vector<double> values(static_cast<size_t>(leaves));
    for (int round = 0; round < 300; ++round) {
      const int64_t leaf = random.integers(0, leaves);
      values[static_cast<size_t>(leaf)] = static_cast<double>(random.integers(0, 4));  // whole: exact sums
      tree.set(leaf, values[static_cast<size_t>(leaf)]);
      const double total = std::accumulate(values.begin(), values.end(), 0.0);
      REQUIRE(tree.total() == total);
      REQUIRE(tree[leaf] == values[static_cast<size_t>(leaf)]);
      for (double mass = 0; mass < total; mass += 0.5) {
        int64_t scan = 0;
        for (double sum = values[0]; sum <= mass; ++scan) sum += values[static_cast<size_t>(scan + 1)];
        REQUIRE(tree.find(mass) == scan);
      }
    }
  }
}

TEST_CASE("rounding never leads the tree to a leaf without value", "[agents][replay]") {
  SumTree tree(8);
  tree.set(2, 0.1);
  tree.set(5, 0.3);
  CHECK(tree.find(0) == 2);
  CHECK(tree.find(std::nextafter(0.1, 0)) == 2);
  CHECK(tree.find(0.1) == 5);
  CHECK(tree.find(tree.total()) == 5);  // as far as rounding can carry a draw
  CHECK(tree.find(2 * tree.total()) == 5);
}

TEST_CASE("transitions are drawn by priority, new ones as often as the most surprising", "[agents][replay]") {
  const std::vector<double> errors{0.5, -1, 2, -4};
  Priorities priorities(6, 0.6);
  double sum = 0;
  for (size_t i = 0; i < errors.size(); ++i) {
    priorities.update(static_cast<int64_t>(i), errors[i]);
    sum += std::pow(std::abs(errors[i]) + 1e-6, 0.6);
  }
  priorities.insert(4);
  priorities.insert(5);
  priorities.erase(5);
  sum += std::pow(4 + 1e-6, 0.6);
  CHECK(priorities.probability(4) == Approx(priorities.probability(3)));
  CHECK(priorities.probability(5) == 0);

  core::Pcg64 random(6);
  std::vector<int64_t> batch(10), drawn(6);
  const int64_t batches = 20000;
  for (int64_t k = 0; k < batches; ++k) {
    priorities.sample(random, batch);
    for (const int64_t position : batch) ++drawn[static_cast<size_t>(position)];
  }
  for (size_t i = 0; i < errors.size(); ++i) {
    const double p = std::pow(std::abs(errors[i]) + 1e-6, 0.6) / sum;
    const double draws = static_cast<double>(batches * 10), share = static_cast<double>(drawn[i]) / draws;
    CHECK(priorities.probability(static_cast<int64_t>(i)) == Approx(p));
    CHECK(std::abs(share - p) < 4 * std::sqrt(p * (1 - p) / draws));
    CHECK(priorities.weight(static_cast<int64_t>(i), 5, 0.4) == Approx(std::pow(5 * p, -0.4)));
  }
  CHECK(drawn[5] == 0);
}

TEST_CASE("full weights make draws by priority a uniform mean", "[agents][replay]") {
  Priorities priorities(4, 1);
  double weighted = 0;
  for (const int64_t i : {0, 1, 2, 3}) priorities.update(i, static_cast<double>(1 + i));
  for (const int64_t i : {0, 1, 2, 3})
    weighted += priorities.probability(i) * static_cast<double>(priorities.weight(i, 4, 1)) *
                static_cast<double>(i * i);
  CHECK(weighted == Approx((0 + 1 + 4 + 9) / 4.0));
  CHECK(priorities.weight(2, 4, 0) == 1);
}
