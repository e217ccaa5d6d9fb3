// docs/analysis.md is true: its pieces run one after another as they stand, and give the report's numbers.
#include <algorithm>
#include <cstdlib>

#include "analysis/report_data.h"
#include "render/palette.h"
#include "tests/catch.h"
#include "tests/page.h"
#include "tests/render/runs.h"
#include "tests/scratch.h"

namespace tests::findings {

using Catch::Matchers::ContainsSubstring;

namespace {

const std::string page = "docs/analysis.md";

double number_after(const std::string& words, const std::string& text) {
  const size_t at = text.find(words);
  return at == std::string::npos ? -1 : std::atof(text.c_str() + at + words.size());
}

}  // namespace

TEST_CASE("the pieces of docs/analysis.md run as they stand and give the report's numbers", "[analysis]") {
  const Scratch scratch;
  if (std::system("/usr/bin/python3 -c 'import h5py, pandas' 2> /dev/null") != 0)
    FAIL("this test needs python3-h5py and python3-pandas (apt install python3-h5py python3-pandas)");
  for (int64_t seed = 0; seed < 10; ++seed)
    trial_runs::write(
        scratch / fmt::format("runs/trial/latest/seed-{}", seed),
        {.seed = seed, .steps = 50 + 10 * (seed % 3), .level = 100 + 7.3 * double(seed * seed % 11)});
  trial_runs::write_episodes(scratch / "runs/trial/latest/seed-0/episodes.h5", 2, 5);
  write_bytes(scratch / "pieces.py", python_of_page(page));
  const std::string command =
      fmt::format("cd '{}' && /usr/bin/python3 -W error pieces.py > out 2>&1", scratch.folder.string());
  const int status = std::system(command.c_str());
  const std::string out = bytes_of(scratch / "out");
  INFO(out);
  REQUIRE(status == 0);
  const analysis::ReportData findings = analysis::collect_report_data({scratch / "runs/trial"});
  const analysis::Summary& score = findings.metrics.at(0).groups.at(0).value();
  REQUIRE(score.metric.name == "eval/return_greedy");
  CHECK(number_after("final: mean ", out) == Approx(score.final.value).margin(1e-6));
  CHECK(number_after("iqm ", out) == Approx(score.iqm.value).margin(1e-6));
  CHECK(number_after("low ", out) == Approx(score.iqm.low).margin(1e-6));
  CHECK(number_after("high ", out) == Approx(score.iqm.high).margin(1e-6));
  for (const char* words : {"finished eval/return_greedy 1.13.1", "name: trial", "train/loss", "heuristic",
                            "(501, 4) (500,) True", "latent points (1, 4, 8, 3) 50"})
    CHECK_THAT(out, ContainsSubstring(words));
}

TEST_CASE("docs/analysis.md names the palette's colours", "[analysis]") {
  const std::string text = text_of_page(page);
  namespace palette = render::palette;
  std::vector<core::Color> colors(palette::series.begin(), palette::series.end());
  colors.insert(colors.end(), {palette::paper, palette::panel, palette::rule, palette::quiet});
  for (const core::Color color : colors)
    CHECK_THAT(text, ContainsSubstring(fmt::format("`{}`", render::hex(color))));
}

}  // namespace tests::findings
