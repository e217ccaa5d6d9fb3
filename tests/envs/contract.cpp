// One suite for every id of the table in every precision: what an environment promises its callers.
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/archive.h"
#include "tests/catch.h"
#include "tests/envs/batch.h"
#include "tests/envs/canvas.h"

namespace tests::contract {

using tests::Batch;

TEST_CASE("the table is alphabetical and says where each environment comes from", "[envs]") {
  const auto names = envs::all().names();
  CHECK(std::is_sorted(names.begin(), names.end()));
  CHECK(std::set(names.begin(), names.end()).size() == names.size());
  for (const auto& entry : envs::all()) {
    INFO(entry.name);
    CHECK(!entry.sentence.empty());
    CHECK(!entry.source.empty());
    for (const char* words : {entry.description.observation, entry.description.action,
                              entry.description.reward, entry.description.end})
      CHECK(std::string(words).size() > 5);  // an undocumented environment fails
    CHECK((entry.precisions[0] == "exact" || entry.precisions[0] == "fast"));
  }
}

TEST_CASE("spaces hold what comes out, flags are 0 or 1, rewards are numbers", "[envs]") {
  tests::each_env([](const envs::Entry& entry, const std::string& precision) {
    INFO(entry.name << " " << precision);
    Batch batch(entry, precision, 9, 60);
    const envs::Space& space = batch.envs->spec().observation;
    core::Pcg64 random(3);
    batch.reset(17);
    int outside = 0, strange = 0;
    for (int t = 0; t < 300; ++t) {
      batch.draw_actions(random);
      batch.step();
      for (size_t i = 0; i < batch.n; ++i) {
        outside += !contains(space, batch.row(batch.obs, i));
        outside += batch.ended(i) && !batch.terminated[i] && !contains(space, batch.row(batch.final_obs, i));
        strange += batch.terminated[i] > 1 || batch.truncated[i] > 1 || !std::isfinite(batch.reward[i]);
      }
    }
    CHECK(outside == 0);
    CHECK(strange == 0);
  });
}

TEST_CASE("an ended episode leaves its last observation and its statistics, a running one nothing",
          "[envs]") {
  tests::each_env([](const envs::Entry& entry, const std::string& precision) {
    INFO(entry.name << " " << precision);
    Batch batch(entry, precision, 5, 40);
    core::Pcg64 random(4);
    batch.reset(2);
    std::vector<double> sum(batch.n);
    std::vector<int64_t> age(batch.n);
    int wrong = 0, ends = 0;
    for (int t = 0; t < 400; ++t) {
      std::fill(batch.final_obs.begin(), batch.final_obs.end(), std::byte(0xee));
      std::fill(batch.lengths.begin(), batch.lengths.end(), -1);
      batch.draw_actions(random);
      batch.step();
      for (size_t i = 0; i < batch.n; ++i) {
        sum[i] += double(batch.reward[i]);
        ++age[i];
        const std::byte* last = batch.row(batch.final_obs, i);
        const bool untouched =
            std::all_of(last, last + batch.obs_bytes, [](std::byte b) { return b == std::byte(0xee); });
        wrong += untouched == batch.ended(i);
        wrong += batch.ended(i) ? batch.lengths[i] != age[i] || batch.returns[i] != sum[i]
                                : batch.lengths[i] != -1;
        wrong += batch.ended(i) && !contains(batch.envs->spec().observation, batch.row(batch.obs, i));
        if (batch.ended(i)) {
          sum[i] = 0;
          age[i] = 0;
          ++ends;
        }
      }
    }
    CHECK(wrong == 0);
    CHECK(ends >= 50);
  });
}

TEST_CASE("the observation after an end is that of a fresh episode", "[envs]") {
  tests::each_env([](const envs::Entry& entry, const std::string& precision) {
    INFO(entry.name << " " << precision);
    Batch limited(entry, precision, 1, 1), other(entry, precision, 1, 0);
    limited.reset(5);
    other.reset(5);
    core::Pcg64 random(6);
    limited.draw_actions(random);
    limited.step();
    CHECK(limited.truncated[0] == 1);
    other.discrete = limited.discrete;
    other.continuous = limited.continuous;
    other.step();
    const auto& last = other.ended(0) ? other.final_obs : other.obs;
    CHECK(limited.final_obs == last);
    CHECK(limited.lengths[0] == 1);
  });
}

TEST_CASE("the time limit truncates, and none of 0 steps exists", "[envs]") {
  tests::each_env([](const envs::Entry& entry, const std::string& precision) {
    INFO(entry.name << " " << precision);
    Batch five(entry, precision, 16, 5), endless(entry, precision, 16, 0);
    CHECK(five.envs->spec().max_episode_steps == 5);
    five.reset(8);
    endless.reset(8);
    core::Pcg64 random(7);
    std::vector<int> age(five.n);
    int wrong = 0, truncated = 0;
    for (int t = 0; t < 50; ++t) {
      five.draw_actions(random);
      endless.discrete = five.discrete;
      endless.continuous = five.continuous;
      five.step();
      endless.step();
      for (size_t i = 0; i < five.n; ++i) {
        wrong += five.truncated[i] != (++age[i] == 5) || endless.truncated[i];
        truncated += five.truncated[i];
        if (five.ended(i)) age[i] = 0;
      }
    }
    CHECK(wrong == 0);
    CHECK(truncated > 0);
  });
}

namespace {

// Whether chance plays no part: one start, one outcome for each action.
bool certain(const envs::Entry& entry) {
  if (entry.name.starts_with("MiniGrid-Empty-") && !entry.name.starts_with("MiniGrid-Empty-Random-"))
    return true;
  if (entry.name.starts_with("MiniGrid-DistShift")) return true;
  const auto factory = entry.factory();
  const auto own = factory.transitions();
  if (!own) return false;
  const envs::Transitions& table = *own;
  return std::all_of(table.outcomes.begin(), table.outcomes.end(),
                     [](const auto& o) { return o.size() == 1; }) &&
         std::count_if(table.initial.begin(), table.initial.end(), [](double p) { return p > 0; }) == 1;
}

}  // namespace

TEST_CASE("the same seed gives the same episodes, another seed others", "[envs]") {
  tests::each_env([](const envs::Entry& entry, const std::string& precision) {
    INFO(entry.name << " " << precision);
    Batch batch(entry, precision, 3), twin(entry, precision, 3);
    const std::string first = play(batch, 21, 200);
    CHECK(play(batch, 21, 200) == first);  // nothing of the first play is left
    CHECK(play(twin, 21, 200) == first);
    for (const uint64_t other : {uint64_t(22), 21 + (uint64_t(1) << 40)}) {
      const bool equal = play(twin, other, 200) == first;
      CHECK(equal == certain(entry));
    }
  });
}

TEST_CASE("environment i is seeded with seed + i and knows neither N nor its neighbours", "[envs]") {
  tests::each_env([](const envs::Entry& entry, const std::string& precision) {
    INFO(entry.name << " " << precision);
    const size_t i = 4;
    Batch many(entry, precision, 7), alone(entry, precision, 1);
    many.reset(50);
    alone.reset(50 + i);
    CHECK(std::memcmp(many.row(many.obs, i), alone.obs.data(), alone.obs_bytes) == 0);
    core::Pcg64 own(1), same(1), others(2);
    int differing = 0;
    for (int t = 0; t < 250; ++t) {
      many.draw_actions(others);
      many.draw_action(i, own);
      alone.draw_action(0, same);
      many.step();
      alone.step();
      differing += many.answer(i) != alone.answer(0);
    }
    CHECK(differing == 0);
  });
}

TEST_CASE("the number of threads changes nothing", "[envs]") {
  const int threads = omp_get_max_threads();
  tests::each_env([&](const envs::Entry& entry, const std::string& precision) {
    INFO(entry.name << " " << precision);
    // More than any holder steps in one thread: columns, whose observations are small, or objects. A physics
    // world takes 100 kB.
    const envs::Space space = entry.factory().make(1, precision, {})->spec().observation;
    const bool physics = entry.precisions.back() == "exact" &&
                         (space.dtype == envs::Dtype::float32 || space.bytes() > 10'000);  // or it is painted
    Batch batch(entry, precision, physics ? 100 : space.bytes() <= 32 ? 33'000 : 4'500);
    omp_set_num_threads(1);
    const std::string one = play(batch, 0, 12);
    omp_set_num_threads(3);
    const bool equal = play(batch, 0, 12) == one;
    CHECK(equal);
  });
  omp_set_num_threads(threads);
}

TEST_CASE("what follows a restored state equals what followed its saving", "[envs]") {
  tests::each_env([](const envs::Entry& entry, const std::string& precision) {
    INFO(entry.name << " " << precision);
    Batch batch(entry, precision, 6), fresh(entry, precision, 6);
    core::Pcg64 random(12);
    batch.reset(33);
    const auto go_on = [](Batch& b, core::Pcg64 actions) {
      std::string all;
      for (int t = 0; t < 150; ++t) {
        b.draw_actions(actions);
        b.step();
        all += b.answers();
        for (size_t i = 0; i < b.n; ++i)
          if (b.ended(i)) all += std::to_string(b.lengths[i]) + " " + std::to_string(b.returns[i]);
      }
      return all;
    };
    go_on(batch, random);
    core::Archive saved;
    batch.envs->state(saved);
    const std::string first = go_on(batch, random);
    core::Archive back(saved.blobs()), elsewhere(saved.blobs());
    batch.envs->state(back);
    fresh.envs->state(elsewhere);
    CHECK(go_on(batch, random) == first);
    CHECK(go_on(fresh, random) == first);
  });
}

TEST_CASE("a state of another batch is refused", "[envs]") {
  tests::each_env([](const envs::Entry& entry, const std::string& precision) {
    INFO(entry.name << " " << precision);
    Batch batch(entry, precision, 2), larger(entry, precision, 3);
    batch.reset(0);
    core::Archive saved;
    batch.envs->state(saved);
    core::Archive back(saved.blobs());
    CHECK_THROWS_AS(larger.envs->state(back), core::Error);
  });
}

TEST_CASE("every environment draws itself, and differently when it has moved", "[envs]") {
  tests::each_env([](const envs::Entry& entry, const std::string& precision) {
    INFO(entry.name << " " << precision);
    Batch batch(entry, precision, 2);
    batch.reset(1);
    tests::Recording before;
    batch.envs->draw(1, before);
    CHECK(before.views == 1);
    CHECK(before.shapes >= 5);
    CHECK(before.finite);
    CHECK(before.view_first);
    core::Pcg64 random(5);
    bool moved = false;
    for (int t = 0; t < 10; ++t) {
      batch.draw_actions(random);
      batch.step();
      tests::Recording after;
      batch.envs->draw(1, after);
      moved |= after.lines != before.lines;
    }
    CHECK(moved);
  });
}

TEST_CASE("an action outside the space is an error that names it and changes nothing", "[envs]") {
  tests::each_env([](const envs::Entry& entry, const std::string& precision) {
    INFO(entry.name << " " << precision);
    Batch batch(entry, precision, 3), twin(entry, precision, 3);
    const envs::Space& space = batch.envs->spec().action;
    core::Pcg64 random(8);
    batch.reset(3);
    twin.reset(3);
    batch.draw_actions(random);
    twin.discrete = batch.discrete;
    twin.continuous = batch.continuous;
    const size_t wrong = 2 * batch.action_width;
    for (const int64_t bad : {space.is_discrete() ? space.n[0] : 99, int64_t(-1), int64_t(1) << 40}) {
      batch.discrete[wrong] = bad;
      batch.continuous[wrong] = NAN;
      const std::string named = space.kind == envs::Space::Kind::box ? "nan" : std::to_string(bad);
      const std::string said = tests::message([&] { batch.step(); });
      INFO(said);
      for (const std::string& part : {entry.name, std::string("environment 2"), named, space.str()})
        CHECK(said.find(part) != std::string::npos);
    }
    batch.discrete = twin.discrete;
    batch.continuous = twin.continuous;
    batch.step();
    twin.step();
    CHECK(batch.answers() == twin.answers());
    CHECK_THROWS_AS(batch.envs->step({}, {}), core::Error);
  });
}

TEST_CASE("a step before the first reset is an error", "[envs]") {
  tests::each_env([](const envs::Entry& entry, const std::string& precision) {
    INFO(entry.name << " " << precision);
    Batch batch(entry, precision, 1);
    CHECK(tests::message([&] { batch.step(); }).find("before the first reset") != std::string::npos);
  });
}

}  // namespace tests::contract
