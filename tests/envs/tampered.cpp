// States that somebody has changed: refused, or played on without harm. The sanitizers see what harm is.
#include <cstring>

#include "envs/minigrid/grid.h"
#include "envs/toy_text/blackjack.h"
#include "envs/wrappers/running_mean_std.h"
#include "tests/catch.h"
#include "tests/envs/batch.h"
#include "tests/envs/canvas.h"
#include "tests/envs/section.h"

namespace tests::tampered {

namespace {

using Blobs = std::map<std::string, std::vector<uint8_t>>;

Blobs saved(Batch& batch) {
  core::Archive archive;
  batch.envs->state(archive);
  return archive.blobs();
}

// One value, of 1, 2, 4 or 8 bytes, anywhere in the state, becomes one of those that break readers.
void tamper(Blobs& blobs, core::Pcg64& random) {
  auto at = blobs.begin();
  std::advance(at, random.integers(0, std::ssize(blobs)));
  std::vector<uint8_t>& bytes = at->second;
  if (bytes.empty()) return;
  const int64_t width = int64_t{1} << random.integers(0, 4);
  const int64_t begin = random.integers(0, std::ssize(bytes)) / width * width;
  constexpr uint8_t values[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
  const int64_t kind = random.integers(0, 6);
  for (int64_t k = begin; k < std::min(begin + width, std::ssize(bytes)); ++k)
    bytes[size_t(k)] = kind < 5 ? values[kind] : uint8_t(random.integers(0, 256));
}

// Whether the state is taken; then it is played on and drawn.
bool is_played_on(Batch& batch, const Blobs& blobs, core::Pcg64& actions) {
  core::Archive archive(blobs);
  try {
    batch.envs->state(archive);
    for (int t = 0; t < 15; ++t) {
      batch.draw_actions(actions);
      batch.step();
    }
    Recording canvas;
    batch.envs->draw(0, canvas);
    return true;
  } catch (const core::Error&) {
    return false;
  }
}

std::string refusal_of(Batch& batch, const Blobs& blobs) {
  core::Archive archive(blobs);
  return message([&] { batch.envs->state(archive); });
}

Batch begun(const std::string& id) {
  Batch batch(envs::all().at(id, ""), "exact", 1);
  batch.reset(0);
  return batch;
}

}  // namespace

TEST_CASE("a state that was tampered with is refused, or played on without harm", "[envs][tampered]") {
  int64_t taken = 0, refused = 0;
  each_env([&](const envs::Entry& entry, const std::string& precision) {
    INFO(entry.name << " " << precision);
    core::Pcg64 random(1), actions(2);
    Batch batch(entry, precision, 2);
    batch.reset(0);
    for (int t = 0; t < 5; ++t) {
      batch.draw_actions(actions);
      batch.step();
    }
    const Blobs whole = saved(batch);
    REQUIRE(is_played_on(batch, whole, actions));
    for (int k = 0; k < 40; ++k) {
      Blobs blobs = whole;
      tamper(blobs, random);
      ++(is_played_on(batch, blobs, actions) ? taken : refused);
    }
  });
  CHECK(taken > 100);
  CHECK(refused > 100);
}

TEST_CASE("a hand of Blackjack is of cards that there are", "[envs][tampered]") {
  Batch batch = begun("Blackjack-v1");
  const Blobs whole = saved(batch);
  const auto with = [&](auto change) {
    Blobs blobs = whole;
    envs::Hand hand;
    std::memcpy(&hand, blobs.at("env0.dealer").data(), sizeof hand);
    change(hand);
    std::memcpy(blobs.at("env0.dealer").data(), &hand, sizeof hand);
    return refusal_of(batch, blobs);
  };
  CHECK(with([](envs::Hand&) {}).empty());
  const std::string refused = "saved state 'env0.dealer' holds what cannot be";
  CHECK(with([](envs::Hand& hand) { hand.cards[0] = 0; }) == refused);  // never comes to 17
  CHECK(with([](envs::Hand& hand) { hand.cards[1] = 11; }) == refused);
  CHECK(with([](envs::Hand& hand) { hand.size = 22; }) == refused);
}

TEST_CASE("a room of MiniGrid is of cells that there are, with walls around it", "[envs][tampered]") {
  using namespace envs::minigrid;
  Batch batch = begun("MiniGrid-Empty-8x8-v0");
  const Blobs whole = saved(batch);
  const auto with = [&](auto change) {
    Blobs blobs = whole;
    World world;
    std::memcpy(&world, blobs.at("env0.world").data(), sizeof world);
    change(world);
    std::memcpy(blobs.at("env0.world").data(), &world, sizeof world);
    return refusal_of(batch, blobs);
  };
  CHECK(with([](World&) {}).empty());
  CHECK(with([](World& world) { world.grid.set(3, 3, cell(Object::ball, Colour::grey)); }).empty());
  const std::string refused = "saved state 'env0.world' holds what cannot be";
  CHECK(with([](World& world) { world.grid.set(3, 3, Cell(14)); }) == refused);      // no object
  CHECK(with([](World& world) { world.grid.set(3, 3, Cell(6 << 4)); }) == refused);  // no colour
  CHECK(with([](World& world) { world.carried = Cell(15); }) == refused);
  CHECK(with([](World& world) { world.grid.set(0, 3, envs::minigrid::empty); }) == refused);  // a way out
  CHECK(with([](World& world) { world.direction = 4; }) == refused);
  CHECK(with([](World& world) { world.x = 7; }) == refused);
  CHECK(with([](World& world) { world.target.x = 8; }) == refused);
}

TEST_CASE("ages, flags and statistics are those that can be", "[envs][tampered]") {
  const auto with = [](const std::string& section, const std::string& blob, auto value) {
    Batch batch = env_batch(section);
    batch.reset(0);
    Blobs blobs = saved(batch);
    for (auto& [name, bytes] : blobs)
      if (name.ends_with(blob)) std::memcpy(bytes.data(), &value, std::min(bytes.size(), sizeof value));
    return refusal_of(batch, blobs);
  };
  CHECK(with("CartPole-v1", "age", 7).empty());
  CHECK(with("CartPole-v1", "age", -7) == "saved state 'age' holds -7, expected 0 .. 500");
  CHECK(with("CartPole-v1", "started", uint8_t{2}) == "saved state 'started' holds 2, expected 0 .. 1");
}

TEST_CASE("restored statistics are finite, variances not negative", "[envs][tampered]") {
  const auto with = [](const std::string& blob, double value) {
    envs::RunningMeanStd statistics;
    statistics.set_columns(2);
    core::Archive archive;
    statistics.state(archive, "");
    Blobs blobs = archive.blobs();
    std::memcpy(blobs.at(blob).data(), &value, sizeof value);
    core::Archive given(blobs);
    return message([&] { statistics.state(given, ""); });
  };
  CHECK(with("variance", 2).empty());
  const std::string refused = "saved statistics hold numbers that cannot be";
  CHECK(with("variance", -1) == refused);
  CHECK(with("count", -1) == refused);
  CHECK(with("mean", std::numeric_limits<double>::infinity()) == refused);
}

TEST_CASE("an observation is a choice of its space, or it is refused", "[envs][tampered]") {
  const auto has = [](const envs::Space& space, auto... values) {
    const std::array row{values...};
    return envs::has_choices(space, reinterpret_cast<const std::byte*>(row.data()));
  };
  const envs::Space one = envs::Space::discrete(3);
  CHECK(has(one, int64_t{2}));
  CHECK_FALSE(has(one, int64_t{3}));
  CHECK_FALSE(has(one, int64_t{-1}));
  const envs::Space two = envs::Space::multi_discrete({3, 2}, envs::Dtype::int32);
  CHECK(has(two, 2, 1));
  CHECK_FALSE(has(two, 2, 2));
  const envs::Space dict =
      envs::Space::dict({{"picture", envs::Space::array({2}, 0, 255, envs::Dtype::uint8)},
                         {"mission", envs::Space::discrete(2, envs::Dtype::uint8)}});
  CHECK(has(dict, uint8_t{200}, uint8_t{9}, uint8_t{1}));
  CHECK_FALSE(has(dict, uint8_t{200}, uint8_t{9}, uint8_t{2}));
}

}  // namespace tests::tampered
