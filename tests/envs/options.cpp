// The `env:` section: an id, or an id with options; what is wrong is named with its place.
#include "envs/toy_text/frozenlake.h"
#include "tests/catch.h"
#include "tests/envs/batch.h"

namespace tests::options {

namespace {

struct Section {
  envs::Options env;
  void fields(core::Fields& f) { f.tagged("env", env.tagged(), "The environment"); }
};

Section read(const std::string& text) {
  Section section;
  core::read_options(section, core::parse_yaml(text, "x.yaml"));
  return section;
}

std::string refusal(const std::string& text) {
  return tests::message([&] { read(text).env.make(1); });
}

bool names(const std::string& said, std::initializer_list<const char*> parts) {
  INFO(said);
  bool all = true;
  for (const char* part : parts) all &= said.find(part) != std::string::npos;
  CHECK(all);
  return all;
}

}  // namespace

TEST_CASE("an environment is chosen by its id alone or with options", "[envs]") {
  CHECK(read("env: CartPole-v1").env.make(3)->size() == 3);
  auto lake = read("env: {id: FrozenLake-v1, map_name: 8x8, max_episode_steps: 7}");
  const auto envs = lake.env.make(1);
  CHECK(envs->spec().observation.n[0] == 64);
  CHECK(envs->spec().max_episode_steps == 7);
  CHECK(envs->spec().reward_threshold == 0.70);
  CHECK(read("env: {id: CartPole-v1, precision: fast, max_episode_steps: 0}")
            .env.make(1)
            ->spec()
            .max_episode_steps == 0);
}

TEST_CASE("options change what the environment does", "[envs]") {
  const auto certain = read("env: {id: FrozenLake-v1, is_slippery: false}").env;
  CHECK(certain.transitions()->of(0, 2).size() == 1);
  const auto own =
      read("env: {id: FrozenLake-v1, map: [SFG, HHH], success_rate: 0.8, reward_schedule: [5, -1, -0.1]}")
          .env;
  const auto table = own.transitions().value();
  CHECK(table.states == 6);
  CHECK(table.of(0, 1)[1].probability == 0.8);
  CHECK(table.of(0, 1)[1].reward == -1);
  CHECK(table.of(1, 2)[1].reward == 5);
}

TEST_CASE("a resolved section reads back to itself", "[envs]") {
  auto section = read("env: {id: FrozenLake-v1, map: [SG], success_rate: 0.4}");
  const std::string text = core::to_yaml(core::write_options(section));
  auto again = read(text);
  CHECK(core::to_yaml(core::write_options(again)) == text);
  CHECK(text.find("0.4") != std::string::npos);
}

TEST_CASE("what is wrong in the section is named with its place", "[envs]") {
  names(refusal("env: CartPole-v7"), {"x.yaml:1:6", "CartPole-v7", "CartPole-v"});
  names(refusal("env: {id: CartPole-v1, gravitation: 3}"), {"x.yaml:1:", "gravitation", "gravity"});
  names(refusal("env: {id: CartPole-v1, precision: quick}"), {"x.yaml:1:", "exact", "fast", "quick"});
  names(refusal("env: {id: CartPole-v1, pole_mass: 0}"), {"x.yaml:1:", "pole_mass", "above 0"});
  names(refusal("env: {id: FrozenLake-v1, max_episode_steps: -1}"), {"x.yaml:1:", "max_episode_steps", "-1"});
}

TEST_CASE("a bad map is named by row and column", "[envs]") {
  names(refusal("env: {id: FrozenLake-v1, map: [SFF, FG]}"), {"row 2", "3 cells", "found 2"});
  names(refusal("env: {id: FrozenLake-v1, map: [SFF, FXG]}"), {"row 2", "column 2", "'X'"});
  names(refusal("env: {id: FrozenLake-v1, map: [FFF, FFG]}"), {"start", "none"});
  names(refusal("env: {id: FrozenLake-v1, map: ['', '']}"), {"row 1"});
  names(refusal("env: {id: FrozenLake-v1, reward_schedule: [1, 0]}"), {"reward_schedule", "3", "2"});
}

TEST_CASE("a batch has at least one environment", "[envs]") {
  names(tests::message([] { envs::all().at("CartPole-v1").factory().make(0, "exact", {}); }),
        {"CartPole-v1", "0"});
}

TEST_CASE("spaces say what they are", "[envs]") {
  using envs::Space;
  CHECK(Space::discrete(16).str() == "Discrete(16)");
  CHECK(Space::multi_discrete({2, 3}).str() == "MultiDiscrete([2, 3])");
  CHECK(Space::box({0, 0}, {1, 1}).str() == "Box(float32, [2])");
  CHECK(Space::discrete(16).net_width() == 16);
  CHECK(Space::multi_discrete({2, 3}).net_width() == 5);
  CHECK(Space::box({0, 0}, {1, 1}).net_width() == 2);
  CHECK(Space::multi_discrete({2, 3}, envs::Dtype::uint8).bytes() == 2);
  CHECK(Space::choice({"hit", "stick"}).str() == "Discrete(2: hit, stick)");
  const Space dict = Space::dict({{"place", Space::array({2, 2}, -1, 1)},
                                  {"turn", Space::choice({"left", "right"}, envs::Dtype::float32)}});
  CHECK(dict.str() == "Dict(place: Box(float32, [2, 2]), turn: Discrete(2: left, right))");
  CHECK(dict.size() == 5);
  CHECK(dict.net_width() == 6);
}

TEST_CASE("a dict holds rows whose parts hold theirs", "[envs]") {
  using envs::Space;
  const Space dict = Space::dict(
      {{"place", Space::box({-1, 0}, {1, 9})}, {"turn", Space::discrete(2, envs::Dtype::float32)}});
  const auto holds = [&](std::array<float, 3> row) {
    return contains(dict, reinterpret_cast<const std::byte*>(row.data()));
  };
  CHECK(holds({0, 9, 1}));
  CHECK_FALSE(holds({0, 10, 1}));
  CHECK_FALSE(holds({0, 9, 2}));
  CHECK_FALSE(holds({-2, 9, 0}));
  names(tests::message([] {
          Space::dict({{"a", Space::box({0}, {1})}, {"b", Space::discrete(2)}});
        }),
        {"'b'", "float32", "int64"});
}

}  // namespace tests::options
