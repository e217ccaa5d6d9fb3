#include "bench/playouts.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "bench/clock.h"
#include "envs/games/connect_four.h"
#include "envs/games/mcts.h"
#include "envs/games/tictactoe.h"

namespace bench {

namespace {

// `play` makes so many playouts a call; the median of 5 windows of 0.2 seconds.
template <class Play>
double playouts_per_second(int64_t a_call, Play play) {
  std::vector<double> speeds;
  for (int i = 0; i < 5; ++i) {
    const double start = thread_cpu_time();
    int64_t made = 0;
    for (; thread_cpu_time() - start < 0.2; made += a_call) play();
    speeds.push_back(double(made) / (thread_cpu_time() - start));
  }
  return median(speeds);
}

volatile int played = 0;  // nothing may be left out as unused

struct Speeds {
  std::string game;
  double search, random, goal;  // playouts per second; goal: of the search
};

template <::envs::games::Game G>
Speeds measure_playouts(const std::string& name, double goal) {
  constexpr int64_t each = 1000;
  core::Pcg64 random(1);
  ::envs::games::Mcts<G> tree({.playouts = each});
  const double search = playouts_per_second(each, [&] { played = tree(G(), random); });
  const double alone = playouts_per_second(each, [&] {
    for (int64_t k = 0; k < each; ++k) played = ::envs::games::random_playout(G(), random);
  });
  return {name, search, alone, goal};
}

}  // namespace

int playouts(bool json) {
  const std::vector<Speeds> all{measure_playouts<::envs::games::ConnectFour>("ConnectFour", 0.2e6),
                                measure_playouts<::envs::games::TicTacToe>("TicTacToe", 1e6)};
  nlohmann::json rows = nlohmann::json::array();
  if (!json)
    fmt::print("{:<32} {:>14} {:>14} {:>11}\n", "playouts, one core [M/s]", "tree search", "random", "goal");
  for (const Speeds& s : all)
    if (json)
      rows.push_back({{"game", s.game}, {"search", s.search}, {"random", s.random}, {"goal", s.goal}});
    else
      fmt::print("{:<32} {:>14.3g} {:>14.3g} {:>11.3g}\n", s.game, s.search / 1e6, s.random / 1e6,
                 s.goal / 1e6);
  if (json) fmt::print("{}\n", rows.dump(2));
  return 0;
}

}  // namespace bench
