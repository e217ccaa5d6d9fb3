// MiniGrid's own parts: sight against MiniGrid's two loops, the forms of a view.
#include "envs/minigrid/minigrid.h"

#include <set>

#include "envs/minigrid/view.h"
#include "tests/catch.h"
#include "tests/envs/batch.h"

namespace tests::minigrid {

namespace {

using namespace envs::minigrid;

// MiniGrid's gen_obs_grid and process_vis, cell by cell.
struct Naive {
  Cell cells[sight][sight];
  bool seen[sight][sight] = {};

  Naive(const World& world, bool through_walls) {
    const int ahead = world.direction, right = (world.direction + 1) % 4;
    for (int x = 0; x < sight; ++x)
      for (int y = 0; y < sight; ++y) {
        const int f = sight - 1 - y, r = x - sight / 2;
        const int wx = world.x + f * step_x[ahead] + r * step_x[right],
                  wy = world.y + f * step_y[ahead] + r * step_y[right];
        const bool inside = wx >= 0 && wy >= 0 && wx < world.grid.width() && wy < world.grid.height();
        cells[x][y] = inside ? world.grid.at(wx, wy) : wall;
      }
    mark();
    for (int x = 0; x < sight; ++x)
      for (int y = 0; y < sight; ++y)
        if (!seen[x][y] && !through_walls) cells[x][y] = 0;
    cells[sight / 2][sight - 1] = world.carried;
  }

  bool sees_on(int x, int y) const {
    const Cell c = cells[x][y];
    const bool blocks = object(c) == Object::wall || (object(c) == Object::door && door(c) != Door::open);
    return seen[x][y] && !blocks;
  }
  void mark() {
    seen[sight / 2][sight - 1] = true;
    for (int y = sight - 1; y >= 0; --y) {
      for (int x = 0; x < sight - 1; ++x)
        if (sees_on(x, y)) show(x, x + 1, y);
      for (int x = sight - 1; x >= 1; --x)
        if (sees_on(x, y)) show(x, x - 1, y);
    }
  }
  void show(int x, int beside, int y) {
    seen[beside][y] = true;
    if (y > 0) seen[beside][y - 1] = seen[x][y - 1] = true;
  }
};

// Any cells anywhere, the agent anywhere, in a grid of any shape.
World scramble(core::Pcg64& random) {
  static constexpr Object those[] = {Object::empty, Object::empty, Object::empty, Object::wall,
                                     Object::door,  Object::key,   Object::box,   Object::goal};
  World world;
  world.grid.clear(int(random.integers(1, 26)), int(random.integers(1, 26)));
  const int64_t walls = random.integers(0, 4);  // more or fewer
  for (int x = 0; x < world.grid.width(); ++x)
    for (int y = 0; y < world.grid.height(); ++y) {
      const Object what = random.integers(0, 8) < walls ? Object::wall : those[random.integers(0, 8)];
      const Colour colour = Colour(random.integers(0, 6));
      world.grid.set(x, y,
                     cell(what, colour, what == Object::door ? Door(random.integers(0, 3)) : Door::open));
    }
  world.x = int8_t(random.integers(0, world.grid.width()));
  world.y = int8_t(random.integers(0, world.grid.height()));
  world.direction = uint8_t(random.integers(0, 4));
  if (random.integers(0, 2)) world.carried = cell(Object::key, Colour::purple);
  return world;
}

}  // namespace

TEST_CASE("what the agent sees is what MiniGrid's two passes mark", "[envs][minigrid]") {
  core::Pcg64 random(11);
  int wrong = 0, hidden = 0, shown = 0;
  for (int k = 0; k < 20'000; ++k) {
    const World world = scramble(random);
    const bool through = k % 4 == 0;
    const Naive naive(world, through);
    const View view = look(world, through);
    for (int c = 0; c < sight * sight; ++c) {
      const Cell expected = naive.cells[c / sight][c % sight];
      wrong += at(view, c / sight, c % sight) != expected;
      (expected ? shown : hidden) += 1;
    }
  }
  CHECK(wrong == 0);
  CHECK(hidden > 100'000);
  CHECK(shown > 100'000);
}

TEST_CASE("a cell keeps its object, colour and state in one byte", "[envs][minigrid]") {
  std::set<Cell> all;
  for (int c = 0; c < colours; ++c)
    for (int o = 0; o < kinds_of_object; ++o)
      for (int d = 0; d < (Object(o) == Object::door ? doors : 1); ++d) {
        const Cell made = cell(Object(o), Colour(c), Door(d));
        CHECK(all.insert(made).second);
        CHECK(triple[made] == uint32_t(o | c << 8 | d << 16));
      }
  for (int c = 0; c < colours; ++c) {
    const Cell box = box_with_key(Colour(c));
    CHECK(all.insert(box).second);
    CHECK(triple[box] == triple[cell(Object::box, Colour::grey)]);
    CHECK(content(box) == cell(Object::key, Colour(c)));
    CHECK(content(cell(Object::box, Colour(c))) == empty);
  }
}

namespace {

tests::Batch viewed(const char* id, const char* view) {
  const envs::Entry& entry = envs::all().at(id);
  auto factory = entry.factory();
  core::Fields fields;
  factory.fields(fields);
  core::read_fields(fields, core::parse_yaml(std::string("view: ") + view, "x.yaml"));
  return tests::Batch(factory.make(4, "exact", {}));
}

const uint8_t* numbers(const tests::Batch& batch, size_t i) {
  return reinterpret_cast<const uint8_t*>(batch.row(batch.obs, i));
}

// The same cells in both forms?
bool unfolds(const uint8_t* flat, const uint8_t* one_hot) {
  for (int k = 0; k < sight * sight; ++k, flat += 3, one_hot += kinds) {
    std::vector<uint8_t> expected(kinds);
    expected[flat[0]] = expected[size_t(kinds_of_object + flat[1])] =
        expected[size_t(kinds_of_object + colours + flat[2])] = 1;
    if (!std::equal(expected.begin(), expected.end(), one_hot)) return false;
  }
  return true;
}

// Where the agent stands in the whole grid, and what stands before it: found in its view as well.
bool agrees(const uint8_t* dict, const uint8_t* full, int height, int cells) {
  int agents = 0, own = 0;
  for (int k = 0; k < cells; ++k)
    if (full[3 * k] == uint8_t(Object::agent)) {
      ++agents;
      own = k;
    }
  const int direction = full[3 * own + 2];
  const int ahead = own + step_x[direction] * height + step_y[direction];
  constexpr int before = 3 * (sight / 2 * sight + sight - 2);  // of the view
  return agents == 1 && direction == dict[sight * sight * 3] &&
         std::equal(full + 3 * ahead, full + 3 * ahead + 3, dict + before);
}

}  // namespace

TEST_CASE("all views show the same world", "[envs][minigrid]") {
  const char* id = "MiniGrid-DoorKey-6x6-v0";
  auto dict = viewed(id, "dict"), flat = viewed(id, "flat"), one_hot = viewed(id, "one_hot"),
       full = viewed(id, "full");
  CHECK(dict.obs_bytes == 149);
  CHECK(flat.obs_bytes == 147);
  CHECK(one_hot.obs_bytes == 7 * 7 * 20);
  CHECK(full.obs_bytes == 6 * 6 * 3);
  CHECK(dict.envs->spec().observation.net_width() == 147 + 4 + 1);
  core::Pcg64 random(3);
  for (auto* batch : {&dict, &flat, &one_hot, &full}) batch->reset(5);
  int wrong = 0;
  for (int t = 0; t < 1000; ++t) {
    dict.draw_actions(random);
    flat.discrete = one_hot.discrete = full.discrete = dict.discrete;
    for (auto* batch : {&dict, &flat, &one_hot, &full}) batch->step();
    for (size_t i = 0; i < dict.n; ++i) {
      wrong += !std::equal(numbers(flat, i), numbers(flat, i) + 147, numbers(dict, i));
      wrong += !unfolds(numbers(flat, i), numbers(one_hot, i));
      wrong += !agrees(numbers(dict, i), numbers(full, i), 6, 36);
    }
  }
  CHECK(wrong == 0);
  CHECK(tests::message([&] { viewed(id, "round"); }).find("view") != std::string::npos);
}

}  // namespace tests::minigrid
