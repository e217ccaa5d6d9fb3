// Parallel coordinates: who has a score has a line, the better the darker.
#include "analysis/parallel.h"

#include <fmt/format.h>

#include "render/palette.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"

namespace tests::parallel {

using Catch::Matchers::ContainsSubstring;

namespace {

const std::vector<analysis::ParallelAxis> axes{{"optim.lr", {"1e-4", "1e-2", "1e-3", "1e-3"}},
                                               {"net", {"[8]", "[8, 8]", "[8]", "[8]"}},
                                               {"score", {"5", "9", "-", "1"}}};

std::string drawn(double better, const std::vector<analysis::ParallelAxis>& all = axes) {
  const Scratch scratch;
  analysis::write_parallel(scratch / "p.svg", "trials", all, better);
  std::string svg = bytes_of(scratch / "p.svg");
  const std::string attribute = "stroke=\"rgb(", property = "stroke:rgb(";  // of Cairo 1.18, and before it
  for (size_t at = 0; (at = svg.find(attribute, at)) != std::string::npos;)
    svg.replace(at, attribute.size(), property);
  return svg;
}

// The beginning of a stroke of this colour; the red share alone tells the colours of these tests apart.
std::string stroke(core::Color color) {
  return fmt::format("stroke:rgb({:.6g}%", color.r / 2.55).substr(0, 14);
}

int strokes(const std::string& svg, core::Color color) {
  const std::string words = stroke(color);
  int count = 0;
  for (size_t at = svg.find(words); at != std::string::npos; at = svg.find(words, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("trials with a score are lines from axis to axis, those without are none", "[analysis]") {
  const std::string svg = drawn(1);
  const core::Color best = render::viridis(0), worst = render::viridis(0.85), middle = render::viridis(0.425);
  for (const core::Color color : {best, worst, middle}) {
    INFO(render::hex(color));
    CHECK(strokes(svg, color) == 2);
  }
}

TEST_CASE("the best line is drawn last; where less is better, another one is best", "[analysis]") {
  for (const double better : {1.0, -1.0}) {
    const std::string svg = drawn(better);
    CHECK(svg.rfind(stroke(render::viridis(0))) > svg.rfind(stroke(render::viridis(0.85))));
  }
  CHECK(drawn(1) != drawn(-1));
}

TEST_CASE("positive numbers that span a factor of ten lie on a log scale, others on a linear one",
          "[analysis]") {
  const auto middle_of_first = [](const std::vector<std::string>& values) {
    const std::string svg = drawn(1, {{"key", values}, {"score", {"1", "2", "3"}}});
    return svg.find("M 90 227 L 240") != std::string::npos;  // a trial that begins half-way up
  };
  CHECK(middle_of_first({"1e-3", "1e-2", "3.16227766e-3"}));
  CHECK(middle_of_first({"1", "9", "5"}));
  CHECK(middle_of_first({"-10", "10", "0"}));
  CHECK_FALSE(middle_of_first({"1", "10", "5.5"}));
}

TEST_CASE("a chart into a folder that is not there is refused", "[analysis]") {
  const Scratch scratch;
  CHECK_THAT(refusal([&] { analysis::write_parallel(scratch / "no/p.svg", "t", axes, 1); }),
             ContainsSubstring("no/p.svg"));
}

}  // namespace tests::parallel
