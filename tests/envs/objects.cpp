// Objects<Env> keeps the same promises with an environment of one's own: a corridor with a random wind.
#include "envs/objects.h"

#include "core/archive.h"
#include "tests/catch.h"
#include "tests/envs/batch.h"

namespace tests::objects {

namespace {

class Corridor {  // reach the right end; two actions at once: a step, and whether to pay for shelter from the
                  // wind
 public:
  using Action = int64_t;
  using Item = int32_t;
  static constexpr int64_t parallel_from = 64;

  envs::Spec spec() const {
    return {.id = "Corridor-v0",
            .observation = envs::Space::multi_discrete({int64_t(trail_.size()), 2}, envs::Dtype::int32),
            .action = envs::Space::multi_discrete({3, 2}),
            .max_episode_steps = 30};
  }
  void reset(core::Pcg64& random) {
    place_ = random.integers(0, 3);
    wind_ = 0;
    trail_.assign(trail_.size(), 0);
  }
  envs::Outcome step(const int64_t* action, core::Pcg64& random) {
    wind_ = action[1] ? 0 : random.integers(0, 2);
    place_ = std::clamp<int64_t>(place_ + action[0] - 1 - wind_, 0, int64_t(trail_.size()) - 1);
    ++trail_[size_t(place_)];
    const bool there = place_ + 1 == int64_t(trail_.size());
    return {there ? 1.0f : -0.1f * float(action[1]), there};
  }
  void observe(int32_t* row) const {
    row[0] = int32_t(place_);
    row[1] = int32_t(wind_);
  }
  void draw(core::Canvas&) const {}
  void state(core::Archive& archive, const std::string& name) {
    archive(name + "place", place_);
    archive(name + "wind", wind_);
    archive(name + "trail", trail_);
  }

 private:
  int64_t place_ = 0, wind_ = 0;
  std::vector<int32_t> trail_ = std::vector<int32_t>(6);
};

tests::Batch corridors(int64_t n) {
  return tests::Batch(std::make_unique<envs::Objects<Corridor>>(Corridor(), Corridor().spec(), n));
}

std::string play(tests::Batch& batch, core::Pcg64 actions, int steps) {
  std::string all;
  for (int t = 0; t < steps; ++t) {
    batch.draw_actions(actions);
    batch.step();
    all += batch.answers();
  }
  return all;
}

}  // namespace

TEST_CASE("an object's episodes depend on seed + i alone", "[envs]") {
  tests::Batch many = corridors(100), alone = corridors(1);  // 100: on several threads
  many.reset(7);
  alone.reset(7 + 42);
  core::Pcg64 own(1), same(1), others(2);
  int differing = 0, ends = 0;
  for (int t = 0; t < 300; ++t) {
    many.draw_actions(others);
    many.draw_action(42, own);
    alone.draw_action(0, same);
    many.step();
    alone.step();
    differing += many.answer(42) != alone.answer(0);
    ends += alone.ended(0);
  }
  CHECK(differing == 0);
  CHECK(ends > 5);
}

TEST_CASE("an object's episode ends at its goal or its time limit", "[envs]") {
  tests::Batch batch = corridors(1);
  batch.reset(0);
  batch.discrete = {2, 1};  // right, sheltered
  int64_t steps = 0;
  do {
    batch.step();
    ++steps;
  } while (!batch.ended(0));
  CHECK(batch.terminated[0] == 1);
  CHECK(batch.lengths[0] == steps);
  CHECK(batch.returns[0] == Approx(1 - 0.1 * double(steps - 1)));
  CHECK(tests::element(batch.envs->spec().observation, batch.final_obs.data(), 0) == 5);
  batch.discrete = {0, 1};
  for (int t = 0; t < 30; ++t) batch.step();
  CHECK(batch.truncated[0] == 1);
  CHECK(batch.terminated[0] == 0);
}

TEST_CASE("objects go on from a restored state as they went on from it", "[envs]") {
  tests::Batch batch = corridors(9), fresh = corridors(9);
  batch.reset(3);
  play(batch, core::Pcg64(1), 100);
  core::Archive saved;
  batch.envs->state(saved);
  const std::string first = play(batch, core::Pcg64(2), 100);
  core::Archive back(saved.blobs());
  fresh.envs->state(back);
  CHECK(play(fresh, core::Pcg64(2), 100) == first);
}

TEST_CASE("a wrong action among several is named whole", "[envs]") {
  tests::Batch batch = corridors(2);
  batch.reset(0);
  batch.discrete = {1, 1, 2, 2};
  const std::string said = tests::message([&] { batch.step(); });
  CHECK(said.find("Corridor-v0: environment 1: action [2, 2] is not in MultiDiscrete([3, 2])") !=
        std::string::npos);
}

}  // namespace tests::objects
