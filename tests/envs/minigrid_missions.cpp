// MiniGrid's missions as text and as symbols, and the rules of its tasks in worlds laid out by hand.
#include "envs/minigrid/mission.h"

#include <set>

#include "envs/minigrid/rules.h"
#include "tests/catch.h"
#include "tests/envs/batch.h"

namespace tests::minigrid_missions {

namespace {

using namespace envs::minigrid;

std::string words_of(const std::vector<uint8_t>& symbols) {
  std::string text;
  for (const uint8_t symbol : symbols) text += (text.empty() ? "" : " ") + vocabulary().at(symbol);
  return text;
}

// An empty room of 8 x 8 with the agent in its upper left corner, looking right.
World room() {
  World world;
  world.grid.clear(8, 8);
  world.grid.walls(0, 0, 8, 8);
  return world;
}

// What the actions, one after another, come to: the first verdict that ends the episode.
Verdict played(Task task, World& world, std::initializer_list<Move> moves) {
  Level level = *find_level("MiniGrid-Fetch-8x8-N3-v0");
  level.task = task;
  core::Pcg64 random(1);
  for (const Move move : moves)
    if (const Verdict verdict = pursue(level, world, move, random); verdict != Verdict::goes_on)
      return verdict;
  return Verdict::goes_on;
}

constexpr Cell red_key = cell(Object::key, Colour::red), blue_ball = cell(Object::ball, Colour::blue),
               blue_door = cell(Object::door, Colour::blue, Door::closed),
               red_door = cell(Object::door, Colour::red, Door::closed);

}  // namespace

TEST_CASE("a mission is text, and its words are numbers of one vocabulary", "[envs][minigrid]") {
  const std::set<std::string> different(vocabulary().begin(), vocabulary().end());
  CHECK(different.size() == vocabulary().size());
  for (int c = 0; c < colours; ++c) CHECK(vocabulary()[size_t(c + 1)] == colour_names()[size_t(c)]);
  const Mission mission("{} the {} door, then a box", {{"go to", "find"}, colour_names()});
  CHECK(mission.varies());
  CHECK(mission.length() == 8);
  CHECK(mission.text({0, 2}) == "go to the blue door, then a box");
  CHECK(mission.text({1, 0}) == "find the red door, then a box");
  std::vector<uint8_t> symbols(8, 0xee);
  mission.write({0, 2}, symbols.data());
  CHECK(words_of(symbols) == "go to the blue door then a box");
  mission.write({1, 0}, symbols.data());
  CHECK(words_of(symbols) == "find the red door then a box ");
  CHECK(symbols.back() == 0);
  CHECK(mission.is_sound({1, 5}));
  CHECK_FALSE(mission.is_sound({2, 5}));
  CHECK_FALSE(mission.is_sound({1, 6}));
  CHECK(tests::message([] { Mission("dance"); }) == "mission: the vocabulary lacks the word 'dance'");
}

TEST_CASE("every level's mission is short enough and made of known words", "[envs][minigrid]") {
  CHECK(levels().size() == 76);
  for (const Level& level : levels()) {
    INFO(level.id);
    CHECK(level.mission.length() <= Mission::most_words);
    CHECK(find_level(level.id) == &level);
    CHECK(level.mission.is_sound({}));
  }
}

TEST_CASE("a box leaves what was in it, and things are carried as they are", "[envs][minigrid]") {
  World world = room();
  world.grid.set(2, 1, box_with_key(Colour::red));
  CHECK(played(Task::reach, world, {pick_up, turn_right, put_down}) == Verdict::goes_on);
  CHECK(world.carried == envs::minigrid::empty);
  CHECK(world.ahead() == box_with_key(Colour::red));
  CHECK(object(world.ahead()) == Object::box);
  CHECK(colour(world.ahead()) == Colour::grey);
  played(Task::reach, world, {toggle});
  CHECK(world.ahead() == red_key);
  world.set_ahead(cell(Object::box, Colour::green));
  played(Task::reach, world, {toggle});
  CHECK(world.ahead() == envs::minigrid::empty);
}

TEST_CASE("a thing is to be picked up, the one or of the kind", "[envs][minigrid]") {
  World world = room();
  world.grid.set(2, 1, red_key);
  world.wanted = red_key;
  World other = world, third = world;
  other.wanted = blue_ball;
  CHECK(played(Task::pick_up, world, {done, pick_up}) == Verdict::won);
  CHECK(played(Task::pick_up, third, {toggle, go_forward, put_down}) == Verdict::goes_on);
  CHECK(played(Task::fetch, other, {done, pick_up}) == Verdict::lost);
}

TEST_CASE("one says done beside the target", "[envs][minigrid]") {
  World world = room(), away = room(), knocking = room();
  for (World* w : {&world, &away, &knocking}) w->target = {3, 1};
  CHECK(played(Task::go_beside, world, {go_forward, done}) == Verdict::won);
  CHECK(played(Task::go_beside, away, {done}) == Verdict::lost);
  CHECK(played(Task::go_beside, knocking, {go_forward, toggle}) == Verdict::lost);
}

TEST_CASE("what is carried is put near the target", "[envs][minigrid]") {
  World world = room();
  world.carried = world.wanted = red_key;
  world.target = {3, 2};
  World far = world, wrong = world, full = world;
  far.target = {4, 1};
  wrong.carried = envs::minigrid::empty;
  wrong.grid.set(2, 1, blue_ball);
  full.grid.set(2, 1, blue_ball);
  CHECK(played(Task::put_near, world, {put_down}) == Verdict::won);
  CHECK(played(Task::put_near, far, {put_down}) == Verdict::lost);
  CHECK(played(Task::put_near, wrong, {pick_up}) == Verdict::lost);
  CHECK(played(Task::put_near, full, {put_down}) == Verdict::lost);  // there is no room for it
}

TEST_CASE("the blue door counts only while the red one is open", "[envs][minigrid]") {
  World world = room();
  world.target = {1, 2};
  world.grid.set(1, 2, red_door);
  world.grid.set(2, 1, blue_door);
  World again = world, closed = world;
  CHECK(played(Task::red_then_blue, world, {turn_right, toggle, turn_left, toggle}) == Verdict::won);
  CHECK(played(Task::red_then_blue, again, {toggle}) == Verdict::lost);
  CHECK(played(Task::red_then_blue, closed, {turn_right, toggle, toggle, turn_left, toggle}) ==
        Verdict::lost);
}

TEST_CASE("a step into a ball or a wall costs 1, and balls roll one cell", "[envs][minigrid]") {
  const Level& level = *find_level("MiniGrid-Dynamic-Obstacles-8x8-v0");
  core::Pcg64 random(3);
  int stayed = 0, far = 0, hits = 0;
  for (int k = 0; k < 200; ++k) {
    World world;
    build(level, random, world);
    const World before = world;
    pursue(level, world, turn_left, random);
    for (size_t b = 0; b < 4; ++b) {
      const Place from = before.obstacles[b], to = world.obstacles[b];
      stayed += from == to;
      far += std::abs(from.x - to.x) > 1 || std::abs(from.y - to.y) > 1;
      CHECK(world.grid.at(to.x, to.y) == rolling_ball);
    }
    hits += pursue(level, world, go_forward, random) == Verdict::hit;  // the wall above
  }
  CHECK(stayed == 0);
  CHECK(far == 0);
  CHECK(hits == 200);
}

TEST_CASE("the words of a mission are part of the observation", "[envs][minigrid]") {
  Batch batch(envs::all().at("MiniGrid-GoToDoor-5x5-v0"), "exact", 8);
  batch.reset(0);
  const envs::Space& space = batch.envs->spec().observation;
  CHECK(batch.obs_bytes == 7 * 7 * 3 + 1 + 5);
  CHECK(space.net_width() == 7 * 7 * 3 + 4 + 5 * int64_t(vocabulary().size()));
  std::set<std::string> seen;
  for (size_t i = 0; i < batch.n; ++i) {
    const auto* words = reinterpret_cast<const uint8_t*>(batch.row(batch.obs, i)) + 148;
    seen.insert(words_of({words, words + 5}));
  }
  CHECK(seen.size() > 2);
  for (const std::string& text : seen) CHECK(text.starts_with("go to the "));
}

}  // namespace tests::minigrid_missions
