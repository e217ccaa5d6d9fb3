// D4RL files whose columns are no rows, of unlike lengths, or of numbers that mean nothing there.
#include <cmath>

#include "core/formats/d4rl.h"
#include "core/hdf5.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"

namespace tests::foreign_datasets {

using Catch::Matchers::ContainsSubstring;
using core::h5::Axes;
using core::h5::File;
using Real = std::vector<float>;
using Whole = std::vector<int64_t>;

namespace {

core::EpisodeFormat format() { return {.env_id = "CartPole-v1", .env_options = "{}", .obs_shape = {2}}; }

core::Episode three_steps() {
  core::Episode e;
  e.header.length = 3;
  e.observations.resize(4 * 2 * sizeof(float));
  e.actions.resize(3 * sizeof(int64_t));
  e.rewards.resize(3);
  e.terminated.resize(3);
  e.truncated.resize(3);
  return e;
}

// What is said of a file of three steps with these numbers in the place of one of its columns.
template <class T>
std::string with(const std::string& column, const std::vector<T>& numbers, const Axes& shape) {
  const Scratch scratch;
  const auto path = scratch / "d.h5";
  {
    core::formats::D4rlWriter writer(path, format());
    writer.add(three_steps());
    writer.finish();
    File file = File::open(path, true);
    H5Ldelete(file.id(), column.c_str(), H5P_DEFAULT);
    file.write<T>(column, numbers, shape);
  }
  return refusal([&] {
    const core::formats::D4rlReader reader(path, 0);
    reader.read(0, reader.guess_format());
  });
}

template <class T>
std::string with(const std::string& column, const std::vector<T>& rows) {
  return with(column, rows, {rows.size()});
}

}  // namespace

TEST_CASE("rows of another data set that are none are refused", "[core]") {
  CHECK(with("/rewards", Real{1, 2, 3}).empty());
  CHECK_THAT(with("/observations", Real{1}, {}), ContainsSubstring("'/observations' is to be rows"));
  CHECK_THAT(with("/observations", Real{}, {3, 0}), ContainsSubstring("rows of 0 elements"));
  CHECK_THAT(with("/actions", Real{1}, {}), ContainsSubstring("'/actions' is to be rows"));
  CHECK_THAT(with("/terminals", Real{1}, {}), ContainsSubstring("expected [any]"));
}

TEST_CASE("ends of episodes that are neither 0 nor 1 are refused, by their row", "[core]") {
  CHECK(with("/terminals", Real{0, 0, 1}).empty());
  CHECK_THAT(with("/terminals", Real{0, NAN, 1}),
             ContainsSubstring("'/terminals' holds nan in row 1, expected 0 or 1"));
  CHECK_THAT(with("/terminals", Real{0, 0, -1}),
             ContainsSubstring("'/terminals' holds -1 in row 2, expected 0 or 1"));
}

TEST_CASE("columns of unlike lengths and seeds that are none are refused", "[core]") {
  CHECK_THAT(with("/rewards", Real{1, 2}), ContainsSubstring("'/rewards' has 2 rows, expected 3"));
  CHECK_THAT(with("/timeouts", Real{0, 0, 0, 1}), ContainsSubstring("'/timeouts' has 4 rows, expected 3"));
  CHECK_THAT(with("/terminals", Real{0, 1}), ContainsSubstring("has 3 rows, expected 2"));
  CHECK(with("/metadata/seeds", Whole{7}).empty());
  CHECK_THAT(with("/metadata/seeds", Whole{-5}), ContainsSubstring("no numbers that can be read as uint64"));
  CHECK_THAT(with("/metadata/seeds", Whole{7, 8}), ContainsSubstring("has 2 rows, expected 1"));
  CHECK_THAT(with("/metadata/seeds", Real{7}), ContainsSubstring("'/metadata/seeds' are no whole numbers"));
}

}  // namespace tests::foreign_datasets
