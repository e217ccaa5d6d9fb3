// Episodes of a run that goes on.
#include "render/reel.h"

#include "tests/render/live.h"
#include "tests/render/runs.h"

namespace tests::reel {

TEST_CASE("a reel grows with its file, and a torn file leaves it as long as it was", "[render]") {
  const Scratch scratch;
  const auto file = scratch / "episodes.h5";
  trial_runs::write_episodes(file, 1);
  render::Reel reel = render::recorded(file);
  CHECK((reel.count == 1 && reel.grow(9) == 1));
  core::Episode more = reel.episode(0);
  more.header.step = 70;
  change(file, [&](const auto& copy) {
    auto log = core::EpisodeLog::reopen(copy, 60);
    log.append(more);
    log.flush();
  });
  CHECK(reel.grow(9) == 2);
  CHECK(reel.episode(1).header.step == 70);
  const std::string whole = tear(file);
  CHECK(reel.grow(9) == 2);
  write_bytes(file, whole);
  CHECK(reel.grow(9) == 2);
  CHECK(reel.episode(1).actions == more.actions);
}

TEST_CASE("random play in a window takes actions that change something", "[render][masks]") {
  const core::Episode episode = render::played("Taxi-v4", "random", 3, 500).episode(0);
  REQUIRE(episode.rewards.size() >= 100);
  for (const double reward : episode.rewards)
    CHECK(reward > -10);  // of a pick-up or drop where there is none
}

}  // namespace tests::reel
