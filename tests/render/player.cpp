// A replay is the recording, forwards and backwards, and says so where it is not.
#include "render/player.h"

#include <cstring>

#include "render/cairo_canvas.h"
#include "render/palette.h"
#include "render/reel.h"
#include "render/view.h"
#include "render/viewer/stage.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/render/pixels.h"

namespace tests::player {

using Catch::Matchers::ContainsSubstring;

namespace {

core::Image frame(const render::Player& player, int width = 320, int height = 240) {
  render::CairoCanvas canvas(width, height);
  const render::Sheet page = render::sheet(width, height);
  const render::Caption caption = render::caption_of(player);
  canvas.view(core::Rect{0, 0, page.width, page.height}, render::palette::paper);
  {
    render::Inset scene(canvas, page.content(false));
    player.draw(scene);
  }
  render::draw_strip(canvas, page, caption);
  if (!caption.warning.empty()) render::draw_warning(canvas, page.content(false), page.word, caption.warning);
  return canvas.image();
}

render::Player player_of(const std::string& env, const std::string& policy, uint64_t seed) {
  const render::Reel reel = render::played(env, policy, seed);
  return {reel.format, reel.episode(0)};
}

}  // namespace

TEST_CASE("replays meet every recorded observation, in every environment with a policy", "[render]") {
  for (const std::string env :
       {"CartPole-v1", "Pendulum-v1", "FrozenLake-v1", "{id: CartPole-v1, precision: fast}",
        "{id: FrozenLake-v1, is_slippery: false}"}) {
    INFO(env);
    render::Player player = player_of(env, "random", 5);
    player.seek(player.length());
    CHECK_FALSE(player.difference());
    CHECK(player.reward_so_far() == Approx(player.header().episode_return));
  }
}

TEST_CASE("going back shows what going forth has shown", "[render]") {
  render::Player player = player_of("Pendulum-v1", "random", 3);
  REQUIRE(player.length() == 200);
  std::vector<core::Image> seen;
  for (int64_t t = 0; t <= 200; t += 10) {
    player.seek(t);
    seen.push_back(frame(player));
  }
  for (int64_t t = 200; t >= 0; t -= 10) {
    player.seek(t);
    CHECK(frame(player).pixels == seen[static_cast<size_t>(t / 10)].pixels);
  }
  player.seek(-7);
  CHECK(player.t() == 0);
  player.seek(1000);
  CHECK(player.t() == 200);
}

TEST_CASE("the last frame is the end, not a new beginning", "[render]") {
  render::Player player = player_of("CartPole-v1", "random", 3);
  player.seek(player.length() - 1);
  const core::Image before = frame(player);
  player.seek(player.length());
  const core::Image end = frame(player);
  player.seek(0);
  const core::Image begin = frame(player);
  // The pole's region: at the end it leans as one step before, and not as at the beginning.
  const auto scene = [](const core::Image& image) {
    return std::vector<uint8_t>(image.pixels.begin(), image.pixels.begin() + 3 * 320 * 190);
  };
  const auto apart = [&](const core::Image& a, const core::Image& b) {
    const auto p = scene(a), q = scene(b);
    int64_t sum = 0;
    for (size_t k = 0; k < p.size(); ++k) sum += std::abs(p[k] - q[k]);
    return sum;
  };
  CHECK(apart(end, before) < apart(end, begin) / 2);
}

TEST_CASE("a changed observation is found, with its step, element and both values", "[render]") {
  const render::Reel reel = render::played("CartPole-v1", "heuristic", 1);
  core::Episode episode = reel.episode(0);
  const float wrong = 0.5f;
  std::memcpy(episode.observations.data() + (7 * 4 + 2) * sizeof(float), &wrong, sizeof wrong);
  render::Player player(reel.format, episode);
  player.seek(6);
  CHECK_FALSE(player.difference());
  player.seek(20);
  REQUIRE(player.difference());
  CHECK(player.difference()->t == 7);
  CHECK(player.difference()->element == 2);
  CHECK(player.difference()->recorded == 0.5);
  CHECK_THAT(player.difference()->str(), ContainsSubstring("at step 7"));
  // And the picture says it: something of the warning's colour stands at the top.
  int warned = 0;
  const core::Image image = frame(player, 640, 480);
  for (int x = 0; x < 640; ++x) warned += same(pixel(image, x, 20), render::palette::warning);
  CHECK(warned > 100);
}

TEST_CASE("an episode of another environment is refused", "[render]") {
  render::Reel reel = render::played("CartPole-v1", "heuristic", 1);
  const core::Episode episode = reel.episode(0);
  reel.format.env_options = "id: Pendulum-v1";
  CHECK_THAT(refusal([&] { render::Player(reel.format, episode); }),
             ContainsSubstring("are not Pendulum-v1's"));
  reel.format.env_options = "id: CartPol-v1";
  CHECK_THAT(refusal([&] { render::Player(reel.format, episode); }),
             ContainsSubstring("did you mean 'CartPole-v1'"));
}

TEST_CASE("a page has its words in the strip and its scene above", "[render]") {
  for (const auto& [width, height] : {std::pair(800, 600), std::pair(1920, 1080), std::pair(200, 150)}) {
    render::Player player = player_of("FrozenLake-v1", "random", 3);
    player.seek(player.length());
    const core::Image image = frame(player, width, height);
    CHECK(painted(image, render::palette::panel, 0, height - 20, width / 2, 20) > 30);
    CHECK(painted(image, render::palette::panel, width - 6, height - 24, 6, 24) ==
          0);  // words keep off the edge
    CHECK(colors_in(image) > 10);
  }
}

TEST_CASE("the same seed plays the same episode, another seed another", "[render]") {
  const auto played = [](uint64_t seed) { return render::played("Pendulum-v1", "random", seed).episode(0); };
  CHECK(played(3).observations == played(3).observations);
  CHECK(played(3).actions != played(4).actions);
  CHECK(render::played("Pendulum-v1", "random", 3).episode(1).observations == played(4).observations);
  CHECK_THAT(refusal([] { render::played("FrozenLake-v1", "heuristic", 1); }),
             ContainsSubstring("no heuristic"));
  CHECK_THAT(refusal([] { render::played("CartPole-v1", "clever", 1); }),
             ContainsSubstring("random or heuristic"));
}

}  // namespace tests::player
