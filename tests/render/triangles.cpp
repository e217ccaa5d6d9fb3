// Polygons in the window are filled by triangles.
#include <algorithm>
#include <cmath>

#include "render/sfml_canvas.h"
#include "tests/catch.h"

namespace tests::triangles {

TEST_CASE("triangles fill a polygon exactly, convex or not, whichever way it turns", "[render]") {
  std::vector<core::Vec> star;
  for (int k = 0; k < 10; ++k) {
    const double radius = k % 2 ? 1 : 3, angle = 0.3 + k * 0.628318;
    star.push_back({radius * std::cos(angle), radius * std::sin(angle)});
  }
  for (int turn = 0; turn < 2; ++turn, std::reverse(star.begin(), star.end())) {
    double area = 0, twice = 0;
    const auto triangles = render::triangulate(star);
    CHECK(triangles.size() == 8);
    for (const auto& [a, b, c] : triangles)
      area += std::abs((star[b].x - star[a].x) * (star[c].y - star[a].y) -
                       (star[b].y - star[a].y) * (star[c].x - star[a].x)) /
              2;
    for (size_t k = 0; k < 10; ++k)
      twice += star[k].x * star[(k + 1) % 10].y - star[(k + 1) % 10].x * star[k].y;
    CHECK(area == Approx(std::abs(twice / 2)));
  }
}

}  // namespace tests::triangles
