// Tree search as an agent: its bounds by hand, boards to the end, copies of environments, and what it
// refuses.
#include "agents/planning/mcts.h"

#include <algorithm>
#include <numeric>

#include "agents/all.h"
#include "envs/entry.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/trial.h"

using namespace agents;

namespace {

envs::Options world(const std::string& yaml) {
  envs::Options options;
  core::Fields fields;
  fields.tagged("env", options.tagged(), "");
  core::read_fields(fields, core::parse_yaml("env: " + yaml, "test"));
  return options;
}

// Counts to five, and forgets to save how far it is.
struct Forgetful {
  struct Params {
    void fields(core::Fields&) {}
  };
  using Action = int64_t;
  using Item = float;
  static constexpr int64_t parallel_from = 1000;
  explicit Forgetful(const Params&) {}
  envs::Spec spec() const {
    return {.observation = envs::Space::array({1}, 0, 9), .action = envs::Space::discrete(2)};
  }
  void reset(core::Pcg64& random) { count = int(random.integers(0, 1000)); }
  envs::Outcome step(const int64_t*, core::Pcg64&) { return {1, ++count % 5 == 0}; }
  void observe(float* row) const { *row = float(count); }
  void draw(core::Canvas&) const {}
  void state(core::Archive&, const std::string&) {}

  int count = 0;
};

}  // namespace

TEST_CASE("upper confidence bounds of a tree made by hand", "[agents][planning]") {
  struct Node {
    uint32_t visits = 0, first = 0;
    uint8_t children = 0, action = 0;
    float mean = 0;
  };
  envs::SearchTree<Node> tree(10);
  tree.clear();
  tree.expand(0, 0b10110);
  const auto mean = [](const Node& node) { return node.mean; };
  CHECK(tree.children(0).size() == 3);
  CHECK(tree[3].action == 4);
  tree[0].visits = 10;
  tree[1].visits = 5;
  CHECK(tree.choose(0, 1, mean) == 2);  // never tried
  tree[2].visits = 4;
  tree[3].visits = 1;
  tree[1].mean = 0.9F;
  tree[2].mean = 0.5F;
  // sqrt(log 10 / n): 0.6786, 0.7587, 1.5174.
  CHECK(tree.choose(0, 1, mean) == 1);     // 1.579 before 1.259 and 1.517
  CHECK(tree.choose(0, 1.2F, mean) == 3);  // 1.821 after 1.714
  CHECK(tree.choose(0, 0, mean) == 1);
  CHECK(tree.choose(0, 0, mean, 0b10100) == 2);  // where the first is impossible
  CHECK(tree.most_tried() == 1);
}

// Whatever the other side plays, from every opening: the search's own moves are a function of the board.
static int64_t losses(BoardSearch& search, const envs::games::TicTacToe& board, int own, int64_t& games) {
  using envs::games::Result;
  if (board.result() != Result::open) {
    ++games;
    return board.result() == Result::won && envs::games::to_move(board) == own;
  }
  std::vector<uint8_t> row(18);
  envs::games::observe(board, envs::games::to_move(board), row.data());
  const std::vector<float> planes(row.begin(), row.end());
  int64_t lost = 0;
  core::Pcg64 random(static_cast<uint64_t>(board.number(0)));
  const Plan plan = envs::games::to_move(board) == own ? search.plan(planes.data(), random) : Plan{};
  for (int action = 0; action < 9; ++action) {
    if (!(board.legal() >> action & 1)) continue;
    const auto best = std::max_element(plan.visits.begin(), plan.visits.end()) - plan.visits.begin();
    if (!plan.visits.empty() && best != action) continue;
    auto next = board;
    next.play(action);
    lost += losses(search, next, own, games);
  }
  return lost;
}

TEST_CASE("tree search loses no game of TicTacToe, whatever is played against it", "[agents][planning]") {
  BoardSearch search(std::type_identity<envs::games::TicTacToe>(), {.playouts = 2000});
  int64_t games = 0;
  for (const int own : {0, 1}) CHECK(losses(search, {}, own, games) == 0);
  CHECK(games > 300);
}

TEST_CASE("the board that an observation shows is the board", "[agents][planning]") {
  core::Pcg64 random(3);
  const auto check_game = [&]<class G>(G board) {
    std::vector<uint8_t> row(2 * envs::games::cells<G>);
    for (; board.result() == envs::games::Result::open; board.play(random_action(board, random))) {
      envs::games::observe(board, envs::games::to_move(board), row.data());
      CHECK(envs::games::board_seen<G>(row.data()) == board);
    }
  };
  check_game(envs::games::ConnectFour());
  check_game(envs::games::TicTacToe());
}

TEST_CASE("tree search on copies reaches the goal of worlds that it was never told of",
          "[agents][planning][learning]") {
  const auto [env, search, least] = GENERATE(table<std::string, std::string, double>(
      {{"{id: FrozenLake-v1, is_slippery: false, max_episode_steps: 20}", "{playouts: 150, horizon: 20}", 1},
       {"{id: CartPole-v1, max_episode_steps: 40}", "{playouts: 20, horizon: 30}", 40},
       {"{id: TicTacToe-v0, view: number, opponent: random}", "{playouts: 100}", 0.6}}));
  for (const std::string seed : {"1", "2", "3"}) {
    INFO(env << ", seed " << seed);
    auto session = trial::session("{seed: " + seed + ", agent: mcts, env: " + env + ", mcts: " + search +
                                      ", train: {steps: 1}, eval: {episodes: 1}}",
                                  agents::all());
    CHECK(trial::grades(session, std::stoull(seed))["eval/return_greedy"] >= least);
  }
}

TEST_CASE("a search on copies leaves the environment as it is, and tries as often as it was told",
          "[agents][planning]") {
  const auto options = world("{id: FrozenLake-v1}");
  const auto env = options.make(1);
  std::vector<std::byte> obs(env->spec().observation.bytes());
  env->reset(1, obs.data());
  CopySearch search("mcts", options, {.playouts = 64, .horizon = 20});
  core::Archive before, after;
  env->state(before);
  core::Pcg64 random(1), same(1);
  const Plan plan = search.plan(*env, random);
  env->state(after);
  CHECK(before.blobs() == after.blobs());
  CHECK(std::accumulate(plan.visits.begin(), plan.visits.end(), 0.0F) == Approx(1));
  CHECK(search.plan(*env, same).visits == plan.visits);  // what it searched before leaves nothing behind
}

TEST_CASE("a planned value is the best discounted return where nothing is left to chance",
          "[agents][planning]") {
  const auto options = world("{id: CliffWalking-v1}");
  const auto env = options.make(1);
  std::vector<std::byte> obs(env->spec().observation.bytes());
  env->reset(1, obs.data());
  CopySearch search("mcts", options, {.playouts = 400, .horizon = 1, .exploration = 0.5, .gamma = 0.9});
  core::Pcg64 random(1);
  const Plan plan = search.plan(*env, random);  // one step ahead: -100 into the cliff, -1 elsewhere
  CHECK(plan.value == -1);
  CHECK(plan.visits[1] < 0.1F);
}

TEST_CASE("a copy goes with its original but for chance", "[agents][planning]") {
  const auto walk = [](const std::string& yaml, uint64_t seed) {
    const auto options = world(yaml);
    const auto env = options.make(1);
    std::vector<std::byte> obs(env->spec().observation.bytes());
    env->reset(1, obs.data());
    envs::Copy copy("mcts", options);
    copy.take(*env);
    copy.restart(seed);
    core::Archive archive;
    std::vector<double> rewards;
    for (int t = 0; t < 30; ++t) {
      const auto outcome = copy.step(t % 2);
      rewards.push_back(outcome.reward);
      if (outcome.ended) break;
    }
    return rewards;
  };
  CHECK(walk("{id: CartPole-v1}", 1) == walk("{id: CartPole-v1}", 2));
  for (const std::string yaml : {"Bandit-v0", "{id: RiverSwim-v0}", "{id: LunarLander-v3}"}) {
    INFO(yaml);
    CHECK(walk(yaml, 1) == walk(yaml, 1));
  }
  const std::string fast = "{id: FrozenLake-v1, precision: fast}";
  bool differs = false;
  for (uint64_t seed = 2; seed < 12; ++seed) differs |= walk(fast, seed).size() != walk(fast, 1).size();
  CHECK(differs);
  CHECK(walk("Bandit-v0", 1) != walk("Bandit-v0", 2));
}

TEST_CASE("every environment of the house can be copied", "[agents][planning]") {
  for (const envs::Entry& entry : envs::all()) {
    const auto options = world(entry.name);
    const envs::Space action = options.make(1)->spec().action;
    if (action.is_discrete() && action.n[0] <= 32) CHECK_NOTHROW(envs::Copy("mcts", options));
  }
}

TEST_CASE("tree search refuses what cannot be copied and what cannot be counted",
          "[agents][planning][bad_input]") {
  const auto said = [](const std::string& env) {
    return refusal(
        [&] { trial::session("{agent: mcts, env: " + env + ", train: {steps: 1}}", agents::all()); });
  };
  CHECK(said("Pendulum-v1") ==
        "env: mcts needs Discrete actions, at most 32; Pendulum-v1 has Box(float32, [1])");
  envs::Options forgetful;
  forgetful.id = "Forgetful-v0";
  forgetful.factory.make = [](int64_t n, const std::string&, std::optional<int64_t> max_steps) {
    return envs::objects_of<Forgetful>({}, {.id = "Forgetful-v0"}, n, max_steps);
  };
  CHECK(refusal([&] { CopySearch("mcts", forgetful, {}); }) ==
        "env: mcts needs an environment that can be copied; Forgetful-v0 goes another way from a restored "
        "state");
}
