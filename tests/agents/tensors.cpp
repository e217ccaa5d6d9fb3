// What nets are given: every space as its flat view, by both ways that agents take.
#include "agents/tensors.h"

#include "agents/observation_batch.h"
#include "tests/catch.h"

namespace {

using envs::Dtype, envs::Space;

envs::Spec seen(Space space) { return {.observation = std::move(space), .action = Space::discrete(2)}; }

Space picture_and_direction() {
  return Space::dict({{"image", Space::array({2, 2}, 0, 9, Dtype::uint8)},
                      {"direction", Space::choice({"left", "ahead", "right"}, Dtype::uint8)}});
}

// Both ways over `rows` observations.
void check_rows(const Space& space, const torch::Tensor& observations, const torch::Tensor& expected) {
  const torch::Tensor given = agents::for_net(observations, seen(space));
  CHECK(torch::equal(given, expected));
  const auto B = observations.size(0);
  agents::ObservationBatch rows(space, B);
  rows.of(agents::bytes(observations));
  CHECK(torch::equal(rows.tensor(), expected));
}

}  // namespace

TEST_CASE("a dict is its parts joined, what is discrete one-hot", "[agents]") {
  const Space space = picture_and_direction();
  CHECK(space.net_width() == 7);
  const auto observations = torch::tensor({{1, 2, 3, 9, 2}, {0, 0, 5, 0, 0}}, torch::kUInt8);
  const auto expected =
      torch::tensor({{1.f, 2.f, 3.f, 9.f, 0.f, 0.f, 1.f}, {0.f, 0.f, 5.f, 0.f, 1.f, 0.f, 0.f}});
  check_rows(space, observations, expected);
  const auto steps = agents::observation_tensor(seen(space), {3, 2});  // [T, N, S]
  CHECK(agents::for_net(steps, seen(space)).sizes() == torch::IntArrayRef({3, 2, 7}));
}

TEST_CASE("several choices are one-hot each", "[agents]") {
  check_rows(Space::multi_discrete({2, 3}), torch::tensor({{1, 0}, {0, 2}}, torch::kInt64),
             torch::tensor({{0.f, 1.f, 1.f, 0.f, 0.f}, {1.f, 0.f, 0.f, 0.f, 1.f}}));
}

TEST_CASE("a picture is a row of floats, a float row is not copied", "[agents]") {
  const auto pixels = torch::arange(12, torch::kUInt8).view({2, 2, 3});
  check_rows(Space::array({2, 3}, 0, 255, Dtype::uint8), pixels,
             torch::arange(12, torch::kFloat32).view({2, 6}));
  const auto row = torch::tensor({{0.5f, 1.5f}});
  const envs::Spec spec = seen(Space::box({0, 0}, {2, 2}));
  CHECK(agents::for_net(row, spec).data_ptr() == row.data_ptr());
}
