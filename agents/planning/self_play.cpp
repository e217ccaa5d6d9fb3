#include "agents/planning/self_play.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <span>

#include "agents/planning/puct.h"

namespace agents {

using namespace envs::games;

namespace {

constexpr int64_t together = 16;  // boards of a group

// Boards that are searched side by side.
template <class G>
class SearchGroup {
 public:
  SearchGroup(const Judge& judge, const SelfPlayOptions& options, int64_t boards)
      : judge_(judge),
        options_(options),
        trees_(static_cast<size_t>(boards), Puct<G>(options.simulations, options.exploration)),
        rows_(static_cast<size_t>(boards) * width) {}

  // begin()s and searches those of the boards that are open; noise at the root where `randoms` are given.
  void search(std::span<const G> boards, core::Pcg64* randoms) {
    std::vector<size_t> open;
    for (size_t k = 0; k < boards.size(); ++k)
      if (boards[k].result() == Result::open) open.push_back(k);
    if (open.empty()) return;
    for (const size_t k : open) trees_[k].begin(boards[k]);
    judge_leaves(open);
    for (const size_t k : open)
      if (randoms && options_.noise_share > 0)
        trees_[k].add_noise(options_.noise_share, options_.noise_concentration, randoms[k]);
    std::vector<size_t> waiting;
    for (int64_t s = 0; s < options_.simulations; ++s) {
      waiting.clear();
      for (const size_t k : open)
        if (trees_[k].descend()) waiting.push_back(k);
      if (!waiting.empty()) judge_leaves(waiting);
    }
  }

  Plan plan(size_t k) const {
    Plan plan{.visits = std::vector<float>(G::actions, 0)};
    uint32_t most = 0;
    for (const auto& node : trees_[k].tried()) {
      plan.visits[node.action] = static_cast<float>(node.visits) / static_cast<float>(options_.simulations);
      if (node.visits > most) plan.value = static_cast<double>(node.mean());
      most = std::max(most, node.visits);
    }
    return plan;
  }

 private:
  static constexpr size_t width = 2 * cells<G>;

  void judge_leaves(const std::vector<size_t>& waiting) {
    std::array<uint8_t, width> row;
    for (size_t n = 0; n < waiting.size(); ++n) {
      const G& leaf = trees_[waiting[n]].leaf();
      observe(leaf, to_move(leaf), row.data());
      std::copy(row.begin(), row.end(), rows_.begin() + static_cast<int64_t>(n * width));
    }
    const float* outputs = judge_.net.forward(judge_.parameters.data(), {.rows = rows_.data()},
                                              static_cast<int64_t>(waiting.size()), work_);
    for (const size_t k : waiting) {
      trees_[k].expand(outputs, std::tanh(outputs[G::actions]));
      outputs += G::actions + 1;
    }
  }

  const Judge& judge_;
  const SelfPlayOptions& options_;
  std::vector<Puct<G>> trees_;
  std::vector<float> rows_;  // [boards, width]
  training::FlatMlp::Workspace work_;
};

// pi(a) ~ N(a)^(1 / temperature) for the first moves, the most tried one after them.
int64_t move_of(const Plan& plan, int moves, const SelfPlayOptions& options, core::Pcg64& random) {
  const auto& visits = plan.visits;
  if (moves >= options.sampled_moves) return std::max_element(visits.begin(), visits.end()) - visits.begin();
  const double most = static_cast<double>(*std::max_element(visits.begin(), visits.end()));
  std::vector<double> upto;
  double sum = 0;
  for (const float share : visits)
    upto.push_back(sum += std::pow(static_cast<double>(share) / most, 1 / options.temperature));
  const double drawn = random.random() * sum;
  return std::upper_bound(upto.begin(), upto.end(), drawn) - upto.begin();
}

// A group of games from their first moves to their ends.
template <class G>
void play_group(const Judge& judge, const SelfPlayOptions& options, uint64_t seed, int64_t first,
                std::span<std::vector<Example>> games) {
  std::vector<G> boards(games.size());
  std::vector<core::Pcg64> randoms;
  for (size_t k = 0; k < games.size(); ++k)
    randoms.emplace_back(core::mix(seed, {"game", first + static_cast<int64_t>(k)}));
  SearchGroup<G> group(judge, options, std::ssize(games));
  const auto is_open = [](const G& board) { return board.result() == Result::open; };
  while (std::any_of(boards.begin(), boards.end(), is_open)) {
    group.search(boards, randoms.data());
    for (size_t k = 0; k < games.size(); ++k) {
      if (!is_open(boards[k])) continue;
      const Plan plan = group.plan(k);
      Example& seen = games[k].emplace_back(std::vector<uint8_t>(2 * cells<G>), plan.visits);
      observe(boards[k], to_move(boards[k]), seen.planes.data());
      boards[k].play(static_cast<int>(move_of(plan, boards[k].moves(), options, randoms[k])));
    }
  }
  for (size_t k = 0; k < games.size(); ++k) {
    float outcome = boards[k].result() == Result::won ? 1.0F : 0.0F;  // to who has played last
    for (size_t t = games[k].size(); t-- > 0; outcome = -outcome) games[k][t].outcome = outcome;
  }
}

template <class G>
void plan_group(const Judge& judge, const SelfPlayOptions& options, const float* planes,
                std::span<Plan> plans) {
  std::vector<G> boards;
  for (size_t k = 0; k < plans.size(); ++k) boards.push_back(board_seen<G>(planes + k * 2 * cells<G>));
  SearchGroup<G> group(judge, options, std::ssize(plans));
  for (G& board : boards)
    if (!board.is_sound()) board = {};
  group.search(boards, nullptr);
  for (size_t k = 0; k < plans.size(); ++k) plans[k] = group.plan(k);
}

}  // namespace

std::vector<Example> self_play(const AnyGame& game, const Judge& judge, const SelfPlayOptions& options,
                               uint64_t seed, int64_t first, int64_t count) {
  std::vector<std::vector<Example>> games(static_cast<size_t>(count));
  std::visit(
      [&]<class G>(std::type_identity<G>) {
#pragma omp parallel for schedule(dynamic)
        for (int64_t at = 0; at < count; at += together)
          play_group<G>(judge, options, seed, first + at,
                        std::span(games).subspan(static_cast<size_t>(at),
                                                 static_cast<size_t>(std::min(together, count - at))));
      },
      game);
  std::vector<Example> all;
  for (auto& one : games) std::move(one.begin(), one.end(), std::back_inserter(all));
  return all;
}

std::vector<Plan> plan_boards(const AnyGame& game, const Judge& judge, const SelfPlayOptions& options,
                              const float* planes, int64_t N) {
  std::vector<Plan> plans(static_cast<size_t>(N));
  std::visit(
      [&]<class G>(std::type_identity<G>) {
#pragma omp parallel for schedule(dynamic)
        for (int64_t at = 0; at < N; at += together)
          plan_group<G>(judge, options, planes + at * 2 * cells<G>,
                        std::span(plans).subspan(static_cast<size_t>(at),
                                                 static_cast<size_t>(std::min(together, N - at))));
      },
      game);
  return plans;
}

}  // namespace agents
