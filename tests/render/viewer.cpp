// The viewer without a window: what keys, pointer and time do.
#include "render/viewer/viewer.h"

#include "render/cairo_canvas.h"
#include "render/viewer/watch.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/render/pixels.h"
#include "tests/render/runs.h"
#include "tests/scratch.h"

namespace tests::viewer {

using Catch::Matchers::ContainsSubstring;
using render::Key, render::Stage, render::Tiles;

namespace {

render::Viewer viewer_of(const std::string& env, const std::string& policy, uint64_t seed, Tiles tiles = {},
                         double speed = 1) {
  const auto open = [=]() -> render::Show { return Stage({render::played(env, policy, seed)}, 0, tiles); };
  return {open, std::nullopt, {.speed = speed}};
}

const Stage& stage(const render::Viewer& viewer) { return std::get<Stage>(viewer.show()); }

core::Image picture(const render::Viewer& viewer, int width = 800, int height = 600) {
  render::CairoCanvas canvas(width, height);
  viewer.draw(canvas, width, height);
  return canvas.image();
}

render::Viewer person(const std::string& env, uint64_t seed = 1) {
  const auto open = [=]() -> render::Show { return render::Human(render::episode_format(env), seed); };
  return {open, std::nullopt, {}};
}

const render::Player& played_by(const render::Viewer& viewer) {
  return std::get<render::Human>(viewer.show()).player();
}

}  // namespace

TEST_CASE("tiles fill as episodes come, and show the newest of a file", "[render]") {
  render::Reel reel = render::played("CartPole-v1", "random", 3);
  reel.count = 10;
  Stage recorded({reel}, 9, {});
  recorded.tile({3, 3});
  CHECK(recorded.episode() == 1);
  reel.count = 1, reel.grow = [](int64_t wanted) { return std::min<int64_t>(wanted, 4); };
  Stage live({reel}, 0, {2, 2});
  CHECK(live.alone());
  live.seek(5);
  CHECK(live.refresh());
  CHECK_THAT(live.caption().title, ContainsSubstring("episodes 0 to 3"));
  CHECK(live.t() == 5);
  CHECK(!live.refresh());
}

TEST_CASE("of a policy that plays now its run and its step come first", "[render]") {
  render::Reel reel = render::played("CartPole-v1", "random", 3);
  reel.name = "cartpole_ppo seed 0 best.h5";
  const auto episode = reel.episode;
  reel.episode = [episode](int64_t k) {
    core::Episode one = episode(k);
    one.header.env_steps = 61000;
    return one;
  };
  CHECK_THAT(Stage({reel}, 0, {}).caption().title,
             Catch::Matchers::StartsWith("cartpole_ppo seed 0 best.h5 after 61k steps  \u00b7  CartPole-v1"));
}

TEST_CASE("the action beside a policy's probabilities is the one that it takes there", "[render]") {
  Stage stage({render::played("CartPole-v1", "random", 3)}, 0, {});
  for (int64_t t = 0; t <= stage.length(); ++t) {
    stage.seek(t);
    const int64_t action = stage.player().action_at(std::min(t, stage.length() - 1));
    CHECK(stage.caption().note == (action == 1 ? "action: right" : "action: left"));
  }
}

TEST_CASE("keys pause, step, change speed, change episodes and quit", "[render]") {
  render::Viewer viewer = viewer_of("CartPole-v1", "heuristic", 1);
  viewer.advance(0.1);  // 50 steps a second
  CHECK(viewer.t() == 5);
  viewer.press(Key::space);
  viewer.advance(0.9);
  CHECK(viewer.t() == 5);
  viewer.press(Key::right);
  viewer.press(Key::right);
  viewer.press(Key::left);
  CHECK(viewer.t() == 6);
  viewer.press(Key::space);
  viewer.press(Key::up);
  viewer.press(Key::up);
  CHECK(viewer.speed() == 5);
  viewer.advance(0.1);
  CHECK(viewer.t() == 31);
  for (int k = 0; k < 20; ++k) viewer.press(Key::down);
  CHECK(viewer.speed() == 0.1);
  for (int k = 0; k < 20; ++k) viewer.press(Key::up);
  CHECK(viewer.speed() == 50);
  viewer.press(Key::end);
  CHECK(viewer.t() == viewer.length());
  viewer.press(Key::n);
  CHECK((stage(viewer).episode() == 1 && viewer.t() == 0));
  viewer.press(Key::right);
  viewer.press(Key::r);
  CHECK(viewer.t() == 0);
  viewer.press(Key::p);
  viewer.press(Key::p);
  CHECK(stage(viewer).episode() == 0);
  viewer.press(Key::q);
  CHECK(viewer.done());
}

TEST_CASE("after an episode's end the next one follows by itself", "[render]") {
  render::Viewer viewer = viewer_of("CartPole-v1", "random", 3, {}, 50);
  for (int k = 0; k < 10; ++k) viewer.advance(0.05);
  CHECK(viewer.t() == viewer.length());
  viewer.advance(1);
  CHECK(stage(viewer).episode() == 1);
}

TEST_CASE("the pointer on the bar goes to any step, elsewhere it does nothing", "[render]") {
  render::Viewer viewer = viewer_of("CartPole-v1", "heuristic", 1);
  REQUIRE(viewer.length() == 500);
  const core::Rect bar = render::sheet(800, 600).bar();
  const double y = 600 - bar.y;
  viewer.point(400, y, 800, 600);
  CHECK((viewer.t() == 250 && viewer.paused()));
  viewer.point(799.9, y, 800, 600);
  CHECK(viewer.t() == 500);
  viewer.point(100, 300, 800, 600);
  CHECK(viewer.t() == 500);
}

TEST_CASE("tiles show successive episodes on one clock, whose longest one ends it", "[render]") {
  render::Viewer viewer = viewer_of("CartPole-v1", "random", 3, {2, 2});
  int64_t longest = 0;
  const render::Reel reel = render::played("CartPole-v1", "random", 3);
  for (int64_t k = 0; k < 4; ++k) longest = std::max(longest, reel.episode(k).header.length);
  CHECK(viewer.length() == longest);
  viewer.seek(longest);
  const core::Image four = picture(viewer);
  viewer.press(Key::n);
  CHECK(stage(viewer).episode() == 4);
  viewer.press(Key::p);
  viewer.seek(longest);
  CHECK(picture(viewer).pixels == four.pixels);
  viewer.press(Key::t);
  CHECK(stage(viewer).tiles().count() == 9);
  viewer.press(Key::t);
  viewer.press(Key::t);
  CHECK(stage(viewer).alone());
}

TEST_CASE("--tile says what it expects", "[render]") {
  CHECK((render::tiles_of("4x3").columns == 4 && render::tiles_of("4x3").rows == 3));
  for (const char* wrong : {"", "4", "x4", "4x", "0x2", "4x4x4", "11x10", "-1x-1", "a", "4 x 4"})
    CHECK_THAT(refusal([&] { render::tiles_of(wrong); }), ContainsSubstring("expected COLUMNSxROWS"));
}

TEST_CASE("a person's arrows act where time does not wait, from the first key on", "[render]") {
  render::Viewer viewer = person("CartPole-v1");
  viewer.advance(0.5);
  CHECK(viewer.t() == 0);
  viewer.press(Key::right);
  viewer.advance(0.1);
  CHECK(viewer.t() == 5);
  CHECK(played_by(viewer).action_at(4) == 1);
  viewer.press(Key::left);
  viewer.advance(0.04);
  viewer.release(Key::left);
  viewer.advance(0.02);
  CHECK(played_by(viewer).action_at(6) == 0);
  CHECK(played_by(viewer).action_at(7) == 1);  // right is still held
  for (int k = 0; k < 100; ++k) viewer.advance(0.1);
  CHECK(played_by(viewer).ended());
  CHECK(played_by(viewer).reward_so_far() == static_cast<double>(viewer.length()));
  viewer.press(Key::n);
  CHECK((viewer.length() == 0 && played_by(viewer).header().seed == 2));
}

TEST_CASE("a person's episode is one that a replay meets", "[render]") {
  render::Viewer viewer = person("LunarLander-v3");
  viewer.press(Key::up);
  for (int k = 0; k < 20; ++k) viewer.advance(0.1);
  viewer.release(Key::up);
  viewer.advance(0.5);
  REQUIRE(viewer.length() > 50);
  render::Player replay(played_by(viewer).format(), played_by(viewer).episode());
  replay.seek(replay.length());
  CHECK_FALSE(replay.difference());
  CHECK(played_by(viewer).action_at(10) == 2);
  CHECK(played_by(viewer).action_at(viewer.length() - 1) == 0);  // nothing, with no key held
}

TEST_CASE("where time waits, each press is one step, by arrow or by digit", "[render]") {
  render::Viewer viewer = person("FrozenLake-v1");
  viewer.advance(5);
  CHECK(viewer.t() == 0);
  viewer.press(Key::left);
  viewer.press(Key::digit0);
  viewer.press(Key::up);
  CHECK(viewer.t() == 3);
  CHECK((played_by(viewer).action_at(0) == 0 && played_by(viewer).action_at(1) == 0));
  CHECK(played_by(viewer).action_at(2) == 3);
  CHECK_THAT(refusal([] { person("Pendulum-v1"); }), ContainsSubstring("one discrete action"));
}

TEST_CASE("every environment with one discrete action names its actions and can be played by keys",
          "[render]") {
  for (const auto& entry : envs::all()) {
    INFO(entry.name);
    const envs::Spec spec = render::make_env(render::episode_format(entry.name))->spec();
    if (!spec.action.is_discrete()) continue;
    const render::Hands hands(spec);
    std::set<std::string> names;
    for (int64_t a = 0; a < spec.action.n[0]; ++a) {
      names.insert(render::action_name(spec, a));
      CHECK(render::action_name(spec, a) != std::to_string(a));
      CHECK(hands.action(static_cast<Key>(static_cast<int>(Key::digit0) + a)) == a);
    }
    CHECK(names.size() == static_cast<size_t>(spec.action.n[0]));
  }
}

TEST_CASE("a file that grows is followed: of a run that learns, to its newest episodes", "[render]") {
  const Scratch scratch;
  const auto file = scratch / "episodes.h5";
  const render::Reel source = render::played("CartPole-v1", "random", 3);
  auto log = core::EpisodeLog::create(file, source.format);
  const auto append = [&](int64_t from, int64_t to) {
    for (int64_t k = from; k < to; ++k) {
      core::Episode episode = source.episode(k);
      log.append(episode);
    }
    log.flush();
  };
  append(0, 2);
  render::WatchOptions options;
  options.sources = {{.episodes_file = file}};
  render::Viewer viewer = render::viewer_of(options);
  CHECK(stage(viewer).episode() == 1);
  append(2, 5);
  viewer.advance(0.04);
  viewer.advance(1.0);
  CHECK(stage(viewer).episode() == 1);  // it is not torn away from an episode
  viewer.press(Key::end);
  viewer.press(Key::space);
  append(5, 7);
  viewer.advance(1.0);
  CHECK(stage(viewer).episode() == 6);
}

TEST_CASE("a file that cannot be read for a while is said on the page, and the window stays", "[render]") {
  const Scratch scratch;
  const auto file = scratch / "episodes.h5", away = scratch / "away.h5";
  trial_runs::write_episodes(file, 3);
  render::WatchOptions options;
  options.sources = {{.episodes_file = file}};
  options.episode = 0;
  render::Viewer viewer = render::viewer_of(options);
  std::filesystem::copy_file(file, away);
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  viewer.press(Key::n);
  CHECK(stage(viewer).episode() == 0);
  CHECK_THAT(viewer.caption().warning, ContainsSubstring("episodes.h5"));
  std::filesystem::copy_file(away, file, std::filesystem::copy_options::overwrite_existing);
  viewer.press(Key::n);
  CHECK(stage(viewer).episode() == 1);
  CHECK(viewer.caption().warning.empty());
}

TEST_CASE("the page is whole at every size, with everything switched on", "[render]") {
  const Scratch scratch;
  trial_runs::write(scratch / "run", {});
  trial_runs::write_episodes(scratch / "run/episodes.h5", 3);
  render::WatchOptions options;
  options.sources = {{.run = scratch / "run"}};
  options.overlays = true;
  options.metric = "train/loss";
  render::Viewer viewer = render::viewer_of(options);
  viewer.seek(100);
  for (const auto& [width, height] : {std::pair(64, 64), std::pair(320, 240), std::pair(800, 600),
                                      std::pair(1920, 1080), std::pair(600, 1200)}) {
    INFO(width << " x " << height);
    const core::Image plain = picture(viewer, width, height);
    CHECK(colors_in(plain) > 8);
    viewer.press(Key::h);
    CHECK(picture(viewer, width, height).pixels != plain.pixels);
    viewer.press(Key::h);
  }
}

}  // namespace tests::viewer
