// Toy text beyond the recordings: generated lakes, rain and whims in the taxi, the rules of Blackjack.
#include <chrono>

#include "envs/toy_text/blackjack.h"
#include "envs/toy_text/frozenlake.h"
#include "envs/toy_text/taxi.h"
#include "tests/catch.h"
#include "tests/envs/batch.h"
#include "tests/refusal.h"

namespace tests::toy_text {

namespace {

std::vector<int64_t> nexts(const envs::Transitions& table, int64_t state, int64_t action) {
  std::vector<int64_t> all;
  for (const auto& outcome : table.of(state, action)) all.push_back(outcome.next);
  return all;
}

}  // namespace

TEST_CASE("a generated lake has a way, its share of ice, and its seed's holes", "[envs]") {
  int64_t ice = 0, cells = 0;
  for (int64_t seed = 0; seed < 200; ++seed) {
    const auto map = envs::lake_map({.map_name = "random", .map_size = 8, .map_seed = seed, .map_ice = 0.9});
    REQUIRE(map.size() == 8);
    CHECK(map[0][0] == 'S');
    CHECK(map[7][7] == 'G');
    for (const std::string& row : map) {
      ice += std::count(row.begin(), row.end(), 'F');
      cells += 8;
    }
  }
  CHECK(double(ice) / double(cells) == Approx(0.9 * 62 / 64).margin(0.02));  // a little more: a way is needed

  // Every cell is ice where the generator's next number is below 0.9, as NumPy's choice draws.
  core::Pcg64 random(3);
  const auto map = envs::lake_map({.map_name = "random", .map_size = 5, .map_seed = 3, .map_ice = 0.9});
  int wrong = 0;
  for (size_t k = 0; k < 25; ++k) {
    const char drawn = random.random() < 0.9 ? 'F' : 'H';
    if (k > 0 && k < 24) wrong += map[k / 5][k % 5] != drawn;
  }
  CHECK(wrong == 0);
}

TEST_CASE("a lake that can have no way is refused", "[envs]") {
  const std::string said =
      refusal([] { envs::lake_map({.map_name = "random", .map_size = 4, .map_ice = 0.01}); });
  CHECK(said.find("map_ice") != std::string::npos);
  const auto began = std::chrono::steady_clock::now();  // the larger the lake, the fewer are tried
  const std::string large =
      refusal([] { envs::lake_map({.map_name = "random", .map_size = 1000, .map_ice = 0.4}); });
  CHECK(large.find("none of 10 maps of 1000 by 1000") != std::string::npos);
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(30));
}

// Outcomes of Gymnasium 1.3.0's rainy table: what lies to the left comes before what lies to the right, and
// who cannot drive ahead stays.
TEST_CASE("in rain a taxi slips to either side of its way", "[envs]") {
  const auto table = envs::taxi_transitions({.is_rainy = true});
  CHECK(nexts(table, 1, 0) == std::vector<int64_t>{101, 21, 1});
  CHECK(nexts(table, 21, 2) == std::vector<int64_t>{21, 21, 21});
  CHECK(table.of(1, 0)[0].probability == 0.8);
  CHECK(table.of(1, 0)[1].probability == Approx(0.1));
  CHECK(table.of(1, 4).size() == 1);
}

TEST_CASE("a taxi's mask is Gymnasium's", "[envs]") {
  const auto mask = [](int64_t state) {
    std::vector<uint8_t> row(6);
    envs::taxi_mask(envs::TaxiScene::of(state), row.data());
    return row;
  };
  CHECK(mask(1) == std::vector<uint8_t>{1, 0, 1, 0, 1, 0});
  CHECK(mask(17) == std::vector<uint8_t>{1, 0, 1, 0, 0, 1});
  CHECK(mask(21) == std::vector<uint8_t>{1, 0, 0, 1, 0, 0});
}

TEST_CASE("a fickle passenger changes their mind once, after the first cell, in 3 of 10 rides", "[envs]") {
  for (const std::string precision : {"exact", "fast"}) {
    auto factory = envs::all().at("Taxi-v4").factory();
    core::Fields fields;
    factory.fields(fields);
    core::read_fields(fields, core::parse_yaml("fickle_passenger: true", "x.yaml"));
    CHECK(!factory.transitions());
    tests::Batch batch(factory.make(2000, precision, 200));
    core::Pcg64 random(1);
    batch.reset(5);
    std::vector<int> rides(batch.n), changes(batch.n);
    int wrong = 0, rode = 0, changed = 0;
    const auto scene = [&](size_t i) {
      return envs::TaxiScene::of(
          int64_t(tests::element(batch.envs->spec().observation, batch.row(batch.obs, i), 0)));
    };
    std::vector<envs::TaxiScene> before(batch.n);
    for (int t = 0; t < 199; ++t) {  // within the first episode of each, unless it terminates
      for (size_t i = 0; i < batch.n; ++i) before[i] = scene(i);
      batch.draw_actions(random);
      batch.step();
      for (size_t i = 0; i < batch.n; ++i) {
        if (batch.ended(i)) rides[i] = changes[i] = 99;
        if (rides[i] >= 99) continue;
        const auto now = scene(i);
        const bool ride =
            before[i].passenger == 4 && (now.row != before[i].row || now.column != before[i].column);
        const bool change = now.destination != before[i].destination;
        wrong += change && (!ride || rides[i] > 0);
        rode += ride && rides[i] == 0;
        changed += change;
        rides[i] += ride;
      }
    }
    CHECK(wrong == 0);
    CHECK(rode > 500);
    CHECK(double(changed) / double(rode) == Approx(0.3).margin(0.06));
  }
}

}  // namespace tests::toy_text
