// The curve of a metric: which one, what many rows look like in few pixels, runs that grow and tear.
#include "render/viewer/curves.h"

#include <cmath>
#include <limits>
#include <map>
#include <random>

#include "render/viewer/axis.h"
#include "render/viewer/extremes.h"
#include "tests/refusal.h"
#include "tests/render/live.h"
#include "tests/render/runs.h"

namespace tests::curves {

using Catch::Matchers::ContainsSubstring;
using render::Curves;

namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

// A run of one metric, a value each 10 steps.
std::filesystem::path write(const std::filesystem::path& folder, const std::vector<double>& values,
                            const std::string& metric = "train/loss", const std::string& seed = "0",
                            int64_t env_steps_a_step = 0) {
  std::filesystem::create_directories(folder);
  auto log = core::RunLog::create(folder, {{"name", "trial"}, {"seed", seed}}, "",
                                  {{metric, "nats", "What it is", false}});
  int64_t step = 0;
  for (const double value : values) {
    step += 10;
    log.log(metric, {.step = step, .env_steps = step * env_steps_a_step, .value = value});
  }
  log.flush();
  return folder;
}

core::Image page_of(const Curves& curves, std::optional<int64_t> marker = std::nullopt,
                    const Page& page = pages[0]) {
  return drawn(page, [&](auto& canvas, auto area, double word) { curves.draw(canvas, area, word, marker); });
}
// Pixels of the plot that are nearly of a run's own colour.
int line_of(const core::Image& image, size_t k = 0) {
  const core::Color color = render::series_color(k);
  int count = 0;
  for (int y = page_margin + 40; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x) {
      const core::Color c = pixel(image, x, y);
      count += std::abs(c.r - color.r) + std::abs(c.g - color.g) + std::abs(c.b - color.b) < 150;
    }
  return count;
}

}  // namespace

TEST_CASE("agents are compared over env steps, however many an update takes", "[render]") {
  const Scratch scratch;
  const std::vector<double> few{1, 3, 2};
  const Curves updates({write(scratch / "a", few, "train/loss", "0", 40)}, ""),
      steps({write(scratch / "b", few, "train/loss", "0", 20)}, "");
  const Curves models({write(scratch / "c", few)}, "");
  CHECK((updates.over_env_steps() && !models.over_env_steps()));
  const Curves both({scratch / "a", scratch / "b"}, "");
  const auto right = [](const core::Image& image, size_t k) {  // the last column of a run's line
    const core::Color color = render::series_color(k);
    int last = 0;
    for (int x = 0; x < image.width; ++x)
      for (int y = image.height / 4; y < image.height - page_margin - 40; ++y)
        if (render::hex(pixel(image, x, y)) == render::hex(color)) last = x;
    return last;
  };
  const core::Image image = page_of(both);
  CHECK(right(image, 1) < image.width * 2 / 3);
  CHECK(right(image, 0) > image.width * 3 / 4);
  CHECK(page_of(updates, 1200).pixels != page_of(updates, 400).pixels);  // the mark is an env step too
}

TEST_CASE("without a wish the curve is the run's score, else what tells most", "[render]") {
  const Scratch scratch;
  trial_runs::write(scratch / "scored", {});
  CHECK(Curves({scratch / "scored"}, "").metric() == "eval/return_greedy");
  CHECK(Curves({scratch / "scored"}, "train/loss").metric() == "train/loss");
  CHECK(Curves({write(scratch / "loss", {1}, "train/loss")}, "").metric() == "train/loss");
  CHECK(Curves({write(scratch / "other", {1}, "time/odd")}, "").metric() == "time/odd");
}

TEST_CASE("an unknown metric is refused with the nearest name", "[render]") {
  const Scratch scratch;
  trial_runs::write(scratch / "run", {});
  const std::string message = refusal([&] { Curves({scratch / "run"}, "eval/retrun_greedy"); });
  CHECK(message == "no run has a metric 'eval/retrun_greedy', did you mean 'eval/return_greedy'?");
}

TEST_CASE("metrics go round", "[render]") {
  const Scratch scratch;
  trial_runs::write(scratch / "run", {});
  Curves curves({scratch / "run"}, "");
  REQUIRE(curves.metrics() == std::vector<std::string>{"eval/return_greedy", "train/loss"});
  const core::Image before = page_of(curves);
  curves.turn(1);
  CHECK(curves.metric() == "train/loss");
  CHECK(page_of(curves).pixels != before.pixels);
  curves.turn(1);
  CHECK(page_of(curves).pixels == before.pixels);
  curves.turn(-1);
  CHECK(curves.metric() == "train/loss");
}

TEST_CASE("thinned rows keep each column's lowest and highest, as a naive twin finds", "[render]") {
  std::mt19937 draws(7);
  std::normal_distribution<double> normal;
  render::Series rows;
  for (int k = 0; k < 5000; ++k) {
    rows.x.push_back(3.0 * k);
    rows.y.push_back(draws() % 7 == 0 || (k > 1000 && k < 1200) ? undefined : normal(draws));
  }
  for (const size_t columns : {1, 97, 1024, 20000}) {
    std::map<size_t, std::vector<double>> twin;
    for (size_t k = 0; k < rows.x.size(); ++k)
      if (std::isfinite(rows.y[k]))
        twin[std::min(columns - 1, static_cast<size_t>(rows.x[k] / 14997 * static_cast<double>(columns)))]
            .push_back(rows.y[k]);
    const auto found = render::extremes(rows, 0, 14997, columns);
    REQUIRE(found.size() == twin.size());
    size_t wrong = 0;
    for (const render::Column& column : found) {
      const auto& values = twin[column.at];
      wrong += column.low != *std::min_element(values.begin(), values.end());
      wrong += column.high != *std::max_element(values.begin(), values.end());
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("one spike among a million rows is seen", "[render]") {
  const Scratch scratch;
  std::vector<double> values(1'000'000, 1.0);
  values[0] = 0;
  const auto flat = write(scratch / "flat", values);
  values[700'000] = 10;
  const auto spiked = write(scratch / "spiked", values);
  const core::Image image = page_of(Curves({spiked}, ""), std::nullopt, pages[1]);
  int tallest = 0, at = 0;  // of the tinted columns
  for (int x = page_margin + 60; x < page_margin + 780; ++x) {
    int tall = 0;
    for (int y = page_margin + 90; y < page_margin + 520; ++y) {
      const core::Color c = pixel(image, x, y);
      tall += c.b > c.r + 30;
    }
    if (tall > tallest) {
      tallest = tall;
      at = x;
    }
  }
  CHECK(tallest > 300);
  CHECK(at - page_margin == Approx(40 + 0.7 * 740).margin(25));
  CHECK(page_of(Curves({flat}, ""), std::nullopt, pages[1]).pixels != image.pixels);
}

TEST_CASE("values that are none leave a gap, one alone is a dot, none at all is said", "[render]") {
  const Scratch scratch;
  std::vector<double> values(40, 2.0);
  values[38] = 1;
  values[39] = 3;
  const int whole = line_of(page_of(Curves({write(scratch / "whole", values)}, "")));
  for (int k = 10; k < 30; ++k) values[static_cast<size_t>(k)] = k % 2 ? undefined : -INFINITY;
  const int gap = line_of(page_of(Curves({write(scratch / "gap", values)}, "")));
  CHECK(gap < 0.7 * whole);
  CHECK(gap > 0.3 * whole);
  const core::Image dot = page_of(Curves({write(scratch / "dot", {3.5})}, ""));
  CHECK(line_of(dot) > 4);
  CHECK(line_of(dot) < 60);
  const core::Image empty = page_of(Curves({write(scratch / "none", {})}, ""));
  CHECK(line_of(empty) == 0);
  CHECK(count_of(empty, render::palette::panel) > 5000);
  CHECK(line_of(page_of(Curves({write(scratch / "nans", {undefined, undefined})}, ""))) == 0);
}

TEST_CASE("a marker stands at its step", "[render]") {
  const Scratch scratch;
  const Curves curves({write(scratch / "run", {1, 2, 3, 4, 5, 6, 7, 8})}, "");
  const core::Image plain = page_of(curves);
  std::vector<int> at;
  for (const int64_t step : {20, 40, 60}) {
    const core::Image image = page_of(curves, step);
    int best = 0, most = 0;
    for (int x = 0; x < image.width; ++x) {
      int tall = 0;
      for (int y = 0; y < image.height; ++y)
        tall += same(pixel(image, x, y), render::palette::quiet) &&
                !same(pixel(plain, x, y), render::palette::quiet);
      if (tall > most) {
        most = tall;
        best = x;
      }
    }
    CHECK(most > 60);
    at.push_back(best);
  }
  CHECK(at[1] - at[0] == Approx(at[2] - at[1]).margin(2));
  CHECK(at[1] - at[0] > 40);
}

TEST_CASE("two runs have two lines, and one may lack the metric", "[render]") {
  const Scratch scratch;
  const auto one = write(scratch / "one", {1, 2, 3}),
             two = write(scratch / "two", {3, 2, 1}, "train/loss", "1");
  const core::Image image = page_of(Curves({one, two}, ""));
  CHECK((line_of(image, 0) > 50 && line_of(image, 1) > 50));
  const auto other = write(scratch / "other", {1}, "test/odd", "2");
  const core::Image lacking = page_of(Curves({one, other}, "train/loss"));
  CHECK((line_of(lacking, 0) > 50 && line_of(lacking, 1) < 50));
}

TEST_CASE("curves follow a growing run; a torn file leaves the rows that there were", "[render]") {
  const Scratch scratch;
  Curves curves({write(scratch / "run", {1, 2})}, "");
  CHECK_FALSE(curves.refresh());
  const core::Image before = page_of(curves);
  change(scratch / "run/run.h5", [](const auto& copy) {
    auto log = core::RunLog::reopen(copy.parent_path(), 1000);
    log.log("train/loss", {.step = 500, .value = 7});
    log.flush();
  });
  CHECK(curves.refresh());
  const core::Image grown = page_of(curves);
  CHECK(grown.pixels != before.pixels);
  CHECK_FALSE(curves.refresh());
  const std::string whole = tear(scratch / "run/run.h5");
  CHECK_FALSE(curves.refresh());
  std::filesystem::remove(scratch / "run/run.h5");
  CHECK_FALSE(curves.refresh());
  CHECK(page_of(curves).pixels == grown.pixels);
  write_bytes(scratch / "run/run.h5", whole);
  CHECK_FALSE(curves.refresh());  // whole again, nothing new
  CHECK(page_of(curves).pixels == grown.pixels);
}

TEST_CASE("a metric turned to while the file is torn comes with the next look", "[render]") {
  const Scratch scratch;
  trial_runs::write(scratch / "run", {});
  Curves curves({scratch / "run"}, "train/loss");
  const std::string whole = tear(scratch / "run/run.h5");
  curves.turn(1);
  CHECK(line_of(page_of(curves)) == 0);
  write_bytes(scratch / "run/run.h5", whole);
  CHECK(curves.refresh());
  CHECK(line_of(page_of(curves)) > 50);
}

TEST_CASE("curves fill their area at every size and leave the rest alone", "[render]") {
  const Scratch scratch;
  const auto one = write(scratch / "one", {1e-9, 3e8, -2}),
             two = write(scratch / "two", {5, 5}, "train/loss", "1");
  const auto long_name = write(scratch / "long", {1, 2}, "test/" + std::string(80, 'n'));
  const auto extreme = write(scratch / "extreme", {1e308, -1e308, INFINITY});
  for (const Page& page : pages)
    for (const auto& runs :
         {std::vector{one}, std::vector{long_name}, std::vector{extreme}, std::vector{one, two}}) {
      INFO(page.width << " x " << page.height << ", " << runs.size());
      const Curves curves(runs, "");
      CHECK(strayed(page_of(curves, std::nullopt, page), page) == 0);
      CHECK(strayed(page_of(curves, 100'000'000, page), page) == 0);
    }
}

TEST_CASE("ticks are round and have the digits that they need", "[render]") {
  const auto words = [](double low, double high) {
    std::vector<std::string> all;
    const render::Axis axis = render::rounded(render::axis_over(low, high, 4));
    for (const double tick : axis.ticks()) all.push_back(axis.words(tick));
    return all;
  };
  using Words = std::vector<std::string>;
  CHECK(words(0.01, 0.98) == Words{"0", "0.5", "1.0"});
  CHECK(words(-3, 17) == Words{"-5", "0", "5", "10", "15", "20"});
  CHECK(words(0, 39'000) == Words{"0", "10k", "20k", "30k", "40k"});
  CHECK(words(0, 1.9e6) == Words{"0", "0.5M", "1.0M", "1.5M", "2.0M"});
  CHECK(words(2.1e-5, 9e-5) == Words{"2e-05", "4e-05", "6e-05", "8e-05", "0.0001"});
  CHECK(words(7, 7).size() >= 2);
  CHECK(words(-1e308, 1e308).size() >= 2);
}

}  // namespace tests::curves
