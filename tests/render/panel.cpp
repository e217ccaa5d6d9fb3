// The panel beside an episode and the strip beneath it: every word whole, 0 seen as 0.
#include "render/cairo_canvas.h"
#include "render/viewer/gauges.h"
#include "render/viewer/viewer.h"
#include "render/viewer/watch.h"
#include "tests/catch.h"
#include "tests/render/runs.h"
#include "tests/scratch.h"

namespace tests::panel {

using Catch::Matchers::ContainsSubstring;

namespace {

// Keeps the words that are drawn, and how high their capitals are.
class Words : public core::Canvas {
 public:
  void view(core::Rect, core::Color) override {}
  void line(core::Vec, core::Vec, core::Color, double) override {}
  void circle(core::Vec, double, core::Paint) override {}
  void polygon(std::span<const core::Vec>, core::Paint) override {}
  void image(core::Rect, std::span<const uint8_t>, int, int, int) override {}
  void text(core::Vec, std::string_view words, double height, core::Color, core::Align) override {
    all += std::string(words) + '\n';
    smallest = std::min(smallest, height);
  }

  std::string all;
  double smallest = 1e9;
};

Words words_of(const render::WatchOptions& options, int64_t t) {
  render::Viewer viewer = render::viewer_of(options);
  viewer.seek(t);
  Words words;
  viewer.draw(words, options.width, options.height);
  return words;
}

render::WatchOptions thinking(const std::filesystem::path& run) {
  trial_runs::write(run, {});
  trial_runs::write_thoughts(run / "episodes.h5");
  render::WatchOptions options;
  options.sources = {{.run = run}};
  options.overlays = true;
  return options;
}

}  // namespace

TEST_CASE("a bar begins where 0 is", "[render]") {
  const auto bar = [](double value, double largest, bool negative) {
    const render::Filled filled = render::filled_from_zero(value, largest, negative);
    return std::pair(filled.from, filled.to);
  };
  CHECK(bar(0, 0, false) == std::pair(0.0, 0.0));  // a leg that never touches the ground
  CHECK(bar(1, 1, false) == std::pair(0.0, 1.0));
  CHECK(bar(0.5, 2, false) == std::pair(0.0, 0.25));
  CHECK(bar(0, 3, true) == std::pair(0.5, 0.5));
  CHECK(bar(3, 3, true) == std::pair(0.5, 1.0));
  CHECK(bar(-1.5, 3, true) == std::pair(0.25, 0.5));
  CHECK(bar(0, 0, true) == std::pair(0.5, 0.5));
}

TEST_CASE("names of observations and actions stand whole beside an episode at the usual size", "[render]") {
  for (const std::string& id : envs::all().names()) {
    if (!envs::all().find(id)->description.observation_names[0]) continue;
    render::WatchOptions options;
    options.sources = {{.env = id, .policy = "random"}};
    options.overlays = true;
    const Words words = words_of(options, 5);
    INFO(id << '\n' << words.all);
    CHECK_THAT(words.all, ContainsSubstring("\nobservation\n"));
    CHECK_THAT(words.all, !ContainsSubstring("\u2026"));
    CHECK(words.smallest >= 7);
  }
}

TEST_CASE("a curve beside an episode leaves room for every thought, or says for what there is none",
          "[render]") {
  const Scratch scratch;
  render::WatchOptions options = thinking(scratch / "run");
  options.metric = "train/loss";
  const Words words = words_of(options, 50);
  INFO(words.all);
  for (const char* part : {"probability of each action", "Q, least to best action",
                           "value of the state: ", "reward so far: ", "\nobservation\n"})
    CHECK_THAT(words.all, ContainsSubstring(part));
  CHECK_THAT(words.all, !ContainsSubstring("\u2026"));
  options.height = 340;
  const Words low = words_of(options, 50);
  INFO(low.all);
  CHECK_THAT(low.all, ContainsSubstring("no room for: ") && ContainsSubstring("observation"));
}

TEST_CASE("a title that is too long goes on in the second line; what goes first is what matters least",
          "[render]") {
  const std::string dot = render::between_pieces;
  const std::string title =
      "cartpole_ppo seed 0 best.h5 after 61k steps" + dot + "CartPole-v1" + dot + "episode 0";
  const auto pieces = [&](double width) { return render::fitting_pieces(title, 10, width); };
  CHECK((pieces(2000).here == title && pieces(2000).rest.empty()));
  CHECK(pieces(450).here == "cartpole_ppo seed 0 best.h5 after 61k steps" + dot + "CartPole-v1");
  CHECK(pieces(450).rest == "episode 0");
  CHECK(pieces(40).here == "cartpole_ppo seed 0 best.h5 after 61k steps");
  CHECK(pieces(40).rest == "CartPole-v1" + dot + "episode 0");
  render::Reel reel = render::played("CartPole-v1", "random", 3);
  reel.name = "cartpole_reinforce seed 0 best.h5";
  const auto open = [&]() -> render::Show { return render::Stage({reel}, 0, {}); };
  const render::Viewer viewer(open, std::nullopt, {});
  Words words;
  viewer.draw(words, 800, 600);
  INFO(words.all);
  for (const char* part : {"cartpole_reinforce seed 0 best.h5", "CartPole-v1", "episode 0", "seed 3"})
    CHECK_THAT(words.all, ContainsSubstring(part));
  CHECK_THAT(words.all, !ContainsSubstring("\u2026"));
}

}  // namespace tests::panel
