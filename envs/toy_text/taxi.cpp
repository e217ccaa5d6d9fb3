#include "envs/toy_text/taxi.h"

#include <array>

#include "envs/grid.h"
#include "envs/scene.h"

namespace envs {

namespace {

constexpr Grid city(5, 5);
constexpr std::array<int64_t, 4> stands{0, 4, 20, 23};  // red, green, yellow, blue: cells
constexpr int64_t pick_up = 4, set_down = 5;

int64_t cell_of(const TaxiScene& scene) { return scene.row * 5 + scene.column; }

// Whether a wall stands to the right of a cell.
bool walled(int64_t row, int64_t column) {
  return row < 2 ? column == 1 : row > 2 && (column == 0 || column == 2);
}

// South, north, east, west as Grid's headings, which turn to the left.
int64_t heading_of(int64_t action) { return std::array<int64_t, 4>{1, 3, 2, 0}[size_t(action)]; }

// Where a drive leads; walls and the border hold.
TaxiScene driven(TaxiScene scene, int64_t heading) {
  const bool right = heading == 2, left = heading == 0;
  if ((right && walled(scene.row, scene.column)) ||
      (left && scene.column && walled(scene.row, scene.column - 1)))
    return scene;
  const int64_t next = city.neighbour(cell_of(scene), heading);
  scene.row = next / 5;
  scene.column = next % 5;
  return scene;
}

// In rain the taxi slips to its left or right, unless it could not drive at all.
std::vector<Transition> drive(const TaxiScene& from, int64_t action, const TaxiParams& params) {
  const int64_t heading = heading_of(action);
  const auto to = [&](int64_t turn, double probability) {
    const bool stuck = driven(from, heading).state() == from.state();
    const TaxiScene next = stuck ? from : driven(from, (heading + turn) % 4);
    return Transition{probability, int32_t(next.state()), -1, false};
  };
  if (!params.is_rainy) return {to(0, 1)};
  const double slip = (1 - params.rainy_probability) / 2;
  return {to(0, params.rainy_probability), to(1, slip), to(3, slip)};
}

// The stand at a cell; 4: none.
int64_t stand_at(int64_t cell) {
  int64_t stand = 0;
  while (stand < 4 && stands[size_t(stand)] != cell) ++stand;
  return stand;
}

Transition serve(TaxiScene scene, int64_t action) {
  const int64_t here = stand_at(cell_of(scene));
  if (action == pick_up && here < 4 && here == scene.passenger) {
    scene.passenger = TaxiScene::riding;
  } else if (action == set_down && here < 4 && scene.passenger == TaxiScene::riding) {
    scene.passenger = here;
    if (here == scene.destination) return {1, int32_t(scene.state()), 20, true};
  } else {
    return {1, int32_t(scene.state()), -10, false};
  }
  return {1, int32_t(scene.state()), -1, false};
}

}  // namespace

Transitions taxi_transitions(const TaxiParams& params) {
  auto table = Transitions::empty(500, 6);
  for (int64_t state = 0; state < table.states; ++state) {
    const TaxiScene scene = TaxiScene::of(state);
    const bool first = scene.passenger != TaxiScene::riding && scene.passenger != scene.destination;
    table.initial[size_t(state)] = first ? 1.0 / 300 : 0;
    for (int64_t action = 0; action < 4; ++action) table.of(state, action) = drive(scene, action, params);
    for (const int64_t action : {pick_up, set_down}) table.of(state, action) = {serve(scene, action)};
  }
  return table;
}

std::optional<Transitions> taxi_table(const TaxiParams& params) {
  if (params.fickle_passenger) return std::nullopt;  // a state does not tell whether they may still change
  return taxi_transitions(params);
}

void taxi_mask(const TaxiScene& scene, uint8_t* row) {
  const int64_t here = stand_at(cell_of(scene));
  for (int64_t action = 0; action < 4; ++action)
    row[action] = driven(scene, heading_of(action)).state() != scene.state();
  row[pick_up] = here < 4 && here == scene.passenger;
  row[set_down] = here < 4 && scene.passenger == TaxiScene::riding;
}

namespace {

constexpr std::array<core::Color, 4> colors{
    core::Color{193, 78, 66}, {72, 148, 106}, {214, 168, 56}, {48, 112, 184}};

core::Color faint(core::Color c) {
  const auto mix = [](uint8_t x) { return uint8_t((x + 2 * 246) / 3); };
  return {mix(c.r), mix(c.g), mix(c.b)};
}

void draw_streets(core::Canvas& canvas) {
  const core::Color asphalt{228, 227, 221}, line{250, 249, 245};
  for (int64_t cell = 0; cell < city.cells(); ++cell) scene::tile(canvas, city.corner(cell), 0, asphalt);
  for (int k = 1; k < 5; ++k)
    for (int dash = 0; dash < 15; ++dash) {
      const double from = dash / 3.0 + 0.1, to = from + 0.14;
      canvas.line({from, double(k)}, {to, double(k)}, line, 0.03);
      canvas.line({double(k), from}, {double(k), to}, line, 0.03);
    }
  for (int64_t stand = 0; stand < 4; ++stand)
    scene::tile(canvas, city.corner(stands[size_t(stand)]), 0.06, faint(colors[size_t(stand)]));
}

void draw_walls(core::Canvas& canvas) {
  for (int64_t cell = 0; cell < city.cells(); ++cell)
    if (walled(cell / 5, cell % 5)) {
      const core::Vec at = city.corner(cell);
      canvas.line({at.x + 1, at.y}, {at.x + 1, at.y + 1}, scene::steel, 0.1);
    }
  const std::array<core::Vec, 4> border{{{0, 0}, {5, 0}, {5, 5}, {0, 5}}};
  canvas.polygon(border, core::outlined(scene::steel, 0.1));
}

// A small hotel in its stand's colour; `chosen` where the passenger wants to go.
void draw_stand(int64_t stand, bool chosen, core::Canvas& canvas) {
  const auto [x, y] = city.corner(stands[size_t(stand)]);
  const core::Color color = chosen ? colors[size_t(stand)] : core::Color{255, 255, 255, 150};
  const std::array<core::Vec, 5> house{{{x + 0.6, y + 0.6},
                                        {x + 0.92, y + 0.6},
                                        {x + 0.92, y + 0.8},
                                        {x + 0.76, y + 0.93},
                                        {x + 0.6, y + 0.8}}};
  canvas.polygon(house, {color, colors[size_t(stand)], 0.03});
  canvas.line({x + 0.76, y + 0.61}, {x + 0.76, y + 0.71}, scene::paper, 0.07);
}

void draw_passenger(core::Vec feet, core::Color color, core::Canvas& canvas) {
  canvas.line({feet.x, feet.y + 0.04}, {feet.x, feet.y + 0.16}, color, 0.13);
  canvas.circle({feet.x, feet.y + 0.3}, 0.075, core::filled(color));
}

// A cab seen from above, its bonnet towards `heading`.
void draw_cab(core::Vec middle, int64_t heading, core::Canvas& canvas) {
  const double dx = heading == 2 ? 1 : heading == 0 ? -1 : 0, dy = heading == 3 ? 1 : heading == 1 ? -1 : 0;
  const auto at = [&](double along, double aside) {
    return core::Vec{middle.x + along * dx - aside * dy, middle.y + along * dy + aside * dx};
  };
  const auto box = [&](double back, double front, double half, core::Paint paint) {
    const std::array<core::Vec, 4> corners{
        {at(back, half), at(front, half), at(front, -half), at(back, -half)}};
    canvas.polygon(corners, paint);
  };
  for (const double axle : {-0.2, 0.18})
    for (const double side : {-0.19, 0.19})
      canvas.line(at(axle - 0.05, side), at(axle + 0.05, side), scene::ink, 0.07);
  box(-0.34, 0.34, 0.18, {{232, 184, 62}, scene::ink, 0.025});
  box(0.04, 0.14, 0.14, core::filled({92, 112, 130}));
  box(-0.26, -0.19, 0.13, core::filled({92, 112, 130}));
  for (const double side : {-0.1, 0.1}) canvas.circle(at(0.31, side), 0.03, core::filled(scene::paper));
}

}  // namespace

void draw_taxi(const TaxiScene& now, int64_t heading, core::Canvas& canvas) {
  canvas.view({-0.2, -0.2, 5.4, 5.4}, scene::paper);
  draw_streets(canvas);
  for (int64_t stand = 0; stand < 4; ++stand) draw_stand(stand, stand == now.destination, canvas);
  draw_walls(canvas);
  const core::Vec at = city.corner(cell_of(now));
  const core::Vec middle{at.x + 0.44, at.y + 0.42};
  canvas.object("cab");
  draw_cab(middle, heading_of(heading), canvas);
  const core::Color cloth = colors[size_t(now.destination)];
  if (now.passenger == TaxiScene::riding)
    canvas.circle({middle.x, middle.y}, 0.085, {cloth, scene::ink, 0.02});
  else
    draw_passenger({city.corner(stands[size_t(now.passenger)]).x + 0.2,
                    city.corner(stands[size_t(now.passenger)]).y + 0.52},
                   cloth, canvas);
}

}  // namespace envs
