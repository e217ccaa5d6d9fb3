// What a checkpoint says of where its run stood.
#include "core/checkpoint.h"

#include <cmath>

#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"

using Catch::Matchers::ContainsSubstring;

TEST_CASE("counters that no run can have reached are refused by name", "[core]") {
  const Scratch scratch;
  core::h5::File file = core::h5::File::create(scratch / "c.h5");
  file.make_group("/counters");
  const auto at = [&](double wall_s, int64_t owed, int64_t step) {
    file.set("/counters", "wall_s", wall_s);
    file.set("/counters", "owed", owed);
    file.set("/counters", "step", step);
    return refusal([&] {
      core::checkpoint::seconds(file, "wall_s");
      core::checkpoint::owed(file);
      core::checkpoint::counted(file, "step");
    });
  };
  CHECK(at(1.5, 3, -1).empty());
  for (const double wall_s : {-1.0, double(NAN), double(INFINITY)})
    CHECK_THAT(at(wall_s, 0, 0), ContainsSubstring("the counter 'wall_s' stands at"));
  CHECK_THAT(at(0, 4, 0), ContainsSubstring("c.h5: the counter 'owed' stands at 4"));
  CHECK_THAT(at(0, 0, int64_t{1} << 53), ContainsSubstring("the counter 'step' stands at 9007199254740992"));
}
