// The contract of masks, for every id that tells one: what is masked changes nothing.
#include <algorithm>
#include <array>

#include "core/archive.h"
#include "tests/catch.h"
#include "tests/envs/batch.h"

namespace tests::action_masks {

namespace {

// Of every environment of a batch as it stands: the mask, and which actions move it if taken now.
struct Moves {
  std::vector<uint8_t> possible, moves;  // [n, actions]
};

// By its table, where it has one: whether any outcome is another state.
Moves moves_of_table(const Batch& batch, const envs::Transitions& table) {
  const size_t A = size_t(table.actions);
  Moves seen{std::vector<uint8_t>(batch.n * A), std::vector<uint8_t>(batch.n * A)};
  batch.envs->action_mask(seen.possible.data());
  for (size_t k = 0; k < seen.moves.size(); ++k) {
    const auto state =
        int64_t(tests::element(batch.envs->spec().observation, batch.row(batch.obs, k / A), 0));
    const auto& outcomes = table.of(state, int64_t(k % A));
    seen.moves[k] =
        std::any_of(outcomes.begin(), outcomes.end(), [&](const auto& o) { return o.next != state; });
  }
  return seen;
}

// By trying: all take the same action, and go back to where they were. One without a table pays nothing for
// what is masked.
Moves moves_tried(Batch& batch) {
  const size_t A = size_t(batch.envs->spec().action.n[0]);
  Moves seen{std::vector<uint8_t>(batch.n * A), std::vector<uint8_t>(batch.n * A)};
  batch.envs->action_mask(seen.possible.data());
  core::Archive saved;
  batch.envs->state(saved);
  const auto before = batch.obs;
  for (size_t action = 0; action < A; ++action) {
    std::fill(batch.discrete.begin(), batch.discrete.end(), int64_t(action));
    batch.step();
    for (size_t i = 0; i < batch.n; ++i) {
      const bool stays = std::memcmp(batch.row(batch.obs, i), batch.row(before, i), batch.obs_bytes) == 0;
      seen.moves[i * A + action] = !stays || batch.ended(i) || batch.reward[i] != 0;
    }
    core::Archive back(saved.blobs());
    batch.envs->state(back);
    batch.obs = before;
  }
  return seen;
}

}  // namespace

TEST_CASE("masked actions change nothing, the others may", "[envs]") {
  int with_table = 0, tried = 0;
  tests::each_env([&](const envs::Entry& entry, const std::string& precision) {
    INFO(entry.name << " " << precision);
    Batch batch(entry, precision, 20);
    if (!batch.envs->spec().action_mask) return;
    const auto table = entry.factory().transitions();
    ++(table ? with_table : tried);
    core::Pcg64 random(9);
    batch.reset(4);
    int wrong = 0, masked = 0;
    for (int t = 0; t < 250; ++t) {
      const Moves seen = table ? moves_of_table(batch, *table) : moves_tried(batch);
      wrong += seen.possible != seen.moves;
      masked += std::count(seen.possible.begin(), seen.possible.end(), 0) > 0;
      batch.draw_actions(random);
      batch.step();
    }
    CHECK(wrong == 0);
    CHECK(masked > 0);
  });
  CHECK(with_table > 0);
  CHECK(tried > 0);
}

TEST_CASE("an episode that ends leaves the mask of its last state", "[envs]") {
  tests::each_env([](const envs::Entry& entry, const std::string& precision) {
    INFO(entry.name << " " << precision);
    Batch limited(entry, precision, 8, 1), other(entry, precision, 8, 0);
    if (!limited.envs->spec().action_mask) return;
    const size_t A = size_t(limited.envs->spec().action.n[0]);
    std::vector<uint8_t> last(8 * A), now(8 * A);
    limited.reset(5);
    other.reset(5);
    core::Pcg64 random(6);
    limited.draw_actions(random);
    other.discrete = limited.discrete;
    envs::StepOut out{limited.obs.data(), limited.reward.data(), limited.terminated.data(),
                      limited.truncated.data()};
    out.final_action_mask = last.data();
    limited.envs->step({limited.discrete.data()}, out);
    other.step();
    other.envs->action_mask(now.data());
    CHECK(limited.truncated == std::vector<uint8_t>(8, 1));
    CHECK(last == now);
  });
}

TEST_CASE("random actions are drawn among those that the mask lets through, each as often", "[envs][masks]") {
  const envs::Space five = envs::Space::discrete(5);
  const std::array<uint8_t, 5> some{0, 1, 0, 1, 1}, none{}, all{1, 1, 1, 1, 1};
  std::array<int, 5> drawn{};
  core::Pcg64 random(1), plain(2), open(2), shut(2);
  for (int k = 0; k < 3000; ++k) {
    int64_t action = -1, free = -1, of_all = -1, of_none = -1;
    envs::sample(five, random, &action, nullptr, some.data());
    ++drawn[size_t(action)];
    envs::sample(five, plain, &free, nullptr);
    envs::sample(five, open, &of_all, nullptr, all.data());
    envs::sample(five, shut, &of_none, nullptr, none.data());
    CHECK((free == of_all && free == of_none));
  }
  CHECK((drawn[0] == 0 && drawn[2] == 0));
  for (const size_t k : {1, 3, 4}) CHECK(drawn[k] == Approx(1000).margin(120));
}

}  // namespace tests::action_masks
